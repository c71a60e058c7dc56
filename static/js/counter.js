// What a text will cost, counted at every key; and what is pasted is made plain.

import { find, on } from "./changes.js";
import { type } from "./page.js";
import { measure } from "./segments.js";

const LONGEST = 1600; // characters, as the server counts them
const twins = JSON.parse(find("twins").textContent); // what word processors write, and what it is plainly

/** Tell beside the field what is in it. */
export function count({ id, form, value }) {
  const text = id === "note" ? "" : value;
  const over = [...text].length - LONGEST;
  const { encoding, units, parts, room } = measure(text);
  const output = find("composer-count");
  const said = output.dataset.said.split("|")[parts]?.replace("#", encoding.replace("UCS-2", "Unicode"));
  const tooMany = over > 0 ? output.dataset.over.replace("#", over) : "";
  output.textContent = tooMany || (text && `${units}/${room} · ${said}`);
  output.dataset.tone = tooMany ? "bad" : parts > 1 ? "warn" : "";
  form.elements.body.setCustomValidity(tooMany);
  for (const send of form.querySelectorAll("[type=submit]:not([hidden])")) send.disabled = over > 0;
}

on("input", "#body, #note", (field) => {
  count(field);
  find("pasted")?.setAttribute("hidden", "");
});

const fold = (text) => [...text].map((one) => twins[one] ?? one).join("");

// In two steps: the second can be undone alone.
on("paste", "#composer #body", (field, event) => {
  const text = event.clipboardData.getData("text");
  if (fold(text) === text) return;
  event.preventDefault();
  const start = field.selectionStart;
  type(field, text);
  field.setSelectionRange(start, field.selectionEnd);
  type(field, fold(text));
  find("made-plain").textContent = [...new Set(text)].filter((one) => twins[one]?.trim()).join(" ");
  find("pasted").hidden = false;
});

on("click", "#pasted button", () => {
  find("body").focus();
  document.execCommand("undo");
});

on("click", "[data-plain]", () => {
  find("body").select();
  type(find("body"), fold(find("body").value));
});
