// The palette of commands: the server lists what fits, this walks through it, down a level and up.

import Combobox from "../vendor/combobox-nav.js";
import { arrange, find, on } from "./changes.js";

const palette = find("palette");
const { on: conversation, level, q } = find("commands")?.elements ?? {};
let list = null;
let box = null;

function go(to) {
  [level.value, q.value] = [to, ""];
  find("commands-list").replaceChildren();
  q.focus();
  q.dispatchEvent(new Event("input"));
}

on("click", "[data-dialog=palette]", () => {
  conversation.value = find("pane")?.dataset.conversation ?? "";
  go("");
});
on("click", "#palette [data-level]", ({ dataset }) => go(dataset.level));
on("keydown", "#commands", (_, { key }) => key === "Backspace" && !q.value && level.value && go(""));
on("combobox-commit", "#palette [role=option]:not([data-level])", () => palette.close());

arrange(() => {
  if (!palette || find("commands-list") === list) return;
  list = find("commands-list");
  q.placeholder = q.ariaLabel = list.dataset.asks;
  box?.destroy();
  box = new Combobox(q, list, { firstOptionSelectionMode: "selected", tabInsertsSuggestions: false });
  box.start();
});
