/**
 * Files about to be sent: chosen, dropped, pasted, or taken from the samples.
 */

import { el } from "./dom.js";
import { sizeWords } from "./files.js";
import { icon } from "./glyphs.js";
import { attempt } from "./interact.js";
import { menuItem, opensMenu } from "./menu.js";
import { state } from "./store.js";

const byFolder = (samples) => Map.groupBy(samples, (sample) => sample.folder || "");

/** The sample folders: {folder, request, needs, samples}; the request is what the files are for, `needs` what it takes, or "". */
export function sampleFolders() {
  return [...byFolder(state.boot.samples || [])].map(
    ([folder, samples]) => ({ folder, samples, request: samples[0].request || "", needs: samples[0].needs || "" }),
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

  /** The menu of our sample files; null when there are none. */
  samplesButton() {
    if (!state.boot?.samples?.length) return null;
    const button = el(
      "button",
      { type: "button", class: "button button-quiet button-small" },
      icon("folder"),
      "Sample files",
    );
    return opensMenu(button, "Sample files", () => this.#sampleItems());
  }

  #sampleItems() {
    return sampleFolders().flatMap(({ folder, samples }) => [
      folder ? el("div", { class: "menu-title", role: "presentation" }, folder.replaceAll(/[-_]/g, " ")) : null,
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
