// A swap may take away the very element that has the focus; its successor gets it back.

import { arrange } from "./changes.js";

let held = null;

document.addEventListener("focusin", ({ target }) => {
  const home = target.closest("[id]");
  held = home && { element: target, id: home.id, itself: home === target, tag: target.tagName };
});

document.addEventListener("focusout", ({ target }) => {
  if (target.isConnected && held?.element === target) held = null;
});

arrange(() => {
  if (!held || held.element.isConnected || document.activeElement !== document.body) return;
  const home = document.getElementById(held.id);
  const heir = held.itself ? home : home?.querySelector(held.tag);
  held = null;
  heir?.focus({ preventScroll: true });
});
