// The thread: days and groups between bubbles, and a scroll position that nothing disturbs.

import { arrange } from "./changes.js";
import { day } from "./times.js";
import { _ } from "./words.js";

const NEAR = 48; // pixels from the bottom that still count as being there
const GROUP = 120000; // milliseconds within which one writer's texts stand together

let box = null; // the #messages that is shown now
let pinned = true; // whether the reader is at the bottom
let newest = 0; // the highest key seen in it
let missed = 0; // texts that came while the reader was further up
let filling = false; // whether texts from further down are on their way, which nobody missed
let anchor = null; // what to hold still while older texts come in above
const resized = new ResizeObserver(() => box && pinned && stay());

/** Go to the end of the thread, as after writing something. */
export function toBottom() {
  if (!box) return;
  pinned = true;
  missed = 0;
  box.scrollTop = box.scrollHeight;
  showMissed();
}

const later = () => box.querySelector(":scope > .later"); // texts below are still to be fetched

/** Whether the end of the thread is in sight. */
export const atBottom = () => pinned;

arrange(() => {
  const shown = document.getElementById("messages");
  const opened = shown !== box;
  box = shown;
  if (!box) return;
  if (opened) open();
  const bubbles = [...box.querySelectorAll(":scope > .message")];
  separate(bubbles);
  group(bubbles);
  tuck();
  notice(bubbles, opened);
  settle(opened);
});

function open() {
  [newest, missed, pinned, anchor, filling] = [0, 0, !later(), null, false];
  box.addEventListener("scroll", scrolled, { passive: true });
  resized.disconnect();
  resized.observe(box);
  const unread = Number(box.dataset.unread);
  const texts = [...box.querySelectorAll(":scope > :is(.message-in, .folded)")].slice(-unread || Infinity);
  const shown = texts.filter((text) => !text.matches(".folded"));
  if (shown.length) lineAbove(shown[0], "fresh", _("New · %(count)s", { count: unread - texts.length + shown.length }));
}

function lineAbove(bubble, name, words) {
  const line = document.createElement("p");
  line.className = name;
  line.textContent = words;
  line.dataset.key = bubble.dataset.key;
  bubble.before(line);
  return line;
}

function separate(bubbles) {
  const wanted = new Map();
  let before = null;
  for (const bubble of bubbles) {
    const label = day(moment(bubble));
    if (label !== before) wanted.set(bubble, label);
    before = label;
  }
  for (const line of box.querySelectorAll(":scope > .day")) {
    const below = bubbleBelow(line);
    if (wanted.get(below) === line.textContent) wanted.delete(below);
    else line.remove();
  }
  for (const [bubble, label] of wanted) {
    const above = bubble.previousElementSibling;
    lineAbove(above?.matches(".fresh") ? above : bubble, "day", label);
  }
}

function bubbleBelow(line) {
  const next = line.nextElementSibling;
  return next?.matches(".fresh") ? next.nextElementSibling : next;
}

function group(bubbles) {
  bubbles.forEach((bubble, at) => {
    bubble.classList.toggle("joined", at > 0 && together(bubbles[at - 1], bubble));
    const next = bubbles[at + 1];
    const silent = next && together(bubble, next) && word(bubble) === word(next);
    bubble.classList.toggle("followed", Boolean(silent));
  });
}

function together(above, below) {
  return (
    above.dataset.by === below.dataset.by &&
    below.previousElementSibling === above &&
    !above.matches(":has(.trouble)") &&
    !below.matches(":has(.trouble)") &&
    moment(below) - moment(above) < GROUP
  );
}

const word = (bubble) => bubble.querySelector(".status")?.textContent.trim();
const moment = (bubble) => new Date(bubble.querySelector("time").dateTime);

function notice(bubbles, opened) {
  const known = opened || filling;
  const last = newest;
  for (const bubble of bubbles) {
    const key = Number(bubble.dataset.key);
    if (key <= newest || bubble.matches(".pending")) continue;
    newest = key;
    if (known) continue;
    if (!pinned) missed += 1;
    if (!bubble.matches(".message-in")) continue;
    bubble.classList.add("arrived");
    document.dispatchEvent(new Event("inbox:arrived"));
  }
  if (newest > last) filling = false;
}

function settle(opened) {
  const asked = opened && box.dataset.at && document.getElementById(`message-${box.dataset.at}`);
  const fresh = opened && box.querySelector(":scope > .fresh");
  if (anchor && box.scrollHeight !== anchor.height) {
    box.scrollTop = box.scrollHeight - anchor.height + anchor.top;
    anchor = null;
  } else if (asked) {
    const top = asked.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += top - box.clientHeight / 4;
    asked.classList.add("asked");
    scrolled();
  } else if (fresh && box.scrollHeight - fresh.offsetTop > box.clientHeight) {
    fresh.scrollIntoView({ block: "start" });
    scrolled();
  } else if (pinned) {
    stay();
  }
  showMissed();
}

function stay() {
  box.scrollTop = box.scrollHeight;
}

function scrolled() {
  pinned = !later() && box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  if (pinned && missed) {
    missed = 0;
    document.dispatchEvent(new Event("inbox:arrived"));
  }
  showMissed();
}

function showMissed() {
  const button = document.getElementById("newer");
  if (!button) return;
  const words = missed ? _("%(count)s new ↓", { count: missed }) : _("Latest ↓");
  if (button.textContent !== words) button.textContent = words;
  button.hidden = pinned;
}

// Of many things done in a row only the last ones are shown, until somebody asks for the others.
function tuck() {
  const isDone = (line) => line?.matches(".activity-done");
  let count = 0;
  for (const line of box.querySelectorAll(":scope > .activity-done")) {
    const [one, two] = [line.nextElementSibling, line.nextElementSibling?.nextElementSibling];
    const tucked = !box.dataset.untucked && isDone(one) && isDone(two);
    count = tucked ? count + 1 : count;
    line.classList.toggle("tucked", Boolean(tucked));
    const words = !tucked && count > 1 ? _("%(count)s earlier changes", { count }) : "";
    if (!tucked) count = 0;
    const button = line.querySelector(".untuck");
    if (button.textContent !== words) button.textContent = words;
  }
}

document.addEventListener("click", (event) => {
  if (event.target.matches(".untuck")) {
    box.dataset.untucked = "yes";
    tuck();
  }
  if (!event.target.closest("#newer") || later()) return; // what is not here yet, the link opens
  event.preventDefault();
  toBottom();
});

document.addEventListener("htmx:before:swap", ({ detail }) => {
  filling ||= Boolean(detail.ctx.sourceElement?.matches?.(".later"));
  if (detail.ctx.sourceElement?.id !== "older" || !box) return;
  anchor = { height: box.scrollHeight, top: box.scrollTop };
  pinned = false;
});

// A long press opens the menu of a bubble; menus are empty until theirs has come.
document.addEventListener("contextmenu", (event) => {
  const more = event.target.closest(".message")?.querySelector("[id^=more-of-]");
  if (event.pointerType !== "touch" || !more) return;
  event.preventDefault();
  more.click();
});
document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (newState === "open" && target.matches("#sheet, #bubble-menu")) target.replaceChildren();
}, true);
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const done = ctx.response.status === 200 && ctx.sourceElement.matches("form#sheet-body");
  if (done) document.querySelector(".menu:popover-open")?.hidePopover();
});
