// Draws the page and listens.

function update() {
  keepingFocus(() => {
    drawTotals();
    drawCharts();
  });
  drawList();
}

function drawNotices() {
  const failed = DATA.outcomes.filter((group) => group.outcome === 'failed');
  const lines = [
    ...DATA.warnings,
    ...failed.map((group) => `${count(group.paths.length, 'file')} could not be searched: ${group.reason}`),
  ];
  byId('notices').append(...lines.map((line) => el('p.notice', {}, prose(line))));
}

// What an outcome of a file is called.
const OUTCOMES = { failed: 'Failed', rejected: 'Rejected', skipped: 'Skipped' };

/** Files that were left out, by reason; their names are drawn when they are asked for. */
function drawFiles() {
  if (DATA.outcomes.length === 0) return;
  const groups = DATA.outcomes.map((group) => {
    const node = el(`details.outcome.${group.outcome}`, { open: group.outcome === 'failed' },
      el('summary', {}, el(`span.badge.status.${group.outcome}`, {}, OUTCOMES[group.outcome]),
        el('span.message', {}, prose(group.reason)), el('span.count', {}, count(group.paths.length, 'file'))));
    const fill = () => {
      if (node.open && !node.querySelector('ul')) node.append(el('ul', {}, group.paths.map((path) => el('li', {}, el('bdi', {}, path)))));
    };
    node.addEventListener('toggle', fill);
    fill();
    return node;
  });
  byId('files').append(el('h2', {}, 'Files left out'), ...groups);
}

function start() {
  setTheme(keptTheme());
  if (DATA.command) byId('command').append(el('code', {}, DATA.command));
  const { parsed, bytes } = DATA.totals;
  byId('about').append(el('p', {}, `gomend ${DATA.version} · ${count(parsed, 'file')} parsed, ${number(Math.round(bytes / 1024))} KiB read`));
  byId('selects').append(selects());
  byId('grouping').append(...grouping());
  drawNotices();
  document.querySelector('.toolbar').hidden = DATA.findings.length === 0;
  update();
  drawFiles();
  byId('search').addEventListener('input', (event) => search(event.target.value));
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId('clear').addEventListener('click', clearFilters);
  byId('open-all').addEventListener('click', toggleAll);
  byId('theme').addEventListener('click', nextTheme);
  byId('help-open').addEventListener('click', () => byId('help').showModal());
  byId('list').addEventListener('focusin', (event) => {
    const node = event.target.closest('.finding');
    if (!node) return;
    document.querySelector('.finding.current')?.classList.remove('current');
    node.classList.add('current');
  });
  document.addEventListener('keydown', onKey);
  window.addEventListener('beforeprint', growAll);
  window.addEventListener('hashchange', follow);
  follow();
}

start();
