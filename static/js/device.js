// Fingers, and the keyboard of a phone. A row swiped left is closed, swiped right is left unread;
// both have their buttons in the open conversation, and their keys.

import { on } from "./changes.js";
import { post } from "./page.js";

const FAR = 88; // pixels that mean it
const ROW = "#conversations .row";
let held = {}; // the row that a finger came down on, and where

on("pointerdown", ROW, (row, { clientX }) => (held = { row, x: clientX }));

on("pointermove", ROW, (row, { pointerType, clientX }) => {
  const way = pointerType === "touch" && row === held.row ? clientX - held.x : 0;
  if (!row.dataset.swipe && Math.abs(way) < 12) return;
  row.dataset.swipe = (way < 0 ? "close" : "unread") + (Math.abs(way) > FAR ? "-now" : "");
  row.style.setProperty("--way", `${way}px`);
});

for (const type of ["pointerup", "pointercancel"]) {
  on(type, ROW, (row) => {
    const [, verb] = row.dataset.swipe?.match(/(.*)-now/) ?? [];
    if (verb && type === "pointerup") post(`${row.querySelector("a").pathname}/${verb}`, {}, row);
    delete row.dataset.swipe;
    held = {};
  });
}

// What stands at the bottom is to stay above the keys, where a browser does not see to it itself.
window.visualViewport?.addEventListener("resize", ({ target: { scale, height } }) => {
  if (scale === 1) document.documentElement.style.setProperty("--height", `${height}px`);
});

navigator.serviceWorker?.register("/sw.js");
