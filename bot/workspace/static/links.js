/**
 * Links. Only web and mail addresses become links; a label never hides where it leads.
 */

import { el } from "./dom.js";

const SAFE = new Set(["http:", "https:", "mailto:"]);
const ARCHIVE = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})$/;

/** The address as a URL when a person may follow it, else null (javascript:, data: and nonsense). */
export function safeUrl(address) {
  try {
    const url = new URL(String(address), location.origin);
    return SAFE.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** An address as a person reads it. */
function readable(url) {
  return url.protocol === "mailto:" ? url.pathname : url.href.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** The part of a label that must be shown because the label does not say it, or "". */
function hostBeside(label, url) {
  if (url.protocol === "mailto:") return label.includes(url.pathname) ? "" : url.pathname;
  if (url.origin === location.origin) return "";
  return label === url.href || label === readable(url) ? "" : url.host;
}

/** Where a permalink of this workspace leads on this page, such as `#/C0SALES/at/1503435956.000247`, or "". */
export function placeOf(url) {
  const found = url.origin === location.origin ? ARCHIVE.exec(url.pathname) : null;
  if (!found) return "";
  const [, channel, seconds, micros] = found;
  return `#/${channel}/${url.searchParams.get("thread_ts") || "at"}/${seconds}.${micros}`;
}

/** A link that shows its host; text alone when the address is not one to follow. */
export function link(address, label = "", children = null) {
  const url = safeUrl(address);
  if (!url) return el("span", { class: "refused-link" }, label ? `${label} (${address})` : String(address));
  const shown = label || readable(url);
  const host = hostBeside(shown, url);
  const place = placeOf(url);
  const target = place ? {} : { target: "_blank", rel: "noopener noreferrer" };
  const anchor = el("a", { class: "link", href: place || url.href, ...target }, children || shown);
  return host ? el(
    "span",
    { class: "labelled-link" },
    anchor,
    " ",
    el("span", { class: "host" }, `(${host})`),
  ) : anchor;
}
