/**
 * Emoji: shortcodes and characters to small drawings of our own, so that they look alike on every machine.
 */

import { el } from "./dom.js";
import { GLYPHS, glyph } from "./glyphs.js";

/** Characters of the shortcodes that people and bots use most. */
const CHARACTERS = {
  __proto__: null,
  "+1": "👍", "-1": "👎", "100": "💯", alarm_clock: "⏰", arrow_right: "➡️", arrows_counterclockwise: "🔄",
  bar_chart: "📊", bell: "🔔", black_square_for_stop: "⏹️", books: "📚", brain: "🧠", bug: "🐛", bulb: "💡",
  calendar: "📅", chart_with_upwards_trend: "📈", clap: "👏", clipboard: "📋", coffee: "☕", construction: "🚧",
  double_vertical_bar: "⏸️", exclamation: "❗", eyes: "👀", factory: "🏭", fire: "🔥", gear: "⚙️",
  grey_question: "❔", hammer_and_wrench: "🛠️", heart: "❤️", heavy_check_mark: "✔️", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", inbox_tray: "📥", information_source: "ℹ️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍",
  memo: "📝", moneybag: "💰", moon: "🌙", crescent_moon: "🌙", new: "🆕", no_entry: "⛔", no_entry_sign: "🚫",
  octagonal_sign: "🛑", package: "📦", page_facing_up: "📄", paperclip: "📎", pause_button: "⏸️", pencil2: "✏️",
  pray: "🙏", pushpin: "📌", question: "❓", raised_hand: "✋", red_circle: "🔴", repeat: "🔁", robot_face: "🤖",
  rocket: "🚀", rotating_light: "🚨", scales: "⚖️", seedling: "🌱", shield: "🛡️", slightly_smiling_face: "🙂",
  smile: "😄", smiley: "😃", speech_balloon: "💬", star: "⭐", stop_sign: "🛑", stopwatch: "⏱️", sunny: "☀️",
  sunrise: "🌅", tada: "🎉", thinking_face: "🤔", thread: "🧵", thumbsdown: "👎", thumbsup: "👍",
  vertical_traffic_light: "🚦", warning: "⚠️", wave: "👋", white_check_mark: "✅", white_circle: "⚪", wrench: "🔧",
  x: "❌", zap: "⚡", zzz: "💤",
};

/** What people can react with, in the order of the picker. */
export const OFFERED = [
  "+1", "-1", "white_check_mark", "eyes", "heart", "tada", "rocket", "pray", "thinking_face", "question", "warning",
  "octagonal_sign", "bulb", "memo", "hourglass", "x",
];

const SAME = {
  __proto__: null,
  thumbsup: "+1",
  thumbsdown: "-1",
  stop_sign: "octagonal_sign",
  heavy_check_mark: "white_check_mark",
  hourglass_flowing_sand: "hourglass",
  moon: "crescent_moon",
  exclamation: "warning",
  pause_button: "double_vertical_bar",
};
const bare = (character) => character.replace(/\ufe0f/g, "");
const NAMES = new Map(Object.entries(CHARACTERS).reverse().map(([name, character]) => [bare(character), name]));
const PICTURE = /(\p{Extended_Pictographic}\ufe0f?(?:\u200d\p{Extended_Pictographic}\ufe0f?)*)/u;

let coloured;

/** Whether this machine can draw colour emoji: a black fill must come out in colour. */
function drawsEmoji() {
  if (coloured !== undefined) return coloured;
  const canvas = Object.assign(document.createElement("canvas"), { width: 20, height: 20 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "16px sans-serif";
  pen.fillText("😄", 0, 16);
  coloured = pen.getImageData(0, 0, 20, 20).data.some((value, index) => index % 4 < 3 && value > 0);
  return coloured;
}

const words = (name) => name.replaceAll("_", " ");

/** The emoji of this shortcode (no colons), or null when we know none. */
export function emoji(name) {
  const known = SAME[name] || name;
  const attributes = { class: "emoji", role: "img", "aria-label": words(name), title: `:${name}:` };
  if (Object.hasOwn(GLYPHS, known)) return el("span", attributes, glyph(known));
  if (!(name in CHARACTERS)) return null;
  return el("span", attributes, drawsEmoji() ? CHARACTERS[name] : `:${name}:`);
}

/** Whether `:name:` is one we know. */
export function isEmoji(name) {
  return name in CHARACTERS || Object.hasOwn(GLYPHS, SAME[name] || name);
}

/** An emoji, or its name in colons when we have no picture. */
export function emojiOrName(name) {
  return emoji(name) || el("span", { class: "emoji-name" }, `:${name}:`);
}

/** Text with its emoji characters drawn; a list of nodes and strings. */
export function pictured(text) {
  if (!PICTURE.test(text)) return [text];
  return text.split(PICTURE).filter(Boolean).map((piece) => {
    const name = NAMES.get(bare(piece));
    return (name && emoji(name)) || piece;
  });
}
