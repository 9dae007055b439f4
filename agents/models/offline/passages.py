"""Sentences and rows of documents, each exactly as it stands in its part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.checks.markdown import spans
from agents.contracts import Part
from agents.models.offline import injected, rows

LONGEST: Final = 900  # characters of a passage; a finding's claim may have 1,000
_TABULAR: Final = re.compile(r"\.(?:csv|tsv|xlsx?|ods)(?:,|$)|, (?:rows? \d|sheet )", re.IGNORECASE)
_LINKS: Final = re.compile(r"\blink \d+$")  # ends the name of a part that ends with where its document links to
_LINK: Final = re.compile(r"(?:^|\s)\(https?://\S+\)$")
_SEPARATOR: Final = re.compile(r"^[\s|:+=-]+$")
_MARK: Final = re.compile(r"^\s*(?:[-*+•▪●]|\d{1,3}[.)]|\([a-z]\)|>+|#{1,6})\s+")
_NUMBERED: Final = re.compile(r"^(?:§\s?)?\d{1,2}(?:\.\d{1,2})*\.?\s+(?=[A-ZÄÖÜ])")
_LABELLED: Final = re.compile(r"^\s*[A-ZÄÖÜ][\w()/-]*(?: [\w()/-]+){0,2}:\s+\S")  # "Supplier: Acme" begins a line
_ENDS: Final = re.compile(r"[.!?:;…][\"”’»)\]]*\s*$")
_OPENS: Final = re.compile(r"(?:(?<=[\s(])|^)[\"“](?=\w)")
_CLOSES: Final = re.compile(r"(?<=[\w.,;:!?…])[\"”](?!\w)")
_NO: Final = re.compile(
    r"\b(?:not|no|never|none|without|avoid\w*|unacceptable|forbidden|exclu\w+|reject\w*|prohibit\w*|don['’]t|nothing)\b",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"^From:[ \t]*(?P<who>[^\n<]{2,80})(?:<[^>\n]*>)?[ \t]*\n(?:(?:To|Cc|Subject|Sent):[^\n]*\n)*"
    r"(?:Date|Sent):[ \t]*(?P<date>[^\n]{6,40})$",
    re.MULTILINE,
)
_EMPTY: Final = re.compile(
    r"cookie|all rights reserved|©|subscribe|click here|privacy policy|terms of use|read more|sign up|log ?in\b|skip to|"
    r"^(?:from|to|cc|bcc|date|sent|subject|betreff):\s|lorem ipsum|\bTODO\b|\bTBD\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Passage:
    """A sentence or a row: ``part.text[start:end] == text``."""

    text: str
    part: Part
    start: int
    end: int
    order: int
    heading: str = ""
    is_row: bool = False

    @property
    def document(self) -> str:
        """The document's id: ``d1`` of part ``d1.2``."""
        return self.part.id.split(".")[0]

    @property
    def has_figure(self) -> bool:
        """Whether it holds a number or a date."""
        return bool(figures(self.text) or dates(self.text))


def written_by(passage: Passage) -> tuple[str, str]:
    """Return who wrote the message a passage stands in, and when, in the words of its head; empty where there is none."""
    heads = list(_HEAD.finditer(passage.part.text, 0, passage.start))
    return (heads[-1]["who"].strip(), heads[-1]["date"].strip()) if heads else ("", "")


def passages(parts: Iterable[Part]) -> list[Passage]:
    """Return what can be quoted, in reading order: no headings, menus or words addressed to a machine.

    A list under a heading that says no is one passage, heading included: an item alone would say the opposite.
    """
    found: list[Passage] = []
    headings: dict[str, str] = {}
    for part in parts:
        document = part.id.split(".")[0]
        for unit in _whole_lists(_units(part, headings.get(document, ""))):
            headings[document] = unit.heading
            text = part.text[unit.start : unit.end]
            if not unit.is_ruled_out and _worth(text, is_row=unit.is_row):
                heading = unit.header or unit.heading
                found.append(Passage(text, part, unit.start, unit.end, len(found), heading, unit.is_row))
    return found


def _whole_lists(units: Iterable[_Unit]) -> Iterator[_Unit]:
    """Yield the units with each list under a heading that says no joined with that heading, where both fit together."""
    joined: _Unit | None = None
    for unit in units:
        fits = unit.is_ruled_out and unit.heading_at >= 0 and unit.end - unit.heading_at <= LONGEST
        if joined and not (fits and unit.heading_at == joined.start):
            yield joined
            joined = None
        if fits:
            joined = _Unit(unit.heading_at, unit.end, unit.heading)
        else:
            yield unit
    if joined:
        yield joined


@dataclass(frozen=True)
class _Unit:
    """A sentence or row, with the heading and the header row above it."""

    start: int
    end: int
    heading: str
    header: str = ""
    is_row: bool = False
    is_item: bool = False
    heading_at: int = -1  # where the heading stands in the part; it may stand in an earlier one

    @property
    def is_ruled_out(self) -> bool:
        """Whether it is an item of a list whose heading says no."""
        return self.is_item and bool(_NO.search(self.heading))


