"""What comes again, in people's words: "every weekday at 7", "on the first Monday of each month at 9", "montags um 8"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from agents.planning.when.clocks import NUMBERS, PARTS, Clock, clock
from agents.planning.when.cron import WEEKDAYS as NAMES
from agents.planning.when.cron import RepeatError
from agents.planning.when.days import MONTH, WEEKDAY, WEEKDAYS, Day, month_number
from agents.planning.when.moments import START_HOUR, UnclearError, moment
from agents.planning.when.repeat import LEAST_MINUTES, Repeat


@dataclass(frozen=True)
class Days:
    """The days of a repeat, as the last three fields of a cron line; or a whole cron line, or why it cannot be."""

    fields: str = "* * *"
    part: str = ""  # "morning"
    line: str = ""  # all five fields, when the words name the times too
    assumed: str = ""  # "on Mondays": what was not said
    wrong: str = ""


@dataclass(frozen=True)
class Said:
    """A repeat as said: days, the times of day beside them, and the last day where one is named."""

    text: str
    days: Days
    clocks: tuple[Clock, ...] = ()
    last: Day | None = None  # "until Friday": that day is one of its own

    @property
    def timed(self) -> bool:
        """Whether a time of day was said."""
        return bool(self.clocks or self.days.line)


_EVERY: Final = r"(?:every|each|jede[nrsm]?|alle)"
_UNITS: Final = (
    r"(?P<unit>minutes?|mins?|minuten?|hours?|stunden?|days?|tage?n?|weeks?|wochen?|months?|monate?n?)"
)
_COUNT: Final = "|".join(sorted(NUMBERS, key=len, reverse=True))
_NTH: Final = {
    "first": "#1", "1st": "#1", "second": "#2", "2nd": "#2", "third": "#3", "3rd": "#3", "fourth": "#4", "4th": "#4",
    "last": "L", "ersten": "#1", "zweiten": "#2", "dritten": "#3", "vierten": "#4", "letzten": "L",
}  # fmt: skip
_MONTHLY: Final = r"(?:(?:of|in)\s(?:each|every|the)\smonth|a month|(?:jedes|jeden|im|des)\smonate?s?)"
_WEEK_LIST: Final = rf"(?:{WEEKDAY})s?(?:(?:,\s?|\s?(?:and|und|&|\+)\s|,\s?(?:and|und)\s)(?:{WEEKDAY})s?)*"
_PARTS: Final = r"(?P<part>morning|afternoon|evening|night|morgen|vormittag|nachmittag|abend|nacht|mittag)"
_ORDINALS: Final = (
    r"\d{1,2}(?:st|nd|rd|th|\.)?(?:(?:,\s?|\s(?:and|und)\s)(?:the\s)?\d{1,2}(?:st|nd|rd|th|\.)?)*"
)


def _weekly(match: re.Match[str]) -> Days:
    found = {
        name.rstrip("s") if name not in WEEKDAYS else name
        for name in re.findall(r"[a-zä]+", match["week"].lower())
    }
    numbers = sorted({WEEKDAYS[name] for name in found if name in WEEKDAYS})
    part = match.groupdict().get("part") or ""
    return Days(f"* * {','.join(NAMES[number] for number in numbers)}", part.lower())


def _range(match: re.Match[str]) -> Days:
    first, last = WEEKDAYS[match["first"].lower()], WEEKDAYS[match["last"].lower()]
    return Days(f"* * {NAMES[first]}-{NAMES[last]}")


def _counted(match: re.Match[str]) -> Days:
    word = match["n"].lower()
    count, unit = NUMBERS.get(word) or int(word), match["unit"][0].lower()
    told = match[0].strip()
    if unit == "m" and not match["unit"].lower().startswith("mon"):
        return _minutes(count, told)
    if unit in "hs":
        return _hours(count, told)
    return Days() if count == 1 and unit in "dt" else Days(wrong=_uneven(told))


def _minutes(count: int, told: str) -> Days:
    if count < LEAST_MINUTES:
        return Days(wrong=f"{told!r} is more often than every {LEAST_MINUTES} minutes: make it rarer.")
    return Days(line=f"*/{count} * * * *") if 60 % count == 0 and count < 60 else Days(wrong=_uneven(told))


def _hours(count: int, told: str) -> Days:
    even = 0 < count < 24 and 24 % count == 0
    return (
        Days(line=f"0 */{count} * * *" if count > 1 else "0 * * * *") if even else Days(wrong=_uneven(told))
    )


def _uneven(told: str) -> str:
    return (
        f"I cannot repeat {told!r}: name hours that divide a day, such as every 2 hours, days of the week, "
        f"such as every Monday at 9, or days of the month, such as every month on the 1st at 9."
    )


def _monthly(match: re.Match[str]) -> Days:
    numbers = re.findall(r"\d+", match["days"])
    return Days(f"{','.join(numbers)} * *")


def _nth(match: re.Match[str]) -> Days:
    weekday = WEEKDAYS[match["week"].lower()]
    return Days(f"* * {NAMES[weekday]}{_NTH[match['nth'].lower()]}")


def _yearly(match: re.Match[str]) -> Days:
    number = match["d"] or match["d2"]
    return Days(f"{number} {month_number(match['month'] or match['month2'])} *")


def _fixed(days: Days) -> Callable[[re.Match[str]], Days]:
    return lambda match: replace(days, part=(match.groupdict().get("part") or days.part).lower())


def _other(match: re.Match[str]) -> Days:
    return Days(wrong=_uneven(match[0].strip()))


_DAY_NUMBER: Final = r"\d{1,2})(?:st|nd|rd|th|\.)?"
_WEEKDAYS: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"
_GERMAN_WEEKDAYS: Final = r"(?:mon|diens|donners|frei|sams|sonn)tags"
_WEEK_RANGE: Final = rf"(?P<first>{WEEKDAY})(?:\s?[-–]\s?|\s(?:to|through|bis)\s)(?P<last>{WEEKDAY})"
_WORKING: Final = r"(?:weekday|workday|working day|business day|werktag|arbeitstag)s?"
_FIRST_OF_QUARTER: Final = Days("1 1,4,7,10 *", assumed="on the first day of the quarter")
_NTH_WORD: Final = rf"(?P<nth>{'|'.join(_NTH)})"
_DATE: Final = (
    rf"(?:(?P<d>{_DAY_NUMBER}\s(?:of\s)?(?P<month>{MONTH})|(?P<month2>{MONTH})\s(?P<d2>{_DAY_NUMBER})"
)
_RULES: Final[tuple[tuple[str, Callable[[re.Match[str]], Days]], ...]] = (
    (rf"{_EVERY}\s(?:other|second|zweiten?|andere[nr]?)\s(?:{WEEKDAY}|day|week|month|tag|woche|monat)\b", _other),
    (r"(?:bi-?weekly|fortnightly|every fortnight)\b", _other),
    (rf"{_EVERY}\s(?P<n>\d{{1,3}}|{_COUNT})\s{_UNITS}\b(?:\s(?:on|am)\s(?:{WEEKDAY})s?\b)?", _counted),
    (rf"(?:{_EVERY}\s(?:minute|second|sekunde)\b)", lambda match: _minutes(1, match[0])),
    (rf"(?:{_EVERY}\s(?:hour|stunde)|hourly|stündlich)\b", _fixed(Days(line="0 * * * *"))),
    (rf"(?:on\sthe\s|am\s|{_EVERY}\s)(?:last|letzten)\s(?:day|tag)\s{_MONTHLY}", _fixed(Days("L * *"))),
    (rf"{_EVERY}\s(?:month|monat),?\s(?:on\sthe\s|am\s)(?:last|letzten)\s(?:day|tag)\b", _fixed(Days("L * *"))),
    (rf"(?:on\sthe\s|am\s|{_EVERY}\s){_NTH_WORD}\s(?P<week>{WEEKDAY})\s{_MONTHLY}", _nth),
    (rf"(?:{_EVERY}\smonth|monthly|jeden\smonat|monatlich),?\s(?:on\sthe\s|am\s){_NTH_WORD}\s(?P<week>{WEEKDAY})\b", _nth),
    (rf"(?:{_EVERY}\syear|yearly|annually|jedes\sjahr|jährlich),?\s(?:on\s|am\s)(?:the\s)?{_DATE}\b\.?", _yearly),
    (rf"(?:{_EVERY}\s(?:month|monat)|monthly|monatlich),?\s(?:on\s)?(?:the\s|am\s)(?P<days>{_ORDINALS})(?!\w)", _monthly),
    (rf"(?:on\sthe\s|am\s|{_EVERY}\s)(?P<days>{_ORDINALS})\s{_MONTHLY}", _monthly),
    (rf"(?:{_EVERY}\s(?:month|monat)|monthly|monatlich)\b", _fixed(Days("1 * *", assumed="on the 1st of each month"))),
    (rf"(?:{_EVERY}\s(?:quarter|quartal)|quarterly)\b(?:\son the (?:first day|1st))?", _fixed(_FIRST_OF_QUARTER)),
    (rf"(?:(?:on\s)?{_EVERY}\s|on\s)?{_WORKING}\b(?:\s{_PARTS}\b)?", _fixed(Days("* * mon-fri"))),
    (r"werktags\b", _fixed(Days("* * mon-fri"))),
    (rf"(?:{_EVERY}\s|on\s|am\s)(?:weekends?|wochenenden?)\b", _fixed(Days("* * sat,sun"))),
    (rf"(?:(?:on|from|von)\s|{_EVERY}\s)?{_WEEK_RANGE}\b", _range),
    (rf"(?:on\s)?{_EVERY}\s(?P<week>{_WEEK_LIST})\b(?:\s{_PARTS}\b)?", _weekly),
    (rf"(?:weekly|wöchentlich|{_EVERY}\s(?:week|woche)),?\s(?:on\s|am\s)(?P<week>{_WEEK_LIST})\b", _weekly),
    (rf"(?:on\s)?(?P<week>{_WEEKDAYS}(?:(?:,\s?|\s(?:and|&)\s){_WEEKDAYS})*)\b", _weekly),
    (rf"(?P<week>{_GERMAN_WEEKDAYS}(?:\sund\s{_GERMAN_WEEKDAYS})*)\b", _weekly),
    (rf"(?:{_EVERY}\s(?:week|woche)|weekly|wöchentlich)\b", _fixed(Days("* * mon", assumed="on Mondays"))),
    (rf"(?:{_EVERY}\s(?:single\s)?(?:day|tag)|daily|täglich)\b", _fixed(Days())),
    (rf"{_EVERY}\s{_PARTS}\b", _fixed(Days())),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern, re.IGNORECASE), made) for pattern, made in _RULES)
_SHORTEST: Final = 28  # days; every month has them
_TIMES: Final = re.compile(r",?\s(?P<at>(?:at|um|gegen|@)\s)?", re.IGNORECASE)
_AND: Final = re.compile(r"(?:,\s?|,?\s(?:and|und|&)\s)(?:(?:at|um)\s)?", re.IGNORECASE)
_AT: Final = re.compile(r"(?:at|um)\s", re.IGNORECASE)
_UNTIL: Final = re.compile(r",?\s(?:until|till|through|up to|bis)\s(?:zum\s)?", re.IGNORECASE)
_BOUND: Final = re.compile(
    r",?\s(?:until|till|through|starting|beginning|except|bis|ab|außer|but not"
    rf"|from(?=\s(?:next\s)?(?:{WEEKDAY}|{MONTH}|tomorrow|\d)))\s[^:;,.!?\n\ufffc]{{1,40}}",
    re.IGNORECASE,
)


def repeat(text: str, position: int) -> tuple[Said, int] | None:
    """Return what comes again at ``position``, and where the words end."""
    found = _days_first(text, position) or _times_first(text, position)
    if found is None:
        return None
    ending = _last(text, position, *found)
    bound = _BOUND.match(text, found[1]) if not ending and found[0].timed else None
    if bound is None:
        return ending or found
    ends, told = _UNTIL.match(text, found[1]), bound[0].strip(" ,")
    wrong = f"I cannot read {told!r}: name the last day itself, such as until Friday or until 18 December."
    wrong = wrong if ends else f"A repeat has no beginning and no exception yet: leave out {told!r}."
    said, end = text[position : bound.end()], bound.end()
    return Said(said, replace(found[0].days, wrong=wrong), found[0].clocks), end


def _last(text: str, position: int, said: Said, end: int) -> tuple[Said, int] | None:
    """Return the repeat with its last day, "until Friday", where one follows; its time of day may stand behind that."""
    until = _UNTIL.match(text, end)
    found = moment(text, until.end()) if until else None
    if found is None or found[0].day is None or (found[0].clock and said.timed):
        return None
    last, end = found
    clocks = (last.clock,) if last.clock else said.clocks
    return replace(said, text=text[position:end], clocks=clocks, last=last.day), end


def _days(text: str, position: int) -> tuple[Days, int] | None:
    for pattern, made in _COMPILED:
        match = pattern.match(text, position)
        if match:
            return made(match), match.end()
    return None


def _days_first(text: str, position: int) -> tuple[Said, int] | None:
    found = _days(text, position)
    if found is None:
        return None
    clocks, end = _times(text, found[1])
    return Said(text[position:end], found[0], clocks), end


def _times(text: str, position: int) -> tuple[tuple[Clock, ...], int]:
    """Return the times of day behind the days, "at 8 and 17:00", and where they end."""
    join = _TIMES.match(text, position)
    found = clock(text, join.end()) if join else None
    if join is None or found is None or not (join["at"] or found[0].sure):
        return (), position
    clocks, end = [found[0]], found[1]
    while (more := _AND.match(text, end)) and (found := clock(text, more.end())):
        clocks.append(found[0])
        end = found[1]
    return tuple(clocks), end


def _times_first(text: str, position: int) -> tuple[Said, int] | None:
    """Return "at 7 every weekday"."""
    at = _AT.match(text, position)
    found = clock(text, at.end()) if at else None
    if found is None or text[found[1] : found[1] + 1] != " ":
        return None
    days = _days(text, found[1] + 1)
    if days is None:
        return None
    return Said(text[position : days[1]], days[0], (found[0],)), days[1]


def made(said: Said, local: Callable[[Clock], None]) -> tuple[Repeat, str]:
    """Return the repeat, and a sentence when a day or a time had to be assumed.

    Args:
        said: What was read in the words.
        local: Raises UnclearError when a time of day is none, or is of another zone.

    Raises:
        UnclearError: It cannot be repeated so; the sentence says why.
    """
    if said.days.wrong:
        raise UnclearError(said.days.wrong)
    for told in said.clocks:
        local(told)
    try:
        found = Repeat.from_cron(said.days.line if said.days.line and not said.clocks else _line(said))
    except RepeatError as error:
        raise UnclearError(f"{said.text!r} cannot be repeated: {error}") from error
    guessed = said.days.assumed or not said.timed
    assumed = f"I read {said.text.strip()!r} as {found.words()}." if guessed else ""
    short = "Months that have no such day are left out." if any(day > _SHORTEST for day in found.days) else ""
    return found, f"{assumed} {short}".strip()


def _line(said: Said) -> str:
    if said.days.line:
        raise UnclearError(f"{said.text!r} names both hours and times of day: name one of them.")
    part = said.days.part
    clocks = [told.in_part(part) if part and not told.part else told for told in said.clocks]
    clocks = clocks or [Clock(PARTS.get(part, START_HOUR))]
    minutes = {told.minute for told in clocks}
    if len(minutes) > 1:
        raise UnclearError(f"{said.text!r} has times with different minutes: ask for each of them by itself.")
    hours = ",".join(str(hour) for hour in sorted({told.hour for told in clocks}))
    return f"{minutes.pop()} {hours} {said.days.fields}"
