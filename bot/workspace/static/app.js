/**
 * The page: who sits here, where they are, what changed. Everything else is in the modules named here.
 */

import { sentence } from "./api.js";
import { leaveChannel, showChannel, startChannel } from "./channel.js";
import { titleOf } from "./conversations.js";
import { byId, el } from "./dom.js";
import { mark } from "./glyphs.js";
import { onHome } from "./home.js";
import { shownName } from "./mentions.js";
import { startModals } from "./modal.js";
import { avatar } from "./people.js";
import { place, visit } from "./route.js";
import { drawSidebar, startSidebar } from "./sidebar.js";
import { become, lastToken, on, state, take } from "./store.js";
import { leaveThread, showThread, startThread } from "./thread.js";
import { refreshTimes } from "./times.js";
import { complain } from "./toast.js";

const TIMES_MS = 30_000;

function drawTitle() {
  const all = [...state.channels.values()];
  const sum = (field) => all.reduce((total, channel) => total + (channel[field] || 0), 0);
  const [unread, mentions] = [sum("unread"), sum("mentions")];
  const count = [unread ? `${unread} unread` : "", mentions ? `${mentions} @` : ""].filter(Boolean).join(", ");
  const channel = state.channels.get(place().channel);
  document.title = `${count ? `(${count}) ` : ""}${channel ? titleOf(channel) : ""} · ${state.boot.team?.name || "Jidoka workspace"}`;
}

function drawBanner() {
  const words = state.streaming ? (
    state.connected ? "" : `${state.boot.bot.name} is not connected. What you write is kept and delivered when it returns.`
  ) : "The connection to the workspace is lost. Trying again… If it was started anew, open the address it printed.";
  const banner = byId("banner");
  banner.textContent = words;
  banner.hidden = !words;
}

const option = (person) => el(
  "option",
  { value: shownName(person), selected: person.id === state.person.id },
  person.title ? `${shownName(person)} (${person.title})` : shownName(person),
);

function drawPerson() {
  const select = byId("you-are");
  select.replaceChildren(...state.boot.people.map(option));
  byId("you-picture").replaceChildren(avatar(state.person, "small"));
}

const wantedChannel = () => location.hash.split("/")[1];

/** Say so when an address names a channel that is not for the person here. */
function complainOf(channel) {
  if (channel && !state.channels.has(channel)) complain(sentence("channel_not_found"));
}

function go() {
  const here = place();
  complainOf(wantedChannel());
  showChannel(here);
  showThread(here);
  drawSidebar();
  drawTitle();
}

async function sitDown(token) {
  leaveThread();
  leaveChannel();
  try {
    await become(token);
  } catch (error) {
    if (token !== lastToken()) complain(error.message);
    throw error;
  }
  byId("app").hidden = false;
  drawPerson();
  goOwn();
}

/** A direct message belongs to one person: the address of somebody else's becomes one's own channel. */
function goOwn() {
  if (!state.channels.has(wantedChannel())) visit(place().channel);
  go();
}

function changePerson(event) {
  const person = state.boot.people.find((one) => shownName(one) === event.target.value);
  sitDown(person.token).catch((error) => complain(error.message));
}

function watchTabs() {
  const tabs = byId("tabs");
  const open = (tab) => visit(place().channel, tab.dataset.tab === "home" ? "home" : "");
  tabs.addEventListener("click", (event) => event.target.dataset.tab && open(event.target));
  tabs.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = [...tabs.children].find((tab) => tab !== document.activeElement);
    other.focus();
    open(other);
  });
}

/** Put everything together and begin. */
async function start() {
  byId("brand-mark").append(mark());
  byId("you-are").addEventListener("change", changePerson);
  for (const begin of [startSidebar, startChannel, startThread, startModals, watchTabs]) begin();
  onHome((view) => take({ type: "home", view }));
  on("channels", drawTitle);
  for (const name of ["connected", "stream"]) on(name, drawBanner);
  addEventListener("hashchange", go);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("messages").focus();
  });
  setInterval(refreshTimes, TIMES_MS);
  const wanted = wantedChannel();
  await sitDown(lastToken()).catch(() => sitDown("xoxp-alice"));
  complainOf(wanted);
}

start().catch((error) => complain(error.message));
