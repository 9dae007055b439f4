/**
 * The side: channels with what is unread, the bot, people, and what this workspace lacks.
 */

import { isDirect, isWithBot, nameOfConversation, partner } from "./conversations.js";
import { byId, el, spoken } from "./dom.js";
import { shownName } from "./mentions.js";
import { avatar } from "./people.js";
import { place } from "./route.js";
import { soon } from "./soon.js";
import { on, state } from "./store.js";
import { clockOf } from "./times.js";

/** Begin to keep the side in step. */
export function startSidebar() {
  const drawSoon = soon(drawSidebar);
  for (const name of ["channels", "person", "connected"]) on(name, drawSoon);
  byId("menu").addEventListener("click", () => toggle(!document.body.classList.contains("with-menu")));
  byId("backdrop").addEventListener("click", () => toggle(false));
  byId("sidebar").addEventListener("click", (event) => event.target.closest("a") && toggle(false));
  addEventListener("hashchange", () => toggle(false));
  addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
}

/** Open or close the side on a phone. */
function toggle(open) {
  const was = document.body.classList.contains("with-menu");
  document.body.classList.toggle("with-menu", open);
  byId("menu").setAttribute("aria-expanded", String(open));
  if (open) byId("sidebar").querySelector("a")?.focus();
  else if (was) byId("menu").focus();
}

function counted({ unread = 0, mentions = 0 }) {
  if (!unread && !mentions) return null;
  const words = [
    `${unread} unread`,
    mentions ? `${mentions} ${mentions === 1 ? "mention" : "mentions"}` : "",
  ].filter(Boolean).join(", ");
  const badge = el(
    "span",
    { class: mentions ? "badge badge-mention" : "badge", "aria-hidden": "true" },
    String(mentions || unread),
  );
  return [badge, spoken(words)];
}

function channelLink(channel, current) {
  const bot = isWithBot(channel);
  const picture = isDirect(channel) ? avatar(partner(channel), "small") : el(
    "span",
    { class: "hash", "aria-hidden": "true" },
    "#",
  );
  const lively = channel.unread || channel.mentions ? " lively" : "";
  return el(
    "li",
    {},
    el(
      "a",
      {
        href: `#/${channel.id}`,
        class: `place${lively}`,
        "aria-current": channel.id === current ? "page" : null,
        title: channel.topic || null,
      },
      picture,
      el("span", { class: "place-name" }, nameOfConversation(channel)),
      bot ? lampOf(state.connected) : null,
      counted(channel),
    ),
  );
}

function lampOf(on_) {
  const words = on_ ? "connected" : "not connected";
  return el("span", { class: `presence presence-${on_ ? "on" : "off"}`, title: words }, spoken(words));
}

function personRow(person) {
  const you = person.id === state.person.id;
  const words = [person.title, you ? "you" : ""].filter(Boolean).join(" · ");
  return el(
    "li",
    { class: "person" },
    avatar(person, "small"),
    el("span", { class: "place-name" }, shownName(person)),
    el("span", { class: "person-title" }, words, " · ", clockOf(person)),
  );
}

function group(title, rows) {
  return rows.length ? el("section", { class: "group" }, el("h2", {}, title), el("ul", {}, rows)) : null;
}

function gaps() {
  if (!state.boot.gaps?.length) return null;
  return el(
    "details",
    { class: "gaps" },
    el("summary", {}, `${state.boot.gaps.length} methods missing`),
    el("p", {}, "The bot called these methods of Slack, which this workspace does not have yet:"),
    el("ul", {}, state.boot.gaps.map((name) => el("li", {}, el("code", {}, name)))),
  );
}

/** Draw the side anew. */
export function drawSidebar() {
  const current = place().channel;
  const all = [...state.channels.values()];
  byId("places").replaceChildren(...[
    group("Channels", all.filter((channel) => !isDirect(channel)).map((channel) => channelLink(channel, current))),
    group(
      "Direct messages",
      all.filter(isDirect).map((channel) => channelLink(channel, current)),
    ),
    group("People", state.boot.people.map(personRow)),
    gaps(),
  ].filter(Boolean));
}
