// What makes somebody look up: a sound, a dot, a word on the desktop. The server decides who hears.

import { arrange } from "./changes.js";
import { toast } from "./page.js";
import { atBottom } from "./thread.js";
import { _ } from "./words.js";

const APART = 1500; // between two sounds, in whichever tab
const AGAIN = 30000; // for those who want to hear it until they have read it
const MAY_ASK = "Notification" in window && "PushManager" in window;
const sound = new Audio("/static/ring.wav");
const unread = new Set();

/** One conversation is news, as the server says: {conversation_id, title, words, sounds, …}. */
export function ring({ conversation_id: id, title, words, sounds, pushes, repeats }) {
  const open = document.getElementById("messages")?.dataset.conversation;
  const seen = open === String(id) && document.hasFocus() && !document.hidden && atBottom();
  if (sounds) setTimeout(play, seen ? 0 : 300, seen); // whoever sees it is first, and stays silent
  if (seen) return;
  if (sounds && repeats) unread.add(String(id));
  if (pushes) popUp(title, { body: words, tag: `conversation-${id}`, data: `/conversations/${id}` });
  const bar = document.getElementById("ask");
  if (bar && MAY_ASK && Notification.permission === "default" && !localStorage.asked) bar.hidden = false;
}

/** These conversations were read, here or elsewhere. */
export async function hush(ids) {
  for (const id of ids) unread.delete(id);
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const one of (await worker?.getNotifications?.()) ?? []) {
    if (ids.includes(one.tag.replace("conversation-", ""))) one.close();
  }
}

// Of all tabs the one that gets the lock plays, and keeps the others silent for a while.
function play(silently) {
  const rung = () => silently || sound.play().catch(() => {});
  if (!navigator.locks) return rung(); // a page without TLS
  return navigator.locks.request("smsinbox:sound", { ifAvailable: true }, async (lock) => {
    if (lock) await rung();
    if (lock) await new Promise((done) => setTimeout(done, APART));
  });
}

setInterval(() => unread.size && play(), AGAIN);

// Without a push service the page itself says it, as long as it is open.
async function popUp(title, options) {
  if (!MAY_ASK || Notification.permission !== "granted" || document.hasFocus()) return;
  const worker = await navigator.serviceWorker.getRegistration();
  if (!(await worker?.pushManager.getSubscription())) worker?.showNotification(title, options);
}

const does = {
  async on() {
    if ((await Notification.requestPermission()) !== "granted") throw new Error(_("The browser does not allow it: see the settings of this site beside its address."));
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    const { key } = await (await fetch("/push/key")).json();
    const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }).catch(() => null);
    if (!made) return _("Turned on while a page is open: this browser has no push service.");
    await subscribe(made);
    return _("Turned on. You are told when a text arrives.");
  },
  async off() {
    const worker = await navigator.serviceWorker?.getRegistration();
    const made = await worker?.pushManager.getSubscription();
    if (made) await Promise.all([made.unsubscribe(), post("/push/off", { endpoint: made.endpoint })]);
    return _("Turned off in this browser.");
  },
  async no() {},
  async sound() {
    await sound.play().catch(({ name }) => { throw new Error(_("The browser plays no sound: %(name)s.", { name })); });
    return _("The browser played it. If you heard nothing, look at the volume.");
  },
};

const post = (path, values) => htmx.ajax("POST", path, { target: document.body, swap: "none", values });
const subscribe = (made) => post("/push", { endpoint: made.endpoint, ...made.toJSON().keys });

function answered() {
  localStorage.asked = true;
  const bar = document.getElementById("ask"); // only beside the list
  if (bar) bar.hidden = true;
}

document.addEventListener("click", ({ target }) => {
  const wanted = target.closest("[data-tell]")?.dataset.tell;
  if (!wanted) return;
  if (wanted !== "sound") answered();
  does[wanted]().then((words) => words && toast(words), (problem) => toast(problem.message, "bad"));
});

// A subscription ends with its sign-in; the next one takes it over.
if (document.getElementById("live") && !sessionStorage.told && MAY_ASK && Notification.permission === "granted") {
  sessionStorage.told = true;
  navigator.serviceWorker.getRegistration().then((worker) => worker?.pushManager.getSubscription())
    .then((made) => made && subscribe(made));
}

arrange(() => {
  const icon = document.querySelector("link[rel=icon]");
  const wanted = Number(document.getElementById("views")?.dataset.urgent) ? "/static/favicon-dot.svg" : "/static/favicon.svg";
  if (icon.getAttribute("href") !== wanted) icon.href = wanted;
});
