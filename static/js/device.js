// Fingers, the keyboard of a phone, installing. A row swiped back to where reading begins is closed,
// swiped forth is left unread; both have their buttons in the open conversation, and their keys.

import { _ } from "./words.js";

const FAR = 88; // pixels that mean it
const forth = document.documentElement.dir === "rtl" ? -1 : 1;
const words = { close: _("Close"), unread: _("Unread") };
let swipe = null;

const aim = (dx) => (dx * forth < 0 ? "close" : "unread");
const verb = (dx) => (Math.abs(dx) > FAR ? aim(dx) : "");

document.addEventListener("pointerdown", ({ target, pointerType, clientX: x, clientY: y }) => {
  const row = pointerType === "touch" && target.closest("#conversations .row");
  swipe = row ? { row, x, y, dx: 0 } : null;
});

document.addEventListener("pointermove", ({ clientX, clientY }) => {
  if (!swipe) return;
  const dx = (swipe.dx = clientX - swipe.x);
  if (!swipe.row.dataset.swipe && Math.abs(dx) < Math.max(12, Math.abs(clientY - swipe.y))) return;
  swipe.row.dataset.swipe = `${aim(dx)}${verb(dx) && "-now"}`;
  swipe.row.dataset.swipes = words[aim(dx)];
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
