/**
 * Slack's mrkdwn: text in, nodes out. Blocks first (pre, quotes, lists, lines), then what stands in a line.
 */

import { el } from "./dom.js";
import { emojiOrName, isEmoji, pictured } from "./emoji.js";
import { link } from "./links.js";
import * as mentions from "./mentions.js";
import { formatted } from "./times.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const BULLET = /^(\s*)(?:[•◦▪‣]|[-–](?=\s)|\d{1,3}[.)](?=\s))\s+(.*)$/;

/** Slack's three escapes, undone once. */
export function unescaped(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

const word = /[\p{L}\p{N}]/u;
const marked = (mark) => new RegExp(`\\${mark}([^\\s${mark}\\n](?:[^${mark}\\n]*[^\\s${mark}\\n])?)\\${mark}`, "y");

/** What can begin at a character: its pattern and what to make of it. */
const RULES = {
  "`": [{ pattern: /`([^`\n]+)`/y, make: ([, code]) => el("code", {}, unescaped(code)) }],
  "<": [{ pattern: /<([^<>\n]+)>/y, make: ([, inside]) => token(inside) }],
  "*": [{ pattern: marked("*"), make: ([, inside]) => el("strong", {}, inline(inside)), alone: true }],
  _: [{ pattern: marked("_"), make: ([, inside]) => el("em", {}, inline(inside)), alone: true }],
  "~": [{ pattern: marked("~"), make: ([, inside]) => el("s", {}, inline(inside)), alone: true }],
  ":": [
    {
      pattern: /:([a-z0-9_+'-]{1,40}):(?::skin-tone-\d:)?/y,
      make: ([all, name]) => (isEmoji(name) ? emojiOrName(name) : all),
    },
  ],
};

const standsAlone = (text, start, end) => !(start > 0 && word.test(text[start - 1])) && !(
  end < text.length && word.test(text[end])
);

function matchAt(text, at) {
  for (const rule of RULES[text[at]] || []) {
    rule.pattern.lastIndex = at;
    const found = rule.pattern.exec(text);
    if (found && (!rule.alone || standsAlone(text, at, at + found[0].length))) return { found, rule };
  }
  return null;
}

/** The nodes of one line of mrkdwn. */
export function inline(text) {
  const nodes = [];
  let plainFrom = 0;
  const flush = (end) => end > plainFrom && nodes.push(...pictured(unescaped(text.slice(plainFrom, end))));
  for (let at = 0; at < text.length; at += 1) {
    const hit = matchAt(text, at);
    if (!hit) continue;
    const end = at + hit.found[0].length; // before make(): nested text shares the patterns
    flush(at);
    nodes.push(hit.rule.make(hit.found));
    plainFrom = end;
    at = end - 1;
  }
  flush(text.length);
  return nodes;
}

/** What stands between < and >: a mention, a date or a link. */
function token(inside) {
  const [target, ...rest] = inside.split("|");
  const label = unescaped(rest.join("|"));
  if (target.startsWith("@")) return mentions.person(target.slice(1), label.replace(/^@/, ""));
  if (target.startsWith("#")) return mentions.channel(target.slice(1), label.replace(/^#/, ""));
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescaped(target), label);
}

function special(target, label) {
  const [kind, value = "", format = "", address = ""] = target.split("^");
  if (kind === "date") return address ? link(address, formatted(format, value)) : el(
    "time",
    { datetime: new Date(Number(value) * 1_000 || 0).toISOString() },
    formatted(format, value),
  );
  if (kind === "subteam") return mentions.group(value, label.replace(/^@/, ""));
  if (["here", "channel", "everyone"].includes(kind)) return mentions.everyone(kind);
  return el("span", {}, label || `<!${target}>`);
}

/** The nodes of a whole mrkdwn text. */
export function mrkdwn(text) {
  return String(text).split(/(```[\s\S]*?```)/).flatMap((piece) => {
    const fenced = /^```([\s\S]*?)```$/.exec(piece);
    return fenced ? el(
      "pre",
      { tabindex: 0 },
      el("code", {}, unescaped(fenced[1].replace(/^\n|\n$/g, ""))),
    ) : lines(piece);
  });
}

const kindOf = (line) => (/^(?:&gt;|>)/.test(line) ? "quote" : BULLET.test(line) ? "list" : "text");

function lines(text) {
  const trimmed = text.replace(/^\n|\n$/g, "");
  if (!trimmed.trim()) return [];
  return groups(trimmed.split("\n")).flatMap(([kind, group]) => MAKE[kind](group));
}

function groups(all) {
  const found = [];
  for (const line of all) {
    const kind = kindOf(line);
    if (found.at(-1)?.[0] === kind) found.at(-1)[1].push(line);
    else found.push([kind, [line]]);
  }
  return found;
}

const broken = (parts) => parts.flatMap((part, index) => (index ? [el("br"), ...part] : part));

const MAKE = {
  quote: (group) => el("blockquote", {}, broken(group.map((line) => inline(line.replace(/^(?:&gt;|>)\s?/, ""))))),
  list: (group) => list(group),
  text: (group) => paragraphs(group),
};

function paragraphs(group) {
  const parts = group.join("\n").split(/\n{2,}/).filter((part) => part.trim());
  return parts.map((part) => el("p", {}, broken(part.split("\n").map(inline))));
}

function list(group) {
  const ordered = /^\s*\d/.test(group[0]);
  const start = ordered ? Number(/\d+/.exec(group[0])[0]) : null;
  const items = group.map((line) => {
    const [, indent, rest] = BULLET.exec(line);
    return el("li", { class: `indent-${Math.min(4, Math.floor(indent.length / 2))}` }, inline(rest));
  });
  return el(ordered ? "ol" : "ul", ordered && start !== 1 ? { start } : {}, items);
}

/** The nodes of a text object, or of a plain string. */
export function textObject(text) {
  if (!text) return [];
  if (typeof text === "string") return mrkdwn(text);
  return text.type === "mrkdwn" ? mrkdwn(text.text) : plain(text.text, text.emoji);
}

/** Plain text: escapes undone, lines kept, emoji drawn unless `withEmoji` is false. */
export function plain(text, withEmoji = true) {
  const parts = String(text ?? "").split("\n").map(
    (line) => (withEmoji === false ? [unescaped(line)] : shortcodes(unescaped(line))),
  );
  return broken(parts);
}

function shortcodes(line) {
  return line.split(/(:[a-z0-9_+'-]{1,40}:)/).flatMap((piece) => {
    const name = /^:(.+):$/.exec(piece)?.[1];
    return name && isEmoji(name) ? emojiOrName(name) : pictured(piece);
  });
}

/** A text object in words alone, for accessible names. */
export function wordsOf(text) {
  const raw = typeof text === "string" ? text : text?.text || "";
  return unescaped(raw).trim();
}
