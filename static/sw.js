// The shell of the installed app, and pushes. Pages always come from the server; without it there is
// a page that says so. The server puts VERSION and FILES above this (smsinbox/web/shell.py).

const OFFLINE = "/offline";
let lost = false; // whether the server could not be reached for the newest page

/** When that happens, do this before the worker may sleep again. */
const on = (type, act) => addEventListener(type, (event) => event.waitUntil(act(event)));
const kept = async (what) => (await caches.open(VERSION)).match(what, { ignoreSearch: true });
const pages = () => clients.matchAll({ type: "window", includeUncontrolled: true });

on("install", async () => {
  await (await caches.open(VERSION)).addAll([OFFLINE, ...FILES]);
  await skipWaiting();
});

on("activate", async () => {
  for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
  await clients.claim();
});

addEventListener("fetch", (event) => {
  const { method, mode } = event.request;
  if (mode === "navigate" && method === "GET") event.respondWith(page(event.request));
  else if (lost) event.respondWith(file(event.request));
});

async function page(request) {
  const answer = await fetch(request).catch(() => null);
  lost = answer === null;
  return answer ?? kept(OFFLINE);
}

const file = async (request) => (await kept(request)) ?? fetch(request);

// Shown when no page of ours is in front, one for each conversation, gone when it is read. Where
// pushes that show nothing would soon be the last ones, each is shown.
on("push", async ({ data }) => {
  const { close, must_show, title, body, tag, url } = data.json();
  for (const one of close ? await registration.getNotifications({ tag: close }) : []) one.close();
  if (close || (!must_show && (await pages()).some((page) => page.focused))) return; // it rings by itself
  await registration.showNotification(title, { body, tag, data: url, renotify: true });
});

on("notificationclick", async ({ notification: { data: url }, notification }) => {
  notification.close();
  const [page] = await pages();
  const shown = page && (await page.focus());
  // A page that this worker does not control cannot be led elsewhere.
  await (shown?.navigate(url) ?? Promise.reject()).catch(() => clients.openWindow(url));
});
