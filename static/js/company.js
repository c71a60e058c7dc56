// Who else looks at a conversation, and that we do.

import { all, arrange, find } from "./changes.js";
import { heed, say } from "./live.js";
import { inView } from "./thread.js";

const AGAIN = 2000; // between two notes that somebody is there
const IDLE = 900000; // without a key or a pointer, in any tab: nobody is there

let told = ""; // what we last said of ourselves
let touched = 0;

heed(({ opened }) => {
  if (!opened) return;
  told = "";
  attend();
});
arrange(draw, "#company, [data-faces]");

// Faces come to one place (#company), as rows come and go in many ways.
function draw() {
  for (const box of all("[data-faces]")) {
    const drawn = find(`company-${box.dataset.faces}`)?.innerHTML ?? "";
    if (box.innerHTML !== drawn) box.innerHTML = drawn;
  }
}

// Whether we are there, and what is before our eyes, which then rings on no page of ours.
function attend() {
  const here = Date.now() - localStorage.touched < IDLE;
  const words = { here, in_view: inView() };
  const news = JSON.stringify(words);
  if (news !== told && say(words)) told = news;
}

function touch() {
  if (Date.now() - touched > AGAIN) localStorage.touched = touched = Date.now(); // for all tabs
}

touch();
for (const event of ["keydown", "pointerdown", "wheel"]) addEventListener(event, touch, { passive: true });
for (const event of ["focus", "blur", "visibilitychange"]) addEventListener(event, attend);
arrange(attend, "#messages");
setInterval(attend, 1000);
