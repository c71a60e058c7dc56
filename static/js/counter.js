// What a text will cost, what makes it dear, and how it becomes cheaper.

import { fold, forcing, measure, twin } from "../segments.js";
import { _, _n, locale } from "./words.js";

export const LONGEST = 1600; // characters, as the server counts them
const capacity = { "GSM-7": [160, 153], "UCS-2": [70, 67] };
const FEW = 10; // characters that are worth cutting for a segment

const notice = () => document.getElementById("composer-notice");

/** Tell under the field what is in it. */
export function count(field) {
  const { form, value } = field;
  const output = form?.querySelector(".composer-count");
  if (!output) return;
  const isNote = form.elements.mode?.value === "note";
  const over = isNote ? 0 : [...value].length - LONGEST;
  const { parts, words } = told(value);
  output.textContent = over > 0 ? tooMany(over) : value && !isNote ? [...words, cost(form, parts)].filter(Boolean).join(" · ") : "";
  output.dataset.tone = over > 0 ? "bad" : parts > 1 ? "warn" : "";
  for (const send of form.querySelectorAll("[type=submit]")) send.disabled = over > 0 || field.disabled;
  advise(form, isNote ? "" : value);
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function told(text) {
  const { encoding, units, parts } = measure(text);
  const [alone, joined] = capacity[encoding];
  const room = parts > 1 ? parts * joined : alone;
  const name = encoding === "GSM-7" ? encoding : "Unicode";
  return { parts, words: [`${units}/${room}`, _n("%(num)s segment", "%(num)s segments", parts), name] };
}

const tooMany = (over) => _n("%(num)s character too many", "%(num)s characters too many", over);

function cost({ dataset: { price, currency } }, parts) {
  if (!price) return "";
  const style = { style: "currency", currency, maximumSignificantDigits: 2 };
  return new Intl.NumberFormat(locale, style).format((price * parts) / 1e6);
}

// One line: the character that forces Unicode, with its plain twin to click; else what to cut.
function advise(form, text) {
  const line = notice();
  if (!line || form.id !== "composer" || line.dataset.pasted === text) return;
  delete line.dataset.pasted;
  const odd = forcing(text);
  const { encoding, units, parts } = measure(text);
  const saved = parts - measure(fold(text)).parts;
  const places = { odd, twin: twin(odd), price: cost(form, saved) };
  if (odd && twin(odd) !== undefined) {
    const at = [...text].indexOf(odd) + 1;
    const offer = saved > 0 ? _n("Replace with “%(twin)s”: saves %(num)s segment %(price)s", "Replace with “%(twin)s”: saves %(num)s segments %(price)s", saved, places) : _("Replace with “%(twin)s”", places);
    say(_("“%(odd)s” at %(at)s forces Unicode.", { odd, at }), offer.trimEnd(), () => fold(text));
  } else if (odd) {
    say(_("“%(odd)s” forces Unicode: 70 characters a segment.", { odd }));
  } else {
    const spare = parts > 1 ? units - (parts === 2 ? 160 : (parts - 1) * capacity[encoding][1]) : 0;
    say(spare > 0 && spare <= FEW ? _n("%(num)s fewer character saves a segment.", "%(num)s fewer characters save a segment.", spare) : "");
  }
}

function say(words, offer = "", rewritten = null) {
  const line = notice();
  if (line.dataset.words === words + offer) return;
  line.dataset.words = words + offer;
  line.textContent = words;
  if (!offer) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button-quiet button-small", textContent: offer });
  button.addEventListener("click", () => {
    const field = document.getElementById("body");
    field.value = rewritten();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  line.append(" ", button);
}

// Quotes, dashes and spaces of word processors are made plain as they are pasted.
document.addEventListener("paste", (event) => {
  const field = event.target;
  const pasted = event.clipboardData.getData("text");
  const plain = fold(pasted).replace(/\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g, "$1: $2"); // links of Markdown
  if (field.id !== "body" || !pasted || plain === pasted) return;
  event.preventDefault();
  const [before, after] = [field.value.slice(0, field.selectionStart), field.value.slice(field.selectionEnd)];
  document.execCommand("insertText", false, plain); // as typed: Ctrl+Z takes it back, too
  const changed = [...new Set([...pasted].filter((one) => twin(one) !== undefined && one.trim()))].join(" ");
  notice().dataset.pasted = field.value;
  say(_("Made plain: %(what)s.", { what: changed || _("spaces and links") }), _("Undo"), () => {
    notice().dataset.pasted = before + pasted + after;
    return before + pasted + after;
  });
});
