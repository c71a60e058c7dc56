// Writing: the counter, drafts, and texts that show before the server has answered for them.

import { forcing, measure } from "../segments.js";
import { arrange } from "./changes.js";
import * as files from "./files.js";
import { toBottom } from "./thread.js";

const LONGEST = 1600; // characters, as the server counts them
const AGAIN = 3000; // milliseconds between tries while there is no connection
const capacity = { "GSM-7": [160, 153], "UCS-2": [70, 67] };

const unsent = new Map(); // client token → {path, conversation, body, files}; until the server confirms
let shown = null; // the composer on the page

const input = () => document.getElementById("body");
const draftOf = (conversation) => `draft:${conversation}`;

arrange(() => {
  const form = document.getElementById("composer");
  if (form !== shown) open(form);
  block(form);
  for (const token of unsent.keys()) settle(token);
});

function open(form) {
  shown = form;
  if (!form) return;
  input().value = sessionStorage.getItem(draftOf(form.dataset.conversation)) ?? input().value;
  for (const [token, text] of unsent) {
    if (text.conversation === form.dataset.conversation) place(token, text.body, text.files.length);
  }
  count(input());
}

function block(form) {
  if (!form) return;
  const blocked = document.querySelector(".consent[data-blocked]") !== null;
  form.toggleAttribute("data-blocked", blocked);
  if (input().disabled !== blocked) {
    input().disabled = blocked;
    files.block(blocked);
    count(input());
  }
}

// ── what is typed ──────────────────────────────────────────────────────────

document.addEventListener("input", ({ target }) => {
  if (target.id !== "body") return;
  count(target);
  if (target.form !== shown) return;
  say("");
  keep(target.value);
});

document.addEventListener("keydown", (event) => {
  const { target, key, shiftKey, isComposing, keyCode } = event;
  if (target.id !== "body" || target.form?.id !== "composer") return;
  const touch = matchMedia("(pointer: coarse)").matches;
  if (key !== "Enter" || shiftKey || isComposing || keyCode === 229 || touch) return;
  event.preventDefault();
  if (!event.repeat) target.form.requestSubmit();
});

function keep(text) {
  const key = draftOf(shown.dataset.conversation);
  if (text) sessionStorage.setItem(key, text);
  else sessionStorage.removeItem(key);
}

function count(field) {
  const output = field.form?.querySelector(".composer-count");
  if (!output) return;
  const over = [...field.value].length - LONGEST;
  const { encoding, units, parts } = measure(field.value);
  const [alone, joined] = capacity[encoding];
  const room = parts > 1 ? parts * joined : alone;
  const odd = forcing(field.value);
  const words = [`${units}/${room}`, parts === 1 ? "1 segment" : `${parts} segments`];
  if (odd) words.push(`Unicode: ${odd}`);
  output.textContent = over > 0 ? `${over} characters too many` : field.value ? words.join(" · ") : "";
  output.title = field.value ? encoding : "";
  output.dataset.tone = over > 0 ? "bad" : parts > 3 ? "warn" : "";
  const send = field.form.querySelector("[type=submit]");
  if (send) send.disabled = over > 0 || field.disabled;
  grow(field);
}

function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function say(words) {
  const line = document.getElementById("composer-says");
  if (line && line.textContent !== words) line.textContent = words;
}

// ── what is sent ───────────────────────────────────────────────────────────

