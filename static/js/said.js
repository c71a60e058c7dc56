// What a screen reader is told of a thread: how many texts came, not each; and a failed text, once.

import { arrange } from "./changes.js";
import { _n } from "./words.js";

const BURST = 800; // milliseconds that gather texts into one sentence
const told = new Set(); // ids of the failed texts that were told, or were there from the beginning
let [box, came, timer] = [null, 0, 0];

document.addEventListener("inbox:arrived", () => {
  came += 1;
  clearTimeout(timer);
  timer = setTimeout(() => {
    const name = document.querySelector(".thread-who h1")?.textContent ?? "";
    say("said", _n("New message from %(name)s", "%(num)s new messages from %(name)s", came, { name }));
    came = 0;
  }, BURST);
});

arrange(() => {
  const opened = document.getElementById("messages") !== box;
  box = document.getElementById("messages");
  for (const { id } of box?.querySelectorAll(".message-out:has(.trouble.tone-bad)") ?? []) {
    if (!opened && !told.has(id)) say("said-loud", document.querySelector(`#${id} .trouble p`).textContent);
    told.add(id);
  }
});

function say(where, words) {
  document.getElementById(where).textContent = words;
}
