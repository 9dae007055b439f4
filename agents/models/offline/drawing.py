"""Charts of numbers that one table or one sentence gives in one unit: each number as it stands, nothing added up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.models.offline import rows
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import IS_YEAR, subject_of
from agents.models.offline.extracts import grids
from agents.models.offline.placing import OPEN_POINTS
from agents.models.offline.qualifying import YEAR
from agents.models.offline.standing import document_of
from agents.models.offline.topics import attributes
from agents.models.offline.wire import Use

CHART: Final = "chart"
_MOST: Final = 3  # charts of a document
_EACH: Final = 2  # charts of a table
_FEWEST: Final = 3  # bars; two numbers are told faster in words
_BARS, _LINES, _LABELS = 12, 4, 12
_TITLE, _NAME, _UNIT = 80, 40, 24  # characters
_VALUE: Final = re.compile(
    r"^(?P<before>up to |from |about )?(?P<sign>[A-Z]{3} ?|[€£$])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<unit>\s?(?:%|[A-Za-z€£$²]{1,12}))?(?P<rest>[^\d]*)$"
)
_TOLD: Final = frozenset(("revenue", "profit"))
_YEARS: Final = re.compile(r"^(?:year|period)$", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\s(),;][^(),;]*[^\s(),;]")  # "2025 (EUR, draft)" is 2025, draft
_ID: Final = re.compile(
    r"^(?:no\.?|number|nr\.?|id|#|row|code|rank|position|test|weekly hours|sample|base|respondents|answers|(?:\w+ )?asked)$",
    re.IGNORECASE,
)
_UNLIKE: Final = re.compile(r"^(?:unit|per|basis|currency|measure|measured in)$", re.IGNORECASE)  # rows are of unlike things
_MONEY: Final = re.compile(r"\b(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN)\b")
_NAMED: Final = re.compile(r"(?P<name>[^\W\d_][\w&'’. -]{1,38}?) (?P<number>\d{1,2}(?:\.\d+)?) ?%")
_GIVEN: Final = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d+)?) ?% (?:(?:went|go|goes|came|come|are|is) )?(?:to|from|for|by|in) "
    r"(?P<name>[a-zA-Z][\w&'’ -]{1,38}?)(?=, (?:and )?\d| and \d|[.;:]|$)"
)
_PERCENT: Final = re.compile(r"%|\bper ?cent\b")
_WHOLE: Final = 101  # percent, of shares that were rounded
_LAST: Final = re.compile(r"^(?:and|or|while|plus)\s+", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"summary|contradict|missing|how sure|sources|questions|red flags", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"^!\[[^\]\n]*\]\(chart-[^)\n]*\)$", re.MULTILINE)


@dataclass(frozen=True)
class Column:
    """A column of a table in one unit: a number for each row that has one in its form."""

    label: str
    unit: str
    how: str  # what stands around every number, such as "up to" or "including VAT"
    values: tuple[float | None, ...]


def wanted(brief: Brief) -> list[Use]:
    """Return the charts to be drawn for the one text people read; nothing where they were drawn, or for clauses."""
    drawn = any(use.name == CHART for use in brief.asked.used)
    clauses = any(OPEN_POINTS.search(name) for name in brief.sections)
    if CHART not in brief.asked.tools or drawn or clauses or brief.is_synthesis:
        return []
    found = [*_of_sentences(brief.facts), *_of_tables(brief)]
    return [Use(CHART, chart) for chart in found[:_MOST]]


def drawn(brief: Brief) -> list[tuple[str, frozenset[str]]]:
    """Return the charts that were drawn: the line that shows each, and the findings its numbers stand in."""
    used = (use for use in brief.asked.used if use.name == CHART and not use.failed)
    told = ((_REFERENCE.search(use.said), use.input.get("findings") or ()) for use in used)
    return [(line[0], frozenset(map(str, ids))) for line, ids in told if line]


def without_charts(text: str) -> str:
    """Return a text without the lines that show charts: their numbers were held against findings when they were drawn."""
    return _REFERENCE.sub("", text)


def homes(brief: Brief, filled: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the section of each chart by its line: the one that shows most of its findings; none where no section does.

    Args:
        brief: The brief, with what the tool said.
        filled: The lines of every section by title.
    """
    told: dict[str, str] = {}
    texts = {title: "\n".join(lines) for title, lines in filled.items() if not _ELSEWHERE.search(title)}
    for line, ids in drawn(brief):
        shows = {title: sum(f"[{id}]" in text for id in sorted(ids)) for title, text in texts.items()}
        best = max(shows, key=lambda title: shows[title], default="")
        if best and shows[best]:
            told[line] = best
    return told


