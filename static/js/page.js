// The small manners of every page: theme, dialogs, copying, toasts.

import { arrange } from "./changes.js";

const LINGER = 8000; // milliseconds a toast stays unless somebody points at it

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-dialog], [data-close], [data-copy], [data-dismiss], [data-fold]");
  if (!button) return;
  const { dialog, copy, fold } = button.dataset;
  if (dialog) document.getElementById(dialog)?.showModal();
  if ("close" in button.dataset) button.closest("dialog")?.close();
  if ("dismiss" in button.dataset) button.closest(".toast")?.remove();
  if (copy !== undefined) copied(copy);
  if (fold) remember(fold, document.documentElement.toggleAttribute(`data-folded-${fold}`) ? "1" : "");
});

document.addEventListener("change", ({ target }) => {
  if (target.name !== "theme" || !target.closest("#themes")) return;
  document.documentElement.dataset.theme = target.value;
  remember("theme", target.value);
});

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** Say something in the corner; tone is good, warn or bad. */
export function toast(words, tone = "good") {
  const box = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  box.classList.add(`tone-${tone}`);
  box.setAttribute("role", tone === "bad" ? "alert" : "status");
  box.querySelector(".toast-words").textContent = words;
  document.getElementById("toasts").append(box);
}

/** Ask the server for something; what it answers finds its places. */
export function post(path, values = {}, source = document.body) {
  return htmx.ajax("POST", path, { source, values, target: document.body, swap: "none" });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("The browser did not allow copying.", "bad");
  }
}

arrange(() => {
  for (const box of document.querySelectorAll(".toast:not([data-timed])")) {
    box.dataset.timed = "";
    const leave = () => (box.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : box.remove());
    setTimeout(leave, LINGER);
  }
});
