/**
 * Modals: a dialog named by the view's title. Views stack up to three deep; the one on top is shown.
 */

import { blocks, showErrors } from "./blocks.js";
import { carryOver, focusIn, valuesOf } from "./controls.js";
import { giveBack } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { uploaded } from "./file-input.js";
import { icon } from "./glyphs.js";
import { busy } from "./interact.js";
import { plain, wordsOf } from "./mrkdwn.js";
import { on, state } from "./store.js";
import { complain } from "./toast.js";

let stack = [];
let drawn = null; // {id, surface} of the view on screen
let before = null;

const dialog = () => byId("modal");
const top = () => stack.at(-1);

/** Begin to listen for views. */
export function startModals() {
  on("view", ({ kind, view }) => view.type === "modal" && TAKE[kind](view));
  on("person", () => shut());
  dialog().addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
}

const TAKE = {
  opened: (view) => (known(view) ? replace(view) : begin([view])),
  pushed: (view) => (known(view) ? replace(view) : begin([...stack, view])),
  updated: (view) => known(view) && replace(view),
};

const known = (view) => stack.some((one) => one.id === view.id);

function begin(views) {
  stack = views;
  draw();
}

function replace(view) {
  stack = stack.map((one) => (one.id === view.id ? view : one));
  draw();
}

function draw() {
  const view = top();
  if (!view) return shut();
  const surface = el(
    "div",
    { class: "modal-body", dataset: { surface: "modal" }, tabindex: -1 },
    blocks(view.blocks, { surface: "modal", container: () => ({ type: "view", view_id: view.id }) }),
  );
  const same = drawn?.id === view.id;
  const refocus = same ? focusIn(dialog()) : null;
  if (same) carryOver(drawn.surface, surface);
  drawn = { id: view.id, surface };
  dialog().replaceChildren(head(view), form(view, surface));
  open();
  if (refocus) refocus(dialog());
  if (!dialog().contains(document.activeElement) || document.activeElement === dialog()) first(view, surface);
}

function open() {
  if (dialog().open) return;
  before = document.activeElement;
  dialog().showModal();
  dialog().focus();
}

function first(view, surface) {
  const wished = view.blocks.flatMap(
    (block) => [block.element, block.accessory],
  ).find((element) => element?.focus_on_load);
  const target = (
    wished && surface.querySelector(`[data-key$="/${CSS.escape(wished.action_id)}"]`)
  ) || surface.querySelector("input,select,textarea,button");
  (target || dialog().querySelector("button"))?.focus();
}

function head(view) {
  const back = stack.length > 1 ? el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Back", on: { click: leave } },
    icon("back"),
  ) : null;
  const close = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close dialog", on: { click: leaveAll } },
    icon("close"),
  );
  return el("header", { class: "dialog-head" }, back, el("h2", { id: "modal-title" }, plain(view.title?.text)), close);
}

function form(view, surface) {
  const close = el(
    "button",
    { type: "button", class: "button", on: { click: leave } },
    wordsOf(view.close) || "Cancel",
  );
  const submit = view.submit ? el(
    "button",
    { type: "submit", class: "button button-primary" },
    plain(view.submit.text),
  ) : null;
  const node = el(
    "form",
    { novalidate: true, class: "modal-form" },
    surface,
    el("footer", { class: "dialog-foot" }, close, submit),
  );
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    if (view.submit) busy(node, () => handIn(view, surface));
  });
  return node;
}

async function handIn(view, surface) {
  showErrors(surface, {});
  try {
    await uploaded(surface);
    answer(view, surface, await state.api.page("submit", { view_id: view.id, state: { values: valuesOf(surface) } }));
  } catch (error) {
    if (error.answer?.errors && !Array.isArray(error.answer.errors)) answer(
      view,
      surface,
      { ...error.answer, response_action: "errors" },
    );
    else complain(error.message);
  }
}

/** What the bot wants done with the view that was handed in. */
function answer(view, surface, { response_action: action, errors, view: next }) {
  if (action === "errors") return showErrors(surface, errors || {}).forEach(complain);
  if (action === "update" && next) return begin(
    stack.map((one) => (one.id === view.id || one.id === next.id ? next : one)),
  );
  if (action === "push" && next) return TAKE.pushed(next);
  return begin(action === "clear" ? [] : stack.filter((one) => one.id !== view.id));
}

/** Leave the view on top; the one under it shows again, unless the view wants all of them closed. */
function leave() {
  const view = stack.pop();
  if (view?.clear_on_close) stack = [];
  tellClosed(view);
  draw();
}

/** Leave all views at once. */
function leaveAll() {
  const [view, all] = [top(), stack.length > 1];
  stack = [];
  tellClosed(view, { all });
  draw();
}

function tellClosed(view, how = {}) {
  if (view) state.api.page("close", { view_id: view.id, ...how }).catch((error) => complain(error.message));
}

function shut() {
  stack = [];
  drawn = null;
  if (!dialog().open) return;
  dialog().close();
  dialog().replaceChildren();
  giveBack(before);
}
