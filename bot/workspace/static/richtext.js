/**
 * rich_text blocks: what people type and what tables carry.
 */

import { el } from "./dom.js";
import { emojiOrName, pictured } from "./emoji.js";
import { link } from "./links.js";
import * as mentions from "./mentions.js";
import { state } from "./store.js";
import { formatted } from "./times.js";

const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

function styled(nodes, style = {}) {
  return STYLES.filter(([name]) => style[name]).reduce((inside, [, tag]) => [el(tag, {}, inside)], nodes);
}

function lined(text) {
  return String(text).split("\n").flatMap((line, index) => (index ? [el("br"), ...pictured(line)] : pictured(line)));
}

const INLINE = {
  __proto__: null,
  text: (part) => styled(lined(part.text), part.style),
  link: (part) => styled([link(part.url, part.text)], part.style),
  user: (part) => styled([mentions.person(part.user_id)], part.style),
  usergroup: (part) => styled([mentions.group(part.usergroup_id)], part.style),
  team: (part) => [el("span", { class: "mention" }, `@${part.team_id}`)],
  channel: (part) => styled([mentions.channel(part.channel_id)], part.style),
  broadcast: (part) => [mentions.everyone(part.range)],
  emoji: (part) => [emojiOrName(part.name)],
  date: (part) => [
    el(
      "time",
      { datetime: new Date(part.timestamp * 1_000).toISOString() },
      formatted(part.format || "{date_pretty}", part.timestamp),
    ),
  ],
  color: (part) => [el("code", {}, part.value)],
};

/** The nodes of inline elements; one we do not know is shown as what it is. */
export function inlineElements(parts = []) {
  return parts.flatMap((part) => INLINE[part.type]?.(part) ?? [el("code", {}, JSON.stringify(part))]);
}

const OUTER = {
  __proto__: null,
  rich_text_section: (part) => el("div", { class: "rich-section" }, inlineElements(part.elements)),
  rich_text_quote: (part) => el("blockquote", {}, inlineElements(part.elements)),
  rich_text_preformatted: (part) => el("pre", { tabindex: 0 }, el("code", {}, inlineElements(part.elements))),
  rich_text_list: (part) => richList(part),
};

function richList(part) {
  const ordered = part.style === "ordered";
  const start = ordered && part.offset ? { start: part.offset + 1 } : {};
  const items = part.elements.map((item) => el("li", {}, OUTER[item.type]?.(item) ?? inlineElements([item])));
  return el(ordered ? "ol" : "ul", { class: `indent-${Math.min(8, part.indent || 0)}`, ...start }, items);
}

/** The nodes of a rich_text block. */
export function richText(block) {
  return el(
    "div",
    { class: "rich-text" },
    (block.elements || []).map((part) => OUTER[part.type]?.(part) ?? el("code", {}, JSON.stringify(part))),
  );
}

const MENTIONED = {
  __proto__: null,
  text: (part) => part.text, link: (part) => part.text || part.url, emoji: (part) => `:${part.name}:`,
  user: (part) => `@${mentions.nameOf(part.user_id)}`, broadcast: (part) => `@${part.range}`,
  usergroup: (part) => `@${state.groups.get(part.usergroup_id)?.handle || part.usergroup_id}`,
};

/** A rich_text value in words alone. */
export function richWords(value) {
  if (!value) return "";
  if (MENTIONED[value.type]) return MENTIONED[value.type](value);
  const between = value.type === "rich_text" || value.type === "rich_text_list" ? "\n" : "";
  return (value.elements || []).map(richWords).join(between);
}
