// Fingers, and the keyboard of a phone. A row swiped left is closed, swiped right is left unread;
// both have their buttons in the open conversation, and their keys.

import { on } from "./changes.js";
import { post } from "./page.js";

const FAR = 88; // pixels that mean it
const ROW = "#conversations .row";
let begun = 0; // where the finger came down

on("pointerdown", ROW, (_row, { clientX }) => (begun = clientX));

on("pointermove", ROW, (row, { pointerType, clientX }) => {
  const way = pointerType === "touch" ? clientX - begun : 0;
  if (!row.dataset.swipe && Math.abs(way) < 12) return;
  row.dataset.swipe = (way < 0 ? "close" : "unread") + (Math.abs(way) > FAR ? "-now" : "");
  row.style.setProperty("--way", `${way}px`);
});

on("pointercancel", ROW, (row) => delete row.dataset.swipe);
on("pointerup", ROW, (row) => {
  const [, verb] = row.dataset.swipe?.match(/(.*)-now/) ?? [];
  if (verb) post(`${row.querySelector("a").pathname}/${verb}`, {}, row);
  delete row.dataset.swipe;
});

// What stands at the bottom is to stay above the keys, where a browser does not see to it itself.
window.visualViewport?.addEventListener("resize", ({ target: { scale, height } }) => {
  if (scale === 1) document.documentElement.style.setProperty("--height", `${height}px`);
});

navigator.serviceWorker?.register("/sw.js");
