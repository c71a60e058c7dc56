// The screen follows the database: what to watch, how far we have come, and how well it goes.

import { all, arrange, find, write } from "./changes.js";

const BEHIND = 8000; // without a beat; the server beats every 5 s
const PATIENCE = 15000; // without a socket, before we ask for news ourselves
const EVERY = 5000; // between those questions
const APART = 1000; // all pages hear of a text at once, and shall not all ask for their figures at once
const UNDER_WAY = 1000; // a frame this soon after we named a topic may not know of it yet

const live = find("live");
const ears = [];
let shown = ""; // the topics that the server knows of
let asked = 0; // when we named them
let frame = {}; // the last one
let heard = Date.now();
let lost = Date.now(); // since when there is no socket; 0 while there is one
let left = 1; // changes that are still to come, as far as we know
let pulse = "live"; // how the house does, as the last beat has it

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
  live.addEventListener("htmx:ws:close", () => (lost ||= Date.now())); // told within a second
  live.addEventListener("htmx:ws:before:message:incoming", received);
  live.addEventListener("htmx:ws:after:message:incoming", drawn);
  const look = () => document.hidden || begin(lost ? 0 : BEHIND);
  for (const event of ["online", "offline", "focus", "visibilitychange"]) addEventListener(event, look);
  arrange(watch, "[data-topic]");
  setInterval(() => begin(lost ? Infinity : 2 * BEHIND), 1000);
  setInterval(poll, EVERY);
}

function watch() {
  const show = Object.fromEntries(all("[data-topic]").map(({ dataset }) => [dataset.topic, dataset.since]));
  const names = Object.keys(show).sort().join("\n");
  if (names !== shown && say({ show })) [shown, asked] = [names, Date.now()];
}

function opened() {
  [heard, lost, left, shown] = [Date.now(), 0, 1, ""];
  for (const ear of ears) ear({ opened: true });
  watch();
  tell();
}

function received({ detail }) {
  heard = Date.now();
  frame = JSON.parse(detail.message.data);
  if (frame.refresh) location.reload();
  left = frame.left ?? (frame.beat ? 0 : left);
  const { state, word, words } = frame;
  if (state) [pulse, find("meter").dataset[state], find("connection").dataset[state]] = [state, word, words];
  if (frame.counts) setTimeout(() => htmx.trigger("#views", "refresh"), Math.random() * APART);
  for (const ear of ears) ear(frame);
  tell();
}

// What the frame shows is on the page now: should the socket be lost, we go on from here.
function drawn() {
  if (!frame.cursor || Date.now() - asked < UNDER_WAY) return;
  for (const { dataset } of all("[data-topic]")) dataset.since = frame.cursor;
}

// htmx connects again by itself. What is silent, or lost when somebody looks again, is not waited for.
function begin(patience) {
  tell();
  const isConnecting = socket()?.readyState === WebSocket.CONNECTING;
  if (isConnecting || Date.now() - (lost || heard) < patience) return;
  heard = Date.now();
  htmx.process(live, true);
}

function poll() {
  if (!lost || document.hidden || Date.now() - lost < PATIENCE) return;
  for (const each of all("[hx-trigger~=poll]")) htmx.trigger(each, "poll");
}

// The name of the state, and of how many; what there is to say of each stands in the page.
function state() {
  const silent = Date.now() - (lost || heard);
  if (!navigator.onLine) return ["offline"];
  if (lost) return [silent < PATIENCE ? "lost" : "polling"];
  if (silent > BEHIND) return ["late", Math.round(silent / 1000)];
  return left ? ["catching", left] : [pulse];
}

function tell() {
  const [name, count] = state();
  document.body.dataset.connection = name;
  for (const at of [find("meter"), find("connection")]) write(at, at.dataset[name].replace("#", count));
}
