/**
 * Our own small drawings on a 20 × 20 grid: icons of the page (one colour, lines) and emoji (flat, page colours).
 */

import { svg } from "./dom.js";

const line = (d) => svg("path", { d });
const fill = (d, tone) => svg("path", { d, class: `tone-${tone}` });
const dot = (cx, cy, r, tone) => svg("circle", { cx, cy, r, class: `tone-${tone}` });
const ink = (d, tone = "paper") => svg("path", { d, class: `ink-${tone}` });

const HAND = "M3 9h3v8H3zM7 9l3-6c1.7 0 2.4 1.3 2 3l-.5 2H16c1.3 0 2 1.1 1.7 2.3l-1.4 5c-.3 1-1 1.7-2.1 1.7H7z";

/** Emoji by shortcode. Each returns fresh nodes. */
export const GLYPHS = {
  "+1": () => [fill(HAND, "wait")],
  "-1": () => [svg("g", { transform: "rotate(180 10 10)" }, fill(HAND, "wait"))],
  bell: () => [
    fill("M10 2a5 5 0 0 0-5 5v4l-2 3h14l-2-3V7a5 5 0 0 0-5-5z", "wait"),
    fill("M8 15.5h4a2 2 0 0 1-4 0z", "soft"),
  ],
  bulb: () => [
    fill("M10 2a5.5 5.5 0 0 0-3 10c.7.5 1 1.2 1 2h4c0-.8.3-1.5 1-2a5.5 5.5 0 0 0-3-10z", "wait"),
    fill("M8 15h4v1.5l-1 1.5H9l-1-1.5z", "soft"),
  ],
  crescent_moon: () => [fill("M13 3a7 7 0 1 0 4 11A8 8 0 0 1 13 3z", "wait")],
  double_vertical_bar: () => [
    svg("rect", { x: 2, y: 2, width: 16, height: 16, rx: 4, class: "tone-accent" }),
    ink("M7.5 6.5v7M12.5 6.5v7"),
  ],
  eyes: () => [
    svg("ellipse", { cx: 6, cy: 10, rx: 3.8, ry: 5.8, class: "tone-eye" }),
    svg("ellipse", { cx: 14, cy: 10, rx: 3.8, ry: 5.8, class: "tone-eye" }),
    dot(7, 11, 2.2, "ink"),
    dot(15, 11, 2.2, "ink"),
  ],
  heart: () => [
    fill(
      "M10 17.5C3 12.5 2 9.5 2 7.3 2 4.9 3.8 3 6.1 3 7.8 3 9.2 4 10 5.5 10.8 4 12.2 3 13.9 3 16.2 3 18 4.9 18 7.3c0 2.2-1 5.2-8 10.2z",
      "stop",
    ),
  ],
  hourglass: () => [
    fill("M4 2h12v2l-4.5 6 4.5 6v2H4v-2l4.5-6L4 4z", "soft"),
    fill("M6.5 4.8h7L10 9.5zM10 12l4 4.5H6z", "wait"),
  ],
  large_green_circle: () => [dot(10, 10, 7, "go")],
  large_blue_circle: () => [dot(10, 10, 7, "accent")],
  large_yellow_circle: () => [dot(10, 10, 7, "wait")],
  large_orange_circle: () => [dot(10, 10, 7, "wait")],
  red_circle: () => [dot(10, 10, 7, "stop")],
  white_circle: () => [svg("circle", { cx: 10, cy: 10, r: 6.3, class: "ink-soft" })],
  lock: () => [
    svg("rect", { x: 4, y: 9, width: 12, height: 9, rx: 2, class: "tone-wait" }),
    ink("M7 9V6.5a3 3 0 0 1 6 0V9", "soft"),
  ],
  mag: () => [svg("circle", { cx: 8.5, cy: 8.5, r: 5, class: "ink-accent" }), ink("m12.5 12.5 5 5", "soft")],
  memo: () => [
    svg("rect", { x: 3, y: 2, width: 12, height: 16, rx: 2, class: "tone-eye" }),
    ink("M6 7h6M6 10h6M6 13h3", "soft"),
    fill("m10 15.5 6-8 2 1.5-6 8-2.6 1z", "wait"),
  ],
  moneybag: () => [
    fill("M7 2h6l-1.5 3.5C15 7 17 10 17 13c0 3-2.5 5-7 5s-7-2-7-5c0-3 2-6 5.5-7.5z", "go"),
    ink("M12 10.5c-.5-.8-1.2-1-2-1-1.2 0-2 .6-2 1.5 0 2.2 4 .8 4 3 0 .9-.8 1.5-2 1.5-.9 0-1.6-.3-2-1M10 8.5v8"),
  ],
  octagonal_sign: () => [fill("M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7z", "stop"), ink("M6 10h8")],
  page_facing_up: () => [fill("M4 2h8l4 4v12H4z", "eye"), ink("M7 9h6M7 12h6M7 15h3", "soft")],
  pray: () => [
    fill("M9.6 3c.9 0 .9.8.9 1.5V18H5c-1.5-3.5 0-6 2-9zM10.5 3c-.9 0-.9.8-.9 1.5V18H15c1.5-3.5 0-6-2-9z", "wait"),
    ink("M10 4v14", "soft"),
  ],
  question: () => [
    dot(10, 10, 8, "accent"),
    ink("M7.6 7.8c.2-1.4 1.2-2.2 2.5-2.2 1.4 0 2.4.9 2.4 2.1 0 1.7-2.3 1.8-2.4 3.6M10 14.2v.1"),
  ],
  raised_hand: () => [
    fill(
      "M5 9V5.5a1.2 1.2 0 0 1 2.4 0V4a1.2 1.2 0 0 1 2.4 0v-.5a1.2 1.2 0 0 1 2.4 0V5a1.2 1.2 0 0 1 2.4 0v6.5l.4-1c.8-1.3 2.4-.5 2 .8l-1.6 4.5C14.7 17.5 13 18.5 10.5 18.5 7 18.5 5 16 5 13z",
      "wait",
    ),
  ],
  rocket: () => [
    fill("M10 1.5c3 2.5 4 6 3.5 10h-7c-.5-4 .5-7.5 3.5-10z", "eye"),
    fill("M6.3 9 3.5 13v2.5l3.3-2zM13.7 9l2.8 4v2.5l-3.3-2z", "stop"),
    fill("M8 13h4l-2 5.5z", "wait"),
    dot(10, 7, 1.6, "accent"),
  ],
  rotating_light: () => [
    fill("M5 14V9.5a5 5 0 0 1 10 0V14z", "stop"),
    svg("rect", { x: 3, y: 15, width: 14, height: 3, rx: 1, class: "tone-soft" }),
  ],
  speech_balloon: () => [
    fill(
      "M10 3c4.7 0 8 2.7 8 6.3s-3.3 6.3-8 6.3c-.8 0-1.6-.1-2.3-.3L3.5 17.5l.9-3.5C2.9 12.8 2 11.2 2 9.3 2 5.7 5.3 3 10 3z",
      "accent",
    ),
  ],
  sunrise: () => [
    fill("M4 13a6 6 0 0 1 12 0z", "wait"),
    ink("M10 2.5V5M3.5 6l1.8 1.5M16.5 6l-1.8 1.5M1.5 16h17", "soft"),
  ],
  sunny: () => [
    dot(10, 10, 4, "wait"),
    ink("M10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5l1.3 1.3M14.2 14.2l1.3 1.3M15.5 4.5l-1.3 1.3M5.8 14.2l-1.3 1.3", "wait"),
  ],
  tada: () => [
    fill("m2.5 17.5 4.2-11 6.8 6.8z", "wait"),
    ink("M12 8c1-1 1-2.5.3-4M14 10c1.3-.8 2.7-.8 4 0", "accent"),
    dot(16, 5, 1.3, "stop"),
    dot(9, 3, 1.1, "go"),
    dot(17, 14, 1.1, "accent"),
  ],
  thinking_face: () => [
    dot(10, 10, 8, "wait"),
    dot(7.3, 8.5, 1.1, "ink"),
    dot(12.7, 8.5, 1.1, "ink"),
    ink("M7.5 13.5c1.5-.8 3.3-.9 5 0M5.8 6c.8-.7 1.8-.8 2.8-.4", "ink"),
  ],
  slightly_smiling_face: () => [
    dot(10, 10, 8, "wait"),
    dot(7.3, 8.5, 1.1, "ink"),
    dot(12.7, 8.5, 1.1, "ink"),
    ink("M6.5 12.3c1.7 2.2 5.3 2.2 7 0", "ink"),
  ],
  warning: () => [
    fill(
      "M10 2.2c.6 0 1 .3 1.3.8l6.9 12.3c.6 1-.1 2.2-1.3 2.2H3.1c-1.2 0-1.9-1.2-1.3-2.2L8.7 3c.3-.5.7-.8 1.3-.8z",
      "wait",
    ),
    ink("M10 7.5v4.2M10 14.5v.1", "ink"),
  ],
  white_check_mark: () => [
    svg("rect", { x: 2, y: 2, width: 16, height: 16, rx: 4, class: "tone-go" }),
    ink("m6 10.3 2.8 2.8L14 7.4"),
  ],
  x: () => [ink("m4.5 4.5 11 11M15.5 4.5l-11 11", "stop")],
};

