// Saved replies: `/` offers them, a tap puts one in, Tab leads from one open field to the next.

const OPEN = /\{\{[^{}]*\}\}/g;

// The expander's events do not bubble: they are caught on their way down.

document.addEventListener("text-expander-change", ({ target, detail }) => {
  const { replies } = target.dataset;
  if (detail.key === "/" && replies && target.closest(".composer")) detail.provide(offered(replies, detail.text));
}, true);

let asked = 0;

async function offered(path, typed) {
  const turn = ++asked;
  const answer = await fetch(`${path}?q=${encodeURIComponent(typed)}`).catch(() => null);
  if (turn !== asked) return new Promise(() => {}); // a late answer would close the list of a newer one
  const html = answer?.ok && !answer.redirected ? await answer.text() : "";
  const fragment = new DOMParser().parseFromString(html, "text/html").querySelector(".slash");
  return { matched: fragment !== null, fragment };
}

document.addEventListener("text-expander-value", ({ detail }) => {
  detail.value = detail.item.dataset.text;
  detail.continue = true; // no space behind it
  note(detail.item.dataset.reply);
}, true);

document.addEventListener("text-expander-committed", ({ detail: { input } }) => changed(input), true);

document.addEventListener("click", ({ target }) => {
  const piece = target.closest("[data-insert]");
  const field = document.getElementById("body");
  if (!piece || !field || field.disabled) return;
  field.setRangeText(piece.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  if (piece.dataset.reply) note(piece.dataset.reply);
  changed(field);
});

document.addEventListener("keydown", (event) => {
  const { target, key, shiftKey } = event;
  if (key !== "Tab" || shiftKey || target.id !== "body" || event.defaultPrevented) return;
  if (toField(target, target.selectionEnd) || toField(target, 0)) event.preventDefault();
});

function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  toField(field, 0);
}

function toField(field, from) {
  const found = [...field.value.matchAll(OPEN)].find(({ index }) => index >= from);
  if (found) field.setSelectionRange(found.index, found.index + found[0].length);
  return found !== undefined;
}

function note(id) {
  const body = new URLSearchParams({ csrf_token: document.getElementById("composer").elements.csrf_token.value });
  fetch(`/saved-replies/${id}/use`, { method: "POST", keepalive: true, body }).catch(() => {});
}
