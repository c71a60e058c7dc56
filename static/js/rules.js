// Rules change places by dragging their grip; the arrows beside them do the same without a mouse.

let dragged = null;

const card = (target) => target.closest?.("[data-rule]");

function marks(over, after) {
  for (const each of document.querySelectorAll("[data-rule]")) {
    each.classList.toggle("is-before", each === over && !after);
    each.classList.toggle("is-after", each === over && after);
  }
}

function isBelow(over, y) {
  const box = over.getBoundingClientRect();
  return y > box.top + box.height / 2;
}

document.addEventListener("dragstart", (event) => {
  if (!event.target.closest?.("[data-grip]")) return;
  dragged = card(event.target);
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  event.dataTransfer.setDragImage(dragged, 12, 12);
});

document.addEventListener("dragover", (event) => {
  const over = dragged && card(event.target);
  if (!over) return;
  event.preventDefault();
  marks(over === dragged ? null : over, isBelow(over, event.clientY));
});

document.addEventListener("drop", (event) => {
  const over = dragged && card(event.target);
  if (!over || over === dragged) return;
  event.preventDefault();
  place(over, isBelow(over, event.clientY));
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  marks(null, false);
});

/** Press the card's own arrow, told where to. */
function place(over, after) {
  const cards = [...over.parentElement.querySelectorAll(":scope > [data-rule]")];
  const rest = cards.filter((each) => each !== dragged);
  const wanted = rest.indexOf(over) + (after ? 1 : 0);
  const here = cards.indexOf(dragged);
  if (wanted === here) return;
  const arrow = dragged.querySelector(`[id^="${wanted < here ? "up" : "down"}-"]`);
  arrow.value = wanted;
  arrow.form.requestSubmit(arrow);
}

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
    line.textContent = `${Number(done).toLocaleString()} of ${Number(all).toLocaleString()} texts`;
  }
  return new Response(html, response);
}
