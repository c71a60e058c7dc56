// The benchmark's clocks inside the page; put there before the page's own scripts.

globalThis.probe = (() => {
  const [moved, slow, held] = [[], [], []];
  const note = (kept, type) =>
    new PerformanceObserver((list) => kept.push(...list.getEntries())).observe({ type, buffered: true, durationThreshold: 16 });
  note(moved, "layout-shift");
  note(slow, "event"); // those whose effect was on the screen 16 ms later, or later still
  note(held, "longtask");

  // A task that follows the next painting.
  const frame = () =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(null);
      });
    });

  // When another element than `old` matches, after all that the page itself does about it at once.
  const comes = (selector, old) =>
    new Promise((done) => {
      const watch = new MutationObserver(() => {
        const found = document.querySelector(selector);
        if (!found || found === old) return;
        watch.disconnect();
        done(performance.now());
      });
      watch.observe(document, { childList: true, subtree: true });
    });

  let awaited = null;

  // The next such event shall bring that element, perhaps out of an answer from that path.
  function arm(event, selector, path) {
    performance.clearResourceTimings();
    held.length = 0;
    awaited = new Promise((done) => {
      addEventListener(event, ({ timeStamp: at }) => done(follow(at, selector, path)), { capture: true, once: true });
    });
  }

  async function follow(at, selector, path) {
    const there = await comes(selector, document.querySelector(selector));
    await frame();
    const painted = performance.now();
    const asked = performance.getEntriesByType("resource").findLast(({ name }) => path && name.includes(path));
    const seen = { at, there: there - at, painted: painted - at };
    return asked ? { ...seen, ...parts(asked, painted), whole: painted - asked.startTime } : seen;
  }

  const parts = ({ requestStart, responseStart, responseEnd }, painted) => ({
    server: responseStart - requestStart,
    browser: painted - responseEnd,
  });

  // Until when the screen showed what a key did, as the browser itself tells it, in steps of 8 ms.
  const shown = (at) => slow.find(({ name, startTime }) => name === "keydown" && Math.abs(startTime - at) < 1)?.duration ?? 8;

  const longest = () => Math.max(0, ...held.map(({ duration }) => duration));

  // How far things moved since the last question, and what kinds of things.
  function moves() {
    const shifts = moved.splice(0);
    const named = (node) => {
      const { id, classList } = (node?.id || node?.classList?.length ? node : node?.parentElement) ?? {};
      return id ? `#${id.replace(/-?\d+$/, "")}` : `.${classList?.[0] ?? "?"}`;
    };
    const of = shifts.flatMap(({ sources }) => sources.map(({ node }) => named(node)));
    return { sum: shifts.reduce((sum, { value }) => sum + value, 0), of: [...new Set(of)].sort() };
  }

  async function answer(path) {
    performance.clearResourceTimings();
    await (await fetch(path)).text();
    await frame();
    return parts(performance.getEntriesByType("resource").at(-1), 0).server;
  }

  // A page that does nothing but show one more line for a key.
  function alone() {
    document.body.innerHTML = '<textarea id="body"></textarea><div id="messages"></div>';
    document.body.addEventListener("keydown", () => {
      const line = document.createElement("p");
      line.className = "pending";
      line.textContent = document.getElementById("body").value;
      document.getElementById("messages").append(line);
      setTimeout(() => line.remove(), 100);
    });
  }

  async function one() {
    const began = performance.now();
    await frame();
    return performance.now() - began;
  }

  return { arm, awaited: () => awaited, shown, longest, moves, answer, alone, one };
})();
