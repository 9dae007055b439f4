/**
 * The line as a picture: a plan with its tasks as stations on a rail, and one task alone.
 */

import { el, spoken } from "./dom.js";
import { icon } from "./glyphs.js";
import { link } from "./links.js";
import { plain, textObject, wordsOf } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const WORDS = { __proto__: null, pending: "waiting", in_progress: "working", complete: "done", error: "stopped" };
const stateOf = (task) => (task.status in WORDS ? task.status : "pending");

/** Plain strings, text objects and rich text alike. */
function said(value) {
  if (!value) return null;
  return value.type === "rich_text" ? richText(value) : textObject(value);
}

const titleOf = (title) => (typeof title === "string" ? plain(title) : textObject(title));

function lamp(status) {
  const inside = { complete: "check", error: "octagon" }[status];
  return el("span", { class: `lamp lamp-${status}`, "aria-hidden": "true" }, inside ? icon(inside) : null);
}

function sources(task) {
  if (!task.sources?.length) return null;
  const items = task.sources.map((source) => el("li", {}, link(source.url, source.text || "")));
  return el("ul", { class: "station-sources", "aria-label": "Sources" }, items);
}

function part(kind, value) {
  const nodes = said(value);
  return nodes ? el("div", { class: kind }, nodes) : null;
}

function stationBody(task) {
  const status = stateOf(task);
  return [
    lamp(status),
    el("div", { class: "station-body" },
      el(
        "div",
        { class: "station-head" },
        el("span", { class: "station-title" }, titleOf(task.title)),
        el("span", { class: "station-state" }, spoken("– "), WORDS[status]),
      ),
      part("station-details", task.details), part("station-output", task.output), sources(task)),
  ];
}

const count = (tasks, status) => tasks.filter((task) => stateOf(task) === status).length;

/** Such as "3 of 7 done · 1 working". */
function tally(tasks) {
  const parts = [`${count(tasks, "complete")} of ${tasks.length} done`];
  for (const status of ["in_progress", "error"]) if (count(tasks, status)) parts.push(
    `${count(tasks, status)} ${WORDS[status]}`,
  );
  return parts.join(" · ");
}

function bar(tasks) {
  return el(
    "div",
    { class: "plan-bar", "aria-hidden": "true" },
    tasks.map((task) => el("span", { class: `plan-piece piece-${stateOf(task)}` })),
  );
}

/** A plan block: title, how far it is, and its stations in order. */
export function plan(block) {
  const tasks = block.tasks || [];
  const head = el(
    "header",
    { class: "plan-head" },
    el("div", { class: "plan-title" }, titleOf(block.title)),
    el("div", { class: "plan-tally" }, tally(tasks)),
  );
  const stations = tasks.map((task) => el("li", { class: `station station-${stateOf(task)}` }, stationBody(task)));
  return el(
    "section",
    { class: "plan", "aria-label": `Plan: ${wordsOf(block.title)}` },
    head,
    bar(tasks),
    el("ol", { class: "stations" }, stations),
  );
}

/** A task_card block that stands alone. */
export function taskCard(block) {
  return el(
    "section",
    { class: `task-card station station-${stateOf(block)}`, "aria-label": "Task" },
    stationBody(block),
  );
}
