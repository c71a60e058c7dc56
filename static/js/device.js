// What stands at the bottom is to stay above the keys, where a browser does not see to it itself.
window.visualViewport?.addEventListener("resize", ({ target: { scale, height } }) => {
  if (scale === 1) document.documentElement.style.setProperty("--height", `${height}px`);
});

navigator.serviceWorker?.register("/sw.js");
