// The palette of commands: the server draws its levels, this walks through them.

import Combobox from "../vendor/combobox-nav.js";
import { arrange } from "./changes.js";

const palette = document.getElementById("palette");
let list = null;
let box = null;

arrange(() => {
  const [input, shown] = [palette?.querySelector("input"), palette?.querySelector("[role=listbox]")];
  if (!shown || shown === list) return;
  list = shown;
  box?.destroy();
  box = new Combobox(input, list, { firstOptionSelectionMode: "selected", tabInsertsSuggestions: false });
  box.start();
  input.focus();
});

document.addEventListener("click", async ({ target }) => {
  if (!palette || !target.closest("[data-dialog=palette]")) return;
  const on = document.getElementById("pane")?.dataset.conversation ?? "";
  const before = palette.querySelector("input");
  await htmx.ajax("GET", `/commands?on=${on}`, { target: "#commands", swap: "outerHTML" });
  if (before?.value) typeAgain(before.value);
});

// Fingers are faster than the server: what was typed into the box of the last time goes on.
function typeAgain(words) {
  const input = palette.querySelector("input");
  input.value = words;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

palette?.addEventListener("close", () => {
  const input = palette.querySelector("input");
  if (input) input.value = "";
});
palette?.addEventListener("keydown", ({ key, target }) => {
  if (key === "Backspace" && target.value === "") palette.querySelector("[data-up]")?.click();
});
palette?.addEventListener("combobox-commit", ({ target }) => target.matches("[data-level]") || palette.close());
