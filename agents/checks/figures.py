"""Numbers as people write them, with their unit and span: 20k, $1.2 million, 15 %, three years, 12 000."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from agents.checks.dates import dates
from agents.checks.lexicon import listed
from agents.checks.places import Places

SIGNS: Final = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "A$": "AUD",
    "C$": "CAD",
}
CODES: Final = listed("USD EUR GBP CHF JPY CAD AUD INR SEK NOK DKK PLN")
_NAMES: Final = {"dollar": "USD", "euro": "EUR", "pound": "GBP", "franc": "CHF", "yen": "JPY"}
_SCALES: Final = {
    "hundred": 2,
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "mio", "million"), 6),
} | {
    **dict.fromkeys(("b", "bn", "billion"), 9),
    **dict.fromkeys(("tn", "trillion"), 12),
}
MEASURES: Final = (
    "day|week|month|year|hour|minute|second|quarter|user|seat|employee|customer|client|people|person|staff|store|"
    "country|countries|office|unit|km|kg|gb|tb|mb|ton|point|participant|member|page|word|license|licence|shop|bakery|"
    "bakeries|site|machine|order|patent|supplier|engineer|developer|visitor|subscriber|download|installation"
)
_WORDS: Final = {
    word: number
    for number, word in enumerate(
        listed(
            """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
    """
        )
    )
} | {
    word: 10 * number
    for number, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}


@dataclass(frozen=True)
class Figure:
    """A number in a text. ``values`` holds every reading (``12.000`` is 12 or 12000; ``5m`` is 5 or 5000000).

    ``unit`` is a currency code, ``%`` or empty; ``noun`` the measure that follows (``day``); ``step`` the
    smallest difference its digits can show.
    """

    text: str
    start: int
    end: int
    values: tuple[Decimal, ...]
    unit: str = ""
    noun: str = ""
    step: Decimal = Decimal(1)

    @property
    def value(self) -> Decimal:
        """The likeliest reading."""
        return self.values[0]


_SIGN: Final = r"(?P<sign>US\$|A\$|C\$|[$€£¥₹]|(?:{})(?=\s?\d))?".format("|".join(CODES))
_DIGITS: Final = (
    r"(?P<digits>\d{1,3}(?:[,.'’   ]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|"
    r"\d{1,24}(?!\d)(?:[.,]\d{1,12}(?!\d))?)"
)
_SCALE: Final = (
    r"(?:(?P<scale>(?:k|K|m|M|mn|bn|B|b|tn)(?![\w])|[\s-]?(?:thousand|million|billion|trillion|mio)\b|"
    r"\s(?:mn|bn|m)\b))?"
)
_UNIT: Final = (
    r"(?:\s?(?P<percent>%|percent\b|per\scent\b|percentage\spoints?\b|pp\b|p\.p\.)"
    r"|\s?(?P<after>€|(?:" + "|".join(CODES) + r")\b)|\s(?P<name>dollar|euro|pound|franc|yen)s?\b)?"
)
_NOUN: Final = rf"(?:[\s-](?:\w{{2,14}}\s)?(?P<noun>{MEASURES})(?:s|es)?\b)?"
_NUMBER: Final = re.compile(
    rf"(?<![\w.,/^])(?<![A-Za-z][-–]){_SIGN}\s?{_DIGITS}{_SCALE}{_UNIT}(?={_NOUN})", re.IGNORECASE
)
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS: Final = "|".join(list(_WORDS)[1:20])
_WORDED: Final = re.compile(
    rf"\b(?P<words>(?:(?:{_TENS})(?:[-\s](?:{_UNITS}))?|{_UNITS})(?:[\s-](?:hundred|thousand|million|"
    rf"billion))*)"
    rf"(?:\s(?P<percent>percent|per\scent|%)|\s(?P<name>dollar|euro|pound|franc|yen)s?\b)?(?={_NOUN})\b",
    re.IGNORECASE,
)
_PARTS: Final = "clause|section|article|figure|table|chapter|annex|appendix|paragraph|page|slide|column|row|line"
_UNITS_AFTER: Final = rf"\s?[%€$£]|\s(?:per\s?cent|million|billion|{'|'.join(CODES)}|{MEASURES})s?\b"
_PLACE: Final = rf"\d{{1,5}}(?:\.\d+)*\b(?![.,]\d|{_UNITS_AFTER})"
_PLACES: Final = rf"{_PLACE}(?:(?:\s?[–-]\s?|,\s|,?\s(?:to|and|or)\s){_PLACE}){{0,9}}"  # such as 4, 5 and 9
_MARKS: Final = re.compile(
    r"\[F\d+[^\]\n]{0,80}\]|`[^`\n]*`|https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}|\[\^?\d+\]|\bv\d+(?:\.\d+)*\b|"
    r"\b\d+\.\d+\.\d+(?:\.\d+)*\b|"
    r"^\s{0,6}(?:#{1,6}\s+)?\d{1,3}(?:\.\d{1,2})*[.)](?=\s)|^#{1,6}\s+\d+(?:\.\d+)*|"
    r"\b(?:step|phase|option|version|level|tier|item|part|no\.|week|day|sprint|milestone|question|criterion|exhibit|"
    r"schedule)\s+\d{1,3}(?:\.\d+)*(?:\s?[–-]\s?\d{1,3})?\b|"
    rf"\b(?:{_PARTS})(?:s\s+{_PLACES}|\s+{_PLACE}(?:\s?[–-]\s?{_PLACE})?)|"
    r"§+\s?\d+(?:\.\d+)*|#\d+\b|\b\d+(?:st|nd|rd|th)\b|\b\d{1,2}:\d{2}\b|\b24/7\b",
    re.IGNORECASE | re.MULTILINE,
)


def figures(text: str, start: int = 0, end: int | None = None) -> list[Figure]:
    """Return the numbers of ``text[start:end]`` in order, with their places in the whole text.

    Not read: dates, versions, marks of lists, citations, links, and numbers of sections or clauses.
    """
    piece = text[start:end]
    found = list(_cached(piece) if len(piece) < _SHORT else _found(piece))
    return [replace(one, start=one.start + start, end=one.end + start) for one in found] if start else found


def _found(text: str) -> tuple[Figure, ...]:
    taken = [(day.start, day.end) for day in dates(text)] + [match.span() for match in _MARKS.finditer(text)]
    places = Places(len(text), taken)
    found = [
        _from_digits(m) for m in _NUMBER.finditer(text) if places.free(m.start("digits"), m.end("digits"))
    ]
    found += [_from_words(m) for m in _WORDED.finditer(text) if places.free(*m.span("words")) and _counts(m)]
    return tuple(_ranges(text, sorted(found, key=lambda figure: figure.start)))


_cached = lru_cache(maxsize=256)(_found)  # the rules read the same sentences again and again
_SHORT: Final = 20_000  # characters; longer texts are not worth keeping in memory


def _ranges(text: str, found: list[Figure]) -> list[Figure]:
    """Return the figures; in a range such as ``$10–15k`` the first is read in the second's scale too."""
    done = list(found)
    for at, (low, high) in enumerate(itertools.pairwise(found)):
        if re.fullmatch(r"\s?(?:[–-]|to)\s?", text[low.end : high.start]):
            scaled = (
                _plain(low.value * high.step) if high.step >= 1000 and low.step < high.step else low.value
            )
            done[at] = replace(
                low, values=tuple(dict.fromkeys((*low.values, scaled))), unit=low.unit or high.unit
            )
            done[at + 1] = replace(high, unit=high.unit or low.unit)
    return done


