// What makes somebody look up: a sound, a dot, a word on the desktop. The server decides who hears.

import { find, on } from "./changes.js";
import { heed } from "./live.js";
import { post, toast } from "./page.js";

const APART = 1500; // between two sounds, in whichever tab
const AGAIN = 30000; // for those who want to hear it until they have read it
const MAY_ASK = "Notification" in window && "PushManager" in window;
const sound = new Audio("/static/ring.wav");
const unread = new Set(); // conversations that ring until they are read

const registered = async () => navigator.serviceWorker?.getRegistration();
const subscribed = async () => (await registered())?.pushManager.getSubscription();
const apart = () => new Promise((done) => setTimeout(done, APART));
const keep = (made) => post("/push", { endpoint: made.endpoint, ...made.toJSON().keys });

heed(({ ring }) => {
  if (!ring) return;
  if (ring.sounds) play();
  if (ring.sounds && ring.repeats) unread.add(ring.conversation_id);
  const isNew = MAY_ASK && Notification.permission === "default" && !localStorage.asked;
  if (isNew) find("ask")?.removeAttribute("hidden");
});

// What was read, here or elsewhere, is silent and leaves the desktop.
heed(async ({ read = [] }) => {
  for (const id of read) {
    unread.delete(id);
    const shown = await (await registered())?.getNotifications({ tag: `conversation-${id}` });
    for (const one of shown ?? []) one.close();
  }
});

setInterval(() => unread.size && play(), AGAIN);

// Of all tabs the one that gets the lock plays, and keeps the others silent for a while.
function play() {
  const rung = () => sound.play().catch(() => {});
  if (!navigator.locks) return rung(); // a page without TLS
  return navigator.locks.request("smsinbox:sound", { ifAvailable: true }, (lock) => lock && rung().then(apart));
}

const does = {
  async on() {
    if ((await Notification.requestPermission()) !== "granted") throw new Error();
    const { pushManager } = await navigator.serviceWorker.ready;
    const { key } = await (await fetch("/push/key")).json();
    await keep(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  },
  async off() {
    const made = await subscribed();
    if (made) await Promise.all([made.unsubscribe(), post("/push/off", { endpoint: made.endpoint })]);
  },
  sound: () => sound.play(),
};

// What it says when it is done, and when the browser refuses, stands at the button.
on("click", "[data-tell]", ({ dataset: { tell, done, refused } }) => {
  if (tell !== "sound") localStorage.asked = true;
  find("ask")?.setAttribute("hidden", "");
  Promise.resolve(does[tell]?.()).then(() => done && toast(done), () => toast(refused, "bad"));
});

// A subscription ends with its sign-in; the next one takes it over.
if (find("live") && MAY_ASK && Notification.permission === "granted") {
  subscribed().then((made) => made && keep(made));
}
