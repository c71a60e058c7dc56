// Files to send: chosen, dropped or pasted; shown as chips; checked before the server does.

const picker = () => document.getElementById("files");

/** The files that will go with the next text. */
export function chosen() {
  return [...(picker()?.files ?? [])];
}

/** Put files beside those that are chosen. */
export function add(files) {
  if (!picker() || picker().disabled || !files.length) return;
  choose([...held(), ...files]);
}

/** None. */
export function clear() {
  if (picker()) choose([]);
}

/** Nobody may choose while nothing can be sent. */
export function block(blocked) {
  if (picker()) picker().disabled = blocked;
}

let kept = []; // what the picker held before it was opened again: it forgets that itself
let of = null; // the picker that they are in

const held = () => (of === picker() ? kept : []);

function choose(files) {
  const carried = new DataTransfer();
  for (const file of files) carried.items.add(file);
  picker().files = carried.files;
  kept = files;
  of = picker();
  draw();
}

function draw() {
  const list = document.getElementById("chosen");
  list.hidden = !kept.length;
  list.replaceChildren(...kept.map(chip));
  const words = trouble();
  const says = document.getElementById("composer-says");
  if (says && (words || says.dataset.about === "files")) {
    says.textContent = words;
    says.dataset.about = words ? "files" : "";
  }
}

function chip(file, at) {
  const item = document.createElement("li");
  item.className = "chip";
  const name = document.createElement("span");
  name.className = "clip";
  name.textContent = `${file.name || "File"} · ${size(file.size)}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip-remove";
  button.setAttribute("aria-label", `Remove ${file.name || "file"}`);
  button.textContent = "×";
  button.addEventListener("click", () => {
    choose(kept.filter((_, place) => place !== at));
    (document.querySelector(".chip-remove") ?? picker()).focus();
  });
  item.append(name, button);
  return item;
}

// The server says the same, and decides; but it would have to receive everything first.
function trouble() {
  const { most, bytes } = picker().dataset;
  if (kept.length > most) return `Attach at most ${most} files; these are ${kept.length}.`;
  const total = kept.reduce((sum, file) => sum + file.size, 0);
  if (total < bytes) return "";
  const largest = kept.reduce((one, other) => (other.size > one.size ? other : one));
  return `Together ${size(total)}; carriers take less than 1 MB. Make ${largest.name} smaller or leave it out.`;
}

/** Whether the chosen files can be sent; if not, the page says why. */
export function fit() {
  if (!picker() || !trouble()) return true;
  draw();
  return false;
}

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

document.addEventListener("change", ({ target }) => {
  if (target.id === "files") choose([...held(), ...target.files]);
});

// The composer asks by itself; the form of a first text is sent as any other.
document.addEventListener("submit", (event) => {
  if (event.target.id === "new-conversation" && !fit()) event.preventDefault();
});

document.addEventListener("paste", ({ target, clipboardData }) => {
  if (target.form?.matches("[data-takes-files]")) add([...clipboardData.files]);
});

document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("[data-takes-files]")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  if (!event.target.closest?.("[data-takes-files]") || !event.dataTransfer.files.length) return;
  event.preventDefault();
  add([...event.dataTransfer.files]);
});
