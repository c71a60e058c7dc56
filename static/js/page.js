// The small manners of every page: theme, dialogs, menus, copying, toasts.

import { find, on, write } from "./changes.js";
import { _ } from "./words.js";

const root = document.documentElement;

on("click", "[data-dismiss]", (button) => button.closest(".toast").remove());
on("animationend", ".toast", (box, { animationName }) => animationName === "leave" && box.remove());
on("htmx:error", "[data-failed]", ({ dataset: { failed } }) => toast(failed, "bad"));
on("change", "#themes", (_, { target }) => remember("theme", (root.dataset.theme = target.value)));
on("click", "[data-fold]", ({ dataset: { fold } }) => {
  remember(fold, root.toggleAttribute(`data-folded-${fold}`) ? "1" : "");
});
on("click", "[data-copy]", ({ dataset }) => {
  const copied = navigator.clipboard?.writeText(dataset.copy) ?? Promise.reject();
  copied.then(() => toast(_("Copied.")), () => toast(_("The browser did not allow copying."), "bad"));
});

// A long press, or the other button of a mouse, does what a small button of the same box does.
on("contextmenu", ".row, .message", (box, event) => {
  const button = event.pointerType === "touch" ? "[name=ids], [id^=more-of-]" : ".row-more-button";
  if (box.querySelector(button)) event.preventDefault();
  box.querySelector(button)?.click();
});

// Menus that are fetched are empty until theirs has come, and go once it did what was asked for.
document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (newState === "open" && target.matches("#sheet, #bubble-menu, #row-menu")) target.replaceChildren();
}, true);
on("htmx:after:request", ".toast form, form#sheet-body, #bulk, #row-menu", (form, { detail: { ctx } }) => {
  if (ctx.response.status >= 300) return;
  form.closest(".toast")?.remove();
  document.querySelector(".menu:popover-open")?.hidePopover();
});

/** Keep something in a cookie, which the server reads. */
export function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** Say something in the corner; tone is good or bad. */
export function toast(words, tone = "good") {
  find("toasts").append(find(`toast-${tone}`).content.cloneNode(true));
  write(find("toasts").lastElementChild.querySelector(".toast-words"), words);
}

/** Do in a field what its writer could, as "insertText" in place of its selection: Ctrl+Z takes it back. */
export function edit(field, command, words) {
  field.focus();
  document.execCommand(command, false, words);
}

/** Ask the server for something; what it answers finds its places. */
export function post(path, values = {}, source = document.body) {
  return htmx.ajax("POST", path, { source, values, target: document.body, swap: "none" });
}
