// Totals and charts. Every mark is a filter too: it counts what it would show, and pressing it shows that.

// Rows of a chart before it is asked for all.
const SHORT = 10;
const OPEN_CHARTS = new Set();

function drawTotals() {
  const standing = DATA.findings.filter((finding) => finding.status !== 'suppressed');
  const { files, changed, codemods } = DATA.totals;
  const where = new Set(standing.map((finding) => finding.file)).size;
  const what = new Set(standing.map((finding) => finding.codemod)).size;
  byId('totals').replaceChildren(
    el('div.headline', {},
      el('p.big', {}, number(standing.length), ' ', el('span', {}, standing.length === 1 ? 'finding' : 'findings')),
      el('p', {}, `in ${number(where)} of ${count(files, 'file')}, by ${number(what)} of ${count(codemods, 'codemod')}`),
      el('p', {}, changed === 0 ? 'No file has a change.' : `${count(changed, 'file')} with a verified change`)),
    ...DATA.findings.length > 0 ? [
      proportion('class', 'How far to trust the changes'),
      proportion('status', 'What becomes of them'),
    ] : [],
  );
}

/** One bar with its parts, and a button for each. */
function proportion(name, title) {
  const facet = FACETS[name];
  const parts = tally(matching(name), facet);
  const bar = el('div.proportion', { 'aria-hidden': 'true' }, parts.map(([value, findings]) => part(value, findings.length)));
  const legend = el('ul.legend', {}, parts.map(([value, findings]) => el('li', {}, toggle(name, value,
    el(`span.dot.${value}`), el('span', {}, called(facet, value)), el('span.count', {}, number(findings.length))))));
  return el('figure.total', {}, el('figcaption', {}, title), parts.length > 0 ? bar : null, legend);
}

/** A part of a bar, as wide as its share. */
function part(value, share) {
  const node = el(`span.part.${value}`);
  node.style.flexGrow = share;
  return node;
}

/** A button that sets a filter, and unsets it when it is set. */
function toggle(name, value, ...children) {
  const isOn = STATE.filters[name] === value;
  const node = el('button.toggle', { type: 'button', 'aria-pressed': String(isOn), 'data-key': `${name}/${value}` }, ...children);
  node.addEventListener('click', () => setFilter(name, isOn ? '' : value));
  return node;
}

function drawCharts() {
  const charts = ['codemod', 'package', 'author'].map(chart).filter(Boolean);
  byId('charts').replaceChildren(...charts);
}

/** Bars by one facet, the longest first, each stacked by class. */
function chart(name) {
  const facet = FACETS[name];
  if (tally(DATA.findings, facet).length === 0) return null;
  const rows = tally(matching(name), facet);
  const isOpen = OPEN_CHARTS.has(name);
  const most = rows.length > 0 ? rows[0][1].length : 1;
  const chosen = STATE.filters[name];
  const shown = rows.filter(([value], index) => isOpen || index < SHORT || value === chosen);
  const list = el('ul.bars', {}, shown.map(([value, findings]) => el('li', {}, bar(name, value, findings, most))));
  const title = el('figcaption', {}, facet.title, el('span.count', {}, count(rows.length, facet.one)));
  const figure = el('figure.chart', {}, title, list);
  figure.classList.toggle('all', isOpen && rows.length > SHORT);
  if (rows.length > SHORT) {
    const more = el('button.more', { type: 'button', 'aria-expanded': String(isOpen), 'data-key': `more/${name}` },
      isOpen ? 'Show the first' : `Show all ${number(rows.length)}`);
    more.addEventListener('click', () => {
      if (!OPEN_CHARTS.delete(name)) OPEN_CHARTS.add(name);
      keepingFocus(drawCharts);
    });
    figure.append(more);
  }
  return figure;
}

function bar(name, value, findings, most) {
  const classes = tally(findings, FACETS.class);
  const parts = classes.map(([kind, of]) => part(kind, of.length));
  const rest = el('span.rest');
  rest.style.flexGrow = most - findings.length;
  const words = classes.map(([kind, of]) => `${number(of.length)} ${kind}`).join(', ');
  const node = toggle(name, value,
    el('span.label', {}, el('bdi', {}, value)),
    el('span.track', { 'aria-hidden': 'true' }, parts, rest),
    el('span.count', {}, number(findings.length)));
  node.classList.add('bar');
  node.title = `${called(FACETS[name], value)}: ${words}`;
  return node;
}

/** Draws anew, and gives the focus back to what stands where it was. */
function keepingFocus(draw) {
  const key = document.activeElement?.dataset?.key;
  draw();
  if (key) [...document.querySelectorAll('[data-key]')].find((node) => node.dataset.key === key)?.focus({ preventScroll: true });
}
