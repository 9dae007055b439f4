/**
 * Where the page stands: `#/C0SALES`, `#/C0SALES/1503435956.000247` (a thread), `#/D0ALICE/home`. A last part names a
 * message to jump to: `#/C0SALES/at/1503435956.000247`, or in a thread `#/C0SALES/1503435956.000247/1503435957.000248`.
 */

import { isDirect, isWithBot } from "./conversations.js";
import { state } from "./store.js";

const TS = /^\d{10}\.\d{6}$/;

/** The direct messages with the bot, for the person here. */
export function directMessage() {
  return [...state.channels.values()].find(isWithBot);
}

function fallback() {
  return ([...state.channels.values()].find((channel) => !isDirect(channel)) || directMessage())?.id || "";
}

/** {channel, thread, message, home} of the address; a place this person may not see becomes one they may. */
export function place() {
  const [, channel = "", rest = "", message = ""] = location.hash.split("/");
  if (!state.channels.has(channel)) return { channel: fallback(), thread: "", message: "", home: false };
  return {
    channel,
    thread: TS.test(rest) ? rest : "",
    message: TS.test(message) ? message : "",
    home: rest === "home" && isWithBot(state.channels.get(channel)),
  };
}

/** Go to a channel. */
export function visit(channel, rest = "") {
  location.hash = rest ? `#/${channel}/${rest}` : `#/${channel}`;
}

/** Take the message to jump to out of the address, once it was shown: the same link jumps again. */
export function arrive() {
  const { channel, thread, message } = place();
  if (message) history.replaceState(null, "", thread ? `#/${channel}/${thread}` : `#/${channel}`);
}
