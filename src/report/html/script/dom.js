// Elements. All text of the run comes in through `el`, `text` or `prose`, which make text nodes and never markup.

// Characters that nobody sees, or that change the order in which others are seen: shown by their numbers.
const UNSEEN = /([^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}])/u;

/** An element: `el('span.a.b', { title: 'x' }, 'text', child)`. Attributes that are false or null are left out. */
function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== false).map(asNode));
  return node;
}

function asNode(child) {
  return typeof child === 'object' ? child : text(String(child));
}

/** A text with its unseen characters made visible. */
function text(string) {
  if (!UNSEEN.test(string)) return document.createTextNode(string);
  const fragment = document.createDocumentFragment();
  string.split(UNSEEN).forEach((part, index) => {
    if (index % 2 === 0) {
      fragment.append(part);
      return;
    }
    const number = 'U+' + part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
    const shown = document.createElement('span');
    shown.className = 'unseen';
    shown.title = 'a character that is not seen';
    shown.textContent = number;
    fragment.append(shown);
  });
  return fragment;
}

/** A sentence in which backticks mark code. */
function prose(string) {
  const fragment = document.createDocumentFragment();
  const parts = string.split('`');
  parts.forEach((part, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) fragment.append(el('code', {}, part));
    else fragment.append(text(index % 2 === 1 ? '`' + part : part));
  });
  return fragment;
}

function byId(id) {
  return document.getElementById(id);
}

const NUMBERS = new Intl.NumberFormat('en-US');

function number(n) {
  return NUMBERS.format(n);
}

function count(n, what) {
  return `${number(n)} ${what}${n === 1 ? '' : 's'}`;
}
