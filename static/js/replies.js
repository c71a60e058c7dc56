// Saved replies: `/` offers them, a tap puts one in, Tab leads from one open field to the next.

import { find, on } from "./changes.js";
import { post } from "./page.js";

const OPEN = /\{\{[^{}]*\}\}/g;
const used = (id) => post(`/saved-replies/${id}/use`); // those that are used most are offered first

let latest = 0; // of what was asked

// The expander's events do not bubble: they are caught on their way down.

document.addEventListener("text-expander-change", ({ target, detail: { provide, text } }) => {
  const turn = (latest += 1);
  const asked = fetch(`${target.dataset.replies}?q=${encodeURIComponent(text)}`);
  const html = asked.then((answer) => answer.text()).catch(() => "");
  const never = new Promise(() => {}); // for a late answer: it would close the list of a newer one
  provide(html.then((found) => (turn === latest ? offers(found) : never)));
}, true);

function offers(html) {
  const fragment = new DOMParser().parseFromString(html, "text/html").querySelector(".slash");
  return { matched: fragment !== null, fragment };
}

document.addEventListener("text-expander-value", ({ detail }) => {
  detail.value = detail.item.dataset.text;
  used(detail.item.dataset.reply);
}, true);

document.addEventListener("text-expander-committed", ({ detail: { input } }) => {
  input.dispatchEvent(new Event("input", { bubbles: true }));
  toField(input, 0);
}, true);

on("click", "[data-insert]", ({ dataset: { insert, reply } }) => {
  const field = [find("body"), find("note")].find((each) => each.checkVisibility());
  if (!field) return; // nobody may be texted
  field.focus();
  document.execCommand("insertText", false, insert); // as typed: Ctrl+Z takes it back
  toField(field, 0);
  if (reply) used(reply);
});

on("keydown", "#body", (field, event) => {
  if (event.key !== "Tab" || event.shiftKey || event.defaultPrevented) return;
  if (toField(field, field.selectionEnd) || toField(field, 0)) event.preventDefault();
});

function toField(field, from) {
  const found = [...field.value.matchAll(OPEN)].find(({ index }) => index >= from);
  if (found) field.setSelectionRange(found.index, found.index + found[0].length);
  return found !== undefined;
}
