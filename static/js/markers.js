// What this user has read. Rows are the same for everybody; how many of their texts are new is not.

import { all, arrange, write } from "./changes.js";
import { heed } from "./live.js";
import { _ } from "./words.js";

const read = new Map(); // conversation → inbound texts that this user has read

heed((frame) => {
  learn(frame.read ?? frame.seen);
  if (frame.read) all(".row[data-received]").forEach(mark);
});

arrange(() => {
  for (const told of all("[data-read]")) {
    learn(JSON.parse(told.dataset.read));
    told.removeAttribute("data-read");
  }
  all(".row[data-received]").forEach(mark);
}, "#conversations, [data-read]");

function learn(found = {}) {
  for (const [id, texts] of Object.entries(found)) read.set(`conversation-${id}`, texts);
}

// Whom nothing is known of has read what was answered.
function mark(row) {
  const { received, unanswered } = row.dataset;
  const unread = Math.max(0, received - (read.get(row.id) ?? received - unanswered));
  const count = row.querySelector(".count");
  row.classList.toggle("row-unread", unread > 0);
  count.hidden = !unread;
  write(count, unread > 9 ? "9+" : `${unread}`);
  count.ariaLabel = _("%(count)s unread", { count: unread });
}
