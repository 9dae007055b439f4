/**
 * What stands in a line of Markdown: emphasis, code, links. HTML stays text; pictures become links, never loads.
 */

import { el } from "./dom.js";
import { emojiOrName, isEmoji, pictured } from "./emoji.js";
import { link } from "./links.js";
import * as mentions from "./mentions.js";

const word = /[\p{L}\p{N}]/u;

/** Patterns in order of precedence; `inner` text is Markdown again. */
const RULES = [
  { first: "\\", pattern: /\\([!-/:-@[-`{-~])/y, make: ([, character]) => character },
  {
    first: "`",
    pattern: /``([^\n]+?)``|`([^`\n]+)`/y,
    make: ([, double, single]) => el("code", {}, (double ?? single).replace(/^ (.+) $/, "$1")),
  },
  {
    first: "!",
    pattern: /!\[([^\]\n]*)\]\(<?([^\s)>]+)>?(?:\s+"[^"\n]*")?\)/y,
    make: ([, alt, url]) => el("span", { class: "picture-link" }, "image: ", link(url, alt || "")),
  },
  {
    first: "[",
    pattern: /\[((?:[^\[\]\n]|\[[^\[\]\n]*\]){1,500})\]\(<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"\n]*")?\)/y,
    make: ([, label, url]) => link(url, label.replace(/[*_`~\\]/g, ""), inlineMarkdown(label)),
  },
  { first: "<", pattern: /<@([UW][A-Z0-9]+)(?:\|[^>\n]*)?>/y, make: ([, id]) => mentions.person(id) },
  { first: "<", pattern: /<#([CDG][A-Z0-9]+)(?:\|[^>\n]*)?>/y, make: ([, id]) => mentions.channel(id) },
  {
    first: "<",
    pattern: /<((?:https?:\/\/|mailto:)[^<>\s|]+)(?:\|([^<>\n]*))?>/y,
    make: ([, url, label]) => link(url, label || ""),
  },
  { first: "h", pattern: /https?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/y, make: ([url]) => link(url), alone: true },
  {
    first: "*",
    pattern: /\*\*([^\s*](?:[^\n]*?[^\s*])?)\*\*/y,
    make: ([, inside]) => el("strong", {}, inlineMarkdown(inside)),
  },
  {
    first: "_",
    pattern: /__([^\s_](?:[^\n]*?[^\s_])?)__/y,
    make: ([, inside]) => el("strong", {}, inlineMarkdown(inside)),
    alone: true,
  },
  {
    first: "*",
    pattern: /\*([^\s*](?:[^*\n]*[^\s*])?)\*/y,
    make: ([, inside]) => el("em", {}, inlineMarkdown(inside)),
  },
  {
    first: "_",
    pattern: /_([^\s_](?:[^_\n]*[^\s_])?)_/y,
    make: ([, inside]) => el("em", {}, inlineMarkdown(inside)),
    alone: true,
  },
  { first: "~", pattern: /~~([^\s~](?:[^~\n]*[^\s~])?)~~/y, make: ([, inside]) => el("s", {}, inlineMarkdown(inside)) },
  { first: ":", pattern: /:([a-z0-9_+'-]{1,40}):/y, make: ([all, name]) => (isEmoji(name) ? emojiOrName(name) : all) },
];

const LONGEST = 4_000; // characters of a line that is searched for marks; beyond it a line is plain text

const standsAlone = (text, start, end) => !(start > 0 && word.test(text[start - 1])) && !(
  end < text.length && word.test(text[end])
);

function matchAt(text, at) {
  for (const rule of RULES) {
    if (rule.first !== text[at]) continue;
    rule.pattern.lastIndex = at;
    const found = rule.pattern.exec(text);
    if (found && (!rule.alone || standsAlone(text, at, at + found[0].length))) return { found, rule };
  }
  return null;
}

/** The nodes of one line of Markdown. */
export function inlineMarkdown(text) {
  if (text.length > LONGEST) return [text];
  const nodes = [];
  let plainFrom = 0;
  const flush = (end) => end > plainFrom && nodes.push(...pictured(text.slice(plainFrom, end)));
  for (let at = 0; at < text.length; at += 1) {
    const hit = matchAt(text, at);
    if (!hit) continue;
    const end = at + hit.found[0].length;
    flush(at);
    nodes.push(hit.rule.make(hit.found));
    plainFrom = end;
    at = end - 1;
  }
  flush(text.length);
  return nodes;
}
