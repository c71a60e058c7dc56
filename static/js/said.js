// What a screen reader is told of a thread: how many texts came, not each.

import { find } from "./changes.js";
import { _n } from "./words.js";

const BURST = 800; // milliseconds that gather texts into one sentence
let [came, timer] = [0, 0];

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
