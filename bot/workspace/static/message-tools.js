/**
 * What can be done with a message: react, reply, and more.
 */

import { asked, confirmed } from "./dialogs.js";
import { el } from "./dom.js";
import { icon } from "./glyphs.js";
import { attempt } from "./interact.js";
import { menuItem, opensMenu } from "./menu.js";
import { unescaped } from "./mrkdwn.js";
import { picker } from "./reactions.js";
import { state } from "./store.js";
import { tell } from "./toast.js";

function tool(name, drawing, focus) {
  return el(
    "button",
    { type: "button", class: "icon-button", "aria-label": name, title: name, dataset: { focus } },
    icon(drawing),
  );
}

/** The tools of a message, shown when it is pointed at or focused. */
export function toolbar(message, channel, { place, react }) {
  const more = opensMenu(
    tool("More actions", "more", `more-${message.ts}`),
    "More actions",
    () => doings(message, channel),
  );
  const reply = tool("Reply in thread", "reply", `reply-${message.ts}`);
  reply.addEventListener("click", () => (location.hash = `#/${channel}/${message.thread_ts || message.ts}`));
  return el(
    "div",
    { class: "message-tools", role: "group", "aria-label": "Message" },
    picker(tool("Add reaction", "smile", `react-${message.ts}`), react),
    place === "channel" ? reply : null,
    more,
  );
}

function doings(message, channel) {
  const own = message.user === state.person.id && !message.bot_id;
  return [
    ...messageShortcuts(message, channel),
    menuItem("Copy text", () => copy(message)),
    own ? menuItem("Edit message", () => edit(message, channel)) : null,
    own ? menuItem("Delete message", () => remove(message, channel)) : null,
  ].filter(Boolean);
}

const isForMessages = (shortcut) => (shortcut.type || "").includes("message");

function messageShortcuts(message, channel) {
  const run = (shortcut) => () => attempt(
    () => state.api.page("shortcut", { callback_id: shortcut.callback_id, channel, ts: message.ts }),
  );
  return (state.boot.shortcuts || []).filter(isForMessages).map(
    (shortcut) => menuItem(shortcut.name || shortcut.callback_id, run(shortcut)),
  );
}

/** The shortcuts that need no message. */
export function globalShortcuts() {
  return (state.boot.shortcuts || []).filter((shortcut) => !isForMessages(shortcut));
}

async function copy(message) {
  const text = unescaped(message.text || "");
  if (await attempt(() => navigator.clipboard.writeText(text))) tell("Copied.");
}

async function edit(message, channel) {
  const text = await asked({ title: "Edit message", label: "Text", value: message.text || "" });
  if (text !== null && text !== message.text) await attempt(
    () => state.api.slack("chat.update", { channel, ts: message.ts, text }),
  );
}

async function remove(message, channel) {
  const sure = await confirmed({
    title: "Delete this message?",
    text: "It disappears for everyone.",
    confirm: "Delete",
    deny: "Keep it",
    style: "danger",
  });
  if (sure) await attempt(() => state.api.slack("chat.delete", { channel, ts: message.ts }));
}
