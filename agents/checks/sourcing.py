"""Numbers, dates, names and links that stand in no source, and dates that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.checks.dates import Day, agrees, dates, true_weekday
from agents.checks.derivation import derived
from agents.checks.figures import Figure, figures
from agents.checks.known import Known, hedged
from agents.checks.markdown import BlockKind, blocks
from agents.checks.names import links, organisations, squeezed
from agents.checks.shapes import Problem, problem

_SMALL: Final = 12  # a bare number up to here counts things the reader can see ("the 3 vendors")


def impossible(text: str) -> Iterator[Problem]:
    """Yield dates that no calendar has, and dates whose weekday is wrong."""
    for day in dates(text):
        span = (day.start, day.end)
        if not day.readings:
            yield problem(
                "date-impossible",
                text,
                span,
                f"{day.text!r} is not a date of any calendar.",
                "Look the date up and correct it.",
            )
        elif day.weekday and day.whole and day.weekday != true_weekday(day):
            message = f"{day.whole.isoformat()} is a {true_weekday(day)}, not a {day.weekday}."
            yield problem("weekday-wrong", text, span, message, "Correct the weekday or the date.")


def numbers(text: str, known: Known) -> Iterator[Problem]:
    """Yield numbers that stand in no source and do not follow from numbers of the text."""
    follows = derived(text, known)
    code = _code(text)
    for figure in figures(text):
        about = hedged(text, figure.start) and known.near(figure)
        if known.has(figure) or figure.start in follows or _is_count(figure) or about:
            continue
        if not _inside(figure.start, code):
            message = f"{figure.text!r} stands in no source."
            yield problem(
                "number-unsupported",
                text,
                (figure.start, figure.end),
                message,
                "Take the number from a source, or leave it out.",
            )


def days(text: str, known: list[Day]) -> Iterator[Problem]:
    """Yield dates that stand in no source."""
    code = _code(text)
    for day in dates(text):
        if day.readings and not any(agrees(day, other) for other in known) and not _inside(day.start, code):
            message = f"{day.text!r} stands in no source."
            yield problem(
                "date-unsupported",
                text,
                (day.start, day.end),
                message,
                "Take the date from a source, or leave it out.",
            )


def strangers(text: str, sources: Iterable[str]) -> Iterator[Problem]:
    """Yield names of organisations and links that stand in no source."""
    whole = "\n".join(sources)
    folded = squeezed(whole)
    known = {_bare(link.text) for link in links(whole)}
    code = _code(text)
    linked = links(text)
    for link in linked:
        if not _link_known(link.text, known) and not _inside(link.start, code):
            message = f"{link.text!r} stands in no source."
            yield problem(
                "link-unsupported",
                text,
                (link.start, link.end),
                message,
                "Use an address of a source, or leave it out.",
            )
    for name in organisations(text):
        if squeezed(name.text) in folded or _inside(name.start, code):
            continue
        if not any(link.start <= name.start < link.end for link in linked):
            message = f"{name.text!r} is named in no source."
            yield problem(
                "name-unsupported",
                text,
                (name.start, name.end),
                message,
                "Name only whom a source names, or leave it out.",
            )


def _is_count(figure: Figure) -> bool:
    return (
        not figure.unit
        and not figure.noun
        and figure.value <= _SMALL
        and figure.value == figure.value.to_integral_value()
    )


def _link_known(link: str, known: set[str]) -> bool:
    """Whether a source holds the address, or a longer one that begins with it at a path's edge."""
    address = _bare(link)
    if "@" in address:
        return address in known
    return any(other == address or re.match(re.escape(address) + r"[/?#]", other) for other in known)


def _bare(link: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|^www\.", "", link.casefold()).rstrip("/")


def _code(text: str) -> list[tuple[int, int]]:
    found = [(block.start, block.end) for block in blocks(text) if block.kind is BlockKind.CODE]
    return found + [match.span() for match in re.finditer(r"`[^`\n]+`", text)]


def _inside(at: int, ranges: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in ranges)
