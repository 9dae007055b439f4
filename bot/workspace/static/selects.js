/**
 * Selects: native ones, so that keyboards, phones and screen readers know them.
 */

import { control } from "./controls.js";
import { isDirect, isWithBot, titleOf } from "./conversations.js";
import { el } from "./dom.js";
import { act } from "./interact.js";
import { shownName } from "./mentions.js";
import { wordsOf } from "./mrkdwn.js";
import { state } from "./store.js";

/** An option as Slack writes it. */
const option = (text, value) => ({ text: { type: "plain_text", text }, value });

function people() {
  return [...state.people.values()].map((person) => option(shownName(person), person.id));
}

function conversations(spec) {
  const include = spec.filter?.include || ["im", "mpim", "private", "public"];
  const leftOut = (channel) => spec.filter?.exclude_bot_users && isWithBot(channel);
  const wanted = (channel) => (isDirect(channel) ? include.includes("im") && !leftOut(channel) : include.includes("public"));
  return channels([...state.channels.values()].filter(wanted));
}

function channels(known = [...state.channels.values()].filter((channel) => !isDirect(channel))) {
  return known.map((channel) => option(titleOf(channel), channel.id));
}

/** Where the options come from, how Slack names the first choice, and the field it reports. */
const SOURCES = {
  static: { options: (spec) => spec.options || [], initial: "option", field: "selected_option", whole: true },
  external: {
    options: (spec) => [].concat(spec.initial_option || spec.initial_options || []),
    initial: "option",
    field: "selected_option",
    whole: true,
  },
  users: { options: people, initial: "user", field: "selected_user" },
  conversations: { options: conversations, initial: "conversation", field: "selected_conversation" },
  channels: { options: () => channels(), initial: "channel", field: "selected_channel" },
};

function initialOf(spec, source, many) {
  const given = spec[`initial_${source.initial}${many ? "s" : ""}`];
  if (!given && spec.default_to_current_conversation) return [location.hash.split("/")[1]];
  return [].concat(given || []).map((choice) => (source.whole ? choice.value : choice));
}

function optionNode(choice, chosen) {
  const value = choice.value;
  const node = el("option", { value, title: wordsOf(choice.description) || null }, wordsOf(choice.text));
  node.defaultSelected = chosen.includes(value);
  return node;
}

function optionNodes(spec, source, chosen) {
  if (!spec.option_groups) return source.options(spec).map((choice) => optionNode(choice, chosen));
  return spec.option_groups.map(
    (group) => el(
      "optgroup",
      { label: wordsOf(group.label) },
      group.options.map((choice) => optionNode(choice, chosen)),
    ),
  );
}

const everyOption = (spec, source) => (
  spec.option_groups ? spec.option_groups.flatMap((group) => group.options) : source.options(spec)
);

function reader(node, spec, source, many) {
  const whole = (value) => (source.whole ? everyOption(spec, source).find((choice) => choice.value === value) : value);
  return () => {
    const chosen = [...node.selectedOptions].filter((picked) => picked.value).map((picked) => whole(picked.value));
    return many ? { [`${source.field}s`]: chosen } : { [source.field]: chosen[0] ?? null };
  };
}

/** What stands there before anything is chosen; where a choice acts at once there is no way back to it. */
function placeholder(spec, many, dispatches) {
  if (many) return null;
  const gone = dispatches ? { disabled: true, hidden: true } : {};
  const node = el("option", { value: "", ...gone }, wordsOf(spec.placeholder) || "Choose one");
  node.defaultSelected = true;
  return node;
}

function emptyWord(spec, kind) {
  const external = kind === "external" && !everyOption(spec, SOURCES.external).length;
  return external ? el(
    "p",
    { class: "hint" },
    "This list is filled by the app while you type, which this workspace cannot show yet.",
  ) : null;
}

/** A select of any kind: static, external, users, conversations or channels; one choice or several. */
export function select(spec, block, context, { label, dispatches }) {
  const many = spec.type.startsWith("multi_");
  const kind = spec.type.replace("multi_", "").replace("_select", "");
  const source = SOURCES[kind];
  const chosen = initialOf(spec, source, many);
  const size = many ? Math.min(6, Math.max(2, everyOption(spec, source).length)) : null;
  const name = label ? {} : { "aria-label": wordsOf(spec.placeholder) || "Choose" };
  const node = el(
    "select",
    { class: `select${many ? " select-many" : ""}`, id: label?.id, multiple: many, size, ...name },
    placeholder(spec, many, dispatches),
    optionNodes(spec, source, chosen),
  );
  const read = reader(node, spec, source, many);
  control(node, block, spec, read);
  if (many) pickByClick(node, spec.max_selected_items);
  if (dispatches) send(node, () => act(node, context, block, spec, read()));
  return el("div", { class: "select-holder" }, node, emptyWord(spec, kind));
}

const valuesIn = (node) => [...node.selectedOptions].map((picked) => picked.value);

/** Send every choice; one that did not get through, or was taken back when asked, is undone. */
function send(node, deliver) {
  let before = valuesIn(node);
  node.addEventListener("change", async () => {
    const now = valuesIn(node);
    if (await deliver()) before = now;
    else for (const choice of node.options) choice.selected = before.includes(choice.value);
  });
}

/** A click adds or takes away one choice, without a key held; never more than `most`. */
function pickByClick(node, most = Infinity) {
  let before = valuesIn(node);
  node.addEventListener("mousedown", (event) => {
    if (event.target.tagName !== "OPTION" || event.button) return;
    event.preventDefault();
    const scrolled = node.scrollTop;
    event.target.selected = !event.target.selected;
    node.focus();
    node.scrollTop = scrolled;
    for (const kind of ["input", "change"]) node.dispatchEvent(new Event(kind, { bubbles: true }));
  });
  node.addEventListener("change", () => {
    if (node.selectedOptions.length > most) for (const choice of node.options) choice.selected = before.includes(choice.value);
    before = valuesIn(node);
  });
}
