// The palette of commands: the server lists what fits, this walks through it, down a level and up.

import Combobox from "../vendor/combobox-nav.js";
import { arrange, find, on } from "./changes.js";

const { on: conversation, level, q, up } = find("commands")?.elements ?? {};
const list = find("commands-list");
const box = q && new Combobox(q, list, { firstOptionSelectionMode: "selected", tabInsertsSuggestions: false });

box?.start();
arrange(() => box?.resetSelection(), "#commands-list");

function go({ dataset }) {
  [level.value, q.value] = [dataset.level, ""];
  q.placeholder = q.ariaLabel = dataset.asks;
  list.replaceChildren();
  q.focus();
  q.dispatchEvent(new Event("input"));
}

on("click", "[command=show-modal][commandfor=palette]", () => {
  conversation.value = find("pane")?.dataset.conversation ?? "";
  go(up);
});
on("click", "#palette [data-level]", go);
on("keydown", "#commands", (_, { key }) => key === "Backspace" && !q.value && level.value && go(up));
on("combobox-commit", "#palette [role=option]:not([data-level])", () => find("palette").close());
