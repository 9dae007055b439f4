/**
 * A message: an article named by its author, with its blocks, files, reactions and the way into its thread.
 */

import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { fileCards } from "./files.js";
import { icon } from "./glyphs.js";
import { attempt, busy } from "./interact.js";
import { toolbar } from "./message-tools.js";
import { mrkdwn } from "./mrkdwn.js";
import { authorOf, avatar } from "./people.js";
import { addReaction, reactionBar } from "./reactions.js";
import { drop, state } from "./store.js";
import { ago, moment, time } from "./times.js";

function containerOf(message, channel) {
  const { ts, thread_ts, is_ephemeral } = message;
  return {
    type: "message",
    channel,
    ts,
    ...(thread_ts ? { thread_ts } : {}),
    ...(is_ephemeral ? { is_ephemeral } : {}),
  };
}

function attachment(one, context) {
  const inside = one.blocks ? blocks(one.blocks, context) : mrkdwn(
    [one.pretext, one.title, one.text || one.fallback].filter(Boolean).join("\n"),
  );
  const node = el("div", { class: "attachment" }, inside);
  if (/^#?[0-9a-f]{6}$/i.test(one.color || "")) node.style.borderColor = `#${one.color.replace("#", "")}`;
  return node;
}

function body(message, channel) {
  const context = { surface: "message", container: () => containerOf(message, channel) };
  const own = message.blocks?.length ? blocks(message.blocks, context) : mrkdwn(message.text || "");
  const attached = (message.attachments || []).map((one) => attachment(one, context));
  return el("div", { class: "message-body", dataset: { surface: "message" } }, own, attached);
}

function head(message, author, compact) {
  const app = author.bot ? el("span", { class: "tag" }, "app") : null;
  const edited = message.edited ? el("span", { class: "edited", title: "Edited" }, "(edited)") : null;
  if (compact) return el("div", { class: "message-aside" }, time(message.ts, { plain: true }));
  return el(
    "header",
    { class: "message-head" },
    el("span", { class: "author" }, author.name),
    app,
    time(message.ts),
    edited,
  );
}

function privately(message, channel) {
  if (!message.is_ephemeral) return null;
  const dismiss = el(
    "button",
    { type: "button", class: "link-button", on: { click: () => drop(channel, message.ts) } },
    "Dismiss",
  );
  return el("p", { class: "private-note" }, "Only visible to you · ", dismiss);
}

const SESSION = { __proto__: null, processing: "Working", suspended: "Waiting for people", active: "Ready for more", closed: "Closed" };

function sessionChip(message, channel) {
  const status = message.session?.status;
  if (!SESSION[status]) return null;
  const stop = el(
    "button",
    { type: "button", class: "button button-small", dataset: { focus: `stop-${message.ts}` } },
    icon("stop"),
    "Stop",
  );
  stop.addEventListener(
    "click",
    () => busy(stop, () => attempt(() => state.api.page("stop", { channel, thread_ts: message.ts }))),
  );
  const chip = el(
    "span",
    { class: `session session-${status}` },
    el("span", { class: "session-lamp", "aria-hidden": "true" }),
    SESSION[status],
    message.session.title ? el("span", { class: "session-title" }, message.session.title) : null,
  );
  return el("div", { class: "session-row" }, chip, status === "processing" ? stop : null);
}

const plural = (count) => (count === 1 ? "1 reply" : `${count} replies`);

function threadDoor(message, channel) {
  if (!message.reply_count || message.is_ephemeral) return null;
  const people = (message.reply_users || []).slice(0, 4).map((id) => avatar(authorOf({ user: id }), "small"));
  const last = message.latest_reply ? el(
    "span",
    { class: "latest" },
    `last reply ${ago(moment(message.latest_reply))}`,
  ) : null;
  const open = el(
    "button",
    {
      type: "button",
      class: "thread-link",
      dataset: { focus: `thread-${message.ts}` },
      on: { click: () => (location.hash = `#/${channel}/${message.ts}`) },
    },
    plural(message.reply_count),
  );
  return el("div", { class: "thread-door" }, people, open, last);
}

function broadcastNote(message, channel, place) {
  if (message.subtype !== "thread_broadcast" || place === "thread") return null;
  return el(
    "p",
    { class: "private-note" },
    "Replied to ",
    el("a", { class: "link", href: `#/${channel}/${message.thread_ts}` }, "a thread"),
  );
}

/**
 * The article of a message. `place`: channel or thread. `compact`: it follows one of the same author, so the name is
 * not said again (it stays the article's name).
 */
export function article(message, channel, { place, compact }) {
  const author = authorOf(message);
  const attributes = { class: kindsOf(message, author, compact), "aria-label": author.name, tabindex: -1 };
  return el(
    "article",
    { ...attributes, dataset: { ts: message.ts } },
    compact ? null : avatar(author),
    head(message, author, compact),
    el("div", { class: "message-main" }, parts(message, channel, place)),
    message.is_ephemeral ? null : tools(message, channel, place),
  );
}

function kindsOf(message, author, compact) {
  const kinds = { "message-compact": compact, "message-private": message.is_ephemeral, "message-bot": author.bot };
  return ["message", ...Object.keys(kinds).filter((kind) => kinds[kind])].join(" ");
}

const isRoot = (message) => !message.thread_ts || message.ts === message.thread_ts;

function parts(message, channel, place) {
  return [
    broadcastNote(message, channel, place),
    privately(message, channel),
    body(message, channel),
    fileCards(message.files),
    isRoot(message) ? sessionChip(message, channel) : null,
    reactionBar(message, channel),
    place === "channel" ? threadDoor(message, channel) : null,
  ];
}

const tools = (message, channel, place) =>
  toolbar(message, channel, { place, react: (name) => addReaction(message, channel, name) });
