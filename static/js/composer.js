// Writing: modes and drafts, and texts that show before the server has answered for them.

import { arrange } from "./changes.js";
import { count, LONGEST } from "./counter.js";
import { fresh, keep, mark as markDraft, save } from "./drafts.js";
import * as files from "./files.js";
import { toast } from "./page.js";
import { toBottom } from "./thread.js";
import { _, _n } from "./words.js";

const AGAIN = 3000; // milliseconds between tries while there is no connection

const unsent = new Map(); // client token → {path, conversation, values, body, files}; until confirmed
let shown = null; // the composer on the page
let other = ""; // what is written in the mode that is not shown

const input = () => document.getElementById("body");
const mode = () => shown.elements.mode.value;
const mine = (conversation) => shown?.dataset.conversation === conversation;

arrange(() => {
  const form = document.getElementById("composer");
  if (form !== shown) open(form);
  if (shown) block();
  for (const token of unsent.keys()) settle(token);
});

function open(form) {
  save();
  shown = form;
  if (!form) return;
  const { conversation, note } = form.dataset;
  other = mode() === "note" ? "" : note;
  const held = sessionStorage.getItem(`draft:${conversation}`); // what no server has heard of
  sessionStorage.removeItem(`draft:${conversation}`);
  if (held) input().value = held;
  for (const [token, text] of unsent) if (mine(text.conversation)) place(token, text);
  show();
}

function show() {
  const [text, note] = [input().dataset.placeholderText ?? input().placeholder, input().dataset.placeholderNote];
  input().dataset.placeholderText = text;
  input().placeholder = mode() === "note" ? note : text;
  input().setAttribute("aria-label", mode() === "note" ? _("Note") : _("Message"));
  block();
  count(input());
}

// Whoever may not be texted can still be written about.
function block() {
  const blocked = document.querySelector(".consent[data-blocked]") !== null && mode() === "text";
  shown.toggleAttribute("data-blocked", blocked);
  if (input().disabled === blocked) return;
  input().disabled = blocked;
  files.block(blocked);
  count(input());
}

// ── what is typed ──────────────────────────────────────────────────────────

document.addEventListener("input", ({ target }) => {
  if (target.id !== "body") return;
  count(target);
  if (target.form !== shown) return;
  say("");
  keep(shown, mode(), target.value);
});

document.addEventListener("change", ({ target }) => {
  if (target.name !== "mode" || target.form !== shown) return;
  save();
  [input().value, other] = [other, input().value];
  show();
  input().focus();
});

document.addEventListener("keydown", (event) => {
  const { target, key, shiftKey, ctrlKey, metaKey, isComposing, keyCode } = event;
  if (target.form?.id !== "composer" || isComposing || keyCode === 229) return;
  const chord = ctrlKey || metaKey;
  if (chord && shiftKey && key.toLowerCase() === "n") {
    event.preventDefault();
    shown.querySelector("[name=mode]:not(:checked)").click();
  }
  if (key !== "Enter" || event.defaultPrevented) return;
  if (target.matches("input")) {
    event.preventDefault(); // or a date would send the text at once
    if (target.name === "at_time") shown.querySelector("[name=at][value=pick]").click();
  }
  if (target.id !== "body") return;
  const plain = shown.dataset.enter === "sends" && !shiftKey && !matchMedia("(pointer: coarse)").matches;
  if (!chord && !plain) return;
  event.preventDefault();
  const next = chord && shiftKey ? shown.querySelector("[name=then][value=next]") : undefined;
  if (!event.repeat) shown.requestSubmit(next);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-keep-editing]")) hush();
});

function say(words) {
  const line = document.getElementById("composer-says");
  if (line && line.textContent !== words) line.textContent = words;
}

// The questions go; what was shown with them stays seen.
function hush() {
  document.getElementById("doubts")?.replaceChildren();
  input()?.focus();
}

// The newest text in sight, those among the questions included.
function seen() {
  const ids = [...document.querySelectorAll("#messages > [id^=message-]")].map(({ id }) => Number(id.slice(8)));
  return Math.max(0, document.getElementById("doubts")?.dataset.seen ?? 0, ...ids);
}

// ── what is sent ───────────────────────────────────────────────────────────

const isReply = (ctx) => ctx.request.body && (ctx.sourceElement.id === "composer" || ctx.again);

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.again) carry(ctx.request.body, ctx.again);
  if (ctx.sourceElement.id !== "composer" || ctx.again) return;
  const form = ctx.request.body;
  const body = form.get("body");
  const chosen = form.get("mode") === "note" ? [] : files.chosen();
  if (!(body.trim() || chosen.length) || tooLong(body) || input().disabled || !files.fit()) {
    event.preventDefault();
    return;
  }
  form.set("seen", seen());
  const token = form.get("client_token");
  const values = Object.fromEntries([...form].filter(([, value]) => typeof value === "string"));
  const { conversation } = shown.dataset;
  const text = { path: ctx.request.action, conversation, values, body, files: chosen, below: below() };
  unsent.set(token, text);
  place(token, text);
  markDraft(text.conversation, "");
  keep(null);
  if (chosen.length) files.clear();
  const { restored, client_token } = shown.elements;
  restored.value = [...restored.value.split(" "), token].slice(-20).join(" "); // should this one be refused
  client_token.value = fresh();
  write("");
  for (const menu of shown.querySelectorAll(":popover-open")) menu.hidePopover();
  hush();
  toBottom();
});

