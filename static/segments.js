// How many billed segments a text makes, counted while it is written.
// The twin of smsinbox/core/segments.py: the same vectors hold for both.

const ESCAPED = /[\f^{}\\[~\]|€]/g; // two septets each
const FORCING =
  /[^@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]/u;

/** What a text costs: {encoding: "GSM-7" | "UCS-2", units: septets or UTF-16 units, parts}. */
export function measure(text) {
  if (FORCING.test(text)) {
    return { encoding: "UCS-2", units: text.length, parts: pack(text, 70, 67, splitsSurrogates) };
  }
  const septets = text.replace(ESCAPED, "\x1b$&");
  return { encoding: "GSM-7", units: septets.length, parts: pack(septets, 160, 153, splitsEscape) };
}

/** The first character that forces UCS-2 on the whole text, or null. */
export function forcing(text) {
  return text.match(FORCING)?.[0] ?? null;
}

// What has a plain twin: quotes, dashes, dots and spaces that word processors put into texts.
const PLAIN = {
  "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'", "\u0060": "'",
  "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
  "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2022": "-",
  "\u2026": "...", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": "", "\ufeff": "", "\t": " ",
};

/** The plain twin of a character, or undefined; accented letters have none. */
export const twin = (character) => PLAIN[character];

/** The text with what has a plain twin replaced by it. */
export const fold = (text) => text.replace(/[\s\S]/g, (one) => PLAIN[one] ?? one);

// Fill segments one after the other; a pair that would be split moves on to the next.
function pack(units, alone, joined, splits) {
  if (units.length <= alone) return Math.min(units.length, 1);
  let parts = 0;
  for (let at = 0; at < units.length; parts += 1) {
    at += joined;
    if (at < units.length && splits(units, at)) at -= 1;
  }
  return parts;
}

const splitsEscape = (septets, at) => septets[at - 1] === "\x1b";

const splitsSurrogates = (text, at) =>
  /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
