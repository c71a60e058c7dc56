// Times in the reader's own zone and words: <time datetime data-as="clock|when|date|moment|exact">.

import { all, arrange, write } from "./changes.js";
import { remember } from "./page.js";
import { _, locale } from "./words.js";

const { zone, clock: hourCycle } = document.documentElement.dataset; // as chosen on one's own page
let timeZone = zone || undefined;
try {
  new Intl.DateTimeFormat(locale, { timeZone });
} catch {
  timeZone = undefined; // an old browser may not know it
}
const format = (parts) =>
  new Intl.DateTimeFormat(locale, { ...parts, timeZone, hourCycle: hourCycle || undefined }).format;

const [hours, days] = [{ hour: "2-digit", minute: "2-digit" }, { day: "numeric", month: "short" }];
const full = format({ dateStyle: "full", timeStyle: "long" });
const written = {
  clock: format(hours),
  date: format({ ...days, year: "numeric" }),
  exact: format({ dateStyle: "medium", timeStyle: "medium" }),
  moment: format({ ...days, ...hours }),
  when,
};
const steps = [
  [31536000, _("%(count)sy")], [2592000, _("%(count)smo")], [86400, _("%(count)sd")], [3600, _("%(count)sh")],
  [60, _("%(count)sm")], [-Infinity, _("now")],
];

// How long ago, as the list shows it: now, 4m, 3h, 2d, 5mo, 1y.
function when(at) {
  const seconds = (Date.now() - at) / 1000;
  const [size, words] = steps.find(([least]) => seconds >= least);
  return _(words, { count: Math.floor(seconds / size) });
}

/** The date of a time's element, as the reader writes it. */
export const dateOf = (time) => (time.dataset.date ??= written.date(new Date(time.dateTime)));

/** A date as the thread calls it: Today, Yesterday, or 3 May 2026. */
export function day(words, now = Date.now()) {
  if (words === written.date(now)) return _("Today");
  return words === written.date(now - 86400000) ? _("Yesterday") : words;
}

// A title tells what has its words already; only how long ago something was changes.
function localise() {
  for (const time of all("time[data-as]:not([title])")) {
    const at = new Date(time.dateTime);
    time.title = full(at);
    write(time, written[time.dataset.as](at));
  }
}

arrange(localise);
setInterval(() => {
  for (const time of all("time[data-as=when]")) write(time, when(new Date(time.dateTime)));
}, 20000);

// What is said in local time is meant in this zone.
remember("zone", timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone);
