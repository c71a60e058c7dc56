// What a text will cost, counted at every key; and what is pasted is made plain.

import { find, on } from "./changes.js";
import { measure } from "./segments.js";
import { type } from "./page.js";
import { _, _n, locale } from "./words.js";

const LONGEST = 1600; // characters, as the server counts them
const twins = JSON.parse(find("twins").textContent); // what word processors write, and what it is plainly
const LINK = /\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g; // as Markdown writes it

/** Tell beside the field what is in it. */
export function count({ id, form, value }) {
  const text = id === "note" ? "" : value;
  const over = [...text].length - LONGEST;
  const tooMany = over > 0 ? _n("%(num)s character too many", "%(num)s characters too many", over) : "";
  const { encoding, units, parts, room } = measure(text);
  const segments = _n("%(num)s segment", "%(num)s segments", parts);
  const words = [`${units}/${room}`, segments, encoding.replace("UCS-2", "Unicode"), cost(form, parts)];
  const output = find("composer-count");
  output.textContent = tooMany || (text && words.filter(Boolean).join(" · "));
  output.dataset.tone = tooMany ? "bad" : parts > 1 ? "warn" : "";
  form.elements.body.setCustomValidity(tooMany);
  for (const send of form.querySelectorAll("[type=submit]:not([hidden])")) send.disabled = over > 0;
}

function cost({ dataset: { price, currency } }, parts) {
  const style = { style: "currency", currency, maximumSignificantDigits: 2 };
  return price && new Intl.NumberFormat(locale, style).format((price * parts) / 1e6);
}

on("input", "#body, #note", (field) => {
  count(field);
  find("pasted")?.setAttribute("hidden", "");
});

const fold = (text) => [...text].map((one) => twins[one] ?? one).join("");

// In two steps: the second can be undone alone.
on("paste", "#composer #body", (field, event) => {
  const text = event.clipboardData.getData("text");
  const plain = fold(text).replace(LINK, "$1: $2");
  if (plain === text) return;
  event.preventDefault();
  const start = field.selectionStart;
  type(field, text);
  field.setSelectionRange(start, field.selectionEnd);
  type(field, plain);
  const odd = [...new Set(text)].filter((one) => twins[one]?.trim()).join(" ");
  const [words] = find("pasted").children;
  words.textContent = _("Made plain: %(what)s.", { what: odd || _("spaces and links") });
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
