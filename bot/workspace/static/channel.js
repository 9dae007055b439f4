/**
 * The channel in the middle: its head, its messages, its composer; for the bot's direct messages also the Home tab.
 */

import { Composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { mark } from "./glyphs.js";
import { markRead, readLatest, readOlder } from "./history.js";
import { homeView, openTab } from "./home.js";
import { attempt, busy } from "./interact.js";
import { MessageList } from "./message-list.js";
import { on, refresh, rootsOf, state } from "./store.js";

let shown = { channel: "", home: false };
let list = null;
let composer = null;

const channelNow = () => state.channels.get(shown.channel);
const isDirect = () => channelNow()?.kind === "im";

/** Begin to keep the middle in step. */
export function startChannel() {
  list = new MessageList(byId("messages"), "channel");
  composer = new Composer(byId("composer"), { onSent: () => list.toBottom() });
  byId("newest").addEventListener("click", () => list.toBottom());
  byId("messages").addEventListener("scroll", () => toggleNewest(), { passive: true });
  on("messages", ({ channel }) => channel === shown.channel && draw());
  on("prompts", ({ channel }) => channel === shown.channel && draw());
  on("home", drawHome);
  on("stream", ({ returned }) => returned && shown.channel && catchUp());
  on("channels", ({ channel }) => channel === shown.channel && drawHead());
  document.addEventListener("visibilitychange", seen);
}

/** Forget the last person's drafts and place. */
export function leaveChannel() {
  shown = { channel: "", home: false };
  composer.clear();
}

/** Show a channel, or the bot's Home in its direct messages. */
export function showChannel({ channel, home }) {
  const moved = channel !== shown.channel;
  const tabbed = moved || home !== shown.home;
  shown = { channel, home };
  if (moved) begin();
  if (tabbed && isDirect()) openTab(home ? "home" : "messages");
  byId("conversation").hidden = home;
  byId("home").hidden = !home;
  drawHead();
  if (home) drawHome();
}

function begin() {
  list.reset(shown.channel);
  composer.aim({ channel: shown.channel, label: isDirect() ? `Message ${state.boot.bot.name}` : `Message #${channelNow().name}` });
  draw();
  attempt(() => readLatest(shown.channel)).then(() => list.toBottom());
}

const catchUp = () =>
  attempt(async () => {
    await refresh();
    await readLatest(shown.channel);
  });

function drawHead() {
  const channel = channelNow();
  if (!channel) return;
  const direct = isDirect();
  byId("channel-name").replaceChildren(direct ? "" : el("span", { class: "hash", "aria-hidden": "true" }, "#"), direct ? state.boot.bot.name : channel.name);
  byId("channel-topic").textContent = direct ? "An app that runs work down a line, and asks you where a decision is yours." : channel.topic || "";
  byId("tabs").hidden = !direct;
  for (const tab of byId("tabs").children) {
    const chosen = (tab.dataset.tab === "home") === shown.home;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
}

function draw() {
  const messages = rootsOf(shown.channel);
  const complete = state.complete.get(shown.channel);
  const before = [complete === false ? olderButton() : null, complete === true ? welcome(messages.length) : null].filter(Boolean);
  list.show(messages, { before });
  toggleNewest();
  seen();
}

let older = null;

function olderButton() {
  older ??= el("button", { type: "button", class: "button button-small older", on: { click: () => busy(older, () => attempt(() => readOlder(shown.channel))) } }, "Show earlier messages");
  return older;
}

function welcome(count) {
  const channel = channelNow();
  const bot = state.boot.bot.name;
  const words = isDirect()
    ? [`Write to ${bot} as you would to a colleague. Every message you send here begins a request; the answer comes in its thread.`]
    : ["Mention ", el("strong", {}, `@${bot}`), " with what you need, attach what it should read, and it goes to work. It stops and asks where a decision belongs to a person."];
  return el("div", { class: `welcome${count ? " welcome-small" : ""}` }, mark(), el("h2", {}, isDirect() ? `You and ${bot}` : `#${channel.name}`), el("p", {}, words), count ? null : examples(bot));
}

const EXAMPLES = [
  "Compare the attached offers and tell me what they cost over two years",
  "Write a one-page brief for the sales team from the attached notes, under 500 words",
];

function examples(bot) {
  const given = state.prompts.get(shown.channel);
  const prompts = given?.prompts || EXAMPLES.map((text) => ({ title: text, message: isDirect() ? text : `@${bot} ${text}` }));
  const button = (prompt) => el("button", { type: "button", class: "prompt", on: { click: () => composer.suggest(prompt.message) } }, prompt.title || prompt.message);
  return el("div", { class: "prompts" }, el("p", { class: "quiet" }, given?.title || "For example"), prompts.map(button));
}

function toggleNewest() {
  byId("newest").hidden = list.stuck;
}

/** What is on screen counts as read. */
function seen() {
  const last = rootsOf(shown.channel).filter((message) => !message.is_ephemeral).at(-1);
  if (!last || shown.home || document.hidden || !list.stuck) return;
  markRead(shown.channel, last.ts).catch(() => null); // read again at the next message
}

function drawHome() {
  if (!shown.home) return;
  byId("home").replaceChildren(homeView());
}
