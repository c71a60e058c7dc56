// Times in the reader's own zone and words: <time datetime data-as="clock|when|date|moment|exact">.

import { all, arrange, on, write } from "./changes.js";
import { _, locale } from "./words.js";

const { zone, clock: hourCycle } = document.documentElement.dataset; // as chosen on one's own page
let timeZone = zone || undefined;
try {
  new Intl.DateTimeFormat(locale, { timeZone });
} catch {
  timeZone = undefined; // an old browser may not know it
}
const format = (parts) =>
  new Intl.DateTimeFormat(locale, { ...parts, timeZone, hourCycle: hourCycle || undefined });

const [hours, days] = [{ hour: "2-digit", minute: "2-digit" }, { day: "numeric", month: "short" }];
const date = format({ ...days, year: "numeric" });
const full = format({ dateStyle: "full", timeStyle: "long" });
const steps = [
  [31536000, _("%(count)sy")], [2592000, _("%(count)smo")], [86400, _("%(count)sd")], [3600, _("%(count)sh")],
  [60, _("%(count)sm")],
];
const written = {
  clock: format(hours).format,
  date: date.format,
  exact: format({ dateStyle: "medium", timeStyle: "medium" }).format,
  moment: format({ ...days, ...hours }).format,
};
const known = new Map();

// How long ago, as the list shows it: now, 4m, 3h, 2d, 5mo, 1y.
function when(at) {
  const seconds = (Date.now() - at) / 1000;
  const [size, words] = steps.find(([least]) => seconds >= least) ?? [1, _("now")];
  return _(words, { count: Math.floor(seconds / size) });
}

/** The date of a time's element, as the reader writes it. */
export const dateOf = ({ dateTime }) => words("date", dateTime);

/** A date as the thread calls it: Today, Yesterday, or 3 May 2026. */
export function day(words, now = Date.now()) {
  if (words === date.format(now)) return _("Today");
  return words === date.format(now - 86400000) ? _("Yesterday") : words;
}

// Formatting costs more than remembering; only how long ago something was changes.
function words(as, dateTime) {
  if (as === "when") return when(new Date(dateTime));
  const key = as + dateTime;
  if (!known.has(key)) known.set(key, written[as](new Date(dateTime)));
  return known.get(key);
}

function localise() {
  for (const time of all("time[data-as]")) write(time, words(time.dataset.as, time.dateTime));
}

arrange(localise);
setInterval(localise, 20000);
on("pointerover", "time[data-as]", (time) => (time.title ||= full.format(new Date(time.dateTime))));

// What is said in local time is meant in this zone.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-Zone"] = zone || new Intl.DateTimeFormat().resolvedOptions().timeZone;
});
