// Drafts: saved half a second after the last key and whenever one looks away; shown in the list.

import { arrange } from "./changes.js";
import { _ } from "./words.js";

const PAUSE = 500; // milliseconds without a key
const begun = new Map(); // conversation → how the draft begins
let timer = 0;
let waiting = null; // what is to be saved

/** Save it soon, under the token it would be sent with; without a form, forget what waits. */
export function keep(form, mode, body) {
  clearTimeout(timer);
  waiting = form && {
    conversation: form.dataset.conversation,
    values: { mode, body, client_token: form.elements.client_token.value, csrf_token: form.elements.csrf_token.value },
  };
  if (form) timer = setTimeout(save, PAUSE);
}

/** Save it now, should anything wait; it outlives the page. */
export function save() {
  clearTimeout(timer);
  if (!waiting) return;
  const { conversation, values } = waiting;
  waiting = null;
  mark(conversation, values.body);
  const body = new URLSearchParams({ ...values, turn: Date.now() });
  fetch(`/conversations/${conversation}/draft`, { method: "POST", keepalive: true, body }).catch(() => {
    sessionStorage.setItem(`draft:${conversation}`, values.body);
  });
}

/** Show in the list how the draft begins, or that there is none. */
export function mark(conversation, words) {
  if (words.trim()) begun.set(conversation, words.trim().slice(0, 80));
  else begun.delete(conversation);
  draw();
}

/** A token for a text. crypto.randomUUID is missing on plain-http addresses other than localhost. */
export function fresh() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function draw() {
  for (const link of document.querySelectorAll("#conversations .row-link")) {
    const text = begun.get(link.dataset.conversation);
    const words = text && _("Draft: %(text)s", { text });
    const preview = link.querySelector(".row-preview");
    if (words === preview.dataset.draft) continue;
    if (words) preview.dataset.draft = words;
    else delete preview.dataset.draft;
  }
}

async function look() {
  if (!document.getElementById("conversations")) return;
  const answer = await fetch("/drafts").catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  begun.clear();
  for (const [conversation, words] of Object.entries(await answer.json())) begun.set(conversation, words);
  draw();
}

arrange(draw);
look();
document.addEventListener("focusout", ({ target }) => target.id === "body" && save());
document.addEventListener("visibilitychange", () => (document.hidden ? save() : look()));
addEventListener("pagehide", save);