/** Icons of the page itself, drawn with lines. */
const ICONS = {
  add: () => [line("M10 4v12M4 10h12")],
  attach: () => [
    line("m15.5 9.5-5.8 5.8a3.5 3.5 0 0 1-5-5l6.3-6.3a2.4 2.4 0 0 1 3.4 3.4L8.3 13.5a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2"),
  ],
  back: () => [line("M12 4.5 6.5 10l5.5 5.5")],
  check: () => [line("m5 10.5 3.3 3.3L15 7")],
  close: () => [line("m5 5 10 10M15 5 5 15")],
  download: () => [line("M10 3v9.5M6 9l4 4 4-4M4 16.5h12")],
  file: () => [line("M5 2.5h6.5L15 6v11.5H5zM11 2.5V6.5h4")],
  folder: () => [line("M2.5 5.5v10h15v-8.5h-7l-1.7-1.5z")],
  home: () => [line("m3 9.5 7-6 7 6M5 8v8.5h10V8")],
  menu: () => [line("M3 6h14M3 10h14M3 14h14")],
  more: () => [4.5, 10, 15.5].map((cx) => svg("circle", { cx, cy: 10, r: 1.5, fill: "currentColor", stroke: "none" })),
  octagon: () => [line("M7 2.8h6L17.2 7v6L13 17.2H7L2.8 13V7zM10 6.5v4M10 13.4v.1")],
  reply: () => [line("M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z")],
  send: () => [line("M3.5 10h12M10.5 5l5 5-5 5")],
  smile: () => [
    line("M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM6.7 11.8c1.6 2.2 5 2.2 6.6 0M7.5 8v.1M12.5 8v.1"),
  ],
  thumb: () => [
    line(
      "M3.5 9h3v7.5h-3zM6.5 9.5l3-6c1.4 0 2 1 1.7 2.5l-.6 2.5h4.6c1.100 0 1.7.9 1.5 1.9l-1.200 4.6c-.3.9-.9 1.5-1.9 1.5H6.5",
    ),
  ],
  stop: () => [svg("rect", { x: 5.5, y: 5.5, width: 9, height: 9, rx: 1.5 })],
};

/** The drawing of an emoji shortcode that is in `GLYPHS`. */
export function glyph(name) {
  return svg("svg", { viewBox: "0 0 20 20", class: "glyph", "aria-hidden": "true" }, ...GLYPHS[name]());
}

/** An icon of the page, such as `attach`; silent for screen readers. */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }, ...ICONS[name]());
}

/** The mark: a line of stations whose lamp is lit. */
export function mark() {
  const station = (cx) => svg("circle", { cx, cy: 23, r: 3, class: "mark-station" });
  const lamp = svg("circle", { cx: 16, cy: 10, r: 5.5, class: "mark-lamp" });
  const lines = svg("path", { d: "M4 23h24M16 23V15", class: "mark-line" });
  return svg("svg", { viewBox: "0 0 32 32", class: "mark", "aria-hidden": "true" }, lines, [7, 16, 25].map(station), lamp);
}
