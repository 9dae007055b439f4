"""Money, percentages and plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from agents.tools.values.figures import FIGURE, SCALE, SPACED, WORDS, number, plain, scaled
from agents.tools.values.kinds import BREAK, Extracted, ValueKind

_BY_SYMBOL: Final = (
    "US$=USD AU$=AUD A$=AUD CA$=CAD C$=CAD HK$=HKD NZ$=NZD S$=SGD R$=BRL $=USD €=EUR £=GBP ₹=INR ₩=KRW ₽=RUB ₪=ILS "
    "zł=PLN"
)
_SYMBOLS: Final = dict(pair.split("=") for pair in _BY_SYMBOL.split())
_SHARED: Final = ("¥", "kr")  # yen or yuan; the crown of three countries
_CODES: Final = "USD EUR GBP JPY CNY INR CHF SEK NOK DKK PLN CZK HUF AUD CAD NZD SGD HKD BRL ZAR MXN KRW TRY ILS AED SAR THB"
_DOLLARS: Final = {
    "australian": "AUD",
    "canadian": "CAD",
    "hong kong": "HKD",
    "new zealand": "NZD",
    "singapore": "SGD",
}
_NAMES: Final = {
    "euro": "EUR",
    "yen": "JPY",
    "rupee": "INR",
    "yuan": "CNY",
    "franc": None,
    "pounds sterling": "GBP",
}
_MARK: Final = "|".join([*map(re.escape, _SYMBOLS), *_SHARED, *_CODES.split()])
_NAMED: Final = (
    r"(?i:(?P<of>US|U\.S\.|United States|Australian|Canadian|Hong Kong|New Zealand|Singapore)\s+dollars?"
    r"|dollars?|euros?|yen|rupees?|yuan|Swiss francs?|francs?|pounds sterling)\b"
)
_UPTO: Final = r"\s?(?:–|—|-)\s?"
_BEFORE: Final = re.compile(
    rf"(?<![\w.,])(?P<minus>[-−])?(?P<mark>{_MARK})\s?(?P<first>{SPACED})(?:\s?(?P<scale>{SCALE}))?"
    rf"(?:{_UPTO}(?P<last>{SPACED})(?:\s?(?P<scale2>{SCALE}))?(?!\d|\s?(?:days?|months?|years?|%)))?"
)
_AFTER: Final = re.compile(
    rf"(?<![\w.,/$€£])(?P<minus>[-−])?(?P<first>{SPACED}|{WORDS})(?:[\s-]?(?P<scale>{SCALE}))?"
    rf"(?:{_UPTO}(?P<last>{SPACED})(?:\s?(?P<scale2>{SCALE}))?)?[\s-]?(?:(?P<mark>{_MARK})(?!\w)|(?P<name>{_NAMED}))"
)
_QUANTITY: Final = rf"(?:{FIGURE}|{WORDS})"
_PERCENT: Final = re.compile(
    rf"(?<![\w.,/$€£])(?P<between>(?<=etween ))?(?P<minus>[-−+])?(?P<first>{_QUANTITY})"
    rf"(?:\s?%?(?:\s?(?:–|—|-)\s?|\s+to\s+|(?(between)\s+and\s+|(?!)))(?P<last>{_QUANTITY}))?(?:\s|-)?"
    r"(?P<unit>%(?:\s?points?)?|(?i:percentage[\s-]points?|per\s?cent|percent|pct|basis\s+points|bps))(?!\w)"
)
_NUMBER: Final = re.compile(
    rf"(?<![\w.,:/#§%-])(?P<minus>[-−])?(?P<first>{FIGURE}|{WORDS})(?:{_UPTO}(?P<last>{FIGURE}))?(?:\s?(?P<scale>{SCALE}))?(?![\w%½¼¾]|[:/°–-]\w|[.,]\d)"
)
_PHONE: Final = re.compile(r"(?<!\w)(?:\+|00)\d[\d ()/.-]{5,20}\d|\(0\d{1,5}\)[ -]?\d[\d -]{3,12}\d")
_VERSION: Final = re.compile(r"\d+(?:\.\d+){2,}(?<!\.\d{3})")
_LABELS: Final = (
    r"sections?|articles?|clauses?|chapters?|page|row|line|paragraph|no\.|number|version|room|table"
)
_LABEL: Final = re.compile(rf"(?:(?:^|\0)[ \t]*|(?i:{_LABELS})\s+)$")


def money(text: str) -> Iterator[Extracted]:
    """Yield amounts with a currency; ``$`` and "dollars" alone are US dollars."""
    for match in (*_BEFORE.finditer(text), *_AFTER.finditer(text)):
        if match["mark"] in _SHARED:
            yield _none(ValueKind.MONEY, match, f"{match['mark']!r} is the mark of several currencies.")
        else:
            yield _amount(match)


def percentages(text: str) -> Iterator[Extracted]:
    """Yield percentages, percentage points and basis points (100 are 1 %)."""
    for match in _PERCENT.finditer(text):
        numbers = [number(match[name]) for name in ("first", "last") if match[name]]
        unit = match["unit"].lower()
        if "basis" in unit or unit == "bps":
            numbers = [None if found is None else found / 100 for found in numbers]
        told = _range(numbers, match["minus"])
        if told is None:
            yield _none(ValueKind.PERCENTAGE, match, "The figure can be read in two ways.")
        else:
            value = f"{told} percentage points" if "point" in unit and "basis" not in unit else f"{told} %"
            yield Extracted(ValueKind.PERCENTAGE, match[0], value, match.start(), match.end())


def numbers(text: str) -> Iterator[Extracted]:
    """Yield numbers that stand for themselves; not labels such as "Section 4", list marks or the word "one"."""
    shown = _PHONE.sub(lambda phone: BREAK * len(phone[0]), text)
    for match in _NUMBER.finditer(shown):
        if (
            match["first"].lower() in ("one", "zero")
            or _VERSION.fullmatch(match["first"])
            or _is_label(text, match)
        ):
            continue
        told = _range(
            [scaled(match[name], match["scale"]) for name in ("first", "last") if match[name]], match["minus"]
        )
        if told is None or _may_be_year(match) or (match["last"] and match["scale"]):
            yield _none(ValueKind.NUMBER, match, "The figure can be read in two ways.")
        else:
            yield Extracted(ValueKind.NUMBER, match[0], told, match.start(), match.end())


def _amount(match: re.Match[str]) -> Extracted:
    first, last = match["scale"], match["scale2"]
    if match["last"] and last and not first:
        return _none(ValueKind.MONEY, match, "The first figure may share what stands behind the second.")
    found = [scaled(match["first"], first)]
    if match["last"]:
        found.append(scaled(match["last"], last))
    told, currency = _range(found, match["minus"]), _currency(match)
    if told is None or currency is None:
        return _none(ValueKind.MONEY, match, "The figure or its currency can be read in two ways.")
    return Extracted(ValueKind.MONEY, match[0], f"{currency} {told}", match.start(), match.end())


def _currency(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    if parts["mark"]:
        return _SYMBOLS.get(parts["mark"], parts["mark"])
    name = " ".join((parts["name"] or "").lower().split())
    if "dollar" in name:
        return _DOLLARS.get((parts["of"] or "").lower(), "USD")
    return "CHF" if name.startswith("swiss") else _NAMES.get(name) or _NAMES.get(name.removesuffix("s"))


def _range(found: list[Decimal | None], minus: str | None) -> str | None:
    if None in found:
        return None
    told = "–".join(plain(value) for value in found if value is not None)
    return f"-{told}" if minus in ("-", "−") else told


def _none(kind: ValueKind, match: re.Match[str], note: str) -> Extracted:
    return Extracted(kind, match[0], None, match.start(), match.end(), note)


def _is_label(text: str, match: re.Match[str]) -> bool:
    if text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")":
        return True  # a mark in a list, or a figure that repeats the word before it
    before = _LABEL.search(text, max(0, match.start() - 20), match.start())
    if before is None:
        return False
    return bool(before[0].strip()) or text[match.end() : match.end() + 2] in (". ", ") ", ".\0", ".", ")")


def _may_be_year(match: re.Match[str]) -> bool:
    return re.match(r"(?:19|20)\d\d(?!\d)", match[0]) is not None
