// Search by keyboard: into the box, and with the arrows through what was found.

const box = () => document.getElementById("q");

/** The box of this page; where a narrow window hides it, the search page. */
export function toSearch() {
  if (!box()?.checkVisibility()) return location.assign("/search");
  box().focus();
  box().select();
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const results = document.getElementById("results");
  if (!step || !results || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const stops = [box(), ...results.querySelectorAll("[data-result]")];
  const at = stops.indexOf(event.target);
  if (at < 0) return;
  event.preventDefault();
  stops[at + step]?.focus();
});
