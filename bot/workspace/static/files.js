/**
 * Files in messages: what they are, how to get them, and a dialog to read the ones that are text.
 */

import { localPath } from "./api.js";
import { openDialog } from "./dialogs.js";
import { el } from "./dom.js";
import { icon } from "./glyphs.js";
import { attempt } from "./interact.js";
import { link } from "./links.js";
import { markdown } from "./markdown.js";
import { inlineAddress } from "./pictures.js";
import { state } from "./store.js";

const UNITS = ["bytes", "KB", "MB", "GB"];
const MOST_ROWS = 500; // rows of a CSV shown; the rest is in the download

/** Such as "12 KB". */
export function sizeWords(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const power = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const value = bytes / 1_000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

const ending = (name) => (/\.([a-z0-9]+)$/i.exec(name || "")?.[1] || "").toLowerCase();

/** How a file is read in the page: markdown, csv, text, or "" when it is not. */
export function readableAs(file) {
  const type = ending(file.name) || file.filetype;
  if (["md", "markdown"].includes(type)) return "markdown";
  if (["csv", "tsv"].includes(type)) return "csv";
  return [
    "txt", "text", "log", "json", "py", "js", "yaml", "yml", "toml", "html", "xml", "eml",
  ].includes(type) || /^text\//.test(file.mimetype || "") ? "text" : "";
}

const isImage = (file) => /^image\/(?:png|jpeg|gif|webp|avif)$/.test(file.mimetype || "");
const isPdf = (file) => file.mimetype === "application/pdf" || ending(file.name) === "pdf";
const kindWords = (file) => (file.pretty_type || ending(file.name) || file.filetype || "file").toString();

/** The address bytes come from: the workspace's own, by its path. */
const addressOf = (file) => localPath(
  file.url_private_download || file.url_private || `/files/${file.id}/${encodeURIComponent(file.name)}`,
);

function card(file) {
  const titled = file.title && file.title !== file.name;
  const about = [titled ? file.name : kindWords(file), sizeWords(file.size)];
  const words = el(
    "div",
    { class: "file-words" },
    el("div", { class: "file-name" }, titled ? file.title : file.name || file.id),
    el("div", { class: "file-kind" }, about.filter(Boolean).join(" · ")),
  );
  const download = el(
    "a",
    {
      class: "icon-button",
      href: addressOf(file),
      download: file.name || true,
      "aria-label": `Download ${file.name}`,
      title: "Download",
    },
    icon("download"),
  );
  return el(
    "div",
    { class: "file" },
    el("span", { class: `file-icon file-icon-${ending(file.name)}`, "aria-hidden": "true" }, icon("file")),
    words,
    el("div", { class: "file-doors" }, opener(file), download),
  );
}

function opener(file) {
  if (readableAs(file)) return el(
    "button",
    {
      type: "button",
      class: "button button-small",
      "aria-label": `Open ${file.name}`,
      on: { click: () => read(file) },
    },
    "Open",
  );
  if (isPdf(file)) return el(
    "a",
    {
      class: "button button-small",
      href: inlineAddress(addressOf(file)),
      target: "_blank",
      rel: "noopener",
      "aria-label": `Open ${file.name}`,
    },
    "Open",
  );
  return null;
}

function preview(file) {
  if (!isImage(file)) return null;
  return el(
    "a",
    { class: "preview", href: inlineAddress(addressOf(file)), target: "_blank", rel: "noopener" },
    el("img", { src: inlineAddress(addressOf(file)), alt: file.title || file.name, loading: "lazy" }),
  );
}

/** The files of a message; a deleted one says so. */
export function fileCards(files) {
  if (!files?.length) return null;
  const gone = () => el("div", { class: "file file-gone" }, "This file was deleted.");
  return el("div", { class: "files" }, files.map((file) => (file.mode === "tombstone" ? gone() : [preview(file), card(file)])));
}

/** A `file` block: a file that lives elsewhere. */
export function fileBlock(block) {
  const url = block.file?.permalink || block.external_url;
  return el(
    "div",
    { class: "file" },
    icon("file"),
    el(
      "div",
      { class: "file-words" },
      url ? link(url, block.file?.name || "") : `File ${block.external_id || ""} (${block.source || "remote"})`,
    ),
  );
}

/** Open a text file in a dialog for reading. */
export function read(file) {
  return attempt(async () => {
    const text = await (await state.api.file(addressOf(file))).text();
    const download = el("a", { class: "button", href: addressOf(file), download: file.name || true }, "Download");
    openDialog({
      title: file.name,
      wide: true,
      body: el("div", { class: `reading reading-${readableAs(file)}` }, READ[readableAs(file)](text, file)),
      footer: el("footer", { class: "dialog-foot" }, download),
    });
  });
}

const READ = {
  markdown: (text) => markdown(text),
  text: (text) => el("pre", { tabindex: 0 }, text),
  csv: (text, file) => sheet(rowsOf(text, ending(file.name) === "tsv" ? "\t" : "")),
};

function sheet(rows) {
  const [head = [], ...rest] = rows;
  const line = (tag, cells) => el("tr", {}, cells.map((cell) => el(tag, {}, cell)));
  const more = rest.length > MOST_ROWS ? el(
    "p",
    { class: "hint" },
    `${rest.length - MOST_ROWS} more rows are in the download.`,
  ) : null;
  const grid = el(
    "table",
    { class: "grid" },
    el("thead", {}, line("th", head)),
    el("tbody", {}, rest.slice(0, MOST_ROWS).map((cells) => line("td", cells))),
  );
  return [el("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Rows" }, grid), more];
}

/** Rows of a CSV text: quotes may hold commas, quotes and line ends; the separator is guessed from the first line. */
export function rowsOf(text, given = "") {
  const first = text.split("\n", 1)[0];
  const separator = given || (first.split(";").length > first.split(",").length ? ";" : ",");
  const pattern = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"\\r\\n${separator}][^\\r\\n${separator}]*|))(${separator}|\\r?\\n|$)`,
    "y",
  );
  const rows = [[]];
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found || !found[0]) break;
    rows.at(-1).push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] && found[3] !== separator) rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell.trim()));
}
