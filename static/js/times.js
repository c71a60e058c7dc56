// Times in the reader's own zone and words: <time datetime data-as="clock|when|date|moment">.

import { arrange } from "./changes.js";
import { _, locale } from "./words.js";

const { zone, clock: hourCycle } = document.documentElement.dataset;
const [hours, days] = [{ hour: "2-digit", minute: "2-digit" }, { day: "numeric", month: "short" }];
const clock = format(hours);
const date = format({ ...days, year: "numeric" });
const moment = format({ ...days, ...hours });
const exact = format({ dateStyle: "medium", timeStyle: "medium" });
const full = format({ dateStyle: "full", timeStyle: "long" });
const steps = [[60, 60, _("%(count)sm")], [3600, 24, _("%(count)sh")], [86400, 30, _("%(count)sd")], [2592000, 12, _("%(count)smo")]];
const written = { clock: clock.format, date: date.format, exact: exact.format, moment: moment.format, when };

// As the reader chose it on their page, else as the browser has it; an old one may not know a zone.
function format(parts) {
  const chosen = { ...parts, hourCycle: hourCycle || undefined };
  try {
    return new Intl.DateTimeFormat(locale, { ...chosen, timeZone: zone || undefined });
  } catch {
    return new Intl.DateTimeFormat(locale, chosen);
  }
}

/** How long ago, as the list shows it: now, 4m, 3h, 2d, 5mo, 1y. */
export function when(at, now = Date.now()) {
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 60) return _("now");
  for (const [size, most, words] of steps) {
    if (seconds < size * most) return _(words, { count: Math.floor(seconds / size) });
  }
  return _("%(count)sy", { count: Math.max(1, Math.floor(seconds / 31536000)) });
}

/** The day a moment belongs to: Today, Yesterday, or 3 May 2026. */
export function day(at, now = Date.now()) {
  const words = date.format(at);
  return words === date.format(now) ? _("Today") : words === date.format(now - 86400000) ? _("Yesterday") : words;
}

function localise() {
  for (const time of document.querySelectorAll("time[data-as]")) {
    const at = new Date(time.dateTime);
    const words = written[time.dataset.as](at);
    if (time.textContent !== words) time.textContent = words;
    if (!time.title) time.title = full.format(at);
  }
}

// What is said in local time is meant in this zone.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-Zone"] = zone || new Intl.DateTimeFormat().resolvedOptions().timeZone;
});

arrange(localise);
setInterval(localise, 20000);
