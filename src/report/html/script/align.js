// Which old line stands beside which new one, and what differs between the two.

// Work beyond these is not worth its time; lines are then paired as they come, or differ as a whole.
const MOST_PAIRS = 4000;
const MOST_TOKENS = 40000;
// Lines that share less than this are two lines, not one changed.
const ALIKE = 0.35;

/** A longest common subsequence of two lists of strings, as two lists that say which elements are in it. */
function common(a, b) {
  const inA = new Array(a.length).fill(false);
  const inB = new Array(b.length).fill(false);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    inA[start] = inB[start] = true;
    start += 1;
  }
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
    inA[endA] = inB[endB] = true;
  }
  const [rows, columns] = [endA - start, endB - start];
  if (rows * columns > MOST_TOKENS) return [inA, inB];
  const best = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      best[i][j] = a[start + i] === b[start + j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (a[start + i] === b[start + j]) {
      inA[start + i] = inB[start + j] = true;
      i += 1;
      j += 1;
    } else if (best[i + 1][j] >= best[i][j + 1]) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return [inA, inB];
}

/** How much of two lines is the same, from 0 to 1; white space does not count. */
function likeness(a, b) {
  const words = (line) => line.tokens.filter((token) => token.kind !== 'space').map((token) => token.text);
  const [left, right] = [words(a), words(b)];
  const length = (list) => list.reduce((sum, word) => sum + word.length, 0);
  const longer = Math.max(length(left), length(right));
  if (longer === 0) return 1;
  const [kept] = common(left, right);
  return length(left.filter((_, index) => kept[index])) / longer;
}

/** Pairs `[old, new]` in order; one of the two is null where a line has no counterpart. */
function pair(old, added) {
  const partner = partners(old, added);
  const pairs = [];
  let next = 0;
  let lone = [];
  // Lines without a counterpart stand beside each other, to save the reader's screen.
  const flush = (until) => {
    const left = lone;
    const right = added.slice(next, until);
    for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
      pairs.push({ old: left[i] ?? null, new: right[i] ?? null, alike: false });
    }
    lone = [];
    next = until;
  };
  old.forEach((line, index) => {
    if (partner[index] < 0) {
      lone.push(line);
      return;
    }
    flush(partner[index]);
    pairs.push({ old: line, new: added[next], alike: true });
    next += 1;
  });
  flush(added.length);
  return pairs;
}

/** For each old line the index of its new one, or -1: the pairing in order in which most stays the same. */
function partners(old, added) {
  const found = new Array(old.length).fill(-1);
  const [rows, columns] = [old.length, added.length];
  if (rows * columns > MOST_PAIRS) return found.map((_, index) => (index < columns ? index : -1));
  const alike = old.map((a) => added.map((b) => {
    const share = likeness(a, b);
    return share >= ALIKE ? share : 0;
  }));
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      const both = alike[i][j] > 0 ? alike[i][j] + best[i + 1][j + 1] : 0;
      best[i][j] = Math.max(both, best[i + 1][j], best[i][j + 1]);
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (alike[i][j] > 0 && best[i][j] === alike[i][j] + best[i + 1][j + 1]) {
      found[i] = j;
      i += 1;
      j += 1;
    } else if (best[i + 1][j] >= best[i][j + 1]) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return found;
}

/** Where two lines differ: ranges `[from, to]` of each. */
function changes(a, b) {
  const [inA, inB] = common(a.tokens.map((token) => token.text), b.tokens.map((token) => token.text));
  return [ranges(a.tokens, inA), ranges(b.tokens, inB)];
}

function ranges(list, kept) {
  const found = [];
  let at = 0;
  list.forEach((token, index) => {
    const end = at + token.text.length;
    const last = found[found.length - 1];
    if (!kept[index]) {
      if (last && last[1] === at) last[1] = end;
      else found.push([at, end]);
    }
    at = end;
  });
  return found;
}
