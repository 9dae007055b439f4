/**
 * Small dialogs of the page: a question before something is done, and a frame for reading or editing.
 */

import { el, freshId } from "./dom.js";
import { icon } from "./glyphs.js";
import { textObject, wordsOf } from "./mrkdwn.js";

/** A modal dialog named by its title, shown at once and removed when it closes; `onClose(returnValue)`. */
export function openDialog({ title, body, footer = null, wide = false, onClose = () => {} }) {
  const id = freshId("title");
  const close = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close("") } },
    icon("close"),
  );
  const head = el("header", { class: "dialog-head" }, el("h2", { id }, title), close);
  const dialog = el(
    "dialog",
    { class: wide ? "dialog dialog-wide" : "dialog", "aria-labelledby": id },
    head,
    el("div", { class: "dialog-body", tabindex: -1 }, body),
    footer,
  );
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    giveBack(before);
    onClose(dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Return the focus to where it was, or to the composer when that place is gone. */
export function giveBack(before) {
  const target = before?.isConnected ? before : document.querySelector(".channel-composer textarea");
  target?.focus?.({ preventScroll: true });
}

/** Ask Slack's confirm object; true when the person goes on. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    const deny = el(
      "button",
      { type: "button", class: "button", on: { click: () => dialog.close("") } },
      wordsOf(confirm.deny) || "Cancel",
    );
    const style = confirm.style === "danger" ? "button-danger" : "button-primary";
    const go = el(
      "button",
      { type: "button", class: `button ${style}`, on: { click: () => dialog.close("yes") } },
      wordsOf(confirm.confirm) || "Yes",
    );
    const dialog = openDialog({
      title: wordsOf(confirm.title) || "Are you sure?",
      body: textObject(confirm.text),
      footer: el("footer", { class: "dialog-foot" }, deny, go),
      onClose: (answer) => resolve(answer === "yes"),
    });
    go.focus();
  });
}

/** Ask for a text; null when the person leaves. */
export function asked({ title, label, value = "", submit = "Save" }) {
  return new Promise((resolve) => {
    const id = freshId("text");
    const area = el("textarea", { id, rows: 5, class: "input" }, value);
    const leave = el("button", { type: "button", class: "button", on: { click: () => dialog.close("") } }, "Cancel");
    const save = el(
      "button",
      { type: "button", class: "button button-primary", on: { click: () => dialog.close("yes") } },
      submit,
    );
    const dialog = openDialog({
      title,
      body: [el("label", { for: id, class: "label" }, label), area],
      footer: el("footer", { class: "dialog-foot" }, leave, save),
      onClose: (answer) => resolve(answer === "yes" ? area.value : null),
    });
    area.focus();
  });
}
