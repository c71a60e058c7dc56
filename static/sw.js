// The shell of the installed app. Pages always come from the server; without it there is a page that
// says so. Files of this version are kept, and asked for no more once a page of this version came.
// The server puts VERSION and FILES above this (smsinbox/web/shell.py).

const OFFLINE = "/offline";
let current = false; // whether the page that is shown is of this version

addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((kept) => kept.addAll([OFFLINE, ...FILES])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name !== VERSION && caches.delete(name);
  event.waitUntil(caches.keys().then((names) => Promise.all(names.map(old))).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request) {
  try {
    const answer = await fetch(request);
    current = answer.headers.get("X-Shell") === VERSION;
    return answer;
  } catch {
    return (await caches.open(VERSION)).match(OFFLINE);
  }
}

async function file(request) {
  const kept = await (await caches.open(VERSION)).match(request, { ignoreSearch: true });
  return kept && (current || !navigator.onLine) ? kept : fetch(request).catch(() => kept ?? Response.error());
}

importScripts("/static/push.js");
