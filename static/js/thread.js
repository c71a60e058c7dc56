// The thread: a scroll position that nothing disturbs, and what came meanwhile.

import { all, arrange, find, on, write } from "./changes.js";
import { _ } from "./words.js";

const NEAR = 48; // pixels from the bottom that still count as being there
const [MANY, KEPT] = [100, 50]; // texts: of more than that, the newest so many

let box; // the #messages that is shown now, or null
let pinned = true; // whether the reader is at the bottom
let missed = 0; // texts that came while the reader was further up
let newest = 0; // the highest key seen in it
let first = null; // the key of its first text,
let toEnd = 0; // and the pixels from where the reader is to the end: older texts come in above
let filling = false; // whether texts further down are still to be fetched, which nobody missed
const resized = new ResizeObserver(() => box && pinned && toBottom());

const later = () => box.querySelector(":scope > .later");
const toBottom = () => (box.scrollTop = box.scrollHeight);

/** The conversation whose end somebody has before their eyes, or 0. */
export function inView() {
  const isSeen = box && pinned && document.hasFocus() && !document.hidden;
  return isSeen ? Number(box.dataset.conversation) : 0;
}

/** Be at the end of the thread from the next change on, as after writing something. */
export const pin = () => (pinned = true);

arrange(() => {
  const [before, opened] = [box, find("messages") !== box];
  box = find("messages");
  if (!box) return;
  if (opened) {
    [newest, missed, pinned, filling] = [0, 0, !later(), false];
    box.addEventListener("scroll", scrolled, { passive: true });
    resized.disconnect();
    resized.observe(box);
    // On a phone the list went away, and with it the row that had the focus. Focusing lays out the page.
    const isLost = () => before !== undefined && document.activeElement === document.body;
    setTimeout(() => isLost() && document.querySelector(".thread-back")?.focus(), 50);
  }
  const bubbles = all(":scope > .message", box);
  for (const one of bubbles) one.classList.toggle("told", isTold(one));
  notice(bubbles, opened || filling);
  settle(opened, bubbles[0]?.dataset.key);
}, "#messages");

// Of those that stand together the last one tells how far all got, if they got as far.
const isTold = ({ dataset, nextElementSibling: below }) =>
  below?.matches(".joined:not(.alone, .canceled, .pending)") === true && below.dataset.status === dataset.status;

function notice(bubbles, known) {
  const came = bubbles.filter((bubble) => bubble.dataset.key > newest && !bubble.matches(".pending"));
  newest = Math.max(newest, ...came.map(({ dataset }) => dataset.key));
  filling = later() !== null;
  if (known) return;
  if (!pinned) missed += came.length;
  for (const bubble of came.filter((one) => one.matches(".message-in"))) bubble.classList.add("arrived");
}

function settle(opened, top) {
  const goal = opened && (find(box.dataset.goal) ?? box.querySelector(":scope > .fresh"));
  if (goal) goal.classList.add("asked");
  if (goal) goal.scrollIntoView();
  else if (pinned) toBottom();
  else if (!opened && top !== first) box.scrollTop = box.scrollHeight - toEnd;
  first = top;
  scrolled();
}

function scrolled() {
  if (!box) return;
  toEnd = box.scrollHeight - box.scrollTop;
  pinned = !later() && toEnd - box.clientHeight < NEAR;
  if (pinned) missed = 0;
  write(find("newer"), missed ? _("%(count)s new ↓", { count: missed }) : _("Latest ↓"));
  find("newer").hidden = pinned;
  if (pinned && box.childElementCount > MANY) setTimeout(() => box && trim(), 200);
}

// Back at the end, the texts far above are let go, as they cost every key. Who scrolls up has them again.
function trim() {
  const texts = all(":scope > [id^=message-]:not(.scheduled)", box);
  const isInUse = box.matches(":has(:focus, .older.htmx-request)") || !getSelection().isCollapsed;
  if (isInUse || texts.length <= MANY || toEnd - box.clientHeight > 2) return;
  const [above, top] = [new Range(), texts.at(-KEPT)];
  box.insertAdjacentHTML("afterbegin", find("cut").innerHTML.replace("before=", `$&${top.dataset.key}`));
  above.setStartAfter(find("older"));
  above.setEndBefore(top);
  find("older").append(...all(".day", above.extractContents()).slice(-1));
  htmx.process(find("older"));
}

on("click", ".untuck", () => (box.dataset.untucked = ""));
on("click", "#newer", (_, event) => {
  if (later()) return; // what is not here yet, the link opens
  event.preventDefault();
  toBottom();
});
