// Answers and socket frames overtake each other; what is newer stays.
//
// Every change also comes by the socket. So an answer never replaces what the socket has drawn
// since the question was asked: should the answer be the newer one, the socket brings it as well.

const drawn = new Map(); // id of an element → when the socket drew it
const asked = new WeakMap(); // request → when it was sent
const KEEP = 60000; // milliseconds; no answer takes longer

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  asked.set(ctx, performance.now());
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  if (!asked.has(ctx)) return note(tasks);
  if (["more", "older"].includes(ctx.sourceElement?.id)) return merge(tasks[0], ctx.sourceElement);
  for (let at = tasks.length - 1; at >= 0; at -= 1) {
    const parts = [...(tasks[at].fragment?.children ?? [])];
    const stale = parts.filter(({ id }) => id && drawn.get(id) > asked.get(ctx));
    for (const part of stale) part.remove();
    if (stale.length && stale.length === parts.length) tasks.splice(at, 1);
  }
});

function note(tasks) {
  const now = performance.now();
  for (const [id, at] of drawn) if (now - at > KEEP) drawn.delete(id);
  for (const { fragment } of tasks) {
    for (const { id } of fragment?.children ?? []) if (id) drawn.set(id, now);
  }
}

// A page of a list may hold what a socket brought before: that one moves to its place in the page.
function merge(task, source) {
  for (const part of [...(task?.fragment.children ?? [])]) {
    const here = part.id && document.getElementById(part.id);
    if (here && here !== source) part.replaceWith(here);
  }
}
