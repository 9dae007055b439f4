/**
 * Mentions of people, channels and everyone, as they look in text.
 */

import { el } from "./dom.js";
import { state } from "./store.js";

/** What a person or the bot is called: the real name, else the short one. */
export const shownName = (person) => person.real_name || person.name;

/** The name people know someone by; the id when they are strangers. */
export function nameOf(id) {
  const person = state.people.get(id);
  return person ? shownName(person) : id;
}

/** A mention of a person, marked when it is you. */
export function person(id, label = "") {
  const you = id === state.person?.id ? " mention-you" : "";
  return el("span", { class: `mention${you}` }, `@${state.people.has(id) ? nameOf(id) : label || id}`);
}

/** A mention of a user group, marked when you are in it. */
export function group(id, label = "") {
  const known = state.groups.get(id);
  const you = known?.members.includes(state.person?.id) ? " mention-you" : "";
  const title = known ? known.members.map(nameOf).join(", ") : null;
  return el("span", { class: `mention${you}`, title }, `@${known?.handle || label || id}`);
}

/** A mention of a channel; a link when you may see it. */
export function channel(id, label = "") {
  const known = state.channels.get(id);
  const name = `#${known?.name || label || id}`;
  return known ? el("a", { class: "mention", href: `#/${id}` }, name) : el("span", { class: "mention" }, name);
}

/** A mention of everyone: here, channel or everyone. */
export function everyone(range) {
  return el("span", { class: "mention mention-you" }, `@${range}`);
}
