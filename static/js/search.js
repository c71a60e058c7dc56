// Search by keyboard: with the arrows from the box through what was found.

const box = () => document.getElementById("q");

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
