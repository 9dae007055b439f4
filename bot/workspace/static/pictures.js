/**
 * Pictures. Only our own files are loaded; a picture from elsewhere is a link, because loading it would tell its host.
 */

import { localPath } from "./api.js";
import { el } from "./dom.js";
import { link, safeUrl } from "./links.js";
import { plain } from "./mrkdwn.js";
import { state } from "./store.js";

const own = (url) => url && url.origin === location.origin;

/** The address under which a stored file is shown in the page. */
export function inlineAddress(url) {
  const path = localPath(url);
  return `${path}${path.includes("?") ? "&" : "?"}inline=1`;
}

/** An image element or block; foreign ones are named and linked, not loaded. */
export function image(spec, kind = "picture") {
  const attributes = { class: kind, alt: spec.alt_text || "", loading: "lazy" };
  if (spec.slack_file) return slackFile(spec.slack_file, attributes);
  const url = safeUrl(spec.image_url || "");
  if (own(url)) return el("img", { ...attributes, src: url.pathname + url.search });
  return el(
    "span",
    { class: "foreign-picture" },
    "Picture, not loaded: ",
    link(spec.image_url || "", spec.alt_text || ""),
  );
}

function slackFile(file, attributes) {
  if (file.url) return el("img", { ...attributes, src: inlineAddress(file.url) });
  const node = el("img", attributes);
  state.api.slack("files.info", { file: file.id }).then(
    (answer) => (node.src = inlineAddress(answer.file.url_private)),
    () => node.replaceWith(el("span", { class: "foreign-picture" }, `Picture ${file.id} cannot be read.`)),
  );
  return node;
}

/** An image block with its title. */
export function figure(block) {
  return el(
    "figure",
    { class: "figure" },
    block.title ? el("figcaption", {}, plain(block.title.text)) : null,
    image(block),
  );
}
