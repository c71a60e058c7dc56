// The palette of commands: the server draws its levels and lists what fits, this walks through that.

import Combobox from "../vendor/combobox-nav.js";
import { arrange, find, on } from "./changes.js";

const MANNERS = { firstOptionSelectionMode: "selected", tabInsertsSuggestions: false };
let box = null;

arrange(() => {
  const input = find("commands-input");
  if (input && input !== box?.input) (box = new Combobox(input, find("commands-list"), MANNERS)).start();
  box?.resetSelection();
}, "#commands");

on("keydown", "#commands :placeholder-shown", (_, { key }) => key === "Backspace" && find("commands-up")?.click());
on("combobox-commit", "#palette [role=option]:not([data-level])", () => find("palette").close());
