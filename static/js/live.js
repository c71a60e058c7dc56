// The screen follows the database: what to watch, how far we have come, and how well it goes.

import { all, arrange, find, write } from "./changes.js";
import { _ } from "./words.js";

const BEHIND = 8000; // without a beat; the server beats every 5 s
const PATIENCE = 15000; // without a socket, before we ask for news ourselves
const EVERY = 5000; // between those questions
const UNDER_WAY = 1000; // a frame this soon after we named a topic may not know of it yet
const GRACE = 1500; // before a lost connection is worth a word

const live = find("live");
const ears = [];
let shown = ""; // the topics that the server knows of
let asked = 0; // when we named them
let frame = {}; // the last one
let heard = Date.now();
let lost = Date.now(); // since when there is no socket; 0 while there is one
let tried = Date.now(); // when we last began anew
let left = 1; // changes that are still to come, as far as we know
let pulse = {}; // what the last beat said of the house
let figuring = 0;

/** Hear every frame, and `{opened: true}` whenever a new socket begins. */
export const heed = (ear) => ears.push(ear);

/** Tell the server something that may be lost; false when there is no socket. */
export function say(words) {
  const isOpen = socket()?.readyState === WebSocket.OPEN;
  if (isOpen) socket().send(JSON.stringify(words));
  return isOpen;
}

const socket = () => live?._htmx?.ws?.connection?.socket;

if (live) {
  live.addEventListener("htmx:ws:after:connection", opened);
  live.addEventListener("htmx:ws:close", closed);
  live.addEventListener("htmx:ws:before:message:incoming", received);
  live.addEventListener("htmx:ws:after:message:incoming", drawn);
  for (const event of ["online", "offline", "focus", "visibilitychange"]) addEventListener(event, wake);
  arrange(watch, "[data-topic]");
  setInterval(tick, 1000);
}

function watch() {
  const show = Object.fromEntries(all("[data-topic]").map(({ dataset }) => [dataset.topic, dataset.since]));
  const names = Object.keys(show).sort().join("\n");
  if (names !== shown && say({ show })) [shown, asked] = [names, Date.now()];
}

function opened() {
  [heard, lost, left, shown, pulse] = [Date.now(), 0, 1, "", {}];
  for (const ear of ears) ear({ opened: true });
  watch();
  tell();
}

function closed() {
  lost ||= Date.now();
  tell();
}

function received({ detail }) {
  heard = Date.now();
  frame = JSON.parse(detail.message.data);
  if (frame.refresh) location.reload();
  left = frame.left ?? (frame.beat ? 0 : left);
  if (frame.beat && frame.cursor) pulse = frame;
  if (frame.counts) refigure();
  for (const ear of ears) ear(frame);
  tell();
}

// What the frame shows is on the page now: should the socket be lost, we go on from here.
function drawn() {
  if (!frame.cursor || Date.now() - asked < UNDER_WAY) return;
  for (const { dataset } of all("[data-topic]")) dataset.since = frame.cursor;
}

// All pages hear of a text at once, and shall not all ask at once.
function refigure() {
  figuring ||= setTimeout(() => {
    figuring = 0;
    htmx.trigger("#views", "refresh");
  }, 150 + Math.random() * 850);
}

// Somebody looks again: what is lost, or silent, is not waited for.
function wake() {
  if (!document.hidden) begin(0, BEHIND);
}

function tick() {
  begin(document.hidden ? Infinity : EVERY, 2 * BEHIND);
}

// htmx waits longer after every failure, and not for ever: begin anew, and ask meanwhile.
function begin(patience, silence) {
  const now = Date.now();
  tell();
  if (lost ? now - tried < patience : now - heard < silence) return;
  const polled = lost && now - lost > PATIENCE ? all("[hx-trigger~=poll]") : [];
  for (const each of polled) htmx.trigger(each, "poll");
  heard = tried = now;
  if (socket()?.readyState !== WebSocket.CONNECTING) htmx.process(live, true);
}

// The name of the state, a word or two for the meter, and a sentence where something is wrong.
function state() {
  const silent = Date.now() - (lost || heard);
  if (!navigator.onLine) return ["offline", _("Offline"), _("You are offline. What you see may be old.")];
  const reconnecting = silent < GRACE ? null : _("Reconnecting…");
  if (lost && silent < PATIENCE) return ["lost", _("Connecting…"), reconnecting];
  if (lost) return ["polling", _("Not live"), _("No live connection. Looking for news every 5 seconds.")];
  const behind = _("Behind %(count)s s", { count: Math.round(silent / 1000) });
  if (silent > BEHIND) return ["behind", behind, _("Behind. Nothing heard for a while…")];
  const catching = silent > GRACE ? _("Catching up…") : null;
  if (left) return ["catching-up", _("Catching up (%(count)s)", { count: left }), catching];
  return pulse.state ? [pulse.state, pulse.word, pulse.words] : ["live", _("Live"), ""];
}

function tell() {
  const [name, word, words] = state();
  document.body.dataset.connection = name;
  write(find("meter"), word);
  if (words !== null) write(find("connection"), words);
}
