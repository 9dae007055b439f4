"""A time of day in people's words: "9:30", "5pm", "noon", "8 in the evening", "halb acht", "8 Uhr abends"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "ein": 1, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "a": 1, "an": 1, "einer": 1, "einem": 1, "eine": 1,
}  # fmt: skip
_ARTICLES: Final = {"a", "an", "ein", "eine", "einer", "einem"}
_WORD: Final = "|".join(sorted(set(NUMBERS) - _ARTICLES, key=len, reverse=True))
_NAMED: Final = {
    "noon": 12, "midday": 12, "mittag": 12, "mittags": 12, "midnight": 0, "mitternacht": 0,
}  # fmt: skip

PARTS: Final = {  # the hour taken when only the part of the day is said
    "morning": 8, "morgen": 8, "früh": 8, "morgens": 8, "vormittag": 10, "vormittags": 10, "noon": 12, "lunchtime": 12,
    "mittag": 12, "mittags": 12, "afternoon": 15, "nachmittag": 15, "nachmittags": 15, "evening": 18, "abend": 18,
    "abends": 18, "night": 22, "nacht": 22, "nachts": 22,
}  # fmt: skip
_LATE: Final = {"afternoon", "nachmittag", "nachmittags", "evening", "abend", "abends"}
_NIGHT: Final = {"night", "nacht", "nachts"}

_HALF_DAY: Final = r"\s?(?P<half>[ap])(?:m\b|\.m\.)"
_UNIT: Final = r"(?!\s?(?:%|°|€|\$|percent|prozent|euros?|dollars?|people|hours?|stunden?|minut\w+|days?|tagen?|weeks?)\b)"
_FORMS: Final = (
    re.compile(rf"(?P<h>\d{{1,2}})[:.](?P<m>\d\d){_HALF_DAY}", re.IGNORECASE),
    re.compile(r"(?P<h>\d{1,2})[:.](?P<m>\d\d)\s?(?:uhr|h)\b", re.IGNORECASE),
    re.compile(r"(?P<h>\d{1,2}):(?P<m>\d\d)(?!\d|:\d)", re.IGNORECASE),
    re.compile(rf"(?P<h>\d{{1,2}}){_HALF_DAY}", re.IGNORECASE),
    re.compile(r"(?P<h>\d{1,2})\s?uhr(?:\s(?P<m>[0-5]\d)(?!\d))?\b", re.IGNORECASE),
    re.compile(r"(?P<named>noon|midday|midnight|mittags?|mitternacht)\b", re.IGNORECASE),
    re.compile(
        rf"(?P<past>half past|quarter past|quarter to|halb|viertel nach|viertel vor)\s(?P<b>\d{{1,2}}|{_WORD})\b",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<b>\d{{1,2}}|{_WORD})\so['’]?clock\b", re.IGNORECASE),
    re.compile(rf"(?P<b>\d{{1,2}}|{_WORD})\b(?![.:,]\d|[-–/]|['’]s){_UNIT}", re.IGNORECASE),
)
_SHIFT: Final = {
    "half past": 30, "quarter past": 15, "viertel nach": 15, "quarter to": -15, "viertel vor": -15, "halb": -30,
}  # fmt: skip
_PART: Final = re.compile(
    r"\s(?:in\sthe\s(?P<a>morning|afternoon|evening)|at\s(?P<b>night)|am\s(?P<c>vormittag|nachmittag|abend|mittag)"
    r"|in\sder\s(?P<d>nacht)|(?P<e>morgens|früh|vormittags|nachmittags|abends|nachts|mittags))\b",
    re.IGNORECASE,
)
_SHARP: Final = re.compile(r"\s(?:sharp|pünktlich)\b|\suhr\b", re.IGNORECASE)
_ZONE: Final = re.compile(
    r"\s\(?(?P<zone>UTC|GMT|CES?T|MES?Z|WES?T|EES?T|[ECMP][SD]?T|BST|IST|JST|AE[SD]T|SGT|HKT)\b\)?"
    r"|\s(?P<named>(?:Europe|America|Asia|Africa|Australia|Pacific)/\w+)"
)


@dataclass(frozen=True)
class Clock:
    """A time of day as said; ``hour`` and ``minute`` can be out of range, then there is no such time."""

    hour: int
    minute: int = 0
    sure: bool = True  # False: a bare hour such as "8", which could be the evening's
    part: str = ""  # "morning", "abends": what was said beside it
    zone: str = ""  # "PST": what was said of the zone
    text: str = ""

    @property
    def possible(self) -> bool:
        """Whether a day has this time."""
        return 0 <= self.hour < 24 and 0 <= self.minute < 60

    def in_part(self, part: str) -> Clock:
        """Return it in that part of the day: 8 in the evening is 20:00; a sure time of 13 or later stays."""
        late = part in _LATE or (part in _NIGHT and 6 <= self.hour < 12)
        hour = self.hour + 12 if late and self.hour < 12 else self.hour
        hour = 0 if part in _NIGHT and self.hour == 12 and not self.sure else hour
        return Clock(hour, self.minute, True, part, self.zone, self.text)


def clock(text: str, position: int) -> tuple[Clock, int] | None:
    """Return the time of day that stands at ``position``, and where it ends."""
    for form in _FORMS:
        match = form.match(text, position)
        if match:
            return _beside(_said(match), text, match)
    return None


def _said(match: re.Match[str]) -> Clock:
    got = match.groupdict()
    if got.get("named"):
        return Clock(_NAMED[got["named"].lower()])
    if got.get("half"):
        return Clock(_half_day(int(got["h"]), got["half"].lower()), int(got.get("m") or 0))
    if got.get("h"):
        return Clock(int(got["h"]), int(got.get("m") or 0))
    hour = NUMBERS.get(got["b"].lower()) or int(got["b"] if got["b"].isdigit() else 0)
    minutes = 60 * hour + _SHIFT.get((got.get("past") or "").lower(), 0)
    return Clock(minutes // 60, minutes % 60, sure=hour > 12 or hour == 0)


def _half_day(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:
        return 99  # no such time: 14pm, 0am
    return hour % 12 + (12 if half == "p" else 0)


def _beside(found: Clock, text: str, match: re.Match[str]) -> tuple[Clock, int]:
    """Return the time with the part of the day and the zone said right behind it."""
    end = match.end()
    part = _PART.match(text, end)
    if part:
        found, end = found.in_part(next(filter(None, part.groups())).lower()), part.end()
    sharp = _SHARP.match(text, end)
    end = sharp.end() if sharp else end
    zone = _ZONE.match(text, end)
    name = (zone["zone"] or zone["named"]) if zone else ""
    end = zone.end() if zone else end
    return Clock(found.hour, found.minute, found.sure, found.part, name, text[match.start() : end]), end
