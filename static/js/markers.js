// What this user has read. Rows are the same for everybody; how many of their texts are new is not.

import { arrange } from "./changes.js";
import { _ } from "./words.js";

const read = new Map(); // conversation → inbound texts that this user has read
const asked = new Set();

arrange(() => {
  for (const told of document.querySelectorAll("[data-read]")) {
    learn(JSON.parse(told.dataset.read));
    told.removeAttribute("data-read");
  }
  const rows = [...document.querySelectorAll(".row[data-received]")];
  for (const row of rows) mark(row, row.id.replace("conversation-", ""));
  ask(rows.map((row) => row.id.replace("conversation-", "")).filter((id) => !read.has(id)));
});

/** Take over what the server says: {conversation: texts read}. */
export function learn(found) {
  for (const [id, texts] of Object.entries(found)) read.set(id, texts);
}

function mark(row, id) {
  const { received, unanswered } = row.dataset;
  const unread = Math.max(0, received - (read.get(id) ?? received - unanswered));
  row.classList.toggle("row-unread", unread > 0);
  const count = row.querySelector(".count");
  const words = unread > 9 ? "9+" : String(unread);
  if (count.hidden !== !unread) count.hidden = !unread;
  if (unread && count.textContent !== words) {
    count.textContent = words;
    count.setAttribute("aria-label", _("%(count)s unread", { count: unread }));
  }
}

async function ask(ids) {
  const fresh = ids.filter((id) => !asked.has(id));
  if (!fresh.length) return;
  for (const id of fresh) asked.add(id);
  const answer = await fetch(`/conversations/read?of=${fresh.slice(0, 200)}`).catch(() => null);
  if (answer?.ok) learn(await answer.json());
  for (const id of fresh) asked.delete(id);
  for (const row of document.querySelectorAll(".row[data-received]")) {
    mark(row, row.id.replace("conversation-", ""));
  }
}
