/**
 * Where the page stands: `#/C0SALES`, `#/C0SALES/1503435956.000247` (a thread), `#/D0ALICE/home`.
 */

import { state } from "./store.js";

const TS = /^\d{10}\.\d{6}$/;

/** The direct messages with the bot, for the person here. */
export function directMessage() {
  return [...state.channels.values()].find((channel) => channel.kind === "im");
}

function fallback() {
  return ([...state.channels.values()].find((channel) => channel.kind !== "im") || directMessage())?.id || "";
}

/** {channel, thread, home} of the address; a place this person may not see becomes one they may. */
export function place() {
  const [, channel = "", rest = ""] = location.hash.split("/");
  if (!state.channels.has(channel)) return { channel: fallback(), thread: "", home: false };
  return {
    channel,
    thread: TS.test(rest) ? rest : "",
    home: rest === "home" && state.channels.get(channel).kind === "im",
  };
}

/** Go to a channel. */
export function visit(channel, rest = "") {
  location.hash = rest ? `#/${channel}/${rest}` : `#/${channel}`;
}
