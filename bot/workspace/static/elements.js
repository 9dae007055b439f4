/**
 * Interactive elements of Block Kit. Each is a real form control with its Slack text as accessible name.
 */

import { el } from "./dom.js";
import { icon } from "./glyphs.js";
import { fileField } from "./file-input.js";
import { choices, dateField, number, richTextField, textField } from "./inputs.js";
import { act } from "./interact.js";
import { safeUrl } from "./links.js";
import { menuItem, opensMenu } from "./menu.js";
import { plain, wordsOf } from "./mrkdwn.js";
import { select } from "./selects.js";
import { state } from "./store.js";
import { image } from "./pictures.js";

const STYLE = { primary: " button-primary", danger: " button-danger" };

function mayPress(spec) {
  return !spec.visible_to_user_ids || spec.visible_to_user_ids.includes(state.person.id);
}

function follow(address) {
  const url = address && safeUrl(address);
  if (url) window.open(url.href, "_blank", "noopener");
}

function button(spec, block, context) {
  if (!mayPress(spec)) return null;
  const node = el(
    "button",
    {
      type: "button",
      class: `button${STYLE[spec.style] || ""}`,
      "aria-label": spec.accessibility_label || null,
      dataset: { focus: focusName(block, spec) },
    },
    plain(spec.text?.text),
  );
  node.addEventListener("click", () => {
    follow(spec.url);
    act(node, context, block, spec, { value: spec.value, text: spec.text });
  });
  return node;
}

const focusName = (block, spec) => `${block.block_id}-${spec.action_id}`.replace(/[^\w-]/g, "_");

function workflowButton(spec) {
  const node = el("button", { type: "button", class: `button${STYLE[spec.style] || ""}` }, plain(spec.text?.text));
  node.addEventListener("click", () => follow(spec.workflow?.trigger?.url));
  return node;
}

function overflow(spec, block, context) {
  const node = el(
    "button",
    {
      type: "button",
      class: "button overflow",
      "aria-label": "More options",
      dataset: { focus: focusName(block, spec) },
    },
    icon("more"),
  );
  const pick = (option) => () => {
    follow(option.url);
    act(node, context, block, spec, { selected_option: option });
  };
  return opensMenu(
    node,
    "More options",
    () => spec.options.map((option) => menuItem(optionWords(option), pick(option), wordsOf(option.text))),
  );
}

function optionWords(option) {
  const hint = option.description ? el("span", { class: "menu-hint" }, plain(option.description.text)) : null;
  return [el("span", {}, plain(option.text?.text)), hint];
}

function iconButton(spec, block, context) {
  if (!mayPress(spec)) return null;
  const known = { trash: "close" }[spec.icon] || "more";
  const node = el(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": spec.accessibility_label || wordsOf(spec.text),
      title: wordsOf(spec.text),
    },
    icon(known),
  );
  node.addEventListener("click", () => act(node, context, block, spec, { value: spec.value }));
  return node;
}

function feedbackButtons(spec, block, context) {
  const one = (part, mood) => {
    const name = part.accessibility_label || wordsOf(part.text);
    const node = el(
      "button",
      {
        type: "button",
        class: `button button-quiet feedback feedback-${mood}`,
        "aria-label": name,
        "aria-pressed": "false",
        dataset: { focus: `${focusName(block, spec)}-${mood}` },
      },
      thumb(mood),
      plain(part.text?.text),
    );
    node.addEventListener("click", () => press(node, part));
    return node;
  };
  const press = async (node, part) => {
    if (!(await act(node, context, block, spec, { value: part.value, text: part.text }))) return;
    for (const other of pair) other.setAttribute("aria-pressed", String(other === node));
  };
  const pair = [one(spec.positive_button, "good"), one(spec.negative_button, "bad")];
  return el("div", { class: "feedback-pair", role: "group", "aria-label": "Feedback" }, pair);
}

function thumb(mood) {
  const node = icon("thumb");
  node.classList.toggle("icon-down", mood === "bad");
  return node;
}

const KINDS = {
  __proto__: null,
  button, workflow_button: workflowButton, overflow, icon_button: iconButton, feedback_buttons: feedbackButtons,
  radio_buttons: choices, checkboxes: choices,
  datepicker: dateField, timepicker: dateField, datetimepicker: dateField,
  plain_text_input: textField, email_text_input: textField, url_text_input: textField, number_input: number,
  rich_text_input: richTextField, file_input: fileField,
  image: (spec) => image(spec, "accessory-image"),
};

const isSelect = (type) => /^(?:multi_)?(?:static|external|users|conversations|channels)_select$/.test(type);

/**
 * The control of an element.
 *
 * `context`: {surface, container()}. `label`: {text, id} when an input block names it. `dispatches`: whether a change is
 * sent at once (sections and actions always; inputs only with dispatch_action).
 */
export function element(spec, block, context, { label = null, dispatches = true } = {}) {
  const make = isSelect(spec.type) ? select : KINDS[spec.type];
  if (!make) return el("code", { class: "unknown" }, `${spec.type}: ${JSON.stringify(spec)}`);
  return make(spec, block, context, { label, dispatches });
}
