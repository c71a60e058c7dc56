// Files that are dropped or pasted go the way of those that are chosen; htmx sends them at once.

import { find, on } from "./changes.js";

for (const type of ["paste", "dragover", "drop"]) on(type, "[data-takes-files]", (_form, event) => {
  const { files, types } = event.clipboardData ?? event.dataTransfer;
  const picker = find("files");
  if (type === "dragover" || (type === "drop" && files.length)) event.preventDefault();
  // A table comes with its picture.
  if (type === "paste" && types.includes("text/plain") && types.includes("text/html")) return;
  if (!files.length || !picker.checkVisibility()) return; // none go with a note
  picker.files = files;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
});

on("change", "#files[hx-post]", (picker) => (picker.value = "")); // on their way: they may be chosen again
on("click", ".chip:only-child .chip-remove", () => find("files").focus());
