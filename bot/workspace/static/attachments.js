/**
 * Files about to be sent: chosen, dropped, pasted, or taken from the samples.
 */

import { isDirect, isWithBot } from "./conversations.js";
import { el } from "./dom.js";
import { sizeWords } from "./files.js";
import { icon } from "./glyphs.js";
import { attempt } from "./interact.js";
import { menuItem, opensMenu } from "./menu.js";
import { state } from "./store.js";

const byFolder = (samples) => Map.groupBy(samples, (sample) => sample.folder || "");

/** The sample folders that come with a request for this channel; in direct messages with the bot it needs no mention. */
export function readyRequests(channel) {
  const words = (request) => (isDirect(channel) ? request.replace(/^@\S+\s+/, "") : request);
  const known = isDirect(channel) && !isWithBot(channel) ? [] : sampleFolders();
  return known.filter((one) => one.request).map((one) => ({ ...one, request: words(one.request) }));
}

/** The sample folders: {folder, request, needs, samples}; the request is what the files are for, `needs` what it takes, or "". */
function sampleFolders() {
  return [...byFolder(state.boot.samples || [])].map(
    ([folder, samples]) => ({ folder, samples, request: samples[0].request || "", needs: samples[0].needs || "" }),
  );
}

/** Puts a folder's request into the box, with its files. */
function requestItem({ folder, request, needs, samples }, suggest) {
  return menuItem(
    [el("span", {}, "The example request, with its files"), needs ? el("span", { class: "menu-hint" }, needs) : null],
    () => suggest(request, samples),
    `The example request of ${folder}`,
  );
}

async function fetched(sample) {
  const bytes = await state.api.sample(sample.folder, sample.name);
  return new File([bytes], sample.name, { type: bytes.type });
}

/** The tray of a composer. `node` shows what is attached; `files` are ready to send. */
export class Attachments {
  constructor(onChange) {
    this.files = [];
    this.onChange = onChange;
    this.node = el("ul", { class: "attached", "aria-label": "Attached files", hidden: true });
  }

  add(files) {
    this.files.push(...files);
    this.#draw();
  }

  remove(file) {
    this.files = this.files.filter((other) => other !== file);
    this.#draw();
  }

  /** Hand the files over; the tray is empty afterwards. */
  take() {
    const files = this.files;
    this.files = [];
    this.#draw();
    return files;
  }

  #draw() {
    this.node.hidden = !this.files.length;
    this.node.replaceChildren(...this.files.map((file) => this.#chip(file)));
    this.onChange();
  }

  #chip(file) {
    const remove = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": `Remove ${file.name}`,
        on: { click: () => this.remove(file) },
      },
      icon("close"),
    );
    return el(
      "li",
      { class: "attached-file" },
      icon("file"),
      el("span", {}, file.name),
      el("span", { class: "quiet" }, sizeWords(file.size)),
      remove,
    );
  }

  /** The attach button with its file field. */
  button() {
    const field = el("input", { type: "file", multiple: true, hidden: true });
    field.addEventListener("change", () => {
      this.add([...field.files]);
      field.value = "";
    });
    const open = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Attach files",
        title: "Attach files",
        on: { click: () => field.click() },
      },
      icon("attach"),
    );
    return [open, field];
  }

  /** The menu of our sample files, with the requests they come with in `channel`; null when there are none. */
  samplesButton(channel, suggest) {
    if (!state.boot?.samples?.length) return null;
    const button = el(
      "button",
      { type: "button", class: "button button-quiet button-small" },
      icon("folder"),
      "Sample files",
    );
    return opensMenu(button, "Sample files", () => this.#sampleItems(channel, suggest));
  }

  #sampleItems(channel, suggest) {
    const ready = new Map(channel ? readyRequests(channel).map((one) => [one.folder, one]) : []);
    return sampleFolders().flatMap(({ folder, samples }) => [
      folder ? el("div", { class: "menu-title", role: "presentation" }, folder.replaceAll(/[-_]/g, " ")) : null,
      ready.has(folder) ? requestItem(ready.get(folder), suggest) : null,
      samples.length > 1 && folder ? menuItem(
        el("span", {}, `All ${samples.length} files`),
        () => this.attach(samples),
        `All ${samples.length} files of ${folder}`,
      ) : null,
      ...samples.map(
        (sample) => menuItem(
          [
            el("span", {}, sample.name),
            el("span", { class: "menu-hint" }, sample.description || sizeWords(sample.size)),
          ],
          () => this.attach([sample]),
          sample.name,
        ),
      ),
    ]).filter(Boolean);
  }

  /** Attach sample files. */
  attach(samples) {
    return attempt(async () => this.add(await Promise.all(samples.map(fetched))));
  }

  /** Let files be dropped on `zone` and pasted into `area`. */
  accept(zone, area) {
    const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
    zone.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      zone.classList.add("dropping");
    });
    zone.addEventListener(
      "dragleave",
      (event) => zone.contains(event.relatedTarget) || zone.classList.remove("dropping"),
    );
    zone.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      zone.classList.remove("dropping");
      this.add([...event.dataTransfer.files]);
    });
    area.addEventListener(
      "paste",
      (event) => event.clipboardData?.files.length && this.add([...event.clipboardData.files]),
    );
  }
}
