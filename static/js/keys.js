// Keys. What they do stands in the table that `?` shows: templates/commands/_keys.html.

import { all } from "./changes.js";

const PAIR = 1000; // milliseconds between the two keys of a pair
const BUSY = "[data-keys=off], input, textarea, select, [contenteditable], dialog, [popover]:popover-open";
const WALKED = "#conversations, #results, body:has(#results) #q"; // where arrows lead from row to row
const MAY = ":not(:disabled, .pane:not([data-may-answer]) [data-answer])";
let first = { key: "", at: 0 };

const rowOf = (keys) => document.querySelector(`#keys [data-keys~="${CSS.escape(keys)}"]`)?.dataset;

document.addEventListener("keydown", (event) => {
  const { key, target, timeStamp: at, repeat } = event;
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (key === "Escape") return stepOut(target);
  const isWritten = event.getModifierState("AltGraph"); // AltGr writes [ and ] on many keyboards
  if (event.altKey && !isWritten) return;
  const mod = !isWritten && (event.ctrlKey || event.metaKey) ? "Mod+" : "";
  if (key.startsWith("Arrow") ? !target.closest(WALKED) : !mod && target.closest(BUSY)) return;
  const row = (at - first.at < PAIR && rowOf(`${first.key}-${key}`)) || rowOf(mod + key);
  first = { key: mod + key, at };
  if (!row || (repeat && !row.step)) return;
  event.preventDefault();
  if (row.step) walk(Number(row.step));
  else press(row.press, Boolean(row.shift));
});

function press(selector, shiftKey = false) {
  const found = all(selector).filter((each) => each.matches(MAY));
  const control = found.find((each) => each.checkVisibility()) ?? found.at(-1);
  if (control?.matches("textarea, [type=search]")) control.focus();
  else control?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  return control;
}

function walk(step) {
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
  if (target.matches("input, textarea, select")) target.blur();
  else press(".thread-back")?.closest("#main")?.focus();
}
