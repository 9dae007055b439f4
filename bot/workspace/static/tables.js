/**
 * Tables of Block Kit: `table`, `data_table` with pages, and charts drawn as labelled bars.
 */

import { el, freshId } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const ROWS = 5; // Slack's page size when a data_table names none

function cellNodes(cell) {
  if (cell === null || cell === undefined) return [];
  if (typeof cell !== "object") return [String(cell)];
  if (cell.type === "rich_text") return [richText(cell)];
  if (cell.type === "raw_number") return [String(cell.text ?? cell.value ?? "")];
  return plain(cell.text ?? cell.value ?? "");
}

const isNumber = (cell) => cell?.type === "raw_number";

function row(tag, cells, settings = [], headerColumn = -1) {
  return el("tr", {}, cells.map((cell, index) => {
    const set = settings[index] || {};
    const side = set.align || (isNumber(cell) ? "right" : "left");
    const heads = tag === "th" || index === headerColumn;
    return el(
      heads ? "th" : "td",
      {
        class: `align-${side}${set.is_wrapped ? " wrapped" : ""}`,
        scope: heads ? (tag === "th" ? "col" : "row") : null,
      },
      cellNodes(cell),
    );
  }));
}

function scrolled(table, name) {
  return el("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": name }, table);
}

/** A `table` block; its first row heads it. */
export function table(block) {
  const [head, ...rest] = block.rows || [];
  const settings = block.column_settings || [];
  const body = rest.map((cells) => row("td", cells, settings));
  return scrolled(
    el("table", { class: "grid" }, head ? el("thead", {}, row("th", head, settings)) : null, el("tbody", {}, body)),
    "Table",
  );
}

/** A `data_table` block: caption, headed columns, pages. */
export function dataTable(block) {
  const [head = [], ...rest] = block.rows || [];
  const size = block.page_size || ROWS;
  const body = el("tbody");
  const caption = typeof block.caption === "string" ? block.caption : block.caption?.text || "";
  const id = freshId("caption");
  const grid = el("table", { class: "grid", "aria-labelledby": id }, el("thead", {}, row("th", head)), body);
  const show = (page) => body.replaceChildren(
    ...rest.slice(page * size, (page + 1) * size).map(
      (cells) => row("td", cells, [], block.row_header_column_index ?? -1),
    ),
  );
  show(0);
  return el(
    "div",
    { class: "data-table" },
    el("div", { class: "caption", id }, plain(caption)),
    scrolled(grid, caption || "Table"),
    rest.length > size ? pager(rest.length, size, show) : null,
  );
}

function pager(total, size, show) {
  const last = Math.ceil(total / size) - 1;
  let page = 0;
  const words = el("span", { role: "status" });
  const turn = (step) => {
    page += step;
    show(page);
    words.textContent = `Rows ${page * size + 1}–${Math.min(total, (page + 1) * size)} of ${total}`;
    [before.disabled, after.disabled] = [page === 0, page === last];
  };
  const before = el(
    "button",
    { type: "button", class: "button button-small", on: { click: () => turn(-1) } },
    "Previous rows",
  );
  const after = el(
    "button",
    { type: "button", class: "button button-small", on: { click: () => turn(1) } },
    "Next rows",
  );
  turn(0);
  return el("div", { class: "pager" }, words, before, after);
}

function bars(entries) {
  const most = Math.max(...entries.map(([, value]) => value), 0) || 1;
  return entries.map(([label, value]) => {
    const fill = el("span", { class: "chart-fill" });
    fill.style.width = `${Math.max(0, Math.round((value / most) * 100))}%`;
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, label),
      el("td", { class: "chart-cell" }, fill),
      el("td", { class: "align-right" }, String(value)),
    );
  });
}

const entriesOf = (items = []) => items.map((item) => [String(item.label ?? ""), Number(item.value) || 0]);

/** A `data_visualization` block: every series as bars with their numbers, readable without seeing colours. */
export function chart(block) {
  const series = block.chart?.segments ? [{ name: "", data: block.chart.segments }] : block.chart?.series || [];
  const tables = series.map(
    (one) => el(
      "table",
      { class: "chart" },
      one.name ? el("caption", {}, one.name) : null,
      el("tbody", {}, bars(entriesOf(one.data))),
    ),
  );
  return el("figure", { class: "figure" }, el("figcaption", {}, textObject(block.title)), tables);
}
