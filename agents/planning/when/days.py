"""A day in people's words: "tomorrow morning", "next Friday", "3 December", "übermorgen", "am 3.12."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from agents.planning.when.instants import MONTHS

_GERMAN: Final = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
_BY_NAME: Final = (
    {name: number for number, name in enumerate(MONTHS, start=1)}
    | {name: number for number, name in enumerate(_GERMAN, start=1)}
    | {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
    | {"sept": 9, "okt": 10, "dez": 12, "jänner": 1, "maerz": 3}
)
MONTH: Final = "|".join(sorted(_BY_NAME, key=len, reverse=True))
_WEEK: Final = (
    ("monday", "mon", "montag"), ("tuesday", "tue", "tues", "dienstag"), ("wednesday", "wed", "mittwoch"),
    ("thursday", "thu", "thurs", "donnerstag"), ("friday", "fri", "freitag"), ("saturday", "sat", "samstag", "sonnabend"),
    ("sunday", "sun", "sonntag"),
)  # fmt: skip
WEEKDAYS: Final = {name: number for number, names in enumerate(_WEEK) for name in names}
WEEKDAY: Final = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_PARTS: Final = r"(?:\s(?P<part>morning|afternoon|evening|night|früh|vormittag|nachmittag|abend|nacht))?"
_YEAR: Final = r"(?:,?\s(?P<y>20\d\d)(?!\d))?"
_LEAD: Final = r"(?:(?:on|am|den|dem|the)\s)*"
_DAY_NAME: Final = rf"(?:(?:{WEEKDAY})\b,?\s(?:the\s|den\s)?)?"
_FORMS: Final = (
    re.compile(r"(?P<after>the day after tomorrow|übermorgen)\b" + _PARTS, re.IGNORECASE),
    re.compile(r"(?P<near>today|tonight|tomorrow|heute|morgen)\b(?!['’]s)" + _PARTS, re.IGNORECASE),
    re.compile(r"(?P<near>this|diesen)\s(?P<part>morning|afternoon|evening|vormittag|nachmittag|abend)\b", re.IGNORECASE),
    re.compile(rf"{_LEAD}{_DAY_NAME}(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)", re.IGNORECASE),
    re.compile(rf"{_LEAD}{_DAY_NAME}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.(?:\s?(?P<y>20\d\d))?(?!\d)", re.IGNORECASE),
    re.compile(
        rf"{_LEAD}{_DAY_NAME}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<month>{MONTH})\b\.?{_YEAR}", re.IGNORECASE
    ),
    re.compile(rf"{_LEAD}{_DAY_NAME}(?P<month>{MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"{_LEAD}(?:(?P<next>next|nächsten|nächste)\s|(?:this|coming|diesen|kommenden)\s)?"
        rf"(?P<weekday>{WEEKDAY})\b(?!['’]s){_PARTS}",
        re.IGNORECASE,
    ),
)  # fmt: skip
_SLASHED: Final = re.compile(rf"{_LEAD}\d{{1,2}}/\d{{1,2}}(?:/(?:20)?\d\d)?(?![\d/])", re.IGNORECASE)
_NUMBER: Final = re.compile(
    rf"(?:on\sthe|am|the)\s(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)(?!\d|\s(?:of|each|every|jede|{MONTH})\b)",
    re.IGNORECASE,
)
_LATER: Final = {"tomorrow": 1, "morgen": 1}


@dataclass(frozen=True)
class Day:
    """A day as said: so many days ahead, a weekday, or a date whose year may be open (0)."""

    ahead: int | None = None
    weekday: int | None = None
    next_week: bool = False
    year: int = 0
    month: int = 0
    day: int = 0
    part: str = ""  # "morning", "nacht"
    text: str = ""
    slashed: bool = False  # "3/12", which is March in one country and December in another

    def on(self, today: date) -> date:
        """Return the day it means when today is ``today``; ValueError when the calendar has no such day."""
        if self.ahead is not None:
            return today + timedelta(days=self.ahead)
        if self.weekday is not None:
            if self.next_week:
                return today + timedelta(days=7 - today.weekday() + self.weekday)
            return today + timedelta(days=(self.weekday - today.weekday()) % 7)
        if self.year:
            return date(self.year, self.month, self.day)
        return self._coming(today) if self.month else self._in_month(today)

    def _in_month(self, today: date) -> date:
        """Return this day of the month in this month or, when it is over, in the next that has it."""
        coming = (today + timedelta(days=ahead) for ahead in range(63))
        found = next((day for day in coming if day.day == self.day), None)
        if found is None:
            raise ValueError(f"no month has the day {self.day}")
        return found

    def _coming(self, today: date) -> date:
        """Return the date in this year or, when it is over, in the next that has it."""
        date(2024, self.month, self.day)  # a leap year: no year has a day that this one has not
        for year in range(today.year, today.year + 9):
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue  # 29 February
            if found >= today:
                return found
        raise ValueError(f"no {self.text} in sight")


def day(text: str, position: int) -> tuple[Day, int] | None:
    """Return the day that stands at ``position``, and where it ends."""
    for form in _FORMS:
        match = form.match(text, position)
        if match:
            return _said(match), match.end()
    number, slashed = _NUMBER.match(text, position), _SLASHED.match(text, position)
    if number:
        return Day(day=int(number["d"]), text=number[0]), number.end()
    return (Day(day=1, text=slashed[0], slashed=True), slashed.end()) if slashed else None


def _said(match: re.Match[str]) -> Day:
    got = {name: (value or "").lower() for name, value in match.groupdict().items()}
    part, text = got.get("part", ""), match[0]
    if got.get("after"):
        return Day(ahead=2, part=part, text=text)
    if got.get("near"):
        return Day(
            ahead=_LATER.get(got["near"], 0), part="night" if got["near"] == "tonight" else part, text=text
        )
    if got.get("weekday"):
        return Day(weekday=WEEKDAYS[got["weekday"]], next_week=bool(got["next"]), part=part, text=text)
    month = _BY_NAME[got["month"]] if got.get("month") else int(got["m"])
    return Day(year=int(got["y"] or 0), month=month, day=int(got["d"]), text=text)


def month_number(name: str) -> int:
    """Return 12 for "December", "Dez" and "dec"."""
    return _BY_NAME[name.lower().rstrip(".")]
