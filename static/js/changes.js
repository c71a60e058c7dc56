// One watcher for the whole page. Whatever put new HTML there (a click, a socket, a poll), every
// arrangement runs again before the next paint. Arrangements are idempotent and write only
// differences, so the watcher comes to rest.

const arrangements = [];

/** Run once every module is ready, and after every change of the page's elements. */
export function arrange(arrangement) {
  arrangements.push(arrangement);
  queueMicrotask(arrangement);
}

/** Run every arrangement, for changes that are not in the page: the clock, the address. */
export function arrangeAll() {
  for (const arrangement of arrangements) arrangement();
}

new MutationObserver(arrangeAll).observe(document.body, { childList: true, subtree: true });
document.addEventListener("htmx:after:history:push", arrangeAll);
document.addEventListener("htmx:after:history:replace", arrangeAll);
