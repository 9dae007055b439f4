/**
 * Times as people read them: the clock, how long ago, the day; in the time zone of the person here, as in Slack.
 */

import { el } from "./dom.js";
import { state } from "./store.js";
import { zoned } from "./zones.js";

const AGO = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

const here = () => zoned(state.person?.tz);

/** The moment of a Slack ts such as `1503435956.000247`, or of Unix seconds. */
export const moment = (ts) => new Date(Number.parseFloat(ts) * 1_000);

/** Such as "3 minutes ago" or "just now". */
export function ago(date, now = Date.now()) {
  const seconds = Math.round((date.getTime() - now) / 1_000);
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? AGO.format(Math.trunc(seconds / unit[1]), unit[0]) : "just now";
}

/** Such as 14:02. */
export const clock = (date) => here().clock.format(date);

/** Such as "Sunday 22 November 2026 at 14:02". */
export const whole = (date) => here().whole.format(date);

/** Such as "Today", "Yesterday" or "Friday 20 November". */
export function day(date, now = new Date()) {
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return "Today";
  return days === 1 ? "Yesterday" : here().day.format(date);
}

const midnight = (date) => Date.parse(here().date(date));

function words(date) {
  const fresh = Math.abs(Date.now() - date.getTime()) < 3_600_000;
  return fresh ? `${clock(date)} · ${ago(date)}` : clock(date);
}

/** A <time> with the clock, how long ago while it is fresh, and the whole date to hover; it keeps itself right. */
export function time(ts, { plain = false } = {}) {
  const date = moment(ts);
  const node = el(
    "time",
    { class: "time", datetime: date.toISOString(), title: `${whole(date)} (${ago(date)})` },
    plain ? clock(date) : words(date),
  );
  if (!plain) node.dataset.live = ts;
  return node;
}

/** A <time> with the clock where somebody is; it keeps itself right. */
export function clockOf({ tz, tz_label: label }) {
  const node = el("time", { class: "local-time", title: `${label} (${tz})`, dataset: { zone: tz } });
  return tick(node);
}

function tick(node) {
  node.textContent = zoned(node.dataset.zone).clock.format(new Date());
  return node;
}

/** Refresh every <time> that says how long ago, or what the clock says somewhere. */
export function refreshTimes(root = document) {
  root.querySelectorAll("time[data-zone]").forEach(tick);
  for (const node of root.querySelectorAll("time[data-live]")) {
    const date = moment(node.dataset.live);
    node.textContent = words(date);
    node.title = `${whole(date)} (${ago(date)})`;
  }
}

const PARTS = {
  __proto__: null,
  date_num: (date) => here().date(date),
  date: (date) => here().day.format(date),
  date_short: (date) => here().short.format(date),
  date_long: (date) => here().day.format(date),
  date_pretty: (date) => day(date),
  date_short_pretty: (date) => day(date),
  date_long_pretty: (date) => day(date),
  day_divider_pretty: (date) => day(date),
  time: (date) => clock(date),
  time_secs: (date) => here().seconds.format(date),
  ago: (date) => ago(date),
};

/** Slack's date format, such as "{date_pretty} at {time}", for Unix seconds. */
export function formatted(format, seconds) {
  const date = moment(seconds);
  return format.replace(/\{(\w+)\}/g, (all, name) => (PARTS[name] ? PARTS[name](date) : all));
}
