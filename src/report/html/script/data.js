// The run: read once, its parts linked to each other.

const DATA = JSON.parse(byId('data').textContent);

const CLASSES = {
  safe: 'Safe',
  unsafe: 'Unsafe',
  display: 'Only shown',
};

// What a status is called, and what it asks of the reader.
const STATUSES = {
  fixable: ['Fixable', (finding) => `\`gomend apply\` makes this ${finding.class} change.`],
  applied: ['Applied', (finding) => `This ${finding.class} change was made.`],
  unsafe: ['Not asked for', () => 'A person must look at this change; `--unsafe` applies it.'],
  display: ['By hand', (finding) => (finding.hunks.length > 0
    ? 'A change to make by hand; gomend never writes it.'
    : 'No change is proposed.')],
  rejected: ['Rejected', () => 'Verification refused the change.'],
  conflict: ['Conflict', () => 'Another change claims the same code; a further run tries this one again.'],
  suppressed: ['Suppressed', () => 'A comment or the baseline hides this finding.'],
};

DATA.findings.forEach((finding) => {
  finding.codemod = DATA.codemods[finding.codemod];
  finding.file = DATA.files[finding.file];
  finding.hunks ??= [];
});
DATA.files.forEach((file) => {
  file.hunks ??= [];
});
DATA.codemods.forEach((codemod, index) => {
  codemod.explanation = byId(`codemod-${index}`);
});

/** Who wrote the finding's lines last; null where nobody asked. */
function authorOf(finding) {
  return finding.blame ? finding.blame.author ?? 'Not committed yet' : null;
}

/** What findings are told apart by, and how each is called. The first two have a chart of their own. */
const FACETS = {
  codemod: { one: 'codemod', title: 'By codemod', of: (finding) => finding.codemod.id },
  package: { one: 'package', title: 'By package', of: (finding) => finding.file.package || '.' },
  author: { one: 'author', title: 'By author', of: authorOf },
  class: { one: 'class', title: 'By class', of: (finding) => finding.class, order: CLASSES, called: (value) => CLASSES[value] },
  status: { one: 'status', title: 'By status', of: (finding) => finding.status, order: STATUSES, called: (value) => STATUSES[value][0] },
};

/** Counts by value, in the facet's own order or the most first: `[value, findings]`. */
function tally(findings, facet) {
  const groups = new Map();
  for (const finding of findings) {
    const value = facet.of(finding);
    if (value === null) continue;
    if (!groups.has(value)) groups.set(value, []);
    groups.get(value).push(finding);
  }
  const order = facet.order && Object.keys(facet.order);
  const byOrder = (a, b) => order.indexOf(a[0]) - order.indexOf(b[0]);
  const byCount = (a, b) => b[1].length - a[1].length || compare(a[0], b[0]);
  return [...groups].sort(order ? byOrder : byCount);
}

/** Code units, not the reader's language: the same order everywhere. */
function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function called(facet, value) {
  return facet.called ? facet.called(value) : value;
}
