// One watcher for the whole page. Whatever put new HTML there (a click, a socket, a poll), every
// arrangement runs again before the next paint. Arrangements are idempotent and write only
// differences, so the watcher comes to rest.

const arrangements = [];

export const find = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Run once every module is ready, and after every change of the page's elements. */
export function arrange(arrangement) {
  arrangements.push(arrangement);
  queueMicrotask(arrangement);
}

/** Run every arrangement, for changes that are not in the page: the clock, the address. */
export function arrangeAll() {
  for (const arrangement of arrangements) arrangement();
}

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

new MutationObserver(arrangeAll).observe(document.body, { childList: true, subtree: true });
document.addEventListener("htmx:after:history:push", arrangeAll);
document.addEventListener("htmx:after:history:replace", arrangeAll);
