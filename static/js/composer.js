// Writing texts and notes, which show before the server has answered for them.

import "../vendor/text-expander-element.js"; // which hears of a key first
import { all, arrange, find, on } from "./changes.js";
import { count } from "./counter.js";
import { neighbour } from "./list.js";
import { toast } from "./page.js";
import { pin } from "./thread.js";
import { _ } from "./words.js";

const AGAIN = 3000; // milliseconds between tries while there is no connection
const PATIENCE = 20000; // milliseconds for one try
const FRAME = 20; // milliseconds in which a bubble is on the screen, before the browser is asked for more
const TOGETHER = 120000; // milliseconds, as queries/days.py has it
const unsent = new Map(); // client token → its bubble, until the server has answered for it
let shown = null; // the composer on the page

const isNote = () => shown.querySelector("[value=note]").checked;
const field = () => shown.elements[isNote() ? "note" : "body"];
const fieldOf = (held) => document.querySelector(`[data-held="${held}"]`); // while it is on the page

arrange(() => {
  const opened = find("composer") !== shown;
  shown = find("composer");
  if (opened && shown) open();
  // The bubble came by the answer or by the socket, whichever was first.
  for (const token of unsent.keys()) if (document.querySelector(`[data-token="${token}"]`)) forget(token);
  // Files that are on their way with a text wait for no other, whenever they are drawn.
  for (const { value } of all(".pending [name=upload]")) {
    document.querySelector(`#chips :has([value="${value}"])`)?.remove();
  }
});

function open() {
  for (const one of all("[data-held]", shown)) {
    if (sessionStorage[one.dataset.held]) putBack(one, sessionStorage[one.dataset.held]);
    delete sessionStorage[one.dataset.held];
  }
  find("messages").append(...[...unsent.values()].filter(({ dataset }) => fieldOf(dataset.of)));
  count(field());
}

// Words that come back stand before what was written meanwhile.
function putBack(into, words) {
  into.value = words.startsWith(into.value) ? words : `${words}\n${into.value}`.trim();
  into.dispatchEvent(new Event("input", { bubbles: true }));
}

on("change", "#composer [name=mode]", () => {
  count(field());
  field().focus();
});

on("keydown", "#composer textarea", ({ form }, event) => {
  const { key, shiftKey, isComposing, keyCode, repeat } = event;
  if (key !== "Enter" || isComposing || keyCode === 229 || event.defaultPrevented) return;
  const chord = event.ctrlKey || event.metaKey;
  const plain = form.dataset.enter === "sends" && !shiftKey && !matchMedia("(pointer: coarse)").matches;
  if (!chord && !plain) return;
  event.preventDefault();
  const button = chord && shiftKey ? form.querySelector("[name=then][value=next]") : null;
  if (!repeat) send(form, button); // asking the form to submit would lay out the page first
});

on("click", "[data-keep-editing]", hush);

// The questions go; what was shown with them stays seen.
function hush() {
  find("doubts").querySelector(".banner")?.remove();
  if (document.activeElement !== field()) field().focus(); // which would lay out the page
}

// ── what is sent ──

on("submit", "#composer", (form, event) => {
  event.preventDefault();
  send(form, event.submitter);
});

function send(form, button) {
  if (!field().reportValidity()) return;
  const { value: body, dataset: { held } } = field();
  const chips = isNote() ? [] : all("#chips > *"); // none go with a note
  const uploading = !isNote() && document.querySelector(".chosen.htmx-request");
  if (uploading || (!body.trim() && !chips.length)) return;
  const data = new FormData(form, button);
  const newest = all("#messages > [id^=message-]:not(.scheduled)").at(-1);
  data.append("seen", newest?.id.replace("message-", "") ?? 0);
  const token = data.get("client_token");
  const next = data.get("then") === "next" ? neighbour() : null;
  const bubble = place(token, held, body, chips);
  clear(token);
  const reply = { data, token, held, body, chips, bubble, next };
  setTimeout(() => (form.isConnected ? htmx.trigger(form, "send", reply) : failed(reply)), FRAME);
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceEvent?.type !== "send") return;
  const reply = (ctx.reply = ctx.sourceEvent.detail);
  [ctx.request.body, ctx.next] = [reply.data, reply.next];
  ctx.fetch = (path, request) => insist(reply.bubble, path, request);
});

function place(token, held, body, chips) {
  const bubble = find("pending").content.firstElementChild.cloneNode(true);
  bubble.classList.toggle("pending-note", isNote());
  bubble.id = `pending-${token}`;
  bubble.dataset.of = held;
  bubble.querySelector(".chips").append(...chips);
  bubble.querySelector(".bubble").textContent = body.trim();
  bubble.querySelector("time").dateTime = new Date().toISOString();
  const above = find("messages").lastElementChild;
  const since = Date.now() - new Date(above?.querySelector("time")?.dateTime);
  const isSame = !isNote() && above?.dataset.by === bubble.dataset.by;
  bubble.classList.toggle("joined", isSame && since < TOGETHER);
  find("messages").append(bubble);
  unsent.set(token, bubble);
  return bubble;
}

function clear(token) {
  const { restored, client_token } = shown.elements;
  const others = restored.value.split(" ").slice(-9);
  restored.value = [...others, token].join(" "); // drafts that were saved with it are done with
  client_token.value = crypto.getRandomValues(new Uint32Array(4)).join("-"); // on plain http, too
  field().value = field().defaultValue = "";
  delete sessionStorage[field().dataset.held];
  count(field());
  for (const menu of all(":popover-open", shown)) menu.hidePopover();
  for (const id of ["composer-says", "composer-notice"]) find(id).replaceChildren();
  hush();
  pin();
}

// The same token again: should a try have arrived unheard, the server answers with that text.
async function insist(bubble, path, request) {
  for (;;) {
    const asked = { ...request, signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(path, asked).then(whole).catch(() => null);
    if (answer && answer.status < 502) return answer;
    bubble.querySelector(".status").textContent = _("Not confirmed yet. Trying again…");
    await new Promise((done) => setTimeout(done, AGAIN));
  }
}

// One that breaks off is none.
const whole = async (answer) => new Response((await answer.text()) || null, answer);

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.reply && !answered(ctx, ctx.reply)) event.preventDefault();
});

// Whether there is still a place for what the answer says.
function answered(ctx, reply) {
  const { status } = ctx.response;
  const { held, body, chips } = reply;
  const here = fieldOf(held);
  forget(reply.token);
  if (here) ctx.target = find("messages"); // that of then may be gone
  else ctx.next = null;
  if (here && status >= 400) {
    putBack(here, body);
    find("chips")?.prepend(...chips);
    const inline = { retarget: "#composer-says", reswap: "innerHTML", reselect: ".toast-words" };
    if (ctx.hx.retarget !== "#doubts") Object.assign(ctx.hx, inline);
  } else if (status !== 200) failed(reply); // signed out, or somewhere else by now
  return here;
}

function failed({ token, held, body }) {
  forget(token);
  sessionStorage[held] = [sessionStorage[held], body].filter(Boolean).join("\n");
  toast(_("A text was not sent. It waits where you wrote it."), "bad");
}

function forget(token) {
  unsent.get(token)?.remove();
  unsent.delete(token);
}

addEventListener("beforeunload", (event) => unsent.size && event.preventDefault());
