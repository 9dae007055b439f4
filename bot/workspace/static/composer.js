/**
 * The composer: a text box named for where it writes, files, commands. Enter sends, Shift and Enter begin a line.
 */

import { Attachments } from "./attachments.js";
import { el } from "./dom.js";
import { icon } from "./glyphs.js";
import { attempt } from "./interact.js";
import { menuItem, opensMenu } from "./menu.js";
import { globalShortcuts } from "./message-tools.js";
import { commandOf, knownCommands, outgoing } from "./outgoing.js";
import { ServerError } from "./api.js";
import { state } from "./store.js";
import { Suggestions } from "./suggestions.js";

const TALLEST = 260; // pixels a text box grows to before it scrolls

/** Writes into one place: `aim({channel, thread_ts, label})` says which. */
export class Composer {
  constructor(holder, { onSent = () => {} } = {}) {
    this.drafts = new Map();
    this.place = null;
    this.queue = Promise.resolve();
    this.onSent = onSent;
    this.area = el("textarea", { rows: 1, class: "composer-text", autocomplete: "off", enterkeyhint: "send" });
    this.attachments = new Attachments(() => this.#refresh());
    this.form = el("form", { class: "composer" });
    this.send = el(
      "button",
      { type: "submit", class: "send-button", "aria-label": "Send", title: "Send (Enter)" },
      icon("send"),
    );
    holder.replaceChildren(this.form);
    this.#wire(holder);
  }

  #wire(holder) {
    this.suggestions = new Suggestions(this.area, holder);
    this.area.addEventListener("keydown", (event) => this.suggestions.key(event) || this.#key(event));
    this.area.addEventListener("input", () => this.#refresh());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.attachments.accept(this.form, this.area);
    addEventListener("resize", () => this.#refresh());
  }

  /** Write to this place from now on; what was typed and attached elsewhere stays there as a draft. */
  aim(place) {
    if (this.place) this.#keep(this.place, this.area.value, this.attachments.take());
    this.place = place;
    const { typed = "", files = [] } = this.drafts.get(this.#keyOf(place)) || {};
    this.area.setAttribute("aria-label", place.label);
    this.area.placeholder = place.label;
    this.area.value = typed;
    this.attachments.add(files);
    const tools = el(
      "div",
      { class: "composer-tools" },
      this.attachments.button(),
      this.attachments.samplesButton(this.#channel(), (text, samples) => this.suggest(text, samples)),
      this.#shortcuts(),
      el("span", { class: "composer-hint" }, "Enter sends · Shift Enter for a new line"),
      this.send,
    );
    this.form.replaceChildren(this.area, this.attachments.node, tools);
    this.#refresh();
  }

  /** Forget all drafts, such as when another person sits down. */
  clear() {
    this.drafts.clear();
    this.place = null;
    this.area.value = "";
    this.attachments.take();
  }

  /** Put a text there, with sample files, to be looked at before it is sent. */
  suggest(text, samples = []) {
    this.area.value = text;
    this.attachments.take();
    if (samples.length) this.attachments.attach(samples);
    this.#refresh();
    this.area.focus();
  }

  /** The channel requests are made in here; null in a thread, where words belong to its run. */
  #channel() {
    return this.place.thread_ts ? null : state.channels.get(this.place.channel);
  }

  #keep(place, typed, files) {
    this.drafts.set(this.#keyOf(place), { typed, files });
  }

  #keyOf = ({ channel, thread_ts = "" }) => `${channel}/${thread_ts}`;

  #shortcuts() {
    const shortcuts = globalShortcuts();
    if (!shortcuts.length) return null;
    const run = (shortcut) => () => attempt(
      () => state.api.page("shortcut", { callback_id: shortcut.callback_id, channel: this.place.channel }),
    );
    const button = el(
      "button",
      { type: "button", class: "button button-quiet button-small" },
      icon("add"),
      "Shortcuts",
    );
    return opensMenu(
      button,
      "Shortcuts",
      () => shortcuts.map(
        (shortcut) => menuItem(
          [el("span", {}, shortcut.name), el("span", { class: "menu-hint" }, shortcut.description || "")],
          run(shortcut),
          shortcut.name,
        ),
      ),
    );
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  #refresh() {
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, TALLEST)}px`;
    this.send.disabled = !this.area.value.trim() && !this.attachments.files.length;
  }

  /** Send what stands there, after what was sent before; what fails comes back into the box. */
  submit() {
    const [typed, place] = [this.area.value.trim(), this.place];
    const files = this.attachments.take();
    if (!typed && !files.length) return;
    this.suggestions.close();
    this.area.value = "";
    this.#refresh();
    this.queue = this.queue.then(() => this.#deliver(place, typed, files));
  }

  async #deliver(place, typed, files) {
    this.form.setAttribute("aria-busy", "true");
    if (await attempt(() => deliver(place, typed, files))) this.onSent(place);
    else this.#giveBack(place, typed, files);
    this.form.removeAttribute("aria-busy");
    this.#refresh();
  }

  #giveBack(place, typed, files) {
    if (this.#keyOf(place) !== this.#keyOf(this.place)) {
      this.#keep(place, typed, files);
      return;
    }
    if (!this.area.value) this.area.value = typed;
    this.attachments.add(files);
  }
}

function deliver(place, typed, files) {
  const command = commandOf(typed);
  if (command && !files.length) return sendCommand(place, command, typed);
  return files.length ? sendFiles(place, typed, files) : sendText(place, typed);
}

function sendText({ channel, thread_ts }, typed) {
  return state.api.slack("chat.postMessage", { channel, text: outgoing(typed), ...(thread_ts ? { thread_ts } : {}) });
}

async function sendFiles({ channel, thread_ts }, typed, files) {
  const empty = files.find((file) => !file.size);
  if (empty) throw new ServerError(`${empty.name} is empty. Take it out, or attach another.`);
  const uploaded = [];
  for (const file of files) uploaded.push({ id: await state.api.upload(file), title: file.name });
  return state.api.slack(
    "files.completeUploadExternal",
    {
      files: uploaded,
      channel_id: channel,
      ...(thread_ts ? { thread_ts } : {}),
      ...(typed ? { initial_comment: outgoing(typed) } : {}),
    },
  );
}

function sendCommand({ channel, thread_ts }, { command, text }, typed) {
  const known = knownCommands().map((one) => one.command);
  if (thread_ts) throw new ServerError("Commands work in the channel, not inside a thread.");
  if (known.length && !known.includes(command)) throw new ServerError(
    `There is no command ${command}. Known here: ${known.join(", ")}.`,
  );
  return state.api.page("command", { channel, command, text, typed });
}
