// Rules change places by dragging their grip; the arrows beside them do the same by key or tap.

import { arrange, find } from "./changes.js";

let rules = null;

arrange(async () => {
  if (find("rules") === rules) return;
  const shown = (rules = find("rules"));
  if (!shown) return;
  await import("../vendor/sortable.min.js"); // 45 kB that no other page wants
  const [draggable, handle] = ["[data-rule]", "[data-grip]"];
  if (shown.isConnected) Sortable.create(shown, { draggable, handle, forceFallback: true, revertOnSpill: true, onEnd: place });
});

// Press the rule's own arrow, told where to.
function place({ item, oldDraggableIndex: from, newDraggableIndex: to }) {
  const arrow = item.querySelector(`[id^="${to < from ? "up" : "down"}-"]`);
  if (to !== from) arrow.form.requestSubmit(Object.assign(arrow, { value: to }));
}
