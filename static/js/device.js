// Fingers, and the keyboard of a phone. A row swiped left is closed, swiped right is left unread;
// both have their buttons in the open conversation, and their keys.

import { on } from "./changes.js";
import { post } from "./page.js";

const FAR = 88; // pixels that mean it
let swipe = null;

on("pointerdown", "#conversations .row", (row, { pointerType, clientX: x, clientY: y }) => {
  swipe = pointerType === "touch" ? { row, link: row.querySelector(".row-link"), x, y, dx: 0 } : null;
});

document.addEventListener("pointermove", ({ clientX, clientY }) => {
  if (!swipe) return;
  const dx = (swipe.dx = clientX - swipe.x);
  if (!swipe.row.dataset.swipe && Math.abs(dx) < Math.max(12, Math.abs(clientY - swipe.y))) return;
  swipe.row.dataset.swipe = (dx < 0 ? "close" : "unread") + (Math.abs(dx) > FAR ? "-now" : "");
  swipe.link.style.translate = `${dx}px`;
});

for (const event of ["pointerup", "pointercancel"]) {
  document.addEventListener(event, () => {
    const [, verb] = swipe?.row.dataset.swipe?.match(/(.*)-now/) ?? [];
    if (verb && event === "pointerup") post(`${swipe.link.pathname}/${verb}`, {}, swipe.row);
    delete swipe?.row.dataset.swipe;
    swipe?.link.style.removeProperty("translate");
    swipe = null;
  });
}

window.visualViewport?.addEventListener("resize", ({ target: { scale, height } }) => {
  if (scale === 1) document.documentElement.style.setProperty("--height", `${height}px`);
});

navigator.serviceWorker?.register("/sw.js");
