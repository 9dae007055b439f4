/**
 * Controls of Block Kit: what each one says now, the state of a whole surface, and how to carry half-typed values over.
 */

const readers = new WeakMap();

/**
 * Remember how to read this control; `read()` gives Slack's fields, such as {selected_option: …}. `adopt(fields)` takes
 * over what an earlier drawing of it said, where its fields alone do not tell.
 */
export function control(node, block, spec, read, adopt = null) {
  node.dataset.key = `${block.block_id}/${spec.action_id}`;
  readers.set(node, { block: block.block_id, action: spec.action_id, read: () => ({ type: spec.type, ...read() }), adopt });
  node.addEventListener("input", () => (node.dataset.dirty = "yes"));
  return node;
}

/** What one control says now. */
export const reading = (node) => readers.get(node).read();

/** Slack's `state.values` of a surface: block → action → value. */
export function valuesOf(surface) {
  const values = {};
  for (const node of surface?.querySelectorAll("[data-key]") || []) {
    const reader = readers.get(node);
    if (!reader) continue;
    values[reader.block] = { ...values[reader.block], [reader.action]: reader.read() };
  }
  return values;
}

/** The surface (a message, a view) that an element stands in. */
export const surfaceOf = (node) => node.closest("[data-surface]");

const fieldsOf = (node) => (
  node.matches("input,select,textarea") ? [node] : [...node.querySelectorAll("input,select,textarea")]
);

function copyChoices(from, to) {
  const chosen = new Set([...from.selectedOptions].map((option) => option.value));
  for (const option of to.options) option.selected = chosen.has(option.value);
}

function copyField(from, to) {
  if (from.type === "checkbox" || from.type === "radio") to.checked = from.checked;
  else if (from.multiple && from.options) copyChoices(from, to);
  else if (from.type !== "file") to.value = from.value;
}

function sameControl(root, key) {
  return [...root.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
}

/** Keep what a person typed and where they are when a surface is drawn anew. */
export function carryOver(old, fresh) {
  for (const node of old.querySelectorAll("[data-dirty]")) {
    const twin = sameControl(fresh, node.dataset.key);
    if (!twin) continue;
    const targets = fieldsOf(twin);
    readers.get(twin)?.adopt?.(reading(node));
    fieldsOf(node).forEach((field, index) => targets[index] && copyField(field, targets[index]));
    twin.dataset.dirty = "yes";
  }
  for (const [index, details] of [...old.querySelectorAll("details")].entries()) {
    const twin = fresh.querySelectorAll("details")[index];
    if (twin) twin.open = details.open;
  }
}

/** Where the focus is inside `old`, as something to give back after drawing anew. */
export function focusIn(old) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return () => {};
  const holder = active.closest("[data-key],[data-focus]");
  const [key, name] = [holder?.dataset.key, holder?.dataset.focus];
  const index = holder ? fieldsOf(holder).indexOf(active) : -1;
  const caret = active.selectionStart ?? null;
  return (fresh) => refocus(
    key ? sameControl(fresh, key) : fresh.querySelector(`[data-focus="${name}"]`),
    index,
    caret,
  );
}

function refocus(holder, index, caret) {
  const target = index >= 0 && holder ? fieldsOf(holder)[index] : holder;
  target?.focus?.({ preventScroll: true });
  const hasCaret = /^(?:text|url|search|textarea)$/.test(target?.type);
  if (caret !== null && hasCaret) target.setSelectionRange(caret, caret);
}