def _from_digits(match: re.Match[str]) -> Figure:
    scale = _SCALES.get((match["scale"] or "").strip(" -").lower(), 0)
    written = [(value, places) for value, places in _readings(match["digits"])]
    values = [value.scaleb(scale) for value, _ in written]
    if (match["scale"] or "").strip() in ("m", "b") and not match["sign"]:
        values += [value for value, _ in written]
    return Figure(
        text=match[0].strip(),
        start=match.start() + len(match[0]) - len(match[0].lstrip()),
        end=match.end(),
        values=tuple(dict.fromkeys(_plain(value) for value in values)),
        unit=_unit(match),
        noun=(match["noun"] or "").lower(),
        step=Decimal(1).scaleb(scale - written[0][1]),
    )


def _readings(digits: str) -> list[tuple[Decimal, int]]:
    """Return what the digits can mean, each with its decimal places; separators differ by country."""
    marks = re.sub(r"\d", "", digits)
    if not marks:
        return [(Decimal(digits), 0)]
    last, whole = marks[-1], re.sub(r"\D", "", digits)
    tail = len(digits) - digits.rindex(last) - 1
    as_decimal = (Decimal(re.sub(r"\D", "", digits[: -tail - 1]) + "." + digits[-tail:]), tail)
    if last not in ".," or (len(marks) > 1 and len(set(marks)) == 1):
        return [(Decimal(whole), 0)]
    if tail != 3 or len(set(marks)) > 1:
        return [as_decimal]
    as_whole = (Decimal(whole), 0)
    return [as_whole, as_decimal] if last == "," else [as_decimal, as_whole]


def _from_words(match: re.Match[str]) -> Figure:
    total, part = 0, 0
    for word in re.split(r"[\s-]+", match["words"].lower()):
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        else:
            total, part = total + max(part, 1) * 10 ** _SCALES[word], 0
    noun = (match["noun"] or "").lower()
    return Figure(match[0], match.start(), match.end(), (Decimal(total + part),), _unit(match), noun)


def _counts(match: re.Match[str]) -> bool:
    """Whether a number in words says how much; ``one`` and ``two`` alone are ordinary prose."""
    words = match["words"].lower()
    large = words.split("-")[0].split()[0] in _TENS.split("|") or " " in words.strip()
    return bool(match["noun"] or match["percent"] or match["name"]) or large


def _unit(match: re.Match[str]) -> str:
    got = match.groupdict()
    if got.get("percent"):
        return "%"
    if got.get("sign"):
        return SIGNS.get(got["sign"].upper(), got["sign"].upper())
    if got.get("after"):
        return SIGNS.get(got["after"], got["after"].upper())
    return _NAMES.get((got.get("name") or "").lower(), "")


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return Decimal(int(whole)) if whole == value else value.normalize()
