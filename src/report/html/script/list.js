// The list of findings in groups. The first screens are drawn at once, the rest while the browser has nothing to do.

const FIRST = 60;
const MORE = 150;
// Opening more at once would keep the reader waiting.
const MOST_OPEN = 200;

const GROUPINGS = {
  file: { of: (finding) => finding.file.path, title: fileTitle },
  codemod: { of: (finding) => finding.codemod.id, title: codemodTitle },
  author: { of: (finding) => authorOf(finding) ?? 'Not known', title: (first, value) => [value] },
};

// What is drawn of the list, and what is to come.
const DRAWN = { rest: [], found: [], group: null, items: null, timer: 0, open: new Set() };

function fileTitle(finding) {
  const { path, package: folder } = finding.file;
  const name = folder ? path.slice(folder.length + 1) : path;
  return [el('bdi', {}, folder ? el('span.folder', {}, `${folder}/`) : null, name)];
}

function codemodTitle(finding) {
  const { id, summary } = finding.codemod;
  return [id, summary ? el('span.summary', {}, prose(summary)) : null];
}

function drawList() {
  cancelIdle(DRAWN.timer);
  const { of } = GROUPINGS[STATE.grouping];
  // The run's order is by path and place; a stable sort keeps it within each group.
  const found = matching();
  if (STATE.grouping !== 'file') found.sort((a, b) => compare(of(a), of(b)));
  byId('list').replaceChildren();
  Object.assign(DRAWN, { found, rest: found.slice(), group: null, items: null });
  DRAWN.rest.reverse();
  DRAWN.sizes = new Map();
  for (const finding of found) DRAWN.sizes.set(of(finding), (DRAWN.sizes.get(of(finding)) ?? 0) + 1);
  if (found.length === 0) {
    byId('list').append(el('p.empty', {}, DATA.findings.length === 0 ? 'Nothing was found.' : 'No finding is left by these filters.'));
  }
  grow(FIRST);
  growLater();
  sayShown();
}

/** Draws so many findings more. */
function grow(howMany) {
  const { of, title } = GROUPINGS[STATE.grouping];
  for (let i = 0; i < howMany && DRAWN.rest.length > 0; i += 1) {
    const finding = DRAWN.rest.pop();
    const value = of(finding);
    if (value !== DRAWN.group) {
      DRAWN.group = value;
      DRAWN.items = el('ul.items');
      const heading = el('h3', {}, title(finding, value), el('span.count', {}, number(DRAWN.sizes.get(value))));
      byId('list').append(el('section.group', {}, heading, DRAWN.items));
    }
    const node = row(finding, STATE.grouping);
    DRAWN.items.append(node);
    if (DRAWN.open.has(finding.id)) setOpen(node, true);
  }
}

function growLater() {
  if (DRAWN.rest.length === 0) return;
  DRAWN.timer = whenIdle(() => {
    grow(MORE);
    growLater();
  });
}

function whenIdle(work) {
  return window.requestIdleCallback ? requestIdleCallback(work, { timeout: 500 }) : setTimeout(work, 30);
}

function cancelIdle(timer) {
  if (window.cancelIdleCallback) cancelIdleCallback(timer);
  else clearTimeout(timer);
}

function growAll() {
  cancelIdle(DRAWN.timer);
  grow(Infinity);
}

function sayShown() {
  const all = DATA.findings.length;
  byId('shown').textContent = DRAWN.found.length === all ? count(all, 'finding') : `${number(DRAWN.found.length)} of ${count(all, 'finding')}`;
  byId('clear').hidden = !isFiltered();
  sayOpenAll();
}

function sayOpenAll() {
  const node = byId('open-all');
  const closes = document.querySelector('.finding.open') !== null;
  const isTooMuch = DRAWN.found.length > MOST_OPEN;
  node.textContent = closes ? 'Close all' : 'Open all';
  node.disabled = !closes && (DRAWN.found.length === 0 || isTooMuch);
  node.title = !closes && isTooMuch ? `Filter down to ${MOST_OPEN} findings to open them all` : '';
}

function toggleAll() {
  const open = !document.querySelector('.finding.open');
  if (open) growAll();
  for (const node of document.querySelectorAll(open ? '.finding' : '.finding.open')) setOpen(node, open);
  sayOpenAll();
}

/** The finding that has the focus, or that the reader was at last. */
function current() {
  return document.activeElement?.closest('.finding') ?? document.querySelector('.finding.current');
}

/** Goes `step` findings down or up the list, from its start where none is current. */
function move(step) {
  const nodes = () => [...document.querySelectorAll('.finding')];
  const at = nodes().indexOf(current());
  const next = at < 0 ? 0 : at + step;
  if (next + 1 >= nodes().length) grow(MORE);
  const node = nodes()[next];
  if (node) goTo(node);
}

function goTo(node) {
  document.querySelector('.finding.current')?.classList.remove('current');
  node.classList.add('current');
  headOf(node).focus({ preventScroll: true });
  node.scrollIntoView({ block: isOpen(node) ? 'start' : 'nearest' });
}

/** Opens the finding that the address names. */
function follow() {
  const id = location.hash.slice(1);
  if (!DATA.findings.some((finding) => finding.id === id)) return;
  if (!DRAWN.found.some((finding) => finding.id === id)) {
    clearFilters();
    if (!DRAWN.found.some((finding) => finding.id === id)) setFilter('status', EVERY);
  }
  growAll();
  const node = byId(id);
  setOpen(node, true);
  goTo(node);
  node.scrollIntoView({ block: 'start' });
}

function grouping() {
  const hasAuthors = DATA.findings.some((finding) => finding.blame);
  return ['file', 'codemod', ...(hasAuthors ? ['author'] : [])].map((name) => {
    const node = el('button', { type: 'button', 'data-grouping': name, 'aria-pressed': String(STATE.grouping === name) },
      name[0].toUpperCase() + name.slice(1));
    node.addEventListener('click', () => groupBy(name));
    return node;
  });
}

function groupBy(name) {
  STATE.grouping = name;
  for (const node of byId('grouping').children) node.setAttribute('aria-pressed', String(node.dataset.grouping === name));
  drawList();
}
