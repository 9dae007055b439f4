/**
 * The channel in the middle: its head, its messages, its composer; for the bot's direct messages also the Home tab.
 */

import { Composer } from "./composer.js";
import { carryOver, focusIn } from "./controls.js";
import { isDirect as isBetweenTwo, isWithBot, nameOfConversation, partner, titleOf } from "./conversations.js";
import { byId, el } from "./dom.js";
import { markRead, readBackTo, readLatest, readOlder } from "./history.js";
import { homeView, openTab } from "./home.js";
import { attempt, busy } from "./interact.js";
import { MessageList } from "./message-list.js";
import { arrive, visit } from "./route.js";
import { soon } from "./soon.js";
import { messagesOf, on, refresh, rootsOf, state } from "./store.js";
import { complain } from "./toast.js";
import { sentence } from "./api.js";
import { welcome } from "./welcome.js";

const ABOUT_THE_BOT = "An app that runs work down a line, and asks you where a decision is yours.";

let shown = { channel: "", home: false };
let list = null;
let composer = null;

const channelNow = () => state.channels.get(shown.channel);
const isDirect = () => isBetweenTwo(channelNow());

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
export function showChannel({ channel, thread, message, home }) {
  const moved = channel !== shown.channel;
  const tabbed = moved || home !== shown.home;
  shown = { channel, home };
  const wanted = thread ? "" : message;
  if (moved) begin(wanted);
  else if (wanted) jump(channel, wanted);
  if (tabbed && isWithBot(channelNow())) openTab(home ? "home" : "messages");
  byId("conversation").hidden = home;
  byId("home").hidden = !home;
  drawHead();
  if (home) drawHome();
}

function begin(message) {
  list.reset(shown.channel);
  composer.aim({
    channel: shown.channel,
    label: `Message ${titleOf(channelNow())}`,
  });
  draw();
  const { channel } = shown;
  attempt(() => readLatest(channel)).then(() => (message ? jump(channel, message) : list.toBottom()));
}

/** Bring a message into view, reading back as far as it takes; its thread opens beside it when it has one. */
async function jump(channel, ts) {
  if (!(await attempt(() => readBackTo(channel, ts))) || channel !== shown.channel) return;
  arrive();
  draw();
  if (!list.toMessage(ts)) return complain(sentence("message_not_found"));
  if (messagesOf(channel).get(ts)?.reply_count) visit(channel, ts);
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
    nameOfConversation(channel),
  );
  byId("channel-topic").textContent = aboutOf(channel);
  byId("tabs").hidden = !isWithBot(channel);
  for (const tab of byId("tabs").children) {
    const chosen = (tab.dataset.tab === "home") === shown.home;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
}

function aboutOf(channel) {
  if (isWithBot(channel)) return ABOUT_THE_BOT;
  return (isBetweenTwo(channel) ? partner(channel)?.title : channel.topic) || "";
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

/** Draw Home anew where the reader is: what is half typed, what has the focus and what is in view stay. */
function drawHome() {
  if (!shown.home) return;
  const [home, fresh] = [byId("home"), homeView()];
  const [refocus, scrolled] = [focusIn(home), home.scrollTop];
  carryOver(home, fresh);
  home.replaceChildren(fresh);
  home.scrollTop = scrolled;
  refocus(home);
}
