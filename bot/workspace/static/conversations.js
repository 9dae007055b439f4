/**
 * What conversations are called: channels by their name, direct messages by who is at the other end.
 */

import { nameOf } from "./mentions.js";
import { state } from "./store.js";

/** Whether these are direct messages, with anybody. */
export const isDirect = (channel) => channel?.kind === "im";

/** Whether these are the direct messages with the bot, which have a Home tab. */
export const isWithBot = (channel) => isDirect(channel) && [undefined, state.boot.bot.id].includes(channel.with);

/** Who is at the other end of direct messages; the bot carries `bot: true`. */
export const partner = (channel) => state.people.get(channel.with || state.boot.bot.id);

/** The name alone, such as "sales", "jidoka" or "Bob". */
export const nameOfConversation = (channel) => (isDirect(channel) ? nameOf(partner(channel)?.id || channel.name) : channel.name);

/** The name as text says it, such as "#sales", "jidoka" or "Bob". */
export const titleOf = (channel) => (isDirect(channel) ? "" : "#") + nameOfConversation(channel);
