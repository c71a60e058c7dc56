// Single keys, never while somebody is typing and never with Ctrl, Alt or Meta.

import { toSearch } from "./search.js";

const keys = {
  "/": toSearch,
  j: () => step(1),
  k: () => step(-1),
  r: () => document.getElementById("body")?.focus(),
  e: () => document.querySelector("[id^=close-]")?.click(),
  E: () => document.querySelector("[id^=close-]")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true })),
  x: () => document.querySelector(".row:focus-within [name=ids], .row:has([aria-current]) [name=ids]")?.click(),
  u: () => document.querySelector("[id^=unread-]")?.click(),
  c: () => document.querySelector('.sidebar-head a[href="/conversations/new"]')?.click(),
};

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey, altKey, metaKey, isComposing } = event;
  if (key === "Escape" && target.id === "body") target.blur();
  const typing = target.closest("input, textarea, select, [contenteditable], dialog, [popover]:popover-open");
  if (typing || ctrlKey || altKey || metaKey || isComposing || !Object.hasOwn(keys, key)) return;
  if (event.repeat && key !== "j" && key !== "k") return;
  event.preventDefault();
  keys[key]();
});

function step(by) {
  const rows = [...document.querySelectorAll("#conversations .row-link")];
  const at = rows.findIndex((link) => link.matches("[aria-current]"));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  next?.click();
}
