// One watcher for the whole page. Whatever put new HTML there (a click, a socket, a poll), the
// arrangements that look there run again before the next paint. They are idempotent, so what they
// write themselves is no news.

const arrangements = [];
let focused = null;

export const find = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Run once every module is ready, and after every change of elements in or around `within`. */
export function arrange(arrangement, within = "body") {
  arrangements.push([arrangement, within]);
  queueMicrotask(arrangement);
}

const isIn = (within) => ({ target, addedNodes, removedNodes }) =>
  target.closest(within) || [...addedNodes, ...removedNodes].some((node) => has(node, within));
const has = (node, within) => node.matches?.(within) || node.querySelector?.(within);

/** `act(element, event)` whenever that happens in such an element, on the page now or later. */
export function on(type, selector, act) {
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(element, event);
  });
}

/** Give an element its words, unless it has them. */
export function write(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

// A swap may take away the very element that has the focus; its successor gets it back.
document.addEventListener("focusin", ({ target }) => (focused = target));
document.addEventListener("focusout", ({ target }) => queueMicrotask(() => {
  if (target === focused && target.isConnected) focused = null; // it goes only after it has told so
}));
arrange(() => {
  if (!focused || focused.isConnected || document.activeElement !== document.body) return;
  const home = focused.closest("[id]");
  const heir = find(home?.id);
  (home === focused ? heir : heir?.querySelector(focused.tagName))?.focus({ preventScroll: true });
  focused = null;
});

new MutationObserver((records, watcher) => {
  for (const [arrangement, within] of arrangements) if (records.some(isIn(within))) arrangement();
  watcher.takeRecords();
}).observe(document.body, { childList: true, subtree: true });
document.addEventListener("htmx:after:history:update", () => arrangements.forEach(([each]) => each()));
