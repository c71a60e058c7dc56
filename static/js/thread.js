// The thread: days and groups between bubbles, and a scroll position that nothing disturbs.

import { arrange } from "./changes.js";
import { day } from "./times.js";

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
  notice(bubbles, opened);
  settle(opened);
});

function open() {
  [newest, missed, pinned, anchor, filling] = [0, 0, !later(), null, false];
  box.addEventListener("scroll", scrolled, { passive: true });
  resized.disconnect();
  resized.observe(box);
  const unread = Number(box.dataset.unread);
  const inbound = [...box.querySelectorAll(":scope > .message-in")];
  if (unread > 0 && inbound.length) divide(inbound.at(-Math.min(unread, inbound.length)), unread);
}

function divide(bubble, unread) {
  const line = element("p", "fresh", `New · ${unread}`);
  line.dataset.key = bubble.dataset.key;
  bubble.before(line);
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
    const line = element("p", "day", label);
    line.dataset.key = bubble.dataset.key;
    const above = bubble.previousElementSibling;
    (above?.matches(".fresh") ? above : bubble).before(line);
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
  const words = missed ? `${missed} new ↓` : "Latest ↓";
  if (button.textContent !== words) button.textContent = words;
  button.hidden = pinned;
}

function element(tag, name, words) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

document.addEventListener("click", (event) => {
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
