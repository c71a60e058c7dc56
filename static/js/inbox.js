// Where we are, what waits, and what this user may do here.

import { arrange } from "./changes.js";
import { toast } from "./page.js";
import { atBottom } from "./thread.js";
import { _ } from "./words.js";

const SETTINGS = /^\/(rules|numbers|accounts|users|keys|quarantine)\b/;

const pane = () => document.getElementById("pane");

arrange(markCurrent);
arrange(countInTitle);
arrange(lock);

function markCurrent() {
  const open = location.pathname.match(/^\/conversations\/(\d+)/)?.[1];
  const list = document.getElementById("conversations");
  for (const link of document.querySelectorAll("a[data-conversation]")) {
    current(link, link.dataset.conversation === open, "true");
  }
  for (const link of document.querySelectorAll("a[data-place]")) {
    current(link, link.dataset.place === list?.dataset.place, "page");
  }
  for (const link of document.querySelectorAll("a[data-settings]")) {
    const { settings } = link.dataset;
    current(link, settings ? location.pathname.startsWith(settings) : SETTINGS.test(location.pathname), "true");
  }
}

function current(link, is, value) {
  if (is) link.setAttribute("aria-current", value);
  else link.removeAttribute("aria-current");
}

function countInTitle() {
  const waiting = Number(document.getElementById("views")?.dataset.waiting ?? 0);
  const plain = document.title.replace(/^\(\d+\) /, "");
  const title = waiting ? `(${waiting}) ${plain}` : plain;
  if (document.title !== title) document.title = title;
}

document.addEventListener("htmx:finally:swap", countInTitle);

// Fragments are the same for everybody; what this user may not use is switched off here.
function lock() {
  const locked = pane() !== null && !("mayAnswer" in pane().dataset);
  for (const control of document.querySelectorAll("[data-answer]")) control.disabled = locked;
}

// ── one address for list and pane ──────────────────────────────────────────

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET" || !String(ctx.push).startsWith("/conversations")) return;
  ctx.push += location.search;
  ctx.request.action += location.search;
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "pane" || !matchMedia("(max-width: 720px)").matches) return;
  document.getElementById("main").focus({ preventScroll: true });
});

// ── reading ────────────────────────────────────────────────────────────────

let unseen = false;

function read() {
  const looking = document.visibilityState === "visible" && document.hasFocus();
  const { conversation } = pane()?.dataset ?? {};
  if (!unseen || !looking || !atBottom() || !conversation) return;
  unseen = false;
  const values = { upto: [...document.querySelectorAll("#messages > .message-in")].at(-1).dataset.key };
  htmx.ajax("POST", `/conversations/${conversation}/read`, { target: document.body, swap: "none", values });
}

document.addEventListener("inbox:arrived", () => {
  unseen = true;
  read();
});
addEventListener("focus", read);
document.addEventListener("visibilitychange", read);

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.request.action.endsWith("/unread") && ctx.response.status === 204) toast(_("Left unread for you."));
});

// ── a contact's card that is being edited ──────────────────────────────────

document.addEventListener("input", ({ target }) => {
  if (target.closest(".contact .form")) target.form.dataset.dirty = "";
});
document.addEventListener("reset", ({ target }) => delete target.dataset.dirty);

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const form = document.querySelector(".contact .form[data-dirty]");
  if (!form || ctx.sourceElement === form) return;
  const kept = tasks.findIndex((task) => aims(task.target, form.closest(".contact")));
  if (kept < 0) return;
  tasks.splice(kept, 1);
  toast(_("This contact was changed by somebody else meanwhile. What you wrote is still here."), "warn");
});

const aims = (target, element) =>
  target === element || (typeof target === "string" && element.matches(target));
