// The palette of commands: the server draws its levels, this walks through them.

import Combobox from "../vendor/combobox-nav.js";
import { arrange } from "./changes.js";

const palette = document.getElementById("palette");
let list = null;
let box = null;
let bare = null;

arrange(() => {
  const [input, shown] = [palette?.querySelector("input"), palette?.querySelector("[role=listbox]")];
  if (!shown || shown === list) return;
  list = shown;
  box?.destroy();
  box = new Combobox(input, list, { firstOptionSelectionMode: "selected", tabInsertsSuggestions: false });
  box.start();
  input.focus();
  setTimeout(() => typeAgain(input)); // once htmx listens to it
});

document.addEventListener("click", ({ target }) => {
  if (!palette || !target.closest("[data-dialog=palette]")) return;
  const on = document.getElementById("pane")?.dataset.conversation ?? "";
  empty();
  htmx.ajax("GET", `/commands?on=${on}`, { target: "#commands", swap: "outerHTML" });
});

// A bare box, which asks nothing, keeps what is typed until the new level is there.
function empty() {
  const input = palette.querySelector("input");
  bare = input?.cloneNode();
  if (!bare) return;
  bare.value = "";
  input.replaceWith(bare);
  list.replaceChildren();
  bare.focus();
}

function typeAgain(input) {
  if (bare?.value) {
    input.value = bare.value + input.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  bare = null;
}

palette?.addEventListener("keydown", ({ key, target }) => {
  if (key === "Backspace" && target.value === "") palette.querySelector("[data-up]")?.click();
});
palette?.addEventListener("combobox-commit", ({ target }) => target.matches("[data-level]") || palette.close());
