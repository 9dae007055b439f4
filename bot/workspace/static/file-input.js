/**
 * File fields of forms: chosen files go up at once, are listed, and are reported as the workspace keeps them.
 */

import { control } from "./controls.js";
import { el } from "./dom.js";
import { icon } from "./glyphs.js";
import { named } from "./inputs.js";
import { attempt } from "./interact.js";
import { state } from "./store.js";

const uploads = new WeakMap(); // holder → the upload under way

/** Wait until every file of a surface is up. */
export const uploaded = (surface) => Promise.all([...surface.querySelectorAll(".file-input")].map((one) => uploads.get(one)));

async function upload(file) {
  const id = await state.api.upload(file);
  const answer = await state.api.slack("files.completeUploadExternal", { files: [{ id, title: file.name }] });
  return answer.files[0];
}

/** A file field. What is chosen again is added, as far as the element takes it. */
export function fileField(spec, block, context, { label }) {
  const types = (spec.filetypes || []).map((type) => `.${type}`).join(",");
  const most = spec.max_files || 10;
  const field = el(
    "input",
    { class: "input", type: "file", multiple: most > 1, accept: types || null, ...named(label, spec, "Files") },
  );
  const list = el("ul", { class: "attached", "aria-label": "Chosen files", hidden: true });
  const note = el("p", { class: "hint", role: "status" });
  const holder = el("div", { class: "file-input" }, field, list, note);
  const held = { files: [] };
  const show = () => {
    list.replaceChildren(...held.files.map((file) => chosen(file, remove)));
    list.hidden = !held.files.length;
    note.textContent = most > 1 && held.files.length ? `${held.files.length} of at most ${most} files` : "";
  };
  const remove = (file) => {
    held.files = held.files.filter((one) => one !== file);
    show();
  };
  const add = async (files) => {
    note.textContent = "Uploading…";
    await attempt(async () => {
      const kept = most > 1 ? held.files : [];
      held.files = [...kept, ...(await Promise.all(files.map(upload)))].slice(0, most);
    });
    field.value = ""; // what is listed counts, and the same file may be chosen again
    show();
  };
  field.addEventListener("change", () => uploads.set(holder, add([...field.files].slice(0, most))));
  const adopt = (before) => {
    held.files = before.files;
    show();
  };
  return control(holder, block, spec, () => ({ files: held.files }), adopt);
}

function chosen(file, remove) {
  const away = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}`, on: { click: () => remove(file) } },
    icon("close"),
  );
  return el("li", { class: "attached-file" }, el("span", {}, file.name), away);
}
