// How many billed segments a text makes, counted while it is written. The twin of
// smsinbox/core/segments.py: the same vectors hold for both.

const ESCAPED = /[\f^{}\\[~\]|€]/g; // two septets each
const FORCING =
  /[^@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]/u;

// What one segment holds, alone and of several; a pair that would be split moves on to the next.
const ROOM = {
  "GSM-7": { alone: 160, joined: 153, one: /[^]{1,153}(?<!\x1b)/g },
  "UCS-2": { alone: 70, joined: 67, one: /[^]{1,67}(?<![\ud800-\udbff](?=[\udc00-\udfff]))/g },
};

/** What a text costs: its encoding, septets or UTF-16 units, parts, and the units that fit into those. */
export function measure(text) {
  const encoding = FORCING.test(text) ? "UCS-2" : "GSM-7";
  const { alone, joined, one } = ROOM[encoding];
  const written = encoding === "GSM-7" ? text.replace(ESCAPED, "\x1b$&") : text;
  const units = written.length;
  const parts = units > alone ? written.match(one).length : Math.min(units, 1);
  return { encoding, units, parts, room: parts > 1 ? parts * joined : alone };
}
