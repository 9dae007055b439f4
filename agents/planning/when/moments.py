"""One moment in people's words, "8 tomorrow", "Friday noon", "3 December at 14:00", and the instant it means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.errors import AgentsError
from agents.planning.when.clocks import NUMBERS, PARTS, Clock, clock
from agents.planning.when.days import Day, day
from agents.planning.when.instants import instant, shown

START_HOUR: Final = 9  # when only a day is said
DUE_HOUR: Final = 18
_DUE_PARTS: Final = {"evening": 20, "abend": 20, "night": 0, "nacht": 0}  # "by tonight" is midnight
_NIGHT: Final = {"night", "nacht", "nachts"}
_DAYBREAK: Final = 6  # "2 tonight" is after midnight
_SAME_ZONE: Final = {"ET": "EST", "PT": "PST", "CT": "CST", "MT": "MST", "MEZ": "CET", "MESZ": "CEST"}
_AT: Final = re.compile(r"(?:at|um|gegen|about|around)\s", re.IGNORECASE)
_JOIN: Final = re.compile(r",?\s(?:(?:at|um|gegen|by)\s)?", re.IGNORECASE)
_ON: Final = re.compile(r",?\s(?=\w)")
_END_OF_DAY: Final = re.compile(
    r"(?:the\s)?(?:end of (?:the )?(?:business )?day|end of business|close of business|EOD|COB|EOB|feierabend|tagesende"
    r"|ende des tages)\b(?:\s(?:am|on)(?=\s))?",
    re.IGNORECASE,
)
_END_OF_WEEK: Final = re.compile(
    r"(?:the\s)?(?:end of (?:the |this )?week|EOW|ende der woche|wochenende)\b", re.IGNORECASE
)
_AHEAD: Final = re.compile(
    rf"in\s(?:(?P<half>half an|einer halben)|(?P<n>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}))"
    r"\s(?P<unit>minutes?|mins?|minuten?|hours?|hrs?|stunden?|days?|tag(?:en|e)?|weeks?|wochen?)\b(?!['’])",
    re.IGNORECASE,
)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "s": timedelta(hours=1), "d": timedelta(days=1),
                 "t": timedelta(days=1), "w": timedelta(weeks=1)}  # fmt: skip


class UnclearError(AgentsError):
    """A time was meant and cannot be right; the message is for the person who wrote it."""


@dataclass(frozen=True)
class Moment:
    """What was said of one moment: a day, a time of day, or both; or how far ahead it is."""

    text: str
    day: Day | None = None
    clock: Clock | None = None
    ahead: timedelta | None = None

    @property
    def bare(self) -> bool:
        """Whether it is only a number, such as "8", that may well count something else."""
        return self.day is None and self.clock is not None and not self.clock.sure


@dataclass(frozen=True)
class Resolved:
    """An instant, and a sentence for the person when something had to be assumed."""

    instant: datetime
    assumed: str = ""


def ahead(text: str, position: int) -> tuple[Moment, int] | None:
    """Return "in 2 hours" at ``position``, and where it ends."""
    match = _AHEAD.match(text, position)
    if match is None:
        return None
    unit = _UNITS[match["unit"][0].lower()]
    count = 0.5 if match["half"] else float(NUMBERS.get(match["n"].lower()) or match["n"])
    return Moment(match[0], ahead=unit * count), match.end()


def moment(text: str, position: int) -> tuple[Moment, int] | None:
    """Return the moment at ``position``, and where it ends; the longest reading wins."""
    readings = (_ending(text, position), _clock_first(text, position), _day_first(text, position))
    return max((found for found in readings if found), key=lambda found: found[1], default=None)


def _clock_first(text: str, position: int) -> tuple[Moment, int] | None:
    at = _AT.match(text, position)
    found = clock(text, at.end() if at else position)
    if found is None:
        return None
    said, end = found
    then = day_behind(text, end)
    if then:
        return Moment(text[position : then[1]], then[0], said), then[1]
    return Moment(text[position:end], clock=said), end


def day_behind(text: str, position: int) -> tuple[Day, int] | None:
    """Return the day that follows right behind ``position``: " tomorrow", ", on Friday"."""
    join = _ON.match(text, position)
    return day(text, join.end()) if join else None


def _day_first(text: str, position: int) -> tuple[Moment, int] | None:
    found = day(text, position)
    if found is None:
        return None
    said, end = found
    join = _JOIN.match(text, end)
    then = clock(text, join.end()) if join else None
    if then and join and (then[0].sure or join[0].strip(" ,") or not then[0].text.isdigit()):
        return Moment(text[position : then[1]], said, then[0]), then[1]
    return Moment(text[position:end], said), end


def _ending(text: str, position: int) -> tuple[Moment, int] | None:
    """Return "end of day tomorrow", "EOD", "end of the week"."""
    week = _END_OF_WEEK.match(text, position)
    if week:
        return Moment(week[0], Day(weekday=4, text=week[0])), week.end()
    match = _END_OF_DAY.match(text, position)
    if match is None:
        return None
    then = day_behind(text, match.end())
    said, end = then or (Day(ahead=0, text=match[0]), match.end())
    return Moment(text[position:end], replace(said, part="")), end


def resolve(said: Moment, now: datetime, zone: ZoneInfo, *, due: bool) -> Resolved:
    """Return the instant a moment means, seen from ``now``.

    Args:
        said: What was read in the words.
        now: The present, aware.
        zone: Where the person is.
        due: It is a deadline, so a day alone means its evening, not its morning.

    Raises:
        UnclearError: There is no such time, or it is over.
    """
    if said.ahead is not None:
        return Resolved((now + said.ahead).replace(microsecond=0))
    at, guessed = _clock(said, due=due)
    check(at, now, zone)
    found, moved = _coming(said, at, now, zone)
    assumed = f"I read {said.text.strip()!r} as {shown(found, zone)}." if guessed or moved else ""
    return Resolved(found, assumed)


def _clock(said: Moment, *, due: bool) -> tuple[Clock, bool]:
    """Return the time of day, and whether it had to be assumed."""
    part = said.day.part if said.day else ""
    if said.clock:
        at = said.clock.in_part(part) if part and not said.clock.part else said.clock
        return at, not at.sure
    hours = PARTS | _DUE_PARTS if due else PARTS
    return Clock(hours.get(part, DUE_HOUR if due else START_HOUR), part=part), True


def end_of(said: Day, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of a day as said, aware, in UTC.

    Raises:
        UnclearError: The calendar has no such day, or it is over.
    """
    today = now.astimezone(zone).date()
    if (on := _on(said, said.text, today)) < today:
        raise UnclearError(f"You wrote {said.text.strip()!r}, but that day is over: name one to come.")
    return instant(on + timedelta(days=1), time(), zone)


