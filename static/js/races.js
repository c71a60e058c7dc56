// Answers and socket frames overtake each other; what is newer stays.
//
// Every change also comes by the socket. So an answer never replaces what the socket has drawn
// since the question was asked: should the answer be the newer one, the socket brings it as well.

const drawn = new Map(); // id of an element → when the socket drew it

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.askedAt = performance.now(); // frames of the socket ask nothing
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx: { askedAt }, tasks } }) => {
  for (const task of [...tasks]) {
    const parts = [...(task.fragment?.children ?? [])];
    for (const part of parts) {
      if (drawn.size > 5000) drawn.clear();
      if (!askedAt) drawn.set(part.id, performance.now());
      else if (part.id && drawn.get(part.id) > askedAt) part.remove();
    }
    if (parts.length && !task.fragment.children.length) tasks.splice(tasks.indexOf(task), 1);
  }
});
