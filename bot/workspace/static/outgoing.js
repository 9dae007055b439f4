/**
 * What a person typed, as Slack wants it: escaped, mentions and channels by their ids.
 */

import { state } from "./store.js";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;
const NAME = /(^|[^\w@/.])@([\w.-]*\w)/g;
const CHANNEL = /(^|[^\w#/&])#([a-z0-9][a-z0-9_-]*)/g;
const EVERYONE = new Set(["here", "channel", "everyone"]);

function personNamed(name) {
  const wanted = name.toLowerCase();
  return [...state.people.values()].find(
    (person) => [person.name, person.real_name].some((known) => known?.toLowerCase() === wanted),
  );
}

function mention(all, before, name) {
  if (EVERYONE.has(name.toLowerCase())) return `${before}<!${name.toLowerCase()}>`;
  const group = [...state.groups.values()].find((one) => one.handle === name.toLowerCase());
  if (group) return `${before}<!subteam^${group.id}>`;
  const person = personNamed(name);
  return person ? `${before}<@${person.id}>` : all;
}

function channel(all, before, name) {
  const known = [...state.channels.values()].find((one) => one.name === name && one.kind !== "im");
  return known ? `${before}<#${known.id}>` : all;
}

const linked = (text) => text.replace(NAME, mention).replace(CHANNEL, channel);

/** Slack's text for what was typed; code keeps its signs. */
export function outgoing(typed) {
  return typed.split(CODE).map((piece, index) => (index % 2 ? escaped(piece) : linked(escaped(piece)))).join("");
}

/** The command a text begins with: {command, text}, or null. Two slashes or a path are no command. */
export function commandOf(typed) {
  const found = /^(\/[a-z0-9_-]+)(?:\s+([\s\S]*))?$/i.exec(typed.trim());
  return found ? { command: found[1].toLowerCase(), text: found[2] || "" } : null;
}

/** The names of the commands this workspace knows, such as `/jidoka`. */
export function knownCommands() {
  return (state.boot.commands || []).map((one) => (typeof one === "string" ? { command: one } : one)).map(
    (one) => ({ ...one, command: one.command.startsWith("/") ? one.command : `/${one.command}` }),
  );
}
