/**
 * The server: Slack's Web API at /api, what a Slack client does beyond it at /page, and the stream of what happens.
 */

const ANSWER_MS = 10_000;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000];
export const NO_ANSWER = "Jidoka did not answer in time. Try again.";

/** What went wrong, in words for the person. */
export class ServerError extends Error {
  constructor(message, code = "") {
    super(message);
    this.name = "ServerError";
    this.code = code;
  }
}

const SENTENCES = {
  __proto__: null,
  operation_timeout: NO_ANSWER,
  not_in_channel: "You are not a member of this channel.",
  channel_not_found: "This channel does not exist, or you may not see it.",
  message_not_found: "This message is no longer there.",
  no_text: "Write something first.",
  msg_too_long: "This message is too long. Send it as a file, or in parts.",
  restricted_action: "A guest may not do this.",
  user_is_restricted: "A guest may not do this.",
  cant_update_message: "Only your own messages can be edited.",
  cant_delete_message: "Only your own messages can be deleted.",
  invalid_action: "This is no longer there to press. It was just replaced.",
  file_not_found: "This file is no longer there.",
  invalid_auth: "This page is no longer signed in. Open the address that was printed at the start again.",
  expired_trigger_id: "Jidoka took too long to open its form. Try again.",
  not_connected: "Jidoka is not connected, so nobody received this. Try again in a moment.",
};

/** A sentence for Slack's error code; a sentence the server wrote itself stays as it is. */
export function sentence(code) {
  if (!code) return "The workspace gave no reason.";
  return SENTENCES[code] || (/\s/.test(code) ? code : `The workspace refused this: ${code.replaceAll("_", " ")}.`);
}

async function answered(path, options) {
  try {
    return await fetch(path, { ...options, signal: AbortSignal.timeout(options.ms || ANSWER_MS) });
  } catch (error) {
    if (error.name === "TimeoutError") throw new ServerError(NO_ANSWER, "operation_timeout");
    throw new ServerError("The workspace cannot be reached. Is it still running?", "unreachable");
  }
}

async function body(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new ServerError(
      text.length < 300 && !text.startsWith("<") ? sentence(text) : `The workspace answered with status ${response.status}.`,
    );
  }
}

/** A door to the server for one person. */
export class Api {
  constructor(token) {
    this.token = token;
  }

  get #headers() {
    return { Authorization: `Bearer ${this.token}` };
  }

  async #json(path, options) {
    const answer = await body(await answered(path, options));
    if (answer.ok === false) throw Object.assign(new ServerError(sentence(answer.error), answer.error), { answer });
    return answer;
  }

  /** What a Web API method answers. */
  slack(method, args = {}) {
    return this.#json(`/api/${method}`, this.#post(args));
  }

  /** What `/page/<name>` answers to a POST. */
  page(name, args = {}) {
    return this.#json(`/page/${name}`, this.#post(args));
  }

  /** People, channels, samples, commands: everything the page starts with. */
  boot() {
    return this.#json("/page/boot", { headers: this.#headers });
  }

  #post(args) {
    const headers = { ...this.#headers, "Content-Type": "application/json; charset=utf-8" };
    return { method: "POST", headers, body: JSON.stringify(args) };
  }

  /** The bytes of a sample file. */
  async sample(folder, name) {
    const path = ["/page/samples", folder, name].filter(Boolean).map(
      (part, index) => (index ? encodeURIComponent(part) : part),
    ).join("/");
    const response = await answered(path, { headers: this.#headers });
    if (!response.ok) throw new ServerError(`The sample ${name} cannot be read.`);
    return response.blob();
  }

  /** The bytes of a stored file; `url` is the file's private address, read through this page's own door. */
  async file(url) {
    const response = await answered(localPath(url), { headers: this.#headers });
    if (!response.ok) throw new ServerError("This file cannot be read.");
    return response.blob();
  }

  /** Upload one file; its id. Shared with nobody until `files.completeUploadExternal`. */
  async upload(file) {
    const { upload_url, file_id } = await this.slack(
      "files.getUploadURLExternal",
      { filename: file.name, length: file.size },
    );
    const response = await answered(
      localPath(upload_url),
      { method: "POST", headers: this.#headers, body: file, ms: 120_000 },
    );
    if (!response.ok) throw new ServerError(`${file.name} could not be uploaded: ${await response.text()}`);
    return file_id;
  }
}

/** The path and query of an address of this workspace, so that it is asked under the name this page was opened by. */
export function localPath(url) {
  const parsed = new URL(url, location.origin);
  return parsed.pathname + parsed.search;
}

/** What happens, as it happens. Connects again by itself; `onState(true|false)` says whether the stream lives. */
export class Stream {
  constructor(person, { onFrame, onState }) {
    Object.assign(this, { person, onFrame, onState, tries: 0, ended: false });
    this.#connect();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/page/stream?as=${encodeURIComponent(this.person)}`);
    this.socket.onopen = () => {
      this.tries = 0;
      this.onState(true);
    };
    this.socket.onmessage = (event) => this.onFrame(JSON.parse(event.data));
    this.socket.onclose = () => this.#again();
  }

  #again() {
    if (this.ended) return;
    this.onState(false);
    this.timer = setTimeout(() => this.#connect(), RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)]);
    this.tries += 1;
  }

  /** Stop listening for good. */
  close() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}
