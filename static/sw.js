// The service worker, served from the root so that it minds every page.

importScripts("/static/push.js");
