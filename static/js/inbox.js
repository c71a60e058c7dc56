// Where we are, and what waits.

import { all, arrange, find, write } from "./changes.js";

let list; // the one that is shown now, or null
let address = ""; // the part of the address that tells which one

arrange(() => {
  if (find("conversations") !== list) {
    if (list !== undefined) find("said").textContent = document.querySelector("#main h1")?.textContent;
    [list, address] = [find("conversations"), location.search];
    find("sidebar")?.hidePopover();
  }
  const open = location.pathname.match(/^\/conversations\/(\d+)/)?.[1];
  const place = list?.dataset.place ?? location.pathname.split("/")[1];
  for (const link of all("a[data-conversation], a[data-place]")) {
    const { dataset } = link;
    const isCurrent = dataset.place ? dataset.place === place : dataset.conversation === open;
    link.ariaCurrent = isCurrent ? "true" : null;
  }
}, "a[data-conversation], a[data-place]");
arrange(countInTitle, "#views");
document.addEventListener("htmx:finally:swap", countInTitle);

function countInTitle() {
  const waiting = Number(find("views")?.dataset.waiting);
  const plain = document.title.replace(/^\(\d+\) /, "");
  write(document.querySelector("title"), waiting ? `(${waiting}) ${plain}` : plain);
}

// Steps back bring what is open beside the list (htmx does that), or another list, or another page.
document.addEventListener("htmx:before:history:restore", (event) => {
  if (list && address === location.search) return;
  event.preventDefault();
  htmx.ajax("GET", location.href, { source: "#main", swap: "outerHTML" });
});
