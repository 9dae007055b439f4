/**
 * Menus: a button that opens a list of things to do. Arrows move, Escape closes, the focus comes back.
 */

import { el } from "./dom.js";

const GAP = 4; // pixels between the button and its menu

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + GAP + size.height < innerHeight || at.top < size.height;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? Math.min(at.bottom + GAP, innerHeight - size.height - 8) : at.top - size.height - GAP}px`;
}

function move(menu, event) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  items.at((items.indexOf(document.activeElement) + steps[event.key]) % items.length)?.focus();
}

/** One thing to do in a menu; `content` are its nodes, `name` what it is called when they do not say. */
export function menuItem(content, onPick, name = null) {
  return el(
    "button",
    { type: "button", role: "menuitem", class: "menu-item", "aria-label": name, on: { click: onPick } },
    content,
  );
}

/**
 * Make `button` open a menu. `items()` gives its nodes anew each time it opens; picking one closes it.
 */
export function opensMenu(button, label, items, kind = "menu-list") {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => open(button, label, items, kind));
  return button;
}

function open(button, label, items, kind) {
  if (button.getAttribute("aria-expanded") === "true") return;
  const menu = el("div", { popover: "auto", role: "menu", class: `menu ${kind}`, "aria-label": label }, items());
  menu.addEventListener("keydown", (event) => move(menu, event));
  menu.addEventListener("click", (event) => event.target.closest("[role=menuitem]") && menu.hidePopover());
  menu.addEventListener("toggle", (event) => event.newState === "closed" && shut(button, menu));
  (button.closest("dialog") || document.body).append(menu);
  menu.showPopover();
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  menu.querySelector("[role=menuitem]")?.focus();
}

function shut(button, menu) {
  const inside = menu.contains(document.activeElement) || document.activeElement === document.body;
  menu.remove();
  button.setAttribute("aria-expanded", "false");
  if (inside && button.isConnected) button.focus();
}
