/**
 * Reactions: counted, pressed when one is yours, addable.
 */

import { el } from "./dom.js";
import { emoji, emojiOrName, OFFERED } from "./emoji.js";
import { icon } from "./glyphs.js";
import { attempt } from "./interact.js";
import { nameOf } from "./mentions.js";
import { menuItem, opensMenu } from "./menu.js";
import { state } from "./store.js";

const words = (name) => name.replaceAll("_", " ");

/** React as this person. */
export function addReaction(message, channel, name) {
  return attempt(() => state.api.slack("reactions.add", { channel, timestamp: message.ts, name }));
}

function toggle(message, channel, reaction) {
  const mine = reaction.users.includes(state.person.id);
  return attempt(
    () => state.api.slack(
      mine ? "reactions.remove" : "reactions.add",
      { channel, timestamp: message.ts, name: reaction.name },
    ),
  );
}

function pill(message, channel, reaction) {
  const mine = reaction.users.includes(state.person.id);
  const who = reaction.users.map(nameOf).join(", ");
  const attributes = {
    type: "button",
    class: "reaction",
    "aria-pressed": String(mine),
    "aria-label": `${words(reaction.name)}, ${reaction.count}, ${who}`,
    title: who,
    dataset: { focus: `reaction-${message.ts}-${reaction.name}` },
  };
  return el(
    "button",
    { ...attributes, on: { click: () => toggle(message, channel, reaction) } },
    emojiOrName(reaction.name),
    el("span", {}, String(reaction.count)),
  );
}

/** The reactions under a message, with a way to add one; nothing when there are none. */
export function reactionBar(message, channel) {
  if (!message.reactions?.length) return null;
  const more = picker(
    el(
      "button",
      { type: "button", class: "reaction reaction-add", "aria-label": "Add another reaction" },
      icon("smile"),
    ),
    (name) => addReaction(message, channel, name),
  );
  return el(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((reaction) => pill(message, channel, reaction)),
    more,
  );
}

/** Make `button` open the emoji people can react with. */
export function picker(button, onPick) {
  return opensMenu(
    button,
    "Reactions",
    () => OFFERED.map((name) => menuItem(emoji(name), () => onPick(name), words(name))),
    "menu-grid",
  );
}
