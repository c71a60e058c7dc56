// Files to send: chosen, dropped or pasted; shown as chips; checked before the server does.

import { _, _n, locale } from "./words.js";

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
  offer();
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
  const facts = { name: file.name || _("File"), size: size(file.size), before: size(shrunk.get(file) ?? 0) };
  name.textContent = shrunk.has(file) ? _("%(name)s · %(size)s, was %(before)s", facts) : `${facts.name} · ${facts.size}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip-remove";
  button.setAttribute("aria-label", _("Remove %(name)s", { name: file.name || _("file") }));
  button.textContent = "×";
  button.addEventListener("click", () => {
    choose(kept.filter((one) => one !== file));
    (document.querySelector(".chip-remove") ?? picker()).focus();
  });
  item.append(name, button);
  return item;
}

// The server says the same, and decides; but it would have to receive everything first.
function trouble() {
  const { most, bytes } = picker().dataset;
  if (kept.length > most) return _("Attach at most %(most)s files; these are %(count)s.", { most, count: kept.length });
  const total = kept.reduce((sum, file) => sum + file.size, 0);
  if (total < bytes) return "";
  if (kept.length === 1) return _("%(file)s has %(size)s; carriers take less than 1 MB.", { file: kept[0].name, size: size(total) });
  const largest = kept.reduce((one, other) => (other.size > one.size ? other : one));
  return _("Together %(total)s; carriers take less than 1 MB. Make %(file)s smaller or leave it out.", { total: size(total), file: largest.name });
}

/** Whether the chosen files can be sent; if not, the page says why. */
export function fit() {
  if (!picker() || !trouble()) return true;
  draw();
  return false;
}

// ── making photos smaller, when somebody asks for it ────────────────────────

const SMALLEST = 20000; // bytes: the server makes none smaller
const LARGEST = 24e6; // and reads none that is larger
const shrunk = new WeakMap(); // file → how large it was

const isPhoto = (file) => ["image/jpeg", "image/png", "image/webp"].includes(file.type) && file.size < LARGEST;

function offer(words = "") {
  const box = document.getElementById("shrink");
  if (!box) return;
  const button = box.querySelector("[data-shrink]");
  button.hidden = !(trouble() && kept.length <= picker().dataset.most && plan());
  button.disabled = false;
  box.hidden = button.hidden && !words;
  document.getElementById("shrink-says").textContent = words;
}

// What each photo that is larger than its fair share may have; null when that would be nothing.
function plan() {
  const photos = kept.filter(isPhoto).sort((one, other) => one.size - other.size);
  const rest = kept.filter((file) => !isPhoto(file)).reduce((sum, file) => sum + file.size, 0);
  let room = picker().dataset.bytes - 1 - rest;
  const shares = new Map();
  photos.forEach((photo, at) => {
    const share = Math.floor(room / (photos.length - at));
    if (photo.size > share) shares.set(photo, share);
    room -= Math.min(photo.size, share);
  });
  return shares.size && [...shares.values()].every((share) => share >= SMALLEST) ? shares : null;
}

async function shrinkToFit(button) {
  const before = kept;
  const shares = plan();
  button.disabled = true;
  document.getElementById("shrink-says").textContent = _("Shrinking…");
  try {
    const smaller = new Map();
    for (const [photo, most] of shares) smaller.set(photo, await asked(photo, most, button.form));
    if (kept !== before || of !== picker()) return; // other files were chosen meanwhile
    choose(kept.map((file) => smaller.get(file) ?? file));
    offer(_n("%(num)s photo is smaller now.", "%(num)s photos are smaller now.", smaller.size));
    picker().focus();
  } catch (error) {
    offer(error.message);
  }
}

async function asked(photo, most, form) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("most", most);
  body.set("files", photo);
  const options = { method: "POST", body, headers: { "HX-Request": "true" } };
  const answer = await fetch("/media/shrink", options).catch(() => {
    throw new Error(_("No connection. Try again."));
  });
  if (answer.headers.get("Content-Type") !== "image/jpeg") {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const words = page.querySelector(".toast-words")?.textContent.trim();
    throw new Error(words || _("It could not be made smaller. Try again."));
  }
  const name = photo.name.replace(/\.[^.]*$/, "");
  const file = new File([await answer.blob()], `${name}.jpg`, { type: "image/jpeg" });
  shrunk.set(file, photo.size);
  return file;
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-shrink]");
  if (button) shrinkToFit(button);
});

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toLocaleString(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`);

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
