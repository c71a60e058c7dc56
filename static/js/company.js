// Who else looks at a conversation, and that we do.

import { all, arrange, find } from "./changes.js";
import { heed, say } from "./live.js";
import { inView } from "./thread.js";

const IDLE = 900000; // without a key or a pointer: nobody is there, unless another tab says so

let told = ""; // what we last said of ourselves
let touched = Date.now();

heed(({ opened }) => opened && attend(opened)); // the server knows nothing of us yet
arrange(draw, "#company, [data-faces]");

// Faces come to one place (#company), as rows come and go in many ways.
function draw() {
  for (const box of all("[data-faces]")) {
    const drawn = find(`company-${box.dataset.faces}`)?.innerHTML ?? "";
    if (box.innerHTML !== drawn) box.innerHTML = drawn;
  }
}

// Whether we are there, and what is before our eyes: it rings on no page of ours, and is read.
function attend(anew) {
  const words = { here: Date.now() - touched < IDLE, in_view: inView() };
  const news = JSON.stringify(words);
  if ((anew || news !== told) && say(words)) told = news;
}

const touch = () => (touched = Date.now());
for (const event of ["keydown", "pointerdown", "wheel"]) addEventListener(event, touch, { passive: true });
for (const event of ["focus", "blur", "visibilitychange"]) addEventListener(event, attend);
arrange(attend, "#messages");
setInterval(attend, 1000);
