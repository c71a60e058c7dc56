// Pushes: shown when no page of ours is in front, one for each conversation, gone when it is read.

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  event.waitUntil(told.close ? shut(told.close) : show(told));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function show({ title, body, tag, url }) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some((page) => page.focused)) return; // it rings by itself
  await registration.showNotification(title, { body, tag, data: url, renotify: true });
}

async function shut(tag) {
  for (const one of await registration.getNotifications({ tag })) one.close();
}

async function open(url) {
  const [page] = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!page) return clients.openWindow(url);
  const shown = await page.focus();
  return shown.navigate(url).catch(() => clients.openWindow(url)); // not a page of this worker
}
