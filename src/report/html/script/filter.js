// Which findings are shown: those that every filter and every word of the search keep.

const STATE = {
  filters: { codemod: '', package: '', author: '', class: '', status: '' },
  words: [],
  grouping: 'file',
};

// Of the filter for the status: all that stand. Something hidden on purpose is shown where it is asked for.
const STANDING = '';
const EVERY = '*';

function matching(except = null) {
  return DATA.findings.filter((finding) => {
    for (const [name, wanted] of Object.entries(STATE.filters)) {
      if (name !== except && !keeps(name, wanted, finding)) return false;
    }
    const hay = haystack(finding);
    return STATE.words.every((word) => hay.includes(word));
  });
}

function keeps(name, wanted, finding) {
  const value = FACETS[name].of(finding);
  if (name === 'status' && wanted === STANDING) return value !== 'suppressed';
  return wanted === '' || wanted === EVERY || value === wanted;
}

/** All text of a finding that a search looks at, in lower case. */
function haystack(finding) {
  if (finding.haystack === undefined) {
    const parts = [finding.message, finding.codemod.id, finding.rule, `${finding.file.path}:${finding.line}`, finding.class,
      STATUSES[finding.status][0], finding.reason ?? '', finding.blame ? Object.values(finding.blame).join(' ') : '',
      ...finding.hunks.flatMap((hunk) => hunk.new), sourceOf(finding)];
    finding.haystack = parts.join('\n').toLowerCase();
  }
  return finding.haystack;
}

/** The source lines that a finding shows without their context: its own, and those that it changes. */
function sourceOf(finding) {
  const wanted = [[finding.line, finding.line + finding.lines], ...finding.hunks.map((hunk) => [hunk.at, hunk.at + hunk.old])];
  return wanted.flatMap(([from, to]) => {
    const part = finding.file.excerpts.findLast((excerpt) => excerpt.line <= from);
    if (!part) return [];
    part.split ??= part.text.split('\n');
    return part.split.slice(from - part.line, to - part.line);
  }).join('\n');
}

function isFiltered() {
  return STATE.words.length > 0 || Object.values(STATE.filters).some((value) => value !== '');
}

function setFilter(name, value) {
  STATE.filters[name] = value;
  const select = byId(`filter-${name}`);
  if (select) select.value = value;
  update();
}

function search(typed) {
  STATE.words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  update();
}

function clearFilters() {
  for (const name of Object.keys(STATE.filters)) STATE.filters[name] = '';
  STATE.words = [];
  byId('filters').reset();
  update();
}

/** One list of choices for each facet that has more than one value. */
function selects() {
  const fragment = document.createDocumentFragment();
  for (const [name, facet] of Object.entries(FACETS)) {
    const values = tally(DATA.findings, facet);
    const hides = name === 'status' && values.some(([value]) => value === 'suppressed');
    if (values.length < 2 && !hides) continue;
    const select = el('select', { id: `filter-${name}` });
    if (hides) {
      select.append(el('option', { value: STANDING }, 'All but suppressed'), el('option', { value: EVERY }, 'Every status'));
    } else {
      select.append(el('option', { value: '' }, `Every ${facet.one}`));
    }
    for (const [value, findings] of values) {
      select.append(el('option', { value }, `${called(facet, value)} (${number(findings.length)})`));
    }
    select.addEventListener('change', () => setFilter(name, select.value));
    fragment.append(el('label.select', {}, el('span.spoken', {}, facet.one), select));
  }
  return fragment;
}
