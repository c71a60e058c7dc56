// What passes on a page that stays open, as the server wrote it (web/times.py): how long ago
// something was, and which day is today.

import { all, find, write } from "./changes.js";
import { remember } from "./page.js";

const DAY = 86400000;
const passing = JSON.parse(find("passing").textContent);

setInterval(() => {
  const now = Date.now();
  for (const time of all("time[data-as=when], time[data-as=ago]")) {
    const seconds = Math.max(0, now - new Date(time.dateTime)) / 1000;
    const [size, words] = passing[time.dataset.as].find(([least]) => seconds >= least);
    write(time, words.replace("%(count)s", Math.floor(seconds / size)));
    const { dataset } = time.parentElement; // of a contact who waits
    if ("level" in dataset) dataset.level = seconds >= 3600 ? "too-late" : seconds >= 900 ? "late" : "";
  }
  const iso = new Intl.DateTimeFormat("sv", { timeZone: passing.zone }).format;
  const today = passing.days.map((words, ago) => [iso(now - ago * DAY), words]);
  for (const day of all("time[data-as=day]")) write(day, new Map(today).get(day.dateTime) ?? day.title);
}, 20000);

// The server writes by the clock of the browser, once it knows it.
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
if (!document.cookie.split("; ").includes(`zone=${timeZone}`)) {
  remember("zone", timeZone);
  if (find("live") && timeZone !== passing.zone) location.reload();
}
