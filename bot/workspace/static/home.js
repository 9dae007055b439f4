/**
 * The bot's Home tab.
 */

import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { mark } from "./glyphs.js";
import { attempt } from "./interact.js";
import { state } from "./store.js";

/** Tell the bot that its tab was opened; Home shows what it last published. */
export function openTab(tab) {
  return attempt(async () => {
    const shown = state.home;
    const answer = await state.api.page("home", { tab });
    const overtaken = state.home !== shown; // a newer one came over the socket while this answer was on its way
    if (tab === "home" && answer.view && !overtaken) arrived(answer.view);
  });
}

let arrived = () => null;

/** Call this with a Home view that came as an answer. */
export function onHome(listener) {
  arrived = listener;
}

/** The nodes of Home; before anything is published, what will be there. */
export function homeView() {
  const view = state.home;
  if (!view?.blocks?.length) return empty();
  return el(
    "div",
    { class: "home-view", dataset: { surface: "home" } },
    blocks(view.blocks, { surface: "home", container: () => ({ type: "view", view_id: view.id }) }),
  );
}

function empty() {
  return el(
    "div",
    { class: "welcome" },
    mark(),
    el("h2", {}, "Nothing here yet"),
    el(
      "p",
      {},
      "Your runs, the decisions that wait for you and the morning brief will be here, as soon as there is a run.",
    ),
  );
}
