// Rules change places by dragging their grip; the arrows beside them do the same without a mouse.

import { all, on } from "./changes.js";

let dragged = null;
let from = 0;

const cards = () => all(":scope > [data-rule]", dragged.parentElement);

on("dragstart", "[data-grip]", (grip, { dataTransfer }) => {
  dragged = grip.closest("[data-rule]");
  from = cards().indexOf(dragged);
  dragged.classList.add("is-dragged");
  dataTransfer.setData("text/plain", dragged.id);
  dataTransfer.setDragImage(dragged, 12, 12);
});

on("dragover", "[data-rule]", (over, event) => {
  if (over.parentElement !== dragged?.parentElement) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY > top + height / 2 ? "after" : "before"](dragged);
});

// Press the card's own arrow, told where to; a drag that was given up puts the card back.
on("dragend", "[data-grip]", (_, { dataTransfer }) => {
  const to = cards().indexOf(dragged);
  const arrow = dragged.querySelector(`[id^="${to < from ? "up" : "down"}-"]`);
  dragged.classList.remove("is-dragged");
  const others = cards().filter((each) => each !== dragged);
  if (dataTransfer.dropEffect === "none") others.at(from)?.before(dragged);
  else if (to !== from) arrow.form.requestSubmit(Object.assign(arrow, { value: to }));
  dragged = null;
});
