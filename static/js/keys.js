// Keys. What they do stands in the table that `?` shows: templates/commands/_keys.html.

import { all, find } from "./changes.js";

const PAIR = 1000; // milliseconds between the two keys of a pair
const BUSY = "input, textarea, select, [contenteditable], dialog, [popover]:popover-open";
const MAY = ":not(:disabled, .pane:not([data-may-answer]) [data-answer])";
const rows = new Map();
for (const { dataset } of all("#keys [data-keys]")) {
  for (const keys of dataset.keys.split("|")) rows.set(keys, dataset);
}
let first = { key: "", at: 0 };

document.addEventListener("keydown", (event) => {
  const { key, target, timeStamp: at, repeat } = event;
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (key === "Escape") return stepOut(target);
  const isWritten = event.getModifierState("AltGraph"); // AltGr writes [ and ] on many keyboards
  const isChord = !isWritten && (event.ctrlKey || event.metaKey);
  if (event.altKey && !isWritten) return;
  const isBusy = target.closest(BUSY) && !(key === "ArrowDown" && target.id === "q" && find("results"));
  if (!isChord && (isBusy || document.documentElement.dataset.keys === "off")) return;
  if (key.startsWith("Arrow") && !target.closest("#conversations, #results, #q")) return;
  const pair = at - first.at < PAIR ? `${first.key} ${key}` : "";
  const row = isChord ? rows.get(`Mod+${key}`) : rows.get(pair) ?? rows.get(key);
  first = { key: isChord ? "" : key, at };
  if (!row || (repeat && !row.step)) return;
  event.preventDefault();
  if (row.step) toward(Number(row.step));
  else press(row.press, Boolean(row.shift));
});

function press(selector, shiftKey = false) {
  const found = all(selector).filter((each) => each.matches(MAY));
  const control = found.find((each) => each.checkVisibility()) ?? found.at(-1);
  if (control?.matches("textarea, [type=search]")) control.focus();
  else control?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  return control;
}

function toward(step) {
  const links = all("#conversations .row-link, [data-result]");
  const here = links.indexOf(document.activeElement);
  const at = here < 0 ? links.findIndex((link) => link.ariaCurrent) : here;
  const link = links.at(at < 0 && step < 0 ? -1 : (at + step) % links.length);
  link?.focus();
  if (!link?.matches("[data-result]")) link?.click();
}

// The platform closes dialogs and menus; then writing ends, then the conversation is left.
function stepOut(target) {
  if (document.querySelector(":popover-open, dialog[open]")) return;
  if (target.closest(BUSY)) target.blur();
  else press(".thread-back")?.closest("#main")?.focus();
}
