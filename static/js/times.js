// Times in the reader's own zone and words: <time datetime data-as="clock|when|date|moment">.

import { arrange } from "./changes.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const moment = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const steps = [[60, 60, "m"], [3600, 24, "h"], [86400, 30, "d"], [2592000, 12, "mo"]];

const written = {
  clock: (at) => clock.format(at),
  date: (at) => date.format(at),
  exact: (at) => exact.format(at),
  moment: (at) => moment.format(at),
  when,
};

/** How long ago, as the list shows it: now, 4m, 3h, 2d, 5mo, 1y. */
export function when(at, now = Date.now()) {
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 60) return "now";
  for (const [size, most, unit] of steps) {
    if (seconds < size * most) return `${Math.floor(seconds / size)}${unit}`;
  }
  return `${Math.max(1, Math.floor(seconds / 31536000))}y`;
}

/** The day a moment belongs to: Today, Yesterday, or 3 May 2026. */
export function day(at, now = new Date()) {
  const days = Math.round((midnight(now) - midnight(at)) / 86400000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : date.format(at);
}

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

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
  ctx.request.headers["X-Zone"] = new Intl.DateTimeFormat().resolvedOptions().timeZone;
});

arrange(localise);
setInterval(localise, 20000);
