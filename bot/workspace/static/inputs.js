/**
 * Fields: text, numbers, dates, choices.
 */

import { control } from "./controls.js";
import { el, freshId } from "./dom.js";
import { act } from "./interact.js";
import { textObject, wordsOf } from "./mrkdwn.js";
import { richWords } from "./richtext.js";
import { state } from "./store.js";
import { instantOf, wallClock } from "./zones.js";

/** The attributes that name a field: the label's id, or words of its own. */
export const named = (label, spec, fallback) => (
  label ? { id: label.id } : { "aria-label": wordsOf(spec.placeholder) || fallback }
);

function enterSends(node, send) {
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
}

function dispatchText(node, spec, send) {
  const on = spec.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  if (on.includes("on_enter_pressed")) enterSends(node, send);
  if (on.includes("on_character_entered")) node.addEventListener("input", send);
}

const TYPES = { email_text_input: "email", url_text_input: "url" };

const [LEAST_ROWS, MOST_ROWS, A_ROW, LONG] = [5, 14, 60, 200]; // rows of a text area; characters of a row and of a long text

/** Rows for a text: room to read it, but never so many that its form is nothing else. */
function rowsFor(text) {
  const rows = text.split("\n").reduce((sum, line) => sum + Math.ceil((line.length || 1) / A_ROW), 0);
  return Math.min(MOST_ROWS, Math.max(LEAST_ROWS, rows));
}

/** A text, e-mail or address field. */
export function textField(spec, block, context, { label, dispatches }) {
  const attributes = {
    class: "input",
    placeholder: wordsOf(spec.placeholder) || null,
    minlength: spec.min_length, // no maxlength: it cuts what is pasted without a word; the server says what is too long
    ...named(label, spec, "Text"),
  };
  const value = spec.initial_value || "";
  const node = spec.multiline ? el("textarea", { rows: rowsFor(value), ...attributes }) : el(
    "input",
    { type: TYPES[spec.type] || "text", autocomplete: "off", ...attributes },
  );
  node.value = value;
  if (value.length > LONG) node.setSelectionRange(0, 0); // a long text is read from its beginning
  const read = () => ({ value: node.value || null });
  control(node, block, spec, read);
  if (dispatches) dispatchText(node, spec, () => act(node, context, block, spec, read()));
  return node;
}

/** A number field; what it reports is text, as Slack does. */
export function number(spec, block, context, { label, dispatches }) {
  const step = spec.is_decimal_allowed ? "any" : 1;
  const node = el(
    "input",
    {
      class: "input",
      type: "number",
      step,
      min: spec.min_value,
      max: spec.max_value,
      placeholder: wordsOf(spec.placeholder) || null,
      ...named(label, spec, "Number"),
    },
  );
  node.value = spec.initial_value ?? "";
  const read = () => ({ value: node.value || null });
  control(node, block, spec, read);
  if (dispatches) enterSends(node, () => act(node, context, block, spec, read()));
  return node;
}

/** A rich text field, written as plain lines. */
export function richTextField(spec, block, context, { label }) {
  const node = el(
    "textarea",
    {
      class: "input",
      rows: spec.min_lines || 4,
      placeholder: wordsOf(spec.placeholder) || null,
      ...named(label, spec, "Text"),
    },
  );
  node.value = richWords(spec.initial_value);
  const section = () => ({ type: "rich_text_section", elements: [{ type: "text", text: node.value }] });
  return control(
    node,
    block,
    spec,
    () => ({ rich_text_value: node.value ? { type: "rich_text", elements: [section()] } : null }),
  );
}

/** Each kind of date: the native type, Slack's first value as the field writes it, and what it reports. */
const DATES = {
  datepicker: { type: "date", first: (spec) => spec.initial_date, read: (value) => ({ selected_date: value || null }) },
  timepicker: { type: "time", first: (spec) => spec.initial_time, read: (value) => ({ selected_time: value || null }) },
  datetimepicker: {
    type: "datetime-local",
    first: (spec) => spec.initial_date_time && wallClock(new Date(spec.initial_date_time * 1_000), state.person.tz),
    read: (value) => ({ selected_date_time: value ? instantOf(value, state.person.tz).getTime() / 1_000 : null }),
  },
};

/** A date, a time or both; both together in the time zone of the person here. */
export function dateField(spec, block, context, { label, dispatches }) {
  const kind = DATES[spec.type];
  const node = el(
    "input",
    { class: "input input-date", type: kind.type, ...named(label, spec, kind.type === "time" ? "Time" : "Date") },
  );
  node.value = kind.first(spec) || "";
  const read = () => kind.read(node.value);
  control(node, block, spec, read);
  if (dispatches) node.addEventListener("change", () => act(node, context, block, spec, read()));
  return node;
}

function choice(option, kind, name, chosen) {
  const id = freshId("choice");
  const field = el("input", { type: kind, name, id, value: option.value });
  field.defaultChecked = chosen.includes(option.value);
  const description = option.description ? el(
    "span",
    { class: "choice-description" },
    textObject(option.description),
  ) : null;
  return el("div", { class: "choice" }, field, el("label", { for: id }, textObject(option.text)), description);
}

/** Radio buttons or checkboxes in a fieldset named by the label. */
export function choices(spec, block, context, { label, dispatches }) {
  const kind = spec.type === "checkboxes" ? "checkbox" : "radio";
  const first = kind === "checkbox" ? spec.initial_options || [] : [spec.initial_option].filter(Boolean);
  const chosen = first.map((option) => option.value);
  const name = freshId("choices");
  const legend = label ? el(
    "legend",
    { class: "label" },
    label.nodes,
    label.optional ? el("span", { class: "optional", "aria-hidden": "true" }, " optional") : null,
  ) : el("legend", { class: "spoken" }, wordsOf(block.text) || "Choose");
  const node = el(
    "fieldset",
    { class: "choices", id: label?.id, "aria-description": label?.optional ? "optional" : null },
    legend,
    spec.options.map((option) => choice(option, kind, name, chosen)),
  );
  const read = () => picked(node, spec, kind);
  control(node, block, spec, read);
  if (dispatches) node.addEventListener("change", () => act(node, context, block, spec, read()));
  return node;
}

function picked(node, spec, kind) {
  const values = [...node.querySelectorAll("input:checked")].map((field) => field.value);
  const options = spec.options.filter((option) => values.includes(option.value));
  return kind === "checkbox" ? { selected_options: options } : { selected_option: options[0] || null };
}
