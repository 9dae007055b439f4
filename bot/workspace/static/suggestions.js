/**
 * Names to complete while typing: people and groups after @, channels after #, commands after / at the start.
 */

import { el, freshId } from "./dom.js";
import { nameOf, shownName } from "./mentions.js";
import { knownCommands } from "./outgoing.js";
import { avatar } from "./people.js";
import { state } from "./store.js";

const MOST = 8;

function peopleFor(query) {
  const all = [...state.people.values()].sort((a, b) => Number(Boolean(b.bot)) - Number(Boolean(a.bot)));
  const handle = (person) => (/\s/.test(shownName(person)) ? person.name : shownName(person));
  return all.filter((person) => handle(person).toLowerCase().startsWith(query)).map(
    (person) => ({
      insert: `@${handle(person)}`,
      name: shownName(person),
      hint: person.title || (person.bot ? "app" : ""),
      person,
    }),
  );
}

function groupsFor(query) {
  return [...state.groups.values()].filter((group) => group.handle.startsWith(query)).map(
    (group) => ({ insert: `@${group.handle}`, name: `@${group.handle}`, hint: group.members.map(nameOf).join(", ") }),
  );
}

const whoFor = (query) => [...peopleFor(query), ...groupsFor(query)];

function channelsFor(query) {
  return [...state.channels.values()].filter((channel) => channel.kind !== "im" && channel.name.startsWith(query)).map(
    (channel) => ({ insert: `#${channel.name}`, name: `#${channel.name}`, hint: channel.topic || "" }),
  );
}

function commandsFor(query) {
  return knownCommands().filter((one) => one.command.startsWith(`/${query}`)).map(
    (one) => ({ insert: one.command, name: one.command, hint: one.description || one.usage_hint || "" }),
  );
}

const SOURCES = [
  { pattern: /(?:^|[\s(])@([\w.-]*)$/, find: whoFor },
  { pattern: /(?:^|[\s(])#([\w-]*)$/, find: channelsFor },
  { pattern: /^\/([\w-]*)$/, find: commandsFor },
];

/** The list under a text box. Keys go through `key(event)`, which says whether it used them. */
export class Suggestions {
  constructor(area, holder) {
    const id = freshId("suggestions");
    this.area = area;
    this.node = el("ul", { class: "suggestions", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
    holder.append(this.node);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", id);
    area.addEventListener("input", () => this.look());
    area.addEventListener("blur", () => setTimeout(() => this.close(), 120)); // a click in the list comes first
    this.close();
  }

  look() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    for (const { pattern, find } of SOURCES) {
      const found = pattern.exec(before);
      if (found) return this.#offer(find(found[1].toLowerCase()).slice(0, MOST), found[1]);
    }
    return this.close();
  }

  #offer(items, query) {
    if (!items.length) return this.close();
    Object.assign(this, { items, query, at: 0 });
    this.node.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.node.hidden = false;
    return this.#mark();
  }

  #option(item, index) {
    const pick = (event) => {
      event.preventDefault();
      this.at = index;
      this.pick();
    };
    return el(
      "li",
      { role: "option", id: `${this.node.id}-${index}`, "aria-label": item.name, on: { mousedown: pick } },
      item.person ? avatar(item.person, "small") : null,
      el("span", { class: "suggested" }, item.name),
      el("span", { class: "suggested-hint" }, item.hint),
    );
  }

  #mark() {
    [...this.node.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    this.area.setAttribute("aria-activedescendant", `${this.node.id}-${this.at}`);
  }

  close() {
    this.items = [];
    this.node.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  /** Whether what stands there is already the whole name, so that Enter should send. */
  #isWhole() {
    return this.items[this.at].insert.slice(1).toLowerCase() === this.query.toLowerCase();
  }

  pick() {
    const { value, selectionStart } = this.area;
    const start = selectionStart - this.query.length - 1;
    const inserted = `${this.items[this.at].insert} `;
    this.area.setRangeText(inserted, start, selectionStart, "end");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    if (value !== this.area.value) this.close();
  }

  key(event) {
    if (!this.items.length || event.isComposing) return false;
    if (event.key === "Enter" && this.#isWhole()) return this.close() ?? false;
    const doing = {
      ArrowDown: () => this.#step(1),
      ArrowUp: () => this.#step(-1),
      Enter: () => this.pick(),
      Tab: () => this.pick(),
      Escape: () => this.close(),
    }[event.key];
    if (!doing || event.shiftKey) return false;
    event.preventDefault();
    event.stopPropagation();
    doing();
    return true;
  }

  #step(by) {
    this.at = (this.at + by + this.items.length) % this.items.length;
    this.#mark();
  }
}