def _of_sentences(facts: Iterable[Fact]) -> Iterator[dict[str, Any]]:
    """Yield a chart for each sentence that shares a whole out among three or more."""
    for fact in facts:
        if not fact.id or "|" in fact.quote:
            continue
        words = " ".join(fact.quote.split())
        lead, colon, rest = words.rpartition(": ")
        found = list(_NAMED.finditer(rest)) if colon else list(_GIVEN.finditer(words))
        names = [_LAST.sub("", match["name"].strip()) for match in found]
        values = [float(match["number"]) for match in found]
        title = lead if colon else words.partition(",")[0]
        whole = len(found) == len(_PERCENT.findall(words)) and sum(values) <= _WHOLE
        if whole and _FEWEST <= len(set(names)) == len(names) <= _BARS:
            yield _chart(title, "bar", "%", names, {"Share": values}, [fact])


def _of_tables(brief: Brief) -> Iterator[dict[str, Any]]:
    facts = [fact for fact in brief.facts if fact.id and "|" in fact.quote]
    for found in grids(facts):
        table = [{cell.label: cell.value for cell in rows.labelled(one.quote, "")} for one in found]
        if len(found) > 1:
            yield from list(_charts(brief, found, table))[:_EACH]


def _charts(brief: Brief, found: Sequence[Fact], table: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    labels = list(dict.fromkeys(name for one in table for name in one))
    timed = [name for name in labels if YEAR.search(name)]
    year = next((name for name in labels if _YEARS.match(name)), "")
    if any(_UNLIKE.match(name) and len(set(_cells(table, name))) > 1 for name in labels):
        return
    if len(timed) > 1:
        yield from _by_period(found, table, labels[0], timed)
    elif year and len({one.get(year) for one in table}) == len(table):
        yield from _by_year(found, table, year, labels)
    elif not year:
        yield from _by_name(brief, found, table, labels)


def _by_period(
    found: Sequence[Fact], table: Sequence[Mapping[str, str]], name: str, timed: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield revenue and result over the periods that the columns are; without them nothing is to be seen at a glance."""
    whole = [
        (fact, one)
        for fact, one in zip(found, table, strict=True)
        if _TOLD & set(attributes(one.get(name, ""))) and all(_number(one.get(label, "")) for label in timed)
    ][:_LINES]
    money = {unit[0] for label in timed if (unit := _MONEY.search(label))}
    if whole and len(money) <= 1:
        periods = [", ".join(_WORDS.findall(_MONEY.sub("", label))) for label in timed]
        series = {one[name]: [_float(one[label]) for label in timed] for _, one in whole}
        title = f"{' and '.join(series)}{f', {next(iter(money))}' if money else ''}"
        yield _chart(title, "bar", "", periods, series, [fact for fact, _ in whole])


def _by_year(
    found: Sequence[Fact], table: Sequence[Mapping[str, str]], year: str, labels: Sequence[str]
) -> Iterator[dict[str, Any]]:
    by_unit: dict[str, list[Column]] = {}
    for one in _columns(table, [label for label in labels if label != year]):
        by_unit.setdefault(one.unit, []).append(one)
    for unit, columns in by_unit.items():
        series = {one.label: list(one.values) for one in columns[:_LINES]}
        whole = all(value is not None for values in series.values() for value in values)
        if whole and len(found) >= _FEWEST:
            yield _chart(", ".join(series), "line", unit, [one[year] for one in table], series, found)


def _by_name(
    brief: Brief, found: Sequence[Fact], table: Sequence[Mapping[str, str]], labels: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield a chart for each column of numbers, a bar for each row that its words name."""
    kept = [at for at, one in enumerate(table) if not rows.TOTAL.match(next(iter(one.values()), ""))]
    table, found = [table[at] for at in kept], [found[at] for at in kept]
    names = _names(table, labels)
    subjects = {subject_of(fact, brief.subjects) for fact in found} if brief.subjects else {""}
    if not names or (brief.subjects and len(subjects - {""}) < 2):
        return
    for one in _columns(table, labels):
        every = zip(names, one.values, found, strict=True)
        told = [(name, value, fact) for name, value, fact in every if value is not None]
        if _FEWEST <= len(told) <= _BARS:
            title = ", ".join(words for words in (one.label, one.how) if words)
            bars = {one.label: [value for _, value, _ in told]}
            yield _chart(title, "bar", one.unit, [name for name, _, _ in told], bars, [fact for *_, fact in told])


def _names(table: Sequence[Mapping[str, str]], labels: Sequence[str]) -> list[str]:
    """Return a name for each row, of as many of its first words as tell the rows apart; nothing where they do not."""
    words = [label for label in labels if not _ID.match(label) and not any(map(_is_value, _cells(table, label)))]
    for many in range(1, min(3, len(words)) + 1):
        names = [", ".join(filter(None, (one.get(label, "") for label in words[:many]))) for one in table]
        if len(set(names)) == len(names) and all(0 < len(name) <= _NAME for name in names):
            return names
    return []


def _columns(table: Sequence[Mapping[str, str]], labels: Sequence[str]) -> Iterator[Column]:
    for label in labels:
        if _ID.match(label) or any(map(IS_YEAR.match, _cells(table, label))):
            continue
        found = [_VALUE.match(one.get(label, "")) for one in table]
        forms = Counter(_form(match) for match in found if match)
        if forms and forms.most_common(1)[0][1] >= _FEWEST:
            form = forms.most_common(1)[0][0]
            values = tuple(_float(match["number"]) if match and _form(match) == form else None for match in found)
            before, sign, unit, rest = form
            yield Column(label, (sign or unit)[:_UNIT], " ".join(filter(None, (before, rest))), values)


def _form(match: re.Match[str]) -> tuple[str, str, str, str]:
    before, sign, unit, rest = ((match[name] or "").strip() for name in ("before", "sign", "unit", "rest"))
    return (before, sign, "", f"{unit} {rest}".strip()) if sign else (before, sign, unit, rest)


def _cells(table: Sequence[Mapping[str, str]], label: str) -> list[str]:
    return [one[label] for one in table if one.get(label)]


def _is_value(words: str) -> bool:
    return bool(_VALUE.match(words)) or bool(re.match(r"^\d", words))


def _number(words: str) -> bool:
    return bool(re.fullmatch(r"\d[\d,]*(?:\.\d+)?", words))


def _float(words: str) -> float:
    return float(words.replace(",", ""))


def _chart(
    title: str,
    kind: str,
    unit: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    facts: Sequence[Fact],
) -> dict[str, Any]:
    """Return what the tool is asked; the title names the document, since another one may have other numbers."""
    words = f"{document_of(facts[0])[:_NAME]}: {title}"
    return {
        "title": " ".join(words.split())[:_TITLE].strip(" ,:"),
        "kind": kind,
        "unit": unit,
        "labels": [label[:_NAME] for label in labels][:_LABELS],
        "series": [{"name": name[:_NAME], "values": list(values)} for name, values in series.items()],
        "findings": list(dict.fromkeys(fact.id for fact in facts)),
    }