def _units(part: Part, heading: str) -> Iterator[_Unit]:
    """Yield the sentences and rows of a part; a heading goes on into the next part of its document."""
    header, heading_at, tabular = "", -1, bool(_TABULAR.search(part.source))
    lines = list(_lines(part.text, tabular=tabular, links=bool(_LINKS.search(part.source))))
    for place, (start, end, kind) in enumerate(lines):
        after = part.text[slice(*lines[place + 1][:2])] if place + 1 < len(lines) else ""
        if kind == "heading":
            heading, heading_at = part.text[start:end].strip("#* _:"), start
        elif kind == "row" and rows.is_header(part.text[start:end], after, first=not header):
            header = part.text[start:end]
        elif kind == "row":
            yield _Unit(start, _short(part.text, start, end), heading, header, is_row=True)
        else:
            header = ""
            ordered = set(injected.orders(part.text, start, end))
            for begins, ends in _quotations(part.text, start, end):
                if (begins, ends) in ordered:
                    continue
                ended = _short(part.text, begins, ends)
                yield _Unit(begins, ended, heading, is_item=kind == "item", heading_at=heading_at)


def _quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences; those of one quotation, with who says it, are one: half of it would not be what was said."""
    opened: tuple[int, int] | None = None
    for begins, ends in spans(text, start, end):
        begins = opened[0] if opened else begins
        if _is_open(text[begins:ends]) and ends - begins <= LONGEST // 2:
            opened = (begins, ends)
            continue
        opened = None
        yield begins, ends
    if opened:
        yield opened


def _is_open(words: str) -> bool:
    """Whether a quotation begins in these words and does not end."""
    return len(_OPENS.findall(words)) > len(_CLOSES.findall(words))


def _lines(text: str, *, tabular: bool, links: bool) -> Iterator[tuple[int, int, str]]:
    """Yield rows, headings and paragraphs; lines that a page broke in mid-sentence are one paragraph again."""
    opened: tuple[int, int] | None = None
    at = 0
    for line in [*text.split("\n"), ""]:
        start, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        kind = "link" if links and _LINK.search(line) else _kind(line, tabular=tabular)
        if opened and (kind or not _goes_on(text[opened[0] : opened[1]], line)):
            yield (*opened, _heading_or_prose(text[opened[0] : opened[1]]))
            opened = None
        if kind == "row":
            yield start, end, kind
        elif kind == "marked":
            mark = _MARK.match(line)
            inner = at + (mark.end() if mark else 0)
            yield inner, end, "heading" if line.lstrip().startswith("#") else "item"
        elif line.strip() and kind != "link":
            opened = (opened[0] if opened else start, end)
        at += len(line) + 1
    if opened:
        yield (*opened, _heading_or_prose(text[opened[0] : opened[1]]))


def _kind(line: str, *, tabular: bool) -> str:
    if not line.strip() or _SEPARATOR.match(line):
        return "blank"
    if tabular or " | " in line or "\t" in line.strip() or line.lstrip().startswith("|"):
        return "row"
    return "marked" if _MARK.match(line) else ""


def _goes_on(before: str, line: str) -> bool:
    last = before.rsplit("\n", 1)[-1]
    if not line.strip() or line[:1].isspace() != last[:1].isspace() or _LABELLED.match(line):
        return False
    return (
        not _ENDS.search(last)
        if len(last) > 45
        else line.lstrip()[:1].islower() or bool(_ENDS.search(last) is None and _is_wrapped(last))
    )


def _is_wrapped(line: str) -> bool:
    """Whether a short line without an end is the beginning of a sentence and not a heading or a label."""
    return bool(re.search(r"\b(?:the|a|an|of|to|in|and|or|for|with|by|is|are|on|at|from)\s*$|,\s*$", line))


def _heading_or_prose(text: str) -> str:
    short = len(text.split()) <= 8 and "\n" not in text and not _ENDS.search(text)
    words = _NUMBERED.sub("", text)
    return "heading" if short and not figures(words) and ":" not in words else "prose"


def _short(text: str, start: int, end: int) -> int:
    """Return where a passage ends: long ones end at a space before the limit, and still stand word for word."""
    if end - start <= LONGEST:
        return end
    space = text.rfind(" ", start, start + LONGEST)
    return space if space > start else start + LONGEST


def _worth(text: str, *, is_row: bool) -> bool:
    if _EMPTY.search(text) or injected.addressed(text) or not re.search(r"[^\W\d_]{2}", text):
        return False
    enough = 2 if is_row or figures(text) or dates(text) or ":" in text else 4
    return len(text.split()) >= enough and not text.rstrip().endswith("?")
