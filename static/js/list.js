// The list under somebody's hands: it holds still, rows are selected, and the next one opens.

import { arrange } from "./changes.js";
import { _ } from "./words.js";

const list = document.getElementById("conversations");
const selected = new Set(); // ids of conversations; rows are drawn anew
const held = new Map(); // id of a row → what it becomes, or null where it goes away
let pointed = false; // by a mouse
let last = null; // the pick that a range begins at
let acted = -Infinity; // when this user last did something: what follows is no surprise
let next = null; // id of the row to open once this one is closed; "" for none

const picks = () => [...list.querySelectorAll("[name=ids]")];
const isBusy = () => pointed || selected.size > 0;

// New rows, and those that move or leave, wait while somebody points at the list or selects.
function hold({ detail: { tasks } }) {
  const there = `#conversations[data-topic='${list.dataset.topic}']`;
  const rowOf = (task) => task.fragment?.querySelector(".row") ?? null;
  const named = (task) => rowOf(task)?.id ?? task.target?.id; // htmx finds what is to be deleted itself
  const ours = tasks.filter(({ target, swapSpec }) => target === there || (swapSpec?.style === "delete" && list.contains(target)));
  const become = new Map(ours.map((task) => [named(task), rowOf(task)]));
  for (const task of ours) {
    const id = named(task);
    const here = document.getElementById(id);
    const stays = here?.dataset.key === become.get(id)?.dataset.key && !held.has(id);
    if (stays ? task.swapSpec.style === "upsert" : !isBusy() || performance.now() - acted < 3000) continue;
    tasks.splice(tasks.indexOf(task), 1);
    if (!stays) held.set(id, become.get(id));
    if (here && !become.get(id)) here.dataset.gone = "";
  }
  draw();
}

function release() {
  for (const id of held.keys()) document.getElementById(id)?.remove();
  const text = [...held.values()].map((row) => row?.outerHTML ?? "").join("");
  held.clear();
  if (text) htmx.swap({ sourceElement: list, target: list, text, swap: `upsert key:data-key sort:${list.dataset.order}` });
  draw();
}

function draw() {
  const news = [...held.values()].filter(Boolean).length;
  document.getElementById("held").hidden = !held.size;
  say("held", news ? _("%(count)s new ↑", { count: news }) : _("Changed ↑"));
  say("selected", _("%(count)s selected", { count: selected.size }));
  for (const pick of picks()) pick.checked = selected.has(pick.value);
  for (const time of list.querySelectorAll(".row-waiting time")) {
    const minutes = (Date.now() - new Date(time.dateTime)) / 60000;
    time.parentElement.dataset.level = minutes >= 60 ? "too-late" : minutes >= 15 ? "late" : "";
  }
}

function say(id, words) {
  const place = document.getElementById(id);
  if (place.textContent !== words) place.textContent = words;
}

function select(pick, toLast) {
  const all = picks();
  const from = toLast ? all.findIndex(({ value }) => value === last) : -1;
  const to = all.indexOf(pick);
  const range = from < 0 ? [pick] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const { value } of range) pick.checked ? selected.add(value) : selected.delete(value);
  last = pick.value;
}

function clicked({ target, shiftKey }) {
  if (target.closest("#conversations [name=ids]")) select(target, shiftKey);
  if (target.closest("[data-clear]")) selected.clear();
  if (target.id === "held") list.scrollTop = 0;
  if (target.closest("[data-clear], #held")) release();
  const row = target.closest(".row-more-button")?.closest(".row");
  const menu = document.getElementById("row-menu");
  if (row) {
    menu.elements.ids.value = row.id.replace("conversation-", "");
    menu.querySelector("[data-copies=phone]").dataset.copy = row.dataset.phone;
    menu.querySelector("[data-copies=link]").dataset.copy = row.querySelector("a").href;
  }
  const close = target.closest("[id^=close-][hx-post$='/close']"); // it reopens, too
  if (close) next = shiftKey ? null : beside(document.getElementById(close.id.replace("close", "conversation")));
  draw();
}

// The row to go on with, "" where there is no other; null where this one is not in the list.
function beside(row) {
  return row && ((row.nextElementSibling ?? row.previousElementSibling)?.id ?? "");
}

function asked({ detail: { ctx } }) {
  if (ctx.request.method !== "POST" || !ctx.sourceElement.closest(".list, .thread-head, .composer, .toast")) return;
  acted = performance.now();
  for (const menu of document.querySelectorAll(".list .menu:popover-open")) menu.hidePopover();
}

function answered({ detail: { ctx } }) {
  const { action } = ctx.request;
  if (action.endsWith("/undo")) ctx.sourceElement.closest(".toast")?.remove();
  if (action.endsWith("/bulk") && ctx.response.status === 200) selected.clear();
  draw();
}

// Once the answer is on the page: what it says, an undo, would be lost with the pane that asked.
function goOn({ detail: { ctx } }) {
  if (!ctx.request.action.endsWith("/close") || next === null || ctx.response?.status !== 200) return;
  const row = document.getElementById(next)?.querySelector(".row-link");
  (row ?? document.querySelector(".thread-back"))?.click();
  next = null;
}

if (list) {
  document.addEventListener("htmx:before:swap", hold);
  document.addEventListener("htmx:config:request", asked);
  document.addEventListener("htmx:after:request", answered);
  document.addEventListener("htmx:finally:request", goOn);
  document.addEventListener("click", clicked);
  list.addEventListener("pointermove", ({ pointerType }) => (pointed = pointerType === "mouse"));
  list.addEventListener("pointerleave", () => {
    pointed = false;
    if (!isBusy()) release();
  });
  list.addEventListener("contextmenu", (event) => {
    const row = event.target.closest(".row");
    event.preventDefault();
    row?.querySelector(event.pointerType === "touch" ? "[name=ids]" : ".row-more-button")?.click();
  });
  arrange(draw);
}
