// Rules change places by dragging their grip; the arrows beside them do the same by key or tap.

import { arrange, find } from "./changes.js";

const manner = { draggable: "[data-rule]", handle: "[data-grip]", forceFallback: true, revertOnSpill: true };

arrange(async () => {
  if (find("rules")) await import("../vendor/sortable.min.js"); // 45 kB that no other page wants
  const rules = find("rules");
  if (rules && !Sortable.get(rules)) Sortable.create(rules, { ...manner, onEnd: place });
}, "#rules");

// Press the rule's own arrow, told where to.
function place({ item, oldDraggableIndex: from, newDraggableIndex: to }) {
  const arrow = item.querySelector(`[id^="${to < from ? "up" : "down"}-"]`);
  if (to !== from) arrow.form.requestSubmit(Object.assign(arrow, { value: to }));
}
