// A finding's lines as a table: before on the left, after on the right, or the source alone where nothing changes.

/** The excerpts of a file as lines by number, read once. */
function linesOf(file) {
  if (!file.lines) {
    file.lines = new Map();
    for (const part of file.excerpts) {
      const read = lex(part.text.split(/\r?\n/), part.open);
      read.forEach((line, index) => file.lines.set(part.line + index, line));
    }
  }
  return file.lines;
}

/** The parts of a file to show for some hunks and a finding, in order; those that meet are one. */
function segments(hunks, focus) {
  const parts = hunks.map((hunk) => ({
    from: hunk.at - DATA.context, to: hunk.at + hunk.old + DATA.context, scope: hunk.scope, hunks: [hunk],
  }));
  if (focus) {
    const length = hunks.length > 0 ? 1 : focus.lines;
    parts.push({ from: focus.line - DATA.context, to: focus.line + length + DATA.context, scope: focus.scope, hunks: [] });
  }
  parts.sort((a, b) => a.from - b.from);
  const merged = [];
  for (const part of parts) {
    const last = merged[merged.length - 1];
    if (last && part.from <= last.to) {
      last.to = Math.max(last.to, part.to);
      last.hunks.push(...part.hunks);
    } else {
      merged.push(part);
    }
  }
  return merged;
}

/** The table of a change; `focus` is the finding to mark, if any. */
function diffTable(file, hunks, focus) {
  const isChange = hunks.length > 0;
  const body = el('tbody');
  let shift = 0;
  for (const part of segments(hunks, focus)) {
    const gap = gapRow(file, part, isChange);
    if (gap) body.append(gap);
    let at = Math.max(part.from, 1);
    for (const hunk of part.hunks) {
      for (; at < hunk.at; at += 1) body.append(...sameRow(file, at, shift, isChange, focus));
      body.append(...changedRows(file, hunk, shift, focus));
      at += hunk.old;
      shift += hunk.new.length - hunk.old;
    }
    for (; at < part.to; at += 1) body.append(...sameRow(file, at, shift, isChange, focus));
  }
  const head = isChange
    ? el('thead.spoken', {}, el('tr', {}, el('th', {}, 'Line'), el('th', {}, 'Before'), el('th', {}, 'Line'), el('th', {}, 'After')))
    : el('thead.spoken', {}, el('tr', {}, el('th', {}, 'Line'), el('th', {}, 'Source')));
  return el(isChange ? 'table.diff' : 'table.diff.source', {},
    el('caption.spoken', {}, isChange ? `Change in ${file.path}` : `Source of ${file.path}`),
    el('colgroup', {}, el('col.num'), el('col'), ...(isChange ? [el('col.num'), el('col')] : [])), head, body);
}

/** Says which declaration the lines below are part of. */
function gapRow(file, part, isChange) {
  const shown = part.scope < Math.max(part.from, 1) && linesOf(file).get(part.scope);
  if (!shown) return part.from > 1 ? el('tr.gap', {}, el('td', { colspan: isChange ? 4 : 2 }, '⋯')) : null;
  return el('tr.gap', {}, el('td', { colspan: isChange ? 4 : 2 },
    el('span.num', {}, part.scope), code(shown, [], '')));
}

function sameRow(file, at, shift, isChange, focus) {
  const line = linesOf(file).get(at);
  if (!line) return [];
  const row = el('tr.same', {}, num(at), el('td.code.old', {}, code(line, marked(focus, at), 'mark')));
  if (isChange) row.append(num(at + shift), el('td.code.new', {}, code(line, [], '')));
  return [row];
}

function changedRows(file, hunk, shift, focus) {
  const lines = linesOf(file);
  const old = [];
  for (let at = hunk.at; at < hunk.at + hunk.old; at += 1) {
    const line = lines.get(at);
    if (line) old.push({ at, ...line });
  }
  const open = lines.get(hunk.at)?.begins ?? lines.get(hunk.at - 1)?.ends;
  const added = lex(hunk.new, open).map((line, index) => ({ at: hunk.at + shift + index, ...line }));
  return pair(old, added).map((both) => {
    const [gone, come] = both.alike ? changes(both.old, both.new) : [[], []];
    return el('tr.changed', {},
      ...side(both.old, gone, 'old', 'del', marked(focus, both.old?.at)), ...side(both.new, come, 'new', 'ins', []));
  });
}

function side(line, differs, name, tag, marks) {
  if (!line) return [el('td.num.none'), el(`td.code.${name}.none`)];
  return [num(line.at, tag), el(`td.code.${name}.${tag}`, {}, el(tag, {}, code(line, differs, 'word', marks)))];
}

function num(at, tag) {
  return el(tag ? `td.num.${tag}` : 'td.num', {}, at);
}

/** Where the finding stands in line `at`, if it does. */
function marked(focus, at) {
  if (!focus || focus.line !== at || focus.mark[1] <= focus.mark[0]) return [];
  return [focus.mark];
}

/** A line in colours; `first` ranges get the class `name`, `marks` the class `mark`. */
function code(line, first, name, marks = []) {
  const fragment = document.createDocumentFragment();
  const edges = [...first, ...marks].flat();
  let at = 0;
  for (const token of line.tokens) {
    const end = at + token.text.length;
    const cuts = [at, ...edges.filter((edge) => edge > at && edge < end).sort((a, b) => a - b), end];
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const [from, to] = [cuts[i], cuts[i + 1]];
      const within = (list) => list.some((range) => range[0] <= from && to <= range[1]);
      const classes = [COLOURED.has(token.kind) && token.kind, within(first) && name, within(marks) && 'mark'].filter(Boolean);
      const part = token.text.slice(from - at, to - at);
      fragment.append(classes.length > 0 ? el(`span.${classes.join('.')}`, {}, part) : text(part));
    }
    at = end;
  }
  return fragment;
}

const COLOURED = new Set(['keyword', 'type', 'function', 'string', 'number', 'comment']);
