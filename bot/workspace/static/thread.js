/**
 * A thread beside its channel; over it on a phone. Escape closes it and gives the focus back.
 */

import { sentence } from "./api.js";
import { Composer } from "./composer.js";
import { titleOf } from "./conversations.js";
import { byId, el } from "./dom.js";
import { markRead, readThread } from "./history.js";
import { attempt } from "./interact.js";
import { MessageList } from "./message-list.js";
import { arrive, visit } from "./route.js";
import { soon } from "./soon.js";
import { on, state, threadOf } from "./store.js";
import { complain } from "./toast.js";

let shown = { channel: "", ts: "" };
let list = null;
let composer = null;
let before = null;

/** Begin to keep the thread in step. */
export function startThread() {
  list = new MessageList(byId("replies"), "thread");
  composer = new Composer(byId("thread-composer"), { onSent: () => list.toBottom() });
  byId("close-thread").addEventListener("click", closeThread);
  byId("thread").addEventListener(
    "keydown",
    (event) => event.key === "Escape" && !event.defaultPrevented && closeThread(),
  );
  const drawSoon = soon(draw);
  on("messages", ({ channel }) => channel === shown.channel && drawSoon());
  on("channels", ({ channel }) => channel === shown.channel && seen());
  document.addEventListener("visibilitychange", seen);
  on("stream", ({ returned }) => returned && shown.ts && load());
}

/** Show this thread, or none when `ts` is empty. */
export function showThread({ channel, thread: ts, message }) {
  if (channel === shown.channel && ts === shown.ts) return ts && message ? jump(message) : null;
  const wasOpen = Boolean(shown.ts);
  shown = { channel, ts };
  byId("thread").hidden = !ts;
  document.body.classList.toggle("with-thread", Boolean(ts));
  if (ts) open(wasOpen, message);
  else if (wasOpen) giveBack();
  return null;
}

function open(wasOpen, message) {
  if (!wasOpen) before = document.activeElement;
  const channel = state.channels.get(shown.channel);
  byId("thread-place").textContent = titleOf(channel);
  list.reset(shown.channel);
  composer.aim({ channel: shown.channel, thread_ts: shown.ts, label: "Reply to thread" });
  draw();
  load().then(() => (message ? jump(message) : list.toWaiting()));
  // on a phone the keyboard would cover the thread
  const target = matchMedia("(hover: none)").matches ? byId("replies") : composer.area;
  target.focus({ preventScroll: true });
}

/** Bring a reply into view. */
function jump(ts) {
  arrive();
  draw();
  if (!list.toMessage(ts)) complain(sentence("message_not_found"));
}

const load = () => attempt(() => readThread(shown.channel, shown.ts));

function giveBack() {
  const target = before?.isConnected ? before : document.querySelector("#composer textarea");
  target?.focus({ preventScroll: true });
}

/** Close the thread; the channel stays. */
export function closeThread() {
  if (shown.ts) visit(shown.channel);
}

/** Forget the last person's drafts. */
export function leaveThread() {
  composer.clear();
  shown = { channel: "", ts: "" };
}

const countWords = (count) => (count === 1 ? "1 reply" : `${count} replies`);

function draw() {
  if (!shown.ts) return;
  const messages = threadOf(shown.channel, shown.ts);
  const replies = messages.filter((message) => message.ts !== shown.ts && !message.is_ephemeral).length;
  const line = replies && messages[0]?.ts === shown.ts ? el("div", { class: "reply-line" }, countWords(replies)) : null;
  list.show(messages, { between: line });
  seen();
}

/** An open thread counts as read. */
function seen() {
  if (!shown.ts || document.hidden) return;
  const last = threadOf(shown.channel, shown.ts).filter((message) => !message.is_ephemeral).at(-1);
  if (last) markRead(shown.channel, last.ts);
}
