/**
 * Messages that were there before this page: asked in pages, kept in the store.
 */

import { keepAll, messagesOf, state } from "./store.js";

const PAGE = 60; // messages a request
const FAR_PAGE = 400; // messages a request when one far back is wanted

/** Read the newest messages of a channel; those that are gone meanwhile go here too. */
export async function readLatest(channel) {
  const since = performance.now();
  const answer = await state.api.slack("conversations.history", { channel, limit: PAGE });
  const first = !state.complete.has(channel);
  if (first) noteOlder(channel, answer);
  else dropGone(channel, answer.messages, since);
  keepAll(channel, answer.messages, since);
}

/** Read the page of messages before the oldest that is here. */
export async function readOlder(channel, limit = PAGE) {
  const since = performance.now();
  const answer = await state.api.slack(
    "conversations.history",
    { channel, limit, cursor: state.cursors.get(channel) },
  );
  noteOlder(channel, answer);
  keepAll(channel, answer.messages, since);
}

/** Read back until the message of this time is here, or the channel ends. */
export async function readBackTo(channel, ts) {
  while (!messagesOf(channel).has(ts) && !state.complete.get(channel)) {
    const before = state.cursors.get(channel);
    await readOlder(channel, FAR_PAGE);
    if (state.cursors.get(channel) === before) return;
  }
}

function noteOlder(channel, answer) {
  const cursor = answer.response_metadata?.next_cursor || "";
  state.cursors.set(channel, cursor);
  state.complete.set(channel, !cursor);
}

/** What stood between the oldest message of the answer and now, but is not in it, was deleted while nobody listened. */
function dropGone(channel, messages, since) {
  const there = new Set(messages.map((message) => message.ts));
  const oldest = [...there].sort()[0] || "";
  const isGone = (known) => known.ts >= oldest && !there.has(known.ts) && !known.is_ephemeral && (
    !known.thread_ts || known.thread_ts === known.ts
  );
  for (const known of [...messagesOf(channel).values()].filter(isGone)) {
    if (!(state.touched.get(`${channel}/${known.ts}`) > since)) messagesOf(channel).delete(known.ts);
  }
}

/** Read a whole thread, page by page. */
export async function readThread(channel, ts) {
  let cursor = "";
  do {
    const since = performance.now();
    const answer = await state.api.slack(
      "conversations.replies",
      { channel, ts, limit: 200, ...(cursor ? { cursor } : {}) },
    );
    keepAll(channel, answer.messages, since);
    cursor = answer.response_metadata?.next_cursor || "";
  } while (cursor);
}

/**
 * Say that everything in the channel up to `ts` was seen; once for each time. What stays unread after it, such as a
 * mention in a thread nobody opened, the server goes on counting.
 */
export function markRead(channel, ts) {
  const known = state.channels.get(channel);
  const nothingNew = !known || (!known.unread && !known.mentions) || state.seen.get(channel) >= ts;
  if (nothingNew) return;
  state.seen.set(channel, ts);
  state.api.page("read", { channel, ts }).catch(() => state.seen.delete(channel)); // said again with the next message
}
