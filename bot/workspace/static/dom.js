/**
 * Elements. Strings become text nodes and nothing is ever parsed as HTML, so hostile text stays text.
 */

const SVG = "http://www.w3.org/2000/svg";

function setProperty(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else if (name === "color") node.style.setProperty("--person", value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** An HTML element with its properties and children (nodes, strings, nested lists; empty ones are left out). */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(node, name, value);
  node.append(...present(children));
  return node;
}

/** The children that are there, flat: null, undefined and false are left out. */
export function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** An SVG element; `attributes` as in the markup. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...present(children));
  return node;
}

let counted = 0;

/** An id that no other element of this page has. */
export function freshId(stem = "id") {
  counted += 1;
  return `${stem}-${counted}`;
}

/** Text for ears only. */
export function spoken(text) {
  return el("span", { class: "spoken" }, text);
}

/** The element with this id; index.html names them. */
export function byId(id) {
  return document.getElementById(id);
}
