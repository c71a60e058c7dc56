// Saved replies: `/` offers them, a tap puts one in, Tab leads from one open field to the next.

import { find, on } from "./changes.js";
import { edit, post } from "./page.js";

const OPEN = /\{\{[^{}]*\}\}/dg;
let latest = 0; // of what was asked

// The expander's events do not bubble: they are caught on their way down.

document.addEventListener("text-expander-change", ({ target, detail: { provide, text } }) => {
  provide(offers(`${target.dataset.replies}?q=${encodeURIComponent(text)}`));
}, true);

async function offers(path) {
  const turn = (latest += 1);
  const html = await fetch(path).then((answer) => answer.text()).catch(() => "");
  if (turn !== latest) await new Promise(() => {}); // it would close the list of a newer one
  const fragment = new DOMParser().parseFromString(html, "text/html").querySelector(".slash");
  return { matched: fragment !== null, fragment };
}

// Those that are used most are offered first.
document.addEventListener("text-expander-value", ({ detail }) => {
  detail.value = detail.item.dataset.text;
  post(`/saved-replies/${detail.item.dataset.reply}/use`);
}, true);

document.addEventListener("text-expander-committed", ({ detail: { input } }) => {
  input.dispatchEvent(new Event("input", { bubbles: true }));
  toField(input, 0);
}, true);

on("click", "[data-insert]", ({ dataset: { insert } }) => {
  const field = [find("body"), find("note")].find((each) => each.checkVisibility());
  if (!field) return; // nobody may be texted
  edit(field, "insertText", insert);
  toField(field, 0);
});

on("keydown", "#body", (field, event) => {
  if (event.key !== "Tab" || event.shiftKey || event.defaultPrevented) return;
  if (toField(field, field.selectionEnd) || toField(field, 0)) event.preventDefault();
});

function toField(field, from) {
  const found = [...field.value.matchAll(OPEN)].find(({ index }) => index >= from);
  if (found) field.setSelectionRange(...found.indices[0]);
  return found !== undefined;
}
