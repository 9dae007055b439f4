/**
 * What a newcomer reads at the beginning of a channel, with requests to try.
 */

import { readyRequests } from "./attachments.js";
import { isDirect, isWithBot, nameOfConversation, titleOf } from "./conversations.js";
import { el } from "./dom.js";
import { icon, mark } from "./glyphs.js";
import { state } from "./store.js";

const DIRECT = "Every message you send here begins a request; the answer comes in its thread.";
const WORK = "attach what it should read, and it goes to work. It stops and asks where a decision belongs to a person.";

/** The head of a channel's history. `count` messages follow; `suggest(text, samples)` fills the composer. */
export function welcome(channel, count, suggest) {
  const bot = state.boot.bot.name;
  const title = isDirect(channel) ? `You and ${nameOfConversation(channel)}` : titleOf(channel);
  return el(
    "div",
    { class: `welcome${count ? " welcome-small" : ""}` },
    mark(),
    el("h2", {}, title),
    el("p", {}, introduction(channel, bot)),
    count || (isDirect(channel) && !isWithBot(channel)) ? null : prompts(channel, suggest),
  );
}

function introduction(channel, bot) {
  if (isDirect(channel) && !isWithBot(channel)) return `Only the two of you read this; ${bot} does not.`;
  if (isDirect(channel)) return `Write to ${bot} as you would to a colleague. ${DIRECT}`;
  return ["Mention ", el("strong", {}, `@${bot}`), ` with what you need, ${WORK}`];
}

function prompts(channel, suggest) {
  const given = state.prompts.get(channel.id);
  const buttons = [
    ...(given?.prompts || []).map((prompt) => promptButton(prompt, suggest)),
    ...readyRequests(channel).map((folder) => sampleButton(folder, suggest)),
  ];
  return buttons.length ? el(
    "div",
    { class: "prompts" },
    el("p", { class: "quiet" }, given?.title || "Try one: it fills the box below, files attached, and you send it."),
    buttons,
  ) : null;
}

function promptButton(prompt, suggest) {
  return el(
    "button",
    { type: "button", class: "prompt", on: { click: () => suggest(prompt.message) } },
    prompt.title || prompt.message,
  );
}

function sampleButton({ request, needs, samples }, suggest) {
  const files = samples.map((sample) => sample.name).join(", ");
  return el(
    "button",
    { type: "button", class: "prompt", on: { click: () => suggest(request, samples) } },
    el("span", { class: "prompt-text" }, request),
    el("span", { class: "prompt-files" }, icon("attach"), el("span", {}, files)),
    needs ? el("span", { class: "prompt-needs" }, needs) : null,
  );
}
