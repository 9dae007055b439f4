/**
 * Time zones: how a moment reads on the clocks there, and which moment a clock there means.
 */

const made = new Map();
const NUMBERS = { year: "numeric", month: "2-digit", day: "2-digit" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { weekday: "long", day: "numeric", month: "long" };

/** The formats of a zone, such as "Europe/Berlin"; of this browser's own when none is given. */
export function zoned(zone) {
  if (!made.has(zone)) made.set(zone, formats(zone));
  return made.get(zone);
}

function formats(timeZone) {
  const format = (options, language = "en-GB") => new Intl.DateTimeFormat(language, { ...options, timeZone });
  const numbers = format(NUMBERS, "en-CA"); // 2026-11-22
  return {
    clock: format(CLOCK),
    seconds: format({ ...CLOCK, second: "2-digit" }),
    day: format(DAY),
    whole: format({ ...DAY, year: "numeric", hour: "2-digit", minute: "2-digit" }),
    short: format({ day: "numeric", month: "short", year: "numeric" }),
    date: (date) => numbers.format(date),
  };
}

/** What a moment reads like there, as a datetime-local field writes it: `2026-11-22T14:02`. */
export function wallClock(date, zone) {
  const there = zoned(zone);
  return `${there.date(date)}T${there.clock.format(date)}`;
}

/** The moment at which the clock there reads `2026-11-22T14:02`; the later one where the clock skips it. */
export function instantOf(wall, zone) {
  const wanted = Date.parse(`${wall}Z`);
  const distance = (at) => Date.parse(`${wallClock(new Date(at), zone)}Z`) - at;
  const first = wanted - distance(wanted);
  return new Date(wanted - distance(first));
}
