/**
 * Blocks of Block Kit, each as what it is. A type we do not know is shown with its JSON, never left out.
 */

import { el, freshId, spoken } from "./dom.js";
import { element } from "./elements.js";
import { fileBlock } from "./files.js";
import { icon } from "./glyphs.js";
import { link } from "./links.js";
import { markdown } from "./markdown.js";
import { plain, textObject, wordsOf } from "./mrkdwn.js";
import { figure, image } from "./pictures.js";
import { plan, taskCard } from "./plan.js";
import { richText } from "./richtext.js";
import { chart, dataTable, table } from "./tables.js";

function section(block, context) {
  const text = block.text ? el("div", { class: "section-text" }, textObject(block.text)) : null;
  const fields = block.fields ? el(
    "div",
    { class: "section-fields" },
    block.fields.map((field) => el("div", {}, textObject(field))),
  ) : null;
  const accessory = block.accessory ? el(
    "div",
    { class: "section-accessory" },
    element(block.accessory, block, context),
  ) : null;
  return el("div", { class: "section" }, el("div", { class: "section-main" }, text, fields), accessory);
}

function contextBlock(block) {
  const part = (item) => (item.type === "image" ? image(item, "context-image") : el("span", {}, textObject(item)));
  return el("div", { class: "context" }, block.elements.map(part));
}

function actions(block, context) {
  return el("div", { class: "actions" }, block.elements.map((spec) => element(spec, block, context)));
}

function header(block) {
  return el("h3", { class: "header-block" }, textObject(block.text));
}

const GROUPED = new Set(["radio_buttons", "checkboxes"]);

/** An input block: label, control, hint and the place where its error will stand. */
function input(block, context) {
  const id = freshId("field");
  const nodes = textObject(block.label);
  const grouped = GROUPED.has(block.element.type);
  const label = { id, nodes: grouped ? nodes : [], optional: Boolean(block.optional) };
  const control = element(block.element, block, context, { label, dispatches: Boolean(block.dispatch_action) });
  const optional = block.optional && !grouped ? el("span", { class: "optional" }, "optional") : null;
  const heading = el(
    "div",
    { class: "label-row" },
    grouped ? null : el("label", { class: "label", for: id }, nodes),
    optional,
  );
  const hint = block.hint ? el("p", { class: "hint", id: `${id}-hint` }, textObject(block.hint)) : null;
  const field = el(
    "div",
    { class: "field", dataset: { field: block.block_id } },
    heading,
    control,
    hint,
    el("p", { class: "field-error", id: `${id}-error`, role: "alert" }),
  );
  if (hint) target(field)?.setAttribute("aria-describedby", `${id}-hint`);
  return field;
}

const target = (field) => field.querySelector("input,select,textarea,fieldset");

/** Show the server's words at the blocks they are about; the first one gets the focus. */
export function showErrors(surface, errors) {
  const fields = [...surface.querySelectorAll("[data-field]")];
  for (const field of fields) markError(field, errors[field.dataset.field] || "");
  const first = fields.find((field) => errors[field.dataset.field]);
  first?.querySelector("input,select,textarea")?.focus();
  return Object.entries(errors).filter(
    ([id]) => !fields.some((field) => field.dataset.field === id),
  ).map(([, words]) => words);
}

function markError(field, words) {
  const place = field.querySelector(".field-error");
  place.textContent = words;
  const control = target(field);
  if (!control) return;
  control.toggleAttribute("aria-invalid", false);
  if (words) control.setAttribute("aria-invalid", "true");
  const described = [words && place.id, field.querySelector(".hint")?.id].filter(Boolean).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  else control.removeAttribute("aria-describedby");
}

function card(block, context) {
  const part = (kind, text) => (text ? el("div", { class: `card-${kind}` }, textObject(text)) : null);
  const head = block.icon || block.title || block.subtitle ? el(
    "div",
    { class: "card-head" },
    block.icon ? image(block.icon, "card-icon") : null,
    el("div", {}, part("title", block.title), part("subtitle", block.subtitle)),
  ) : null;
  const foot = block.actions?.length ? el(
    "div",
    { class: "actions" },
    block.actions.map((spec) => element(spec, block, context)),
  ) : null;
  return el(
    "section",
    { class: "card", "aria-label": wordsOf(block.title) || "Card" },
    block.hero_image ? image(block.hero_image, "card-hero") : null,
    head,
    part("body", block.body),
    part("subtext", block.subtext),
    foot,
  );
}

function container(block, context) {
  const subtitle = block.subtitle ? el("span", { class: "container-subtitle" }, textObject(block.subtitle)) : null;
  const title = [
    block.title?.type === "rich_text" ? richText(block.title) : el(
      "span",
      { class: "container-title" },
      textObject(block.title),
    ),
    subtitle,
  ];
  const inside = el("div", { class: "container-body" }, blocks(block.child_blocks || [], context));
  if (!block.is_collapsible) return el(
    "section",
    { class: "container" },
    el("div", { class: "container-head" }, title),
    inside,
  );
  return el(
    "details",
    { class: "container", open: !block.default_collapsed },
    el("summary", { class: "container-head" }, title),
    inside,
  );
}

const LEVELS = { __proto__: null, warning: "octagon", error: "octagon", success: "check" };

function alert(block) {
  const level = block.level || "default";
  return el(
    "div",
    { class: `alert alert-${level}`, role: "note" },
    LEVELS[level] ? icon(LEVELS[level]) : null,
    spoken(`${level}: `),
    el("div", {}, textObject(block.text)),
  );
}

function video(block) {
  return el(
    "div",
    { class: "card" },
    el("div", { class: "card-title" }, link(block.title_url || block.video_url, wordsOf(block.title))),
    el("div", { class: "card-body" }, textObject(block.description)),
  );
}

const RENDER = {
  __proto__: null,
  section, context: contextBlock, actions, context_actions: actions, header, input, card, container, alert, video, plan,
  task_card: taskCard, table, data_table: dataTable, data_visualization: chart, image: figure, file: fileBlock, rich_text: richText,
  divider: () => el("hr"),
  markdown: (block) => el("div", { class: "markdown" }, markdown(block.text)),
  carousel: (block, context) => el(
    "div",
    { class: "carousel", tabindex: 0, role: "region", "aria-label": "Cards" },
    (block.elements || []).map((one) => card({ ...one, block_id: block.block_id }, context)),
  ),
};

function unknown(block, problem = "") {
  const words = problem || `This page cannot draw a block of type “${block?.type}” yet. It holds:`;
  return el(
    "div",
    { class: "unknown" },
    el("p", {}, words),
    el("pre", { tabindex: 0 }, el("code", {}, JSON.stringify(block, null, 2))),
  );
}

function block(one, context) {
  if (!(one?.type in RENDER)) return unknown(one);
  try {
    return RENDER[one.type](one, context);
  } catch (error) {
    return unknown(one, `This block of type “${one.type}” cannot be drawn (${error.message}). It holds:`);
  }
}

/** The nodes of blocks. `context`: {surface: message|modal|home, container()} says where actions come from. */
export function blocks(list, context) {
  return (list || []).map(
    (one) => el("div", { class: `block block-${String(one?.type).replace(/[^a-z_]/g, "")}` }, block(one, context)),
  );
}

/** Text that stands for itself when a message has no blocks. */
export const plainBlock = (text) => el("div", { class: "block" }, plain(text));
