// Rules change places by dragging their grip; the arrows beside them do the same without a mouse.

import { _, locale } from "./words.js";

let dragged = null;
let from = 0;

const cards = () => [...dragged.parentElement.querySelectorAll(":scope > [data-rule]")];

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  if (!target.closest?.("[data-grip]")) return;
  dragged = target.closest("[data-rule]");
  from = cards().indexOf(dragged);
  dragged.classList.add("is-dragged");
  dataTransfer.effectAllowed = "move";
  dataTransfer.setData("text/plain", dragged.id);
  dataTransfer.setDragImage(dragged, 12, 12);
});

document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-rule]");
  if (over?.parentElement !== dragged?.parentElement || !over) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
});

// Press the card's own arrow, told where to; a drag that was given up puts the card back.
document.addEventListener("dragend", ({ dataTransfer }) => {
  if (!dragged) return;
  const to = cards().indexOf(dragged);
  const arrow = dragged.querySelector(`[id^="${to < from ? "up" : "down"}-"]`);
  dragged.classList.remove("is-dragged");
  if (dataTransfer.dropEffect === "none") cards().filter((each) => each !== dragged).at(from)?.before(dragged);
  else if (to !== from) {
    arrow.value = to;
    arrow.form.requestSubmit(arrow);
  }
  dragged = null;
});

// ── how far a backtest is ──────────────────────────────────────────────────

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (form.matches?.(".backtest-form")) ctx.fetch = (url, request) => followed(form, url, request);
});

// The answer is a stream: comments that say how far it is, then the page.
async function followed(form, url, request) {
  const response = await fetch(url, request);
  if (!response.ok || response.redirected) return response;
  const [bar, line] = ["progress", "output"].map((name) => form.querySelector(name));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let html = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    html += part.value;
    const [, done, all] = [...part.value.matchAll(/<!-- (\d+) of (\d+) -->/g)].at(-1) ?? [];
    if (!all) continue;
    [bar.max, bar.value] = [Number(all) || 1, Number(done)];
    line.textContent = _("%(done)s of %(all)s texts", { done: Number(done).toLocaleString(locale), all: Number(all).toLocaleString(locale) });
  }
  return new Response(html, response);
}
