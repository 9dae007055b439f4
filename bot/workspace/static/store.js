/**
 * What this page knows, for the person it is used by, and who wants to hear when it changes.
 *
 * Signals: person · channels · connected · stream · messages (channel, ts, kind) · home · view (kind, view) ·
 * prompts (channel).
 */

import { Api, Stream } from "./api.js";

const FIRST_TOKEN = "xoxp-alice";
const REMEMBERED = "jidoka.token";

export const state = {
  api: null,
  boot: null,
  person: null,
  people: new Map(),
  groups: new Map(), // user groups by id
  channels: new Map(),
  messages: new Map(), // channel → Map of ts → message, replies and private notes too
  complete: new Map(), // channel → true when its oldest message is here
  cursors: new Map(), // channel → where older messages begin
  seen: new Map(), // channel → up to which ts this page said that it was read
  counted: new Map(), // channel → when the stream last said how much of it is unread
  touched: new Map(), // "channel/ts" → when the stream last said something about it, so that a slower answer is not newer
  home: null,
  prompts: new Map(), // channel → {title, prompts}
  connected: true,
  streaming: false,
};

const listeners = new Map();

/** Call `listener` at every signal of this name. */
export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(listener);
}

/** Tell everyone who listens. */
export function emit(name, detail = {}) {
  for (const listener of listeners.get(name) || []) listener(detail);
}

let stream = null;

/** Become this person: everything is asked again under their token. */
export async function become(token) {
  stream?.close();
  const [api, since] = [new Api(token), performance.now()];
  const boot = await api.boot();
  sessionStorage.setItem(REMEMBERED, token);
  forget();
  adopt(api, boot, since);
  state.streaming = false; // what came between these answers and the stream is asked once it stands
  stream = new Stream(state.person.id, { onFrame: take, onState: streamed });
  emit("person");
}

/** The token of who used this tab last. */
export const lastToken = () => sessionStorage.getItem(REMEMBERED) || FIRST_TOKEN;

/** Ask again who is there and what is unread, such as after the stream was cut. */
export async function refresh() {
  const [{ api }, since] = [state, performance.now()];
  const boot = await api.boot();
  if (api !== state.api) return; // somebody else sits here by now
  adopt(api, boot, since);
  emit("channels", {});
  emit("connected");
}

function forget() {
  for (const known of [state.messages, state.complete, state.cursors, state.seen, state.counted, state.touched, state.prompts]) known.clear();
  state.home = null;
}

/** A channel of an answer asked for at `since`; what the stream said of it meanwhile stands, and so does one begun meanwhile. */
const newer = (channel, since) => (state.counted.get(channel.id) > since ? { ...channel, ...state.channels.get(channel.id) } : channel);

function adopt(api, boot, since) {
  const everyone = [...boot.people, { ...boot.bot, bot: true }];
  state.people = new Map(everyone.map((person) => [person.id, person]));
  state.groups = new Map(boot.groups.map((group) => [group.id, group]));
  const answered = new Map(boot.channels.map((channel) => [channel.id, newer(channel, since)]));
  const begun = [...state.channels].filter(([id]) => !answered.has(id) && state.counted.get(id) > since);
  state.channels = new Map([...answered, ...begun]);
  state.person = boot.people.find((person) => person.token === api.token) || boot.people[0];
  Object.assign(state, { api, boot, connected: boot.connected });
}

function streamed(alive) {
  const returned = alive && !state.streaming;
  state.streaming = alive;
  emit("stream", { returned });
}

const FRAMES = {
  __proto__: null,
  message: ({ channel, message }) => keep(channel, message, "new"),
  message_changed: ({ channel, message }) => keep(channel, message, "changed"),
  message_deleted: ({ channel, ts }) => drop(channel, ts),
  reactions: ({ channel, ts, reactions }) => change(channel, ts, { reactions }),
  session: ({ channel, thread_ts, status, title }) => change(channel, thread_ts, { session: { status, title } }),
  ephemeral: ({ channel, message, thread_ts }) => keep(
    channel,
    { ...message, thread_ts: thread_ts || message.thread_ts, is_ephemeral: true },
    "new",
  ),
  view_opened: ({ view }) => emit("view", { kind: "opened", view }),
  view_pushed: ({ view }) => emit("view", { kind: "pushed", view }),
  view_updated: ({ view }) => (view.type === "home" ? setHome(view) : emit("view", { kind: "updated", view })),
  home: ({ view }) => setHome(view),
  unread: ({ channel, unread, mentions }) => setChannel({ id: channel, unread, mentions }),
  channel: ({ channel }) => setChannel(channel),
  prompts: ({ channel, title, prompts }) => setPrompts(channel, { title, prompts }),
  connected: ({ connected }) => setConnected(connected),
};

/** Take one frame of the stream; unknown ones are for newer pages. */
export function take(frame) {
  FRAMES[frame.type]?.(frame);
}

/** The messages of a channel by ts. */
export function messagesOf(channel) {
  if (!state.messages.has(channel)) state.messages.set(channel, new Map());
  return state.messages.get(channel);
}

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** Messages in the order they were written. */
const inOrder = (messages) => [...messages].sort((a, b) => (a.ts < b.ts ? -1 : 1));

/** What stands in the channel itself: roots, broadcast replies, private notes that are not in a thread. */
export function rootsOf(channel) {
  return inOrder(
    [...messagesOf(channel).values()].filter((message) => !isReply(message) || message.subtype === "thread_broadcast"),
  );
}

/** A thread: its root first, when we have it. */
export function threadOf(channel, ts) {
  return inOrder([...messagesOf(channel).values()].filter((message) => message.ts === ts || message.thread_ts === ts));
}

const touch = (channel, ts) => state.touched.set(`${channel}/${ts}`, performance.now());

/** Keep a message the stream brought; it is whole, so it replaces what was there. */
function keep(channel, message, kind) {
  touch(channel, message.ts);
  put(channel, message);
  emit("messages", { channel, ts: message.ts, kind });
}

function put(channel, message) {
  const session = messagesOf(channel).get(message.ts)?.session;
  messagesOf(channel).set(message.ts, session && !message.session ? { ...message, session } : message);
}

/** Keep messages of an answer asked for at `since` (performance.now()), unless the stream knew better meanwhile. */
export function keepAll(channel, messages, since) {
  for (const message of messages) if (!(state.touched.get(`${channel}/${message.ts}`) > since)) put(channel, message);
  emit("messages", { channel, kind: "loaded" });
}

/** Change some fields of a message we have. */
export function change(channel, ts, fields) {
  const message = messagesOf(channel).get(ts);
  if (!message) return;
  touch(channel, ts);
  messagesOf(channel).set(ts, { ...message, ...fields });
  emit("messages", { channel, ts, kind: "changed" });
}

/** Forget a message, such as a deleted one or a private note that was put away. */
export function drop(channel, ts) {
  touch(channel, ts);
  messagesOf(channel).delete(ts);
  emit("messages", { channel, ts, kind: "deleted" });
}

function setHome(view) {
  state.home = view;
  emit("home");
}

function setPrompts(channel, prompts) {
  state.prompts.set(channel, prompts);
  emit("prompts", { channel });
}

function setConnected(connected) {
  state.connected = connected;
  emit("connected");
}

/** Merge what is new about a channel. */
export function setChannel(channel) {
  state.counted.set(channel.id, performance.now());
  state.channels.set(channel.id, { ...(state.channels.get(channel.id) || {}), ...channel });
  emit("channels", { channel: channel.id });
}
