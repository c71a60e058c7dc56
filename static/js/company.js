// Who is there, who else looks at a conversation and who types in it; and that we do.

import { all, arrange, find, on, write } from "./changes.js";
import { heed, say } from "./live.js";
import { _, _n } from "./words.js";

const AGAIN = 2000; // between two words about our own keys
const IDLE = 900000; // without a key or a pointer, in any tab: nobody is there

let company = {}; // conversation → {looking, typing}, each a list of [user, name, initials]
let people = {}; // user → online or away
let present = null; // what we last said of ourselves
let typed = 0;

heed((frame) => {
  if (frame.opened) [company, present] = [{}, null]; // whoever is here is told anew
  Object.assign(company, frame.company);
  people = frame.people ?? people;
  if (frame.opened || frame.company || frame.people) draw();
});
arrange(draw);

function draw() {
  for (const box of all("[data-faces]")) {
    const { looking = [] } = company[box.dataset.faces] ?? {};
    const words = looking.length ? _("Also here: %(names)s", { names: names(looking) }) : "";
    if (box.title === words) continue;
    Object.assign(box, { title: words, role: "img", ariaLabel: words });
    box.replaceChildren(...looking.slice(0, 3).map(face));
  }
  const row = find("typing");
  const { typing = [] } = company[row?.dataset.conversation] ?? {};
  const those = { names: names(typing) };
  const words = _n("%(names)s is typing…", "%(names)s are typing…", typing.length, those);
  write(row, typing.length ? words : "");
  find("composer")?.toggleAttribute("data-colleague-types", typing.length > 0);
  for (const { dataset } of all("[data-person]")) dataset.presence = people[dataset.person] ?? "offline";
}

const names = (some) => some.map(([, name]) => name).join(", ");

function face([id, , initials]) {
  const className = `avatar avatar-small hue-${id % 12}`;
  return Object.assign(document.createElement("span"), { className, textContent: initials });
}

on("input", "#composer:has([value=text]:checked) #body", ({ form }) => {
  if (Date.now() - typed < AGAIN || !say({ typing: Number(form.dataset.conversation) })) return;
  typed = Date.now();
});

const touch = () => (localStorage.touched = Date.now()); // for all tabs
touch();
for (const event of ["keydown", "pointerdown", "wheel"]) addEventListener(event, touch, { passive: true });
setInterval(() => {
  const here = Date.now() - localStorage.touched < IDLE;
  if (here !== present && say({ here })) present = here;
}, 1000);
