/**
 * The channel in the middle: its head, its messages, its composer; for the bot's direct messages also the Home tab.
 */

import { Composer } from "./composer.js";
import { byId, el } from "./dom.js";
import { markRead, readLatest, readOlder } from "./history.js";
import { homeView, openTab } from "./home.js";
import { attempt, busy } from "./interact.js";
import { MessageList } from "./message-list.js";
import { soon } from "./soon.js";
import { on, refresh, rootsOf, state } from "./store.js";
import { welcome } from "./welcome.js";

const ABOUT_THE_BOT = "An app that runs work down a line, and asks you where a decision is yours.";

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
  const drawSoon = soon(draw);
  for (const name of ["messages", "prompts"]) on(name, ({ channel }) => channel === shown.channel && drawSoon());
  on("home", drawHome);
  on("stream", ({ returned }) => returned && shown.channel && catchUp());
  on("channels", ({ channel }) => {
    if (channel !== shown.channel) return;
    drawHead();
    seen();
  });
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
  composer.aim({
    channel: shown.channel,
    label: isDirect() ? `Message ${state.boot.bot.name}` : `Message #${channelNow().name}`,
  });
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
  byId("channel-name").replaceChildren(
    direct ? "" : el("span", { class: "hash", "aria-hidden": "true" }, "#"),
    direct ? state.boot.bot.name : channel.name,
  );
  byId("channel-topic").textContent = direct ? ABOUT_THE_BOT : channel.topic || "";
  byId("tabs").hidden = !direct;
  for (const tab of byId("tabs").children) {
    const chosen = (tab.dataset.tab === "home") === shown.home;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
}

function draw() {
  if (!channelNow()) return;
  const messages = rootsOf(shown.channel);
  const complete = state.complete.get(shown.channel);
  const before = [
    complete === false ? olderButton() : null,
    complete === true ? welcome(
      channelNow(),
      messages.length,
      (text, samples) => composer.suggest(text, samples),
    ) : null,
  ].filter(Boolean);
  list.show(messages, { before });
  toggleNewest();
  seen();
}

let older = null;

function olderButton() {
  older ??= el(
    "button",
    {
      type: "button",
      class: "button button-small older",
      on: { click: () => busy(older, () => attempt(() => readOlder(shown.channel))) },
    },
    "Show earlier messages",
  );
  return older;
}

function toggleNewest() {
  byId("newest").hidden = list.stuck;
}

/** What is on screen counts as read. */
function seen() {
  const last = rootsOf(shown.channel).filter((message) => !message.is_ephemeral).at(-1);
  if (!last || shown.home || document.hidden || !list.stuck) return;
  markRead(shown.channel, last.ts);
}

function drawHome() {
  if (!shown.home) return;
  byId("home").replaceChildren(homeView());
}
