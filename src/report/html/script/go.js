// Go, split into tokens to be coloured (https://go.dev/ref/spec#Lexical_elements). A line at a time; `open` is what a
// line begins in: '`' for a raw string, '*' for a comment, '' for neither.

const KEYWORDS = new Set(
  ('break case chan const continue default defer else fallthrough for func go goto if import interface map package range '
    + 'return select struct switch type var').split(' '));
const TYPES = new Set(
  ('any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 '
    + 'uint16 uint32 uint64 uintptr').split(' '));
const CONSTANTS = new Set(['true', 'false', 'nil', 'iota']);

const TOKEN = new RegExp([
  /(?<space>[ \t]+)/,
  /(?<comment>\/\/.*|\/\*.*?\*\/)/,
  /(?<openComment>\/\*.*)/,
  /(?<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|`[^`]*`)/,
  /(?<openString>`.*)/,
  /(?<number>\.?\d(?:[eEpP][+-]|[\w.])*)/,
  /(?<word>[\p{L}_][\p{L}\p{Nd}_]*)/,
  /(?<mark>.)/,
].map((part) => part.source).join('|'), 'gsu');

/** The tokens of a line, `{ text, kind }`, and what the next line begins in. */
function tokens(line, open) {
  const found = [];
  let at = 0;
  if (open) {
    const [end, kind] = open === '*' ? ['*/', 'comment'] : ['`', 'string'];
    const close = line.indexOf(end);
    if (close < 0) return { tokens: line ? [{ text: line, kind }] : [], open };
    at = close + end.length;
    found.push({ text: line.slice(0, at), kind });
  }
  let next = '';
  TOKEN.lastIndex = at;
  for (let match; (match = TOKEN.exec(line)) !== null;) {
    const groups = match.groups;
    if (groups.openComment) next = '*';
    if (groups.openString) next = '`';
    found.push({ text: match[0], kind: kindOf(groups, line.slice(TOKEN.lastIndex)) });
  }
  return { tokens: found, open: next };
}

function kindOf(groups, rest) {
  if (groups.space) return 'space';
  if (groups.comment || groups.openComment) return 'comment';
  if (groups.string || groups.openString) return 'string';
  if (groups.number) return 'number';
  if (!groups.word) return 'mark';
  if (KEYWORDS.has(groups.word)) return 'keyword';
  if (TYPES.has(groups.word)) return 'type';
  if (CONSTANTS.has(groups.word)) return 'number';
  return rest.startsWith('(') ? 'function' : 'word';
}

/** Lines with their tokens, and what each begins and ends in. */
function lex(lines, open) {
  let state = open || '';
  return lines.map((line) => {
    const begins = state;
    const read = tokens(line, state);
    state = read.open;
    return { tokens: read.tokens, begins, ends: state };
  });
}
