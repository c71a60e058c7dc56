// Fingers, the keyboard of a phone, installing. A row swiped left is closed, swiped right is left
// unread; both have their buttons in the open conversation, and their keys.

const FAR = 88; // pixels that mean it
let swipe = null;

const verb = (dx) => (dx < -FAR ? "close" : dx > FAR ? "unread" : "");

document.addEventListener("pointerdown", ({ target, pointerType, clientX: x, clientY: y }) => {
  const row = pointerType === "touch" && target.closest("#conversations .row");
  swipe = row ? { row, x, y, dx: 0 } : null;
});

document.addEventListener("pointermove", ({ clientX, clientY }) => {
  if (!swipe) return;
  const dx = (swipe.dx = clientX - swipe.x);
  if (!swipe.row.dataset.swipe && Math.abs(dx) < Math.max(12, Math.abs(clientY - swipe.y))) return;
  swipe.row.dataset.swipe = `${dx < 0 ? "close" : "unread"}${verb(dx) && "-now"}`;
  swipe.row.querySelector(".row-link").style.translate = `${dx}px`;
});

for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end);

function end({ type }) {
  const { row, dx } = swipe ?? {};
  swipe = null;
  if (!row?.dataset.swipe) return;
  delete row.dataset.swipe;
  row.querySelector(".row-link").style.translate = "";
  if (type !== "pointerup" || !verb(dx)) return;
  const path = `/conversations/${row.id.replace("conversation-", "")}/${verb(dx)}`;
  htmx.ajax("POST", path, { source: row, target: document.body, swap: "none" });
}

window.visualViewport?.addEventListener("resize", ({ target: { scale, height } }) => {
  if (scale === 1) document.documentElement.style.setProperty("--height", `${height}px`);
});

addEventListener("beforeinstallprompt", (event) => {
  const button = document.getElementById("install");
  if (!button) return;
  button.hidden = false;
  button.onclick = () => event.prompt();
});

navigator.serviceWorker?.register("/sw.js");
