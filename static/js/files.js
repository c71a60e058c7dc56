// Files to send: chosen, dropped or pasted; shown as chips; checked before the server does.

import { find, on, write } from "./changes.js";
import { _, locale } from "./words.js";

const LARGEST = 24e6; // bytes: the server reads no more
const carried = () => find("carried");
const picker = () => find("files");
const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${decimal.format(bytes / 1e6)} MB`);

/** Put files beside those that are chosen. */
export function add(files) {
  if (files.length && picker()) choose([...carried().files, ...files]);
}

/** These and no others. */
export function choose(files) {
  const basket = new DataTransfer();
  for (const file of files) basket.items.add(file);
  carried().files = basket.files;
  const list = find("chosen");
  list.hidden = !files.length;
  list.replaceChildren(...files.map(chip));
  check();
}

function chip(file, at, files) {
  const item = find("chip").content.firstElementChild.cloneNode(true);
  const [name, remove] = item.children;
  name.textContent = `${file.name} · ${size(file.size)}`;
  remove.ariaLabel = _("Remove %(name)s", { name: file.name });
  remove.onclick = () => {
    choose(files.toSpliced(at, 1));
    (document.querySelector(".chip-remove") ?? picker()).focus();
  };
  return item;
}

// The server says the same, and decides; but it would have to receive everything first.
function check() {
  const { most, bytes } = picker().dataset;
  const files = [...carried().files];
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const shrink = find("shrink");
  const fits = total < bytes || (shrink.checked && total < LARGEST);
  shrink.parentElement.hidden = total < bytes || !files.some(({ type }) => type.startsWith("image/"));
  const tooLarge = fits ? "" : _("Together %(total)s; carriers take less than 1 MB.", { total: size(total) });
  const count = files.length;
  const tooMany = _("Attach at most %(most)s files; these are %(count)s.", { most, count });
  const words = count > most ? tooMany : tooLarge;
  write(find("files-say"), words);
  picker().setCustomValidity(words);
}

on("change", "#shrink", check);
on("change", "#files", ({ files }) => {
  add(files);
  picker().value = ""; // the same file may be chosen again
});

for (const type of ["paste", "dragover", "drop"]) on(type, "[data-takes-files]", (_form, event) => {
  const { files } = event.clipboardData ?? event.dataTransfer;
  if (type === "dragover" || (type === "drop" && files.length)) event.preventDefault();
  add(files);
});
