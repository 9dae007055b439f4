/**
 * People as they are shown: their name, their picture, whether they are the bot.
 */

import { el } from "./dom.js";
import { mark } from "./glyphs.js";
import { shownName } from "./mentions.js";
import { state } from "./store.js";

const HUES = ["#1f6f8b", "#8a5a12", "#7a4a86", "#4d6a36", "#8c3f4a", "#3d5a99"];

/** Who wrote a message: {name, bot, id}. A bot may write under a role's name. */
export function authorOf(message) {
  const known = state.people.get(message.user);
  const bot = Boolean(message.bot_id || known?.bot);
  const name = message.username || (
    known && shownName(known)
  ) || message.bot_profile?.name || message.user || "unknown";
  return { id: message.user, name, bot, color: known?.color };
}

function colorOf(author) {
  const sum = [...String(author.id || author.name)].reduce((total, letter) => total + letter.codePointAt(0), 0);
  const given = /^#?[0-9a-f]{6}$/i.test(author.color || "") ? `#${author.color.replace("#", "")}` : "";
  return given || HUES[sum % HUES.length];
}

/** A round picture with the first letter, or the mark for the bot; silent for screen readers. */
export function avatar(author, size = "") {
  const kind = `avatar${size ? ` avatar-${size}` : ""}`;
  if (author.bot) return el("span", { class: `${kind} avatar-bot`, "aria-hidden": "true" }, mark());
  return el(
    "span",
    { class: kind, color: colorOf(author), "aria-hidden": "true" },
    [...shownName(author)][0]?.toUpperCase() || "?",
  );
}
