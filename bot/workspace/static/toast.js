/**
 * Short notes at the edge of the page: what went wrong, in words; what was done.
 */

import { byId, el } from "./dom.js";
import { icon } from "./glyphs.js";

const STAYS_MS = 9_000;
const MOST = 3;

function show(text, kind) {
  const place = byId("toasts");
  const close = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Dismiss note", on: { click: () => toast.remove() } },
    icon("close"),
  );
  const toast = el(
    "div",
    { class: `toast toast-${kind}`, role: kind === "problem" ? "alert" : "status" },
    el("p", {}, text),
    close,
  );
  raise(place);
  place.append(toast);
  while (place.children.length > MOST) place.firstChild.remove();
  setTimeout(() => toast.remove(), STAYS_MS);
}

/** Notes must lie above an open dialog, so they join the top layer again each time. */
function raise(place) {
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

/** Say what went wrong. */
export function complain(text) {
  show(text, "problem");
}

/** Say what was done. */
export function tell(text) {
  show(text, "note");
}