const isReply = (ctx) => ctx.request.body && (ctx.sourceElement.id === "composer" || ctx.again);

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.again) carry(ctx.request.body, ctx.again);
  if (ctx.sourceElement.id !== "composer" || ctx.again) return;
  const form = ctx.sourceElement;
  const body = ctx.request.body.get("body");
  const chosen = files.chosen();
  if (!(body.trim() || chosen.length) || [...body].length > LONGEST || input().disabled || !files.fit()) {
    event.preventDefault();
    return;
  }
  const token = ctx.request.body.get("client_token");
  const { conversation } = form.dataset;
  unsent.set(token, { path: ctx.request.action, conversation, body, files: chosen });
  place(token, body, chosen.length);
  files.clear();
  form.elements.client_token.value = fresh();
  write("");
  input().focus();
  toBottom();
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!isReply(ctx)) return;
  const token = new URLSearchParams(ctx.request.body).get("client_token");
  const text = unsent.get(token);
  if (!text) return;
  if (ctx.response.status === 200) {
    forget(token); // the bubble is in this very answer: it takes the placeholder's place
  } else if (ctx.response.status >= 400) {
    event.preventDefault();
    forget(token);
    giveBack(text, reasonIn(ctx.text));
  } else {
    sessionStorage.setItem(draftOf(text.conversation), text.body); // signed out meanwhile
    unsent.delete(token);
  }
});

document.addEventListener("htmx:error", ({ detail }) => {
  if (!detail.ctx || detail.ctx.response || !isReply(detail.ctx)) return;
  const token = new URLSearchParams(detail.ctx.request.body).get("client_token");
  if (!unsent.has(token)) return;
  mark(token, "Not confirmed yet. Trying again…");
  setTimeout(tryAgain, AGAIN, token);
});

// The same token again: should the first try have arrived, the server answers with that text.
function tryAgain(token) {
  const text = unsent.get(token);
  if (!text) return;
  const here = shown?.dataset.conversation === text.conversation;
  htmx.ajax("POST", text.path, {
    source: here ? shown : carrier(),
    target: here ? "#messages" : document.body,
    swap: here ? "upsert key:data-key sort:asc" : "none",
    values: { body: text.body, client_token: token },
    again: text.files,
  });
}

// What asks when the composer is not on the page any more: a form, as only those carry files.
function carrier() {
  let form = document.getElementById("carrier");
  if (!form) {
    form = document.createElement("form");
    form.id = "carrier";
    form.hidden = true;
    form.enctype = "multipart/form-data";
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

function place(token, body, many) {
  const box = document.getElementById("messages");
  if (!box || document.getElementById(`pending-${token}`)) return;
  const bubble = document.createElement("article");
  bubble.className = "message message-out pending";
  bubble.id = `pending-${token}`;
  bubble.dataset.key = String(Number.MAX_SAFE_INTEGER);
  bubble.dataset.by = `user:${shown.dataset.writer}`;
  bubble.innerHTML =
    '<p class="by"></p><div class="bubble" dir="auto"></div>' +
    '<p class="mark"><time data-as="clock"></time><span class="status"></span></p>';
  bubble.querySelector(".by").textContent = shown.dataset.writer;
  const words = many === 1 ? "1 file" : `${many} files`;
  bubble.querySelector(".bubble").textContent = many ? `${body}\n${words}`.trim() : body;
  bubble.querySelector("time").dateTime = new Date().toISOString();
  box.append(bubble);
  mark(token, "Saving");
}

function mark(token, words) {
  const status = document.querySelector(`[id="pending-${token}"] .status`);
  if (status) status.textContent = words;
}

// The bubble is here, by the answer or by the socket, whichever was first.
function settle(token) {
  const arrived = document.querySelector(`.message[data-token="${CSS.escape(token)}"]`);
  if (arrived) forget(token);
}

function forget(token) {
  const text = unsent.get(token);
  unsent.delete(token);
  document.getElementById(`pending-${token}`)?.remove();
  if (text && !input()?.value) sessionStorage.removeItem(draftOf(text.conversation));
}

function giveBack(text, reason) {
  if (shown?.dataset.conversation !== text.conversation) {
    sessionStorage.setItem(draftOf(text.conversation), text.body);
    return;
  }
  const typed = input().value;
  write(typed ? `${text.body}\n${typed}` : text.body);
  files.add(text.files);
  say(reason);
}

function write(text) {
  input().value = text;
  keep(text);
  count(input());
}

function reasonIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector(".toast-words")?.textContent.trim() || "The text was not taken. Try again.";
}

// crypto.randomUUID is missing on plain-http addresses other than localhost.
function fresh() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
