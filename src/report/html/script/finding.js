// One finding: a line to read, and behind it the change and the reasons, drawn when it is opened.

/** The closed finding. `grouping` is what the group above it says already. */
function row(finding, grouping) {
  const place = el('span.place', {}, grouping === 'file'
    ? `${finding.line}:${finding.column}`
    : el('bdi', {}, `${finding.file.path}:${finding.line}:${finding.column}`));
  const about = el('span.about', {},
    grouping === 'codemod' ? null : el('span.codemod', {}, finding.codemod.id),
    place,
    finding.blame && grouping !== 'author' ? el('span.author', {}, authorOf(finding)) : null);
  // What is usual is not said on every line, so that the rest stands out.
  const isUsual = ['fixable', 'applied', finding.class].includes(finding.status);
  const status = isUsual
    ? null
    : el(`span.badge.status.${finding.status}`, {}, STATUSES[finding.status][0]);
  const head = el('button.head', { type: 'button', 'aria-expanded': 'false', 'aria-controls': `body-${finding.id}` },
    el('span.chevron', { 'aria-hidden': 'true' }),
    el(`span.badge.${finding.class}`, {}, CLASSES[finding.class]),
    el('span.message', {}, prose(finding.message)),
    status, about);
  const node = el(`li.finding.${finding.status}`, { id: finding.id },
    el('h4', {}, head), el('div.body', { id: `body-${finding.id}`, hidden: true }));
  node.finding = finding;
  head.addEventListener('click', () => {
    setOpen(node, !isOpen(node));
    sayOpenAll();
  });
  return node;
}

function isOpen(node) {
  return headOf(node).getAttribute('aria-expanded') === 'true';
}

function headOf(node) {
  return node.querySelector('.head');
}

function setOpen(node, open) {
  const body = node.querySelector('.body');
  if (open && !body.firstChild) body.append(...details(node.finding));
  body.hidden = !open;
  headOf(node).setAttribute('aria-expanded', String(open));
  node.classList.toggle('open', open);
  if (open) DRAWN.open.add(node.finding.id);
  else DRAWN.open.delete(node.finding.id);
}

/** What an open finding shows. */
function details(finding) {
  const [, fate] = STATUSES[finding.status];
  const reason = finding.reason ? el('p.reason', {}, el('strong', {}, 'Why: '), prose(finding.reason)) : null;
  const parts = [el('p.fate', {}, prose(fate(finding))), reason, table(finding.file, finding.hunks, finding), whole(finding),
    origin(finding), explanation(finding)];
  return parts.filter(Boolean);
}

/** What comes of the file: imports that come with the change, and the changes of other findings. */
function whole(finding) {
  const { file } = finding;
  const isWritten = finding.status === 'fixable' || finding.status === 'applied';
  if (!isWritten || file.hunks.length === 0) return null;
  const node = el('details.more-of-it', {}, el('summary', {}, el('span', {}, 'The whole change of this file'),
    el('span.summary', {}, count(file.hunks.length, 'place'), ', with imports and the changes of other findings')));
  const fill = () => {
    if (node.open && !node.querySelector('table')) node.append(diffTable(file, file.hunks, null));
  };
  node.addEventListener('toggle', fill);
  // Where the finding's own change follows on another one, only this shows it.
  node.open = finding.hunks.length === 0;
  fill();
  return node;
}

function table(file, hunks, focus) {
  return el('div.scroll', {}, diffTable(file, hunks, focus));
}

/** Rule, place, and who wrote the lines last where that is known. */
function origin(finding) {
  const place = `${finding.file.path}:${finding.line}:${finding.column}`;
  const pairs = [['Codemod', finding.codemod.id], ['Rule', finding.rule], ['Place', el('bdi', {}, place)]];
  if (finding.blame) {
    const { email, commit, date, boundary } = finding.blame;
    pairs.push(['Last author', email ? `${authorOf(finding)} <${email}>` : authorOf(finding)]);
    if (commit) pairs.push(['Commit', el('code', { title: commit }, commit.slice(0, 12), boundary ? ' or older' : '')], ['Date', date]);
  }
  return el('dl.origin', {}, pairs.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
    el('div', {}, el('dt', {}, 'Link'), el('dd', {}, el('a', { href: `#${finding.id}` }, `#${finding.id}`))));
}

/** Why the codemod finds this, closed until it is asked for. */
function explanation(finding) {
  const { summary, explanation: template } = finding.codemod;
  if (!template) return null;
  const node = el('details.explanation.more-of-it', {}, el('summary', {}, el('span', {}, 'Explanation'), el('span.summary', {}, prose(summary)), el('kbd', { 'aria-hidden': 'true' }, 'e')));
  node.addEventListener('toggle', () => fillExplanation(node, template));
  return node;
}

function setExplained(finding, node, open) {
  node.open = open;
  fillExplanation(node, finding.codemod.explanation);
}

function fillExplanation(node, template) {
  if (node.open && !node.querySelector('.explained')) node.append(explained(template));
}

/** The explanation, its Go in colours. */
function explained(template) {
  const node = el('div.explained', {}, template.content.cloneNode(true));
  for (const block of node.querySelectorAll('code.language-go')) {
    const lines = lex(block.textContent.replace(/\n$/, '').split('\n'), '');
    block.replaceChildren(...lines.flatMap((line) => [code(line, [], ''), '\n']));
  }
  return node;
}
