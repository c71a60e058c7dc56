// The list under somebody's hands: it holds still, rows are selected, and the next one opens.

import "./races.js"; // which hears of a swap first
import { all, arrange, find, on, write } from "./changes.js";
import { _ } from "./words.js";

const SLOWER = matchMedia("(prefers-reduced-motion)").matches ? 0 : 0.7; // of the way, in each frame
const held = new Map(); // id of a row → what it becomes, or null where it goes away
let list = null; // the one that is shown now
let top = null; // the first row in sight that a swap leaves alone, and where it is
let stood = 0; // where the list was in its last frame on the way to its top
let fresh = false; // whether rows came in since
let pointed = false; // by a mouse
let last = null; // id of the row that a range begins at
let acted = -Infinity; // when this user last did something: what follows is no surprise

const selected = () => all("#conversations [name=ids]:checked");
const isBusy = () => pointed || selected().length > 0;

/** The id of the row that is next to the open conversation's: which may be gone when it is asked for. */
export function neighbour() {
  const rows = all("#conversations .row");
  const at = rows.findIndex((row) => row.querySelector("[aria-current]"));
  return at < 0 ? null : (rows[at + 1] ?? rows[at - 1] ?? rows[at]).id;
}

// New rows, and those that move or leave, wait while somebody points at the list or selects.
document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
  if (!list) return;
  const there = `#conversations[data-topic='${list.dataset.topic}']`;
  const rowOf = (task) => task.fragment?.querySelector(".row") ?? null;
  const named = (task) => rowOf(task)?.id ?? task.target?.id; // htmx finds what is to be deleted itself
  const isDeleted = ({ target, swapSpec }) => swapSpec?.style === "delete" && list.contains(target);
  const ours = tasks.filter((task) => task.target === there || isDeleted(task));
  const become = new Map(ours.map((task) => [named(task), rowOf(task)]));
  for (const task of ours) {
    const [id, here] = [named(task), find(named(task))];
    const stays = here?.dataset.key === become.get(id)?.dataset.key && !held.has(id);
    if (stays ? !isDeleted(task) : !isBusy() || performance.now() - acted < 3000) continue;
    tasks.splice(tasks.indexOf(task), 1);
    if (!stays) held.set(id, become.get(id));
    here?.toggleAttribute("data-gone", !become.get(id));
  }
  // A part of a row, as its count, is redrawn in one that waits as well.
  for (const part of tasks.map(({ fragment }) => fragment?.firstElementChild)) {
    const same = `[id="${part?.id}"]`;
    for (const row of held.values()) row?.querySelector(same)?.replaceWith(part.cloneNode(true));
  }
  draw();
  if (!ours.some((task) => tasks.includes(task))) return;
  const isInSight = (row) => row.offsetTop + row.offsetHeight > list.scrollTop && !become.has(row.id);
  const row = all(".row", list).find(isInSight);
  top = row && { row, at: row.offsetTop, isFirst: list.scrollTop < 1 };
});

// What comes in above pushes down nothing that somebody reads. From its top the list scrolls up to
// it, in frames of its own: one that also brings rows would make them jump.
function settle() {
  const pushed = top?.row.isConnected ? top.row.offsetTop - top.at : 0;
  if (pushed) list.scrollTop += pushed;
  fresh ||= pushed > 0 && (top.isFirst || stood > 0);
  if (fresh && !stood) requestAnimationFrame(glide);
  if (fresh) stood = list.scrollTop;
  top = null;
}

function glide() {
  if (!stood) return; // the list is another one
  const isLeft = list.scrollTop > stood; // by somebody who scrolls down
  if (!fresh && !isLeft) list.scrollTop = Math.floor(stood * SLOWER);
  [stood, fresh] = [isLeft ? 0 : list.scrollTop, false];
  if (stood) requestAnimationFrame(glide);
}

function release() {
  for (const id of held.keys()) find(id)?.remove();
  const text = [...held.values()].map((row) => row?.outerHTML ?? "").join("");
  const swap = `upsert key:data-key sort:${list.dataset.order}`;
  held.clear();
  if (text) htmx.swap({ sourceElement: list, target: list, text, swap });
  draw();
}

function draw() {
  const news = [...held.values()].filter(Boolean).length;
  find("held").hidden = !held.size;
  write(find("held"), news ? _("%(count)s new ↑", { count: news }) : _("Changed ↑"));
  write(find("selected"), _("%(count)s selected", { count: selected().length }));
}

on("click", "#conversations [name=ids]", ({ checked, value }, { shiftKey }) => {
  const picks = all("[name=ids]", list);
  const [from, to] = [last, value].map((one) => picks.findIndex((pick) => pick.value === one));
  const range = shiftKey && from >= 0 ? picks.slice(Math.min(from, to), Math.max(from, to) + 1) : [];
  for (const pick of range) pick.checked = checked;
  last = value;
  draw();
});

on("click", "[data-clear], #held", ({ id }) => {
  if (id === "held") list.scrollTop = 0;
  else find("bulk").reset();
  release();
});

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { request, sourceElement: source, sourceEvent: event } = ctx;
  if (request.method !== "POST" || !source.closest(".list, .thread-head, .composer, .toast")) return;
  acted = performance.now();
  const closes = source.id.startsWith("close-") && request.action.endsWith("/close");
  if (closes && !event.shiftKey) ctx.next = neighbour();
});

// Once the answer is on the page: what it says, an undo, would be lost with the pane that asked.
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!list || ctx.response?.status !== 200) return;
  if (ctx.request.action.endsWith("/bulk")) find("bulk").reset();
  const link = find(ctx.next)?.querySelector(".row-link") ?? document.querySelector(".thread-back");
  if (ctx.next) link?.click();
  draw();
});

on("pointermove", "#conversations", (_, { pointerType }) => (pointed = pointerType === "mouse"));
on("pointerout", "#conversations", (_, { relatedTarget: to }) => {
  pointed &&= list.contains(to);
  if (!isBusy()) release();
});

arrange(() => {
  if (find("conversations") !== list) {
    list = find("conversations");
    held.clear();
    [top, stood, fresh, pointed, last] = [null, 0, false, false, null];
  }
  if (!list) return;
  settle();
  draw();
}, "#conversations");
