// Keys. What they do stands in the table that `?` shows: templates/commands/_keys.html.

const PAIR = 1000; // milliseconds between the two keys of a pair
const BUSY = "input, textarea, select, [contenteditable], dialog, [popover]:popover-open";
const html = document.documentElement;
const rows = new Map();
for (const { dataset } of document.querySelectorAll("#keys [data-keys]")) {
  for (const keys of dataset.keys.split("|")) rows.set(keys, dataset);
}
let first = { key: "", at: 0 };

document.addEventListener("keydown", (event) => {
  const { key, target, timeStamp: at, repeat } = event;
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (key === "Escape") return stepOut(target);
  const written = event.getModifierState("AltGraph"); // AltGr writes [ and ] on many keyboards
  const chord = !written && (event.ctrlKey || event.metaKey);
  if (event.altKey && !written) return;
  if (!chord && (html.dataset.keys === "off" || target.closest(BUSY))) return;
  if (key.startsWith("Arrow") && !target.closest("#conversations")) return;
  const pair = at - first.at < PAIR ? `${first.key} ${key}` : "";
  const row = rows.get(chord ? `Mod+${key}` : pair) ?? (chord ? null : rows.get(key));
  first = { key: chord ? "" : key, at };
  if (!row || (repeat && (row.press || !row.step))) return;
  event.preventDefault();
  if (row.press) press(row);
  else open(toward(Number(row.step)));
});

function open(link) {
  link?.focus();
  link?.click();
}

function press({ press: selector, shift }) {
  const found = [...document.querySelectorAll(selector)].filter((each) => !each.disabled);
  const control = found.find((each) => each.checkVisibility()) ?? found.at(-1);
  if (control?.matches("textarea, [type=search]")) control.focus();
  else control?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: Boolean(shift) }));
  return control;
}

function toward(by) {
  const links = [...document.querySelectorAll("#conversations .row-link")];
  const here = links.find((link) => link === document.activeElement) ?? links.find((link) => link.ariaCurrent);
  const at = links.indexOf(here);
  return links.at(at < 0 && by < 0 ? -1 : (at + by) % links.length);
}

// The platform closes dialogs and menus; then writing ends, then the conversation is left.
function stepOut(target) {
  if (document.querySelector(":popover-open, dialog[open]")) return;
  if (target.closest(BUSY)) target.blur();
  else press({ press: ".thread-back" })?.closest("#main")?.focus();
}
