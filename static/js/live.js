// The screen follows the database: what to watch, how far we have come, and how well it goes.

import { arrange, arrangeAll } from "./changes.js";
import { learn } from "./markers.js";

const BEHIND = 12000; // without a beat; the server beats every 5 s
const PATIENCE = 15000; // without a socket, before we ask for news ourselves
const EVERY = 5000; // between those questions
const UNDER_WAY = 1000; // a frame this soon after we named a topic may not know of it yet
const CROWDED = 4001; // closed for a newer page of the same user (live/frames.py)
const GRACE = 1500; // before a lost connection is worth a word

const live = document.getElementById("live");
const topics = new Map(); // topic → {cursor, asked}
let connection = null;
let heard = Date.now();
let lost = Date.now(); // since when there is no socket; 0 while there is one
let caughtUp = false;
let crowded = false; // until somebody looks at this page again
let polling = 0;
let tried = Date.now(); // when we last began anew

if (live) {
  live.addEventListener("htmx:ws:after:connection", opened);
  live.addEventListener("htmx:ws:close", closed);
  live.addEventListener("htmx:ws:before:message:incoming", received);
  document.addEventListener("htmx:before:swap", dropStrangers);
  document.addEventListener("visibilitychange", wake);
  for (const event of ["online", "focus"]) addEventListener(event, wake);
  addEventListener("offline", tell);
  arrange(watch);
  setInterval(tick, 1000);
}

// ── what to watch ──────────────────────────────────────────────────────────

function watch() {
  const shown = new Map();
  for (const { dataset } of document.querySelectorAll("[data-topic]")) {
    shown.set(dataset.topic, dataset.since);
  }
  let changed = false;
  for (const topic of topics.keys()) {
    if (!shown.has(topic)) changed = topics.delete(topic);
  }
  for (const [topic, since] of shown) {
    if (topics.has(topic)) continue;
    topics.set(topic, { cursor: since, asked: Infinity });
    changed = true;
  }
  if (changed) show();
}

/** Tell the server something that may be lost. */
export function say(words) {
  if (connection?.socket?.readyState === WebSocket.OPEN) connection.socket.send(JSON.stringify(words));
}

function show() {
  if (connection?.socket?.readyState !== WebSocket.OPEN) return;
  const wanted = {};
  for (const [topic, state] of topics) {
    wanted[topic] = state.cursor;
    state.asked = Date.now();
  }
  say({ show: wanted });
}

function advance(cursor) {
  const now = Date.now();
  for (const state of topics.values()) {
    if (now - state.asked > UNDER_WAY && isAfter(cursor, state.cursor)) state.cursor = cursor;
  }
}

function isAfter(one, other) {
  const [a, b] = [one, other].map((cursor) => cursor.split(".").map(BigInt));
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);
}

// ── the socket ─────────────────────────────────────────────────────────────

function opened({ detail }) {
  connection = detail.connection;
  heard = Date.now();
  caughtUp = topics.size === 0;
  lost = 0;
  crowded = false;
  for (const state of topics.values()) state.asked = Infinity;
  meet(null);
  show();
  tell();
}

const meet = (detail) => document.dispatchEvent(new CustomEvent("inbox:company", { detail }));

function closed({ detail }) {
  lost ||= Date.now();
  crowded = detail.code === CROWDED;
  tell();
}

function received({ detail }) {
  heard = Date.now();
  const frame = parsed(detail.message.data);
  if (frame.refresh) location.reload();
  if (frame.cursor) {
    // What a frame shows is on the page only after its swap; the cursor may wait for that.
    queueMicrotask(() => advance(frame.cursor));
    caughtUp ||= !frame.content;
  }
  caughtUp ||= Boolean(frame.beat);
  if (frame.company) meet(frame.company);
  if (frame.counts) refigure();
  if (frame.read) {
    learn(frame.read);
    arrangeAll();
  }
  tell();
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return {};
  }
}

// Texts of a conversation that was left a moment ago may still be on their way.
function dropStrangers({ detail: { tasks } }) {
  const open = document.getElementById("messages")?.dataset.conversation;
  for (let at = tasks.length - 1; at >= 0; at -= 1) {
    const text = tasks[at].fragment?.querySelector?.("article[data-conversation]");
    const toThread = tasks[at].target === "#messages" || tasks[at].target?.id === "messages";
    if (toThread && text && text.dataset.conversation !== open) tasks.splice(at, 1);
  }
}

function wake() {
  if (document.hidden || !navigator.onLine) return tell();
  const silent = Date.now() - heard > BEHIND;
  if (lost || silent) reconnect();
}

// htmx waits longer after every failure; somebody is looking now, so begin anew.
function reconnect() {
  if (connection?.socket?.readyState === WebSocket.CONNECTING) return;
  heard = tried = Date.now();
  htmx.process(live, true);
}

// ── the figures in the sidebar ─────────────────────────────────────────────

let figuring = 0;

function refigure() {
  figuring ||= setTimeout(() => {
    figuring = 0;
    const views = document.getElementById("views");
    if (views) htmx.trigger(views, "refresh");
  }, 150 + Math.random() * 850);
}

// ── how well it goes ───────────────────────────────────────────────────────

function tick() {
  if (!lost && Date.now() - heard > 2 * BEHIND) reconnect();
  const gaveUp = lost && !crowded && !live._htmx?.ws?.connection;
  if (gaveUp && Date.now() - tried > EVERY) reconnect(); // htmx gave up
  const since = lost ? Date.now() - lost : 0;
  if (since > PATIENCE && !(crowded && document.hidden) && Date.now() - polling > EVERY) poll();
  tell();
}

function poll() {
  polling = Date.now();
  const list = document.getElementById("conversations");
  if (list) ask(`/conversations/list${location.search}`, "#conversations", "innerMorph");
  const open = document.getElementById("messages")?.dataset.conversation;
  if (open) {
    ask(`/conversations/${open}/messages`, "#messages", "upsert key:data-key sort:asc", ".message");
  }
  refigure();
}

function ask(path, target, swap, select) {
  htmx.ajax("GET", path, { source: live, target, swap, select }).catch(() => {});
}

function state() {
  if (!navigator.onLine) return ["offline", "You are offline. What you see may be old."];
  if (lost) {
    if (crowded) return ["crowded", "Not live, as many newer pages are open. It goes on when you come back to it."];
    const since = Date.now() - lost;
    if (since < GRACE) return ["connecting", null];
    if (since < PATIENCE) return ["reconnecting", "Reconnecting…"];
    return ["polling", "No live connection. Looking for news every 5 seconds."];
  }
  if (Date.now() - heard > BEHIND) return ["behind", "Behind. Nothing heard for a while…"];
  if (!caughtUp) return ["catching-up", Date.now() - heard > GRACE ? "Catching up…" : null];
  return ["live", ""];
}

function tell() {
  const [name, words] = state();
  document.body.dataset.connection = name;
  const line = document.getElementById("connection");
  if (line && words !== null && line.textContent !== words) line.textContent = words;
}
