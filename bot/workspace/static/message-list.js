/**
 * A list of messages that stays where the reader is: at the bottom it follows, scrolled up it stands still.
 */

import { carryOver, focusIn } from "./controls.js";
import { el } from "./dom.js";
import { article } from "./message.js";
import { day, moment } from "./times.js";

const NEAR = 48; // pixels from the bottom that still count as being there
const ABOVE = 8; // pixels left free above a message that is brought into view
const WAITS = ".message-body .button-primary"; // what makes a card's edge amber
const FOUND_MS = 2_500; // how long a message that was jumped to is marked and kept in view
const TOGETHER_S = 300; // messages of one author within five minutes stand together

const isLight = (message) => (message.blocks || []).every(
  (block) => block.type === "rich_text",
) && !message.attachments;

const isOfSame = (message, before) => ["user", "username"].every((field) => message[field] === before[field]);
const isSoonAfter = (message, before) => Number(message.ts) - Number(before.ts) < TOGETHER_S;
const isAlone = (message) => message.is_ephemeral || message.subtype === "thread_broadcast" || !isLight(message);

function follows(message, before) {
  if (!before || isAlone(message) || isAlone(before)) return false;
  return isOfSame(message, before) && isSoonAfter(message, before);
}

/** Messages as rows to draw: days between them, compact where they stand together. */
function rowsOf(messages, place) {
  const rows = [];
  let [before, today] = [null, ""];
  for (const message of messages) {
    const name = day(moment(message.ts));
    if (name !== today && place === "channel") rows.push({ key: `day ${name}`, day: name });
    rows.push({ key: message.ts, message, compact: name === today && follows(message, before) });
    [before, today] = [message, name];
  }
  return rows;
}

/** Whether two rows look the same; most often the message is the very same object. */
function isSame(before, now) {
  if (before.compact !== now.compact) return false;
  return before.message === now.message || JSON.stringify(before.message) === JSON.stringify(now.message);
}

function dayLine(name) {
  return el("div", { class: "day", role: "separator", "aria-label": name }, el("span", {}, name));
}

/** Keeps the articles of one place in step with the store. */
export class MessageList {
  constructor(scroller, place) {
    Object.assign(
      this,
      { scroller, place, content: scroller.firstElementChild, drawn: new Map(), stuck: true, sought: null, channel: "" },
    );
    scroller.addEventListener("scroll", () => (this.stuck = this.atBottom()), { passive: true });
    for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      scroller.addEventListener(moved, () => (this.sought = null), { passive: true });
    }
    for (const node of [this.content, scroller]) new ResizeObserver(() => this.#stay()).observe(node);
  }

  /** Stay at the bottom, or at the message that was jumped to, when pictures come in or a thread opens beside. */
  #stay() {
    const sought = this.sought && this.#nodeOf(this.sought);
    if (sought) sought.scrollIntoView({ block: "center" });
    else if (this.stuck) this.toBottom();
  }

  atBottom() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    Object.assign(this, { stuck: true, sought: null });
  }

  /** Go to the newest message that waits for an answer, its beginning first; without one, to the bottom. */
  toWaiting() {
    this.toBottom();
    const waiting = [...this.content.querySelectorAll("article.message-bot")].filter((node) => node.querySelector(WAITS)).at(-1);
    if (!waiting || waiting.offsetTop >= this.scroller.scrollTop) return;
    this.scroller.scrollTop = waiting.offsetTop - ABOVE;
    this.stuck = false;
  }

  /** Bring a message to the middle of the view and mark it for a moment; false when it is not here. */
  toMessage(ts) {
    const node = this.#nodeOf(ts);
    if (!node) return false;
    this.sought = ts;
    node.scrollIntoView({ block: "center" });
    this.stuck = this.atBottom();
    node.focus({ preventScroll: true });
    node.classList.add("found");
    setTimeout(() => {
      node.classList.remove("found");
      if (this.sought === ts) this.sought = null;
    }, FOUND_MS);
    return true;
  }

  #nodeOf = (ts) => this.content.querySelector(`[data-ts="${ts}"]`);

  /** Begin anew, for another channel or thread. */
  reset(channel) {
    Object.assign(this, { channel, stuck: true, sought: null });
    this.drawn.clear();
    this.content.replaceChildren();
  }

  /** Draw messages, oldest first. `before`: nodes above them; `between`: a node after the first (a thread's root). */
  show(messages, { before = [], between = null } = {}) {
    const from = this.stuck ? null : this.#anchor();
    const nodes = rowsOf(messages, this.place).map((row) => this.#node(row));
    if (between) nodes.splice(1, 0, between);
    this.#place([...before, ...nodes]);
    this.#forgetOthers(nodes);
    if (from) from();
    else if (!this.sought) this.toBottom();
  }

  /** Give back the place of the first visible message after older ones were put above it. */
  #anchor() {
    const top = this.scroller.scrollTop;
    const seen = [...this.content.children].find((node) => node.offsetTop + node.offsetHeight > top && node.dataset.ts);
    const offset = seen ? seen.offsetTop - top : 0;
    return () => {
      const now = seen && (seen.isConnected ? seen : this.#nodeOf(seen.dataset.ts));
      if (now) this.scroller.scrollTop = now.offsetTop - offset;
    };
  }

  #node(row) {
    const known = this.drawn.get(row.key);
    if (known && isSame(known.row, row)) {
      known.row = row;
      return known.node;
    }
    const node = row.day ? dayLine(row.day) : article(row.message, this.channel, { place: this.place, compact: row.compact });
    if (known) this.#replace(known.node, node);
    this.drawn.set(row.key, { row, node });
    return node;
  }

  #replace(old, fresh) {
    carryOver(old, fresh);
    const refocus = focusIn(old);
    old.replaceWith(fresh);
    refocus(fresh);
  }

  /** Put nodes in this order, moving only what is out of place, so that focus and scroll survive. */
  #place(nodes) {
    const wanted = new Set(nodes);
    for (const node of [...this.content.children]) if (!wanted.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (this.content.children[index] !== node) this.content.insertBefore(node, this.content.children[index] || null);
    });
  }

  #forgetOthers(nodes) {
    const kept = new Set(nodes);
    for (const [key, { node }] of this.drawn) if (!kept.has(node)) this.drawn.delete(key);
  }
}
