/**
 * Pressing and choosing: one action goes to the bot, with the state of its surface; what goes wrong is said.
 */

import { NO_ANSWER } from "./api.js";
import { surfaceOf, valuesOf } from "./controls.js";
import { confirmed } from "./dialogs.js";
import { state } from "./store.js";
import { complain } from "./toast.js";

/** Send one action. Asks first when the element has a `confirm`. True when the bot took it. */
export async function act(node, context, block, spec, fields = {}) {
  if (spec.confirm && !(await confirmed(spec.confirm))) return false;
  return busy(node, () => deliver(node, context, block, spec, fields));
}

async function deliver(node, context, block, spec, fields) {
  const surface = surfaceOf(node);
  try {
    await state.api.page("action", {
      container: context.container(),
      block_id: block.block_id,
      action: { action_id: spec.action_id, type: spec.type, ...fields },
      state: { values: valuesOf(surface) },
    });
    return true;
  } catch (error) {
    complain(error.code === "operation_timeout" ? NO_ANSWER : error.message);
    return false;
  }
}

/** Do `work` while the control shows that it is busy; a second press meanwhile does nothing. */
export async function busy(node, work) {
  if (node.getAttribute("aria-busy") === "true") return false;
  node.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** Do `work`; say in a toast what went wrong. True when it went well. */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    complain(error.message);
    return false;
  }
}