def _on(said: Day, text: str, today: date) -> date:
    """Return the day that is meant; UnclearError when it is not plain which, or there is none."""
    if said.slashed:
        raise UnclearError(f"{said.text!r} is not the same day everywhere: write such as 3 December.")
    try:
        return said.on(today)
    except ValueError as error:
        raise UnclearError(f"{text.strip()!r} names a day that is not in the calendar: name another.") from error


def check(at: Clock, now: datetime, zone: ZoneInfo) -> None:
    """Raise UnclearError when a day has no such time, or it was said for another zone."""
    if not at.possible:
        raise UnclearError(f"{at.text.strip()!r} is no time of day: write 00:00 to 23:59.")
    if at.zone and not _local(at.zone, now, zone):
        raise UnclearError(
            f"I read times in your time zone, {zone.key}: write {at.text.strip()!r} as it is there."
        )


def _local(name: str, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a zone's short name is what clocks in ``zone`` show, in summer or in winter."""
    if name == zone.key or (name == "GMT" and zone.key == "UTC"):
        return True
    names = {(now + timedelta(days=days)).astimezone(zone).tzname() for days in (0, 91, 182, 273)}
    return name in names or _SAME_ZONE.get(name, "") in names


def _coming(said: Moment, at: Clock, now: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """Return the instant, and whether it is another day or half of the day than the words say first."""
    today = now.astimezone(zone).date()
    on = _on(said.day, said.text, today) if said.day else today
    on += timedelta(days=1 if _after_midnight(said, at) else 0)
    for number, (day_meant, hour) in enumerate(_readings(said, at, on)):
        found = instant(day_meant, time(hour, at.minute), zone)
        if found > now:
            return found, number > 0
    over = instant(on, time(at.hour, at.minute), zone)
    raise UnclearError(
        f"You wrote {said.text.strip()!r}, but {shown(over, zone)} is over: name a time to come."
    )


def _after_midnight(said: Moment, at: Clock) -> bool:
    nightly = at.part in _NIGHT or (said.day is not None and said.day.part in _NIGHT)
    return nightly and at.hour < _DAYBREAK


def _readings(said: Moment, at: Clock, on: date) -> list[tuple[date, int]]:
    """Return what the words can mean, the plainest first."""
    found = [(on, at.hour)]
    if said.day is None:
        return [*found, (on + timedelta(days=1), at.hour)]
    if not at.sure and at.hour < 12:
        found.append((on, at.hour + 12))
    if said.day.weekday is not None:
        found.append((on + timedelta(days=7), at.hour))
    return found
