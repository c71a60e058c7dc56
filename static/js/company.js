// Who else looks at a conversation and who types in it; and that we do.

import { arrange } from "./changes.js";
import { say } from "./live.js";
import { _, _n } from "./words.js";

const FADES = 6000; // milliseconds after the server last said so: it says so for five seconds
const AGAIN = 2000; // between two words about our own keys

const company = new Map(); // conversation → {looking, typing, until}
let said = 0;

const mine = document.querySelector("[data-topic^='notifications:']")?.dataset.topic.split(":")[1];
const others = (people) => people.filter(([user]) => String(user) !== mine);

document.addEventListener("inbox:company", ({ detail }) => {
  if (!detail) company.clear(); // a new connection: whoever is here is told anew
  for (const [id, { looking, typing }] of Object.entries(detail ?? {})) {
    company.set(id, { looking: others(looking), typing: others(typing), until: Date.now() + FADES });
    if (typing.length) setTimeout(draw, FADES + 100);
  }
  draw();
});

arrange(draw);

function draw() {
  for (const box of document.querySelectorAll("[data-faces]")) {
    const people = company.get(box.dataset.faces)?.looking ?? [];
    const words = people.length ? _("Also here: %(names)s", { names: people.map(([, name]) => name).join(", ") }) : "";
    if (box.title === words) continue;
    box.title = words;
    box.replaceChildren(...people.slice(0, 3).map(face), hidden(words));
  }
  const row = document.getElementById("typing");
  const form = document.getElementById("composer");
  if (!row) return;
  const { typing = [], until = 0 } = company.get(row.dataset.conversation) ?? {};
  const now = until > Date.now() ? typing.map(([, name]) => name) : [];
  const words = now.length ? _n("%(names)s is typing…", "%(names)s are typing…", now.length, { names: now.join(", ") }) : "";
  if (row.textContent !== words) row.textContent = words;
  form?.toggleAttribute("data-colleague-types", now.length > 0);
}

function face([id, , initials]) {
  const made = document.createElement("span");
  made.className = `avatar avatar-small hue-${id % 12}`;
  made.ariaHidden = "true";
  made.textContent = initials;
  return made;
}

function hidden(words) {
  const made = document.createElement("span");
  made.className = "visually-hidden";
  made.textContent = words;
  return made;
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("#composer");
  if (target.id !== "body" || !form || form.elements.mode?.value === "note" || Date.now() - said < AGAIN) return;
  if (say({ typing: Number(form.dataset.conversation) })) said = Date.now();
});