const tooLong = (body) => mode() === "text" && [...body].length > LONGEST;

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const { giveBack: undone } = ctx.sourceElement?.dataset ?? {};
  if (undone && ctx.response.status === 200 && shown) write([undone, input().value].filter(Boolean).join("\n"));
  if (!isReply(ctx)) return;
  const token = new URLSearchParams(ctx.request.body).get("client_token");
  const text = unsent.get(token);
  if (!text) return;
  const { status } = ctx.response;
  if (status < 300) {
    forget(token); // the bubble is in this very answer: it takes the placeholder's place
    if (text.values.then === "next" && mine(text.conversation)) goOn(text.below);
    return;
  }
  forget(token);
  const asks = status === 409 && ctx.text.includes('id="doubts"') && mine(text.conversation);
  if (!asks) event.preventDefault();
  giveBack(text, asks ? "" : reasonIn(ctx.text));
  if (status < 400) sessionStorage.setItem(`draft:${text.conversation}`, text.body); // signed out
});

// The row below in the list, by its id: ours may have left the list when the answer comes.
function below() {
  const rows = [...document.querySelectorAll("#conversations .row-link")];
  const at = rows.findIndex((link) => link.matches("[aria-current]"));
  return rows[at + 1]?.closest(".row").id;
}

function goOn(id) {
  const link = document.getElementById(id)?.querySelector(".row-link");
  if (link) link.click();
  else toast(_("That was the last one here."));
}

document.addEventListener("htmx:error", ({ detail }) => {
  if (!detail.ctx || detail.ctx.response || !isReply(detail.ctx)) return;
  const token = new URLSearchParams(detail.ctx.request.body).get("client_token");
  if (!unsent.has(token)) return;
  mark(token, _("Not confirmed yet. Trying again…"));
  setTimeout(tryAgain, AGAIN, token);
});

// The same token again: should the first try have arrived, the server answers with that text.
function tryAgain(token) {
  const text = unsent.get(token);
  if (!text) return;
  const here = mine(text.conversation);
  const [target, swap] = here ? ["#messages", "upsert key:data-key sort:asc"] : [document.body, "none"];
  htmx.ajax("POST", text.path, { source: here ? shown : carrier(), target, swap, values: text.values, again: text.files });
}

// What asks when the composer is not on the page any more: a form, as only those carry files.
function carrier() {
  let form = document.getElementById("carrier");
  if (!form) {
    form = document.createElement("form");
    Object.assign(form, { id: "carrier", hidden: true, enctype: "multipart/form-data" });
    document.body.append(form);
  }
  return form;
}

addEventListener("beforeunload", (event) => {
  if (unsent.size) event.preventDefault();
});

// The files of that text, and not those that were chosen for the next one meanwhile.
function carry(form, chosen) {
  form.delete("files");
  for (const file of chosen) form.append("files", file);
}

// ── placeholders ───────────────────────────────────────────────────────────

function place(token, { body, files: { length: many }, values }) {
  const box = document.getElementById("messages");
  if (!box || document.getElementById(`pending-${token}`)) return;
  const bubble = document.createElement("article");
  bubble.className = `message message-out pending${values.mode === "note" ? " pending-note" : ""}`;
  bubble.id = `pending-${token}`;
  bubble.dataset.key = String(Number.MAX_SAFE_INTEGER);
  bubble.dataset.by = `user:${shown.dataset.writer}`;
  bubble.innerHTML =
    '<p class="by"></p><div class="bubble" dir="auto"></div>' +
    '<p class="mark"><time data-as="clock"></time><span class="status"></span></p>';
  bubble.querySelector(".by").textContent = shown.dataset.writer;
  const words = _n("%(num)s file", "%(num)s files", many);
  bubble.querySelector(".bubble").textContent = many ? `${body}\n${words}`.trim() : body;
  bubble.querySelector("time").dateTime = new Date().toISOString();
  box.append(bubble);
  mark(token, _("Saving"));
}

function mark(token, words) {
  const status = document.querySelector(`[id="pending-${token}"] .status`);
  if (status) status.textContent = words;
}

// The bubble is here, by the answer or by the socket, whichever was first.
function settle(token) {
  if (document.querySelector(`.message[data-token="${CSS.escape(token)}"]`)) forget(token);
}

function forget(token) {
  unsent.delete(token);
  document.getElementById(`pending-${token}`)?.remove();
}

function giveBack(text, reason) {
  if (!mine(text.conversation) || mode() !== text.values.mode) {
    sessionStorage.setItem(`draft:${text.conversation}`, text.body);
    if (mine(text.conversation)) toast(reason, "bad");
    return;
  }
  write([text.body, input().value].filter(Boolean).join("\n"));
  files.add(text.files);
  say(reason);
}

function write(text) {
  input().value = text;
  if (text) keep(shown, mode(), text);
  count(input());
}

function reasonIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector(".toast-words")?.textContent.trim() || _("The text was not taken. Try again.");
}
