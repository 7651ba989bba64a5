// The keyboard. A key with a modifier, or typed into a field, is left to the browser.

const THEMES = ['auto', 'light', 'dark'];

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => {
    const node = current();
    if (!node) return;
    setOpen(node, !isOpen(node));
    goTo(node);
    sayOpenAll();
  },
  e: toggleExplanation,
  g: () => {
    const names = [...byId('grouping').children].map((node) => node.dataset.grouping);
    groupBy(names[(names.indexOf(STATE.grouping) + 1) % names.length]);
  },
  t: nextTheme,
  '/': () => {
    byId('search').focus();
    byId('search').select();
  },
  '?': () => byId('help').showModal(),
  Escape: () => {
    const node = current();
    if (!node || !isOpen(node)) return;
    setOpen(node, false);
    goTo(node);
    sayOpenAll();
  },
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId('help').open) return;
  if (event.target.matches('input, select, textarea')) {
    if (event.key === 'Escape') leaveField(event);
    return;
  }
  // Enter on a button, a link or a summary is the browser's; anywhere else it opens.
  const key = event.key === 'Enter' && !event.target.matches('button, a, summary') ? 'o' : event.key;
  if (!Object.hasOwn(KEYS, key)) return;
  event.preventDefault();
  KEYS[key]();
}

function leaveField(event) {
  const { target } = event;
  if (target.id !== 'search') {
    target.blur();
    return;
  }
  event.preventDefault();
  if (target.value) {
    target.value = '';
    search('');
  } else {
    target.blur();
  }
}

function toggleExplanation() {
  const node = current();
  if (!node) return;
  const wasOpen = isOpen(node);
  setOpen(node, true);
  const details = node.querySelector('.explanation');
  if (!details) return;
  setExplained(node.finding, details, !wasOpen || !details.open);
  // What does not fit the window is read from its start.
  if (details.open) details.scrollIntoView({ block: details.offsetHeight > innerHeight * 0.7 ? 'start' : 'nearest' });
  sayOpenAll();
}

function setTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId('theme').textContent = `Theme: ${theme}`;
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % THEMES.length];
  setTheme(theme);
  // A browser may keep nothing for a file; the choice then lasts as long as the page.
  try {
    localStorage.setItem('gomend-theme', theme);
  } catch { /* as above */ }
}

function keptTheme() {
  try {
    const theme = localStorage.getItem('gomend-theme');
    return THEMES.includes(theme) ? theme : 'auto';
  } catch {
    return 'auto';
  }
}
