// The screen follows the database: what to watch, how far we have come, and how well it goes.

import { hush, ring } from "./alerts.js";
import { arrange, arrangeAll } from "./changes.js";
import { learn } from "./markers.js";
import { _ } from "./words.js";

const BEHIND = 8000; // without a beat; the server beats every 5 s
const PATIENCE = 15000; // without a socket, before we ask for news ourselves
const EVERY = 5000; // between those questions
const UNDER_WAY = 1000; // a frame this soon after we named a topic may not know of it yet
const CROWDED = 4001; // closed for a newer page of the same user (live/frames.py)
const GRACE = 1500; // before a lost connection is worth a word
const IDLE = 900000; // without a key or a pointer, in any tab: nobody is there

const live = document.getElementById("live");
const topics = new Map(); // topic → {cursor, asked}
let connection = null;
let heard = Date.now();
let lost = Date.now(); // since when there is no socket; 0 while there is one
let left = 1; // changes that are still to come, as far as we know
let pulse = {}; // what the last beat said of the house
let people = {}; // user → online or away
let present = null; // what we last said of ourselves
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
  for (const event of ["keydown", "pointerdown", "pointermove"]) addEventListener(event, touch, { passive: true });
  addEventListener("offline", tell);
  arrange(watch);
  arrange(face);
  touch();
  setInterval(tick, 1000);
}

// ── what to watch ──────────────────────────────────────────────────────────

function watch() {
  const shown = new Map();
  for (const { dataset } of document.querySelectorAll("[data-topic]")) shown.set(dataset.topic, dataset.since);
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

/** Tell the server something that may be lost; false when there is no socket. */
export function say(words) {
  if (connection?.socket?.readyState !== WebSocket.OPEN) return false;
  connection.socket.send(JSON.stringify(words));
  return true;
}

function show() {
  const wanted = {};
  for (const [topic, state] of topics) {
    wanted[topic] = state.cursor;
    state.asked = Date.now();
  }
  if (!say({ show: wanted })) for (const state of topics.values()) state.asked = Infinity;
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
  [left, lost, crowded, present, pulse] = [topics.size, 0, false, null, {}];
  meet(null);
  show();
  attend();
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
  left = frame.left ?? (frame.beat ? 0 : left);
  if (frame.beat && frame.cursor) pulse = { ...frame, at: heard };
  // What a frame shows is on the page only after its swap; the cursor may wait for that.
  if (frame.cursor) queueMicrotask(() => advance(frame.cursor));
  if (frame.company) meet(frame.company);
  if (frame.counts) refigure();
  if (frame.ring) ring(frame.ring);
  if (frame.read) {
    learn(frame.read);
    hush(Object.keys(frame.read));
  }
  people = frame.people ?? people;
  if (frame.read || frame.people) arrangeAll();
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
  if (lost || Date.now() - heard > BEHIND) reconnect();
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

// ── who is there ───────────────────────────────────────────────────────────

function touch() {
  const now = Date.now();
  if (now - (localStorage.touched ?? 0) > EVERY) localStorage.touched = now; // for all tabs
  if (present === false) attend();
}

function attend() {
  const here = Date.now() - localStorage.touched < IDLE;
  if (here !== present && say({ here })) present = here;
}

function face() {
  for (const one of document.querySelectorAll("[data-person]")) {
    const state = people[one.dataset.person] ?? "offline";
    if (one.dataset.presence === state) continue;
    one.dataset.presence = state;
    one.title = { online: _("online"), away: _("away"), offline: _("offline") }[state];
    if (one.matches("option")) one.label = state === "offline" ? one.text : `${one.text} · ${one.title}`;
  }
}

// ── how well it goes ───────────────────────────────────────────────────────

function tick() {
  if (!lost && Date.now() - heard > 2 * BEHIND) reconnect();
  const gaveUp = lost && !crowded && !live._htmx?.ws?.connection;
  if (gaveUp && Date.now() - tried > EVERY) reconnect(); // htmx gave up
  const since = lost ? Date.now() - lost : 0;
  if (since > PATIENCE && !(crowded && document.hidden) && Date.now() - polling > EVERY) poll();
  attend();
  tell();
}

function poll() {
  polling = Date.now();
  const list = document.getElementById("conversations");
  if (list) ask(`/conversations/list${location.search}`, "#conversations", "innerMorph");
  const open = document.getElementById("messages")?.dataset.conversation;
  if (open) ask(`/conversations/${open}/messages`, "#messages", "upsert key:data-key sort:asc", ".message");
  refigure();
}

function ask(path, target, swap, select) {
  htmx.ajax("GET", path, { source: live, target, swap, select }).catch(() => {});
}

function behind(since) {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 120 ? _("Behind %(count)s s", { count: seconds }) : _("Behind %(count)s min", { count: Math.round(seconds / 60) });
}

// The name of the state, a word or two for the meter, and a sentence where something is wrong.
function state() {
  if (!navigator.onLine) return ["offline", _("Offline"), _("You are offline. What you see may be old.")];
  if (lost) {
    if (crowded) return ["crowded", _("Not live"), _("Not live, as many newer pages are open. It goes on when you come back to it.")];
    const since = Date.now() - lost;
    if (since < GRACE) return ["connecting", _("Connecting…"), null];
    if (since < PATIENCE) return ["reconnecting", _("Reconnecting…"), _("Reconnecting…")];
    return ["polling", _("Not live"), _("No live connection. Looking for news every 5 seconds.")];
  }
  if (Date.now() - heard > BEHIND) return ["behind", behind(heard), _("Behind. Nothing heard for a while…")];
  if (left) return ["catching-up", _("Catching up (%(count)s)", { count: left }), Date.now() - heard > GRACE ? _("Catching up…") : null];
  if (pulse.words) return ["behind", behind(pulse.at - 1000 * pulse.behind), pulse.words];
  if (pulse.quiet) return ["quiet", _("Strangely quiet"), pulse.quiet];
  return ["live", _("Live"), ""];
}

function tell() {
  const [name, word, words] = state();
  document.body.dataset.connection = name;
  for (const [id, text] of [["meter", word], ["connection", words]]) {
    const line = document.getElementById(id);
    if (line && text !== null && line.textContent !== text) line.textContent = text;
  }
}
