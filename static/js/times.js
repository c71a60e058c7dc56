// Times in the reader's own zone and words: <time datetime data-as="clock|when|date|moment|exact">.

import { all, arrange, write } from "./changes.js";
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
  when, // how long ago, as the list shows it: now, 4m, 3h, 2d, 5mo, 1y
};

function when(at) {
  const seconds = (Date.now() - at) / 1000;
  const [size, words] = steps.find(([least]) => seconds >= least) ?? [1, _("now")];
  return _(words, { count: Math.floor(seconds / size) });
}

/** The day a moment belongs to: Today, Yesterday, or 3 May 2026. */
export function day(at, now = Date.now()) {
  const words = date.format(at);
  if (words === date.format(now)) return _("Today");
  return words === date.format(now - 86400000) ? _("Yesterday") : words;
}

function localise() {
  for (const time of all("time[data-as]")) {
    const at = new Date(time.dateTime);
    write(time, written[time.dataset.as](at));
    time.title ||= full.format(at);
  }
}

arrange(localise);
setInterval(localise, 20000);

// What is said in local time is meant in this zone.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-Zone"] = zone || new Intl.DateTimeFormat().resolvedOptions().timeZone;
});
