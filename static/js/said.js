// What a screen reader is told of a thread: how many texts came, not each; and a failed text, once.

import { all, arrange, find } from "./changes.js";
import { _n } from "./words.js";

const BURST = 800; // milliseconds that gather texts into one sentence
const told = new Set(); // ids of the failed texts that were told, or were there from the beginning
let [box, came, timer] = [null, 0, 0];

document.addEventListener("inbox:arrived", () => {
  came += 1;
  clearTimeout(timer);
  timer = setTimeout(() => {
    const name = document.querySelector(".thread-who h1")?.textContent ?? "";
    const words = _n("New message from %(name)s", "%(num)s new messages from %(name)s", came, { name });
    find("said").textContent = words;
    came = 0;
  }, BURST);
});

arrange(() => {
  const last = box;
  box = find("messages");
  for (const why of all("#messages > .message-out > .trouble.tone-bad > p")) {
    const { id } = why.closest(".message");
    if (box === last && !told.has(id)) find("said-loud").textContent = why.textContent;
    told.add(id);
  }
});
