/**
 * Markdown blocks and Markdown files: headings, lists, tables, quotes, code. A small reader, line by line.
 */

import { el } from "./dom.js";
import { inlineMarkdown } from "./markdown-inline.js";

const FENCE = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#-]*)/;
const HEADING = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^\s{0,3}>\s?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const DIVIDER = /^\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$/;
const DEEPEST = 12; // quotes or lists inside each other; deeper ones are read as text

/** The nodes of a Markdown text. */
export function markdown(text, depth = 0) {
  const source = { lines: String(text).replace(/\r\n?/g, "\n").split("\n"), at: 0, depth };
  const nodes = [];
  while (source.at < source.lines.length) nodes.push(...block(source));
  return nodes;
}

function block(source) {
  const line = source.lines[source.at];
  if (!line.trim()) return skip(source);
  if (FENCE.test(line)) return [fence(source)];
  if (HEADING.test(line)) return [heading(source)];
  if (RULE.test(line)) return skip(source, el("hr"));
  if (isTable(source)) return [table(source)];
  if (source.depth < DEEPEST && QUOTE.test(line)) return [quote(source)];
  if (source.depth < DEEPEST && ITEM.test(line)) return [list(source)];
  return [paragraph(source)];
}

function skip(source, ...nodes) {
  source.at += 1;
  return nodes;
}

/** The lines from here on while `wanted` holds; afterwards `source` stands behind them. */
function takeWhile(source, wanted) {
  const from = source.at;
  while (source.at < source.lines.length && wanted(source.lines[source.at], source.at - from)) source.at += 1;
  return source.lines.slice(from, source.at);
}

function fence(source) {
  const [, mark] = FENCE.exec(source.lines[source.at]);
  source.at += 1;
  const closing = (line) => line.trim().startsWith(mark) && !line.trim().replaceAll(mark[0], "");
  const code = takeWhile(source, (line) => !closing(line));
  source.at += 1;
  return el("pre", { tabindex: 0 }, el("code", {}, code.join("\n")));
}

function heading(source) {
  const [, marks, text] = HEADING.exec(source.lines[source.at]);
  source.at += 1;
  return el(`h${Math.min(6, marks.length + 2)}`, { class: `heading heading-${marks.length}` }, inlineMarkdown(text));
}

function quote(source) {
  const inside = takeWhile(source, (line) => QUOTE.test(line));
  return el("blockquote", {}, markdown(inside.map((line) => line.replace(QUOTE, "")).join("\n"), source.depth + 1));
}

const interrupts = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));

function paragraph(source) {
  const lines = takeWhile(
    source,
    (line, index) => line.trim() && (index === 0 || (!interrupts(line) && !isTable(source))),
  );
  return el(
    "p",
    {},
    lines.flatMap((line, index) => [index ? el("br") : null, ...inlineMarkdown(line.trim())]).filter(Boolean),
  );
}

const indentOf = (line) => /^\s*/.exec(line)[0].replaceAll("\t", "    ").length;

function list(source) {
  const [, lead, mark] = ITEM.exec(source.lines[source.at]);
  const ordered = /\d/.test(mark);
  const items = [];
  while (source.at < source.lines.length && startsItem(
    source.lines[source.at],
    lead.length,
    ordered,
  )) items.push(item(source));
  const start = ordered ? Number.parseInt(mark, 10) : 1;
  return el(ordered ? "ol" : "ul", start === 1 ? {} : { start }, items);
}

function startsItem(line, indent, ordered) {
  const found = ITEM.exec(line);
  return Boolean(found) && Math.abs(indentOf(line) - indent) < 2 && /\d/.test(found[2]) === ordered && !RULE.test(line);
}

function item(source) {
  const [, lead, , first] = ITEM.exec(source.lines[source.at]);
  source.at += 1;
  const inner = takeWhile(source, (line, index) => belongs(source, line, lead.length, index));
  const box = /^\[([ xX])\]\s+(.*)$/.exec(first);
  const body = [box ? box[2] : first, ...outdented(inner)].join("\n");
  return el(
    "li",
    box ? { class: "task-item" } : {},
    box ? tick(box[1] !== " ") : null,
    tight(markdown(body, source.depth + 1)),
  );
}

function belongs(source, line, indent, index) {
  if (line.trim()) return indentOf(line) > indent + 1 || (index === 0 && !interrupts(line) && indentOf(line) > indent);
  const next = source.lines[source.at + 1];
  return next !== undefined && next.trim() !== "" && indentOf(next) > indent + 1;
}

function outdented(lines) {
  const indent = Math.min(...lines.filter((line) => line.trim()).map(indentOf), 99);
  return lines.map((line) => line.slice(Math.min(indent, indentOf(line))));
}

function tick(done) {
  return el("input", { type: "checkbox", disabled: true, checked: done, "aria-label": done ? "done" : "open" });
}

/** A lone paragraph in an item needs no <p>. */
const tight = (nodes) => nodes.flatMap(
  (node, index) => (index === 0 && node.tagName === "P" ? [...node.childNodes] : [node]),
);

function isTable(source) {
  const [head, divider] = [source.lines[source.at], source.lines[source.at + 1]];
  if (!head.includes("|") || !divider?.includes("-") || !DIVIDER.test(divider)) return false;
  return cells(head).length === cells(divider).length;
}

function cells(line) {
  const inside = line.trim().replace(/^\|/, "").replace(/\|\s*$/, "");
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

const sideOf = (mark) => (mark.endsWith(":") ? (mark.startsWith(":") ? "center" : "right") : "left");

function table(source) {
  const head = cells(source.lines[source.at]);
  const sides = cells(source.lines[source.at + 1]).map(sideOf);
  source.at += 2;
  const rows = takeWhile(source, (line) => line.trim() && line.includes("|")).map(cells);
  const cell = (tag, values) => (_, index) =>
    el(tag, { class: `align-${sides[index]}` }, inlineMarkdown(values[index] || ""));
  const row = (tag, values) => el("tr", {}, head.map(cell(tag, values)));
  const body = el("tbody", {}, rows.map((values) => row("td", values)));
  const grid = el("table", { class: "grid" }, el("thead", {}, row("th", head)), body);
  return el("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Table" }, grid);
}
