"""Two values for one key: a price, date or amount that the text gives twice, differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from agents.checks.dates import Day, agrees, dates
from agents.checks.figures import Figure, figures
from agents.checks.lexicon import listed
from agents.checks.markdown import CITATION, Block, BlockKind, blocks, cells, sentences, tables
from agents.checks.shapes import Problem, problem


@dataclass(frozen=True)
class Said:
    """A value said of a key, such as ("acme", "price").

    ``rest`` is what qualifies it, such as "per month".
    """

    key: tuple[str, str]
    text: str
    start: int
    end: int
    value: Figure | Day
    rest: str


_PAIR: Final = re.compile(
    r"^\s*(?:[-*+•]\s+|\d{1,2}[.)]\s+)?[*_]{0,2}(?P<key>[A-Za-z][\w ’'/&-]{1,40}?)[*_]{0,2}\s*:[*_]{0,2}[ "
    r"\t]+(?P<value>\S.*)$"
)
_STATED: Final = re.compile(
    r"^\W*(?:[A-Z]\w+:\s+)?(?P<key>(?:The|Our|Its|[A-Z][\w-]+(?:\s[A-Z][\w-]+){0,2}['’]s?)\s+[a-z][\w "
    r"-]{1,45}?)\s+"
    r"(?P<verb>is|was|are|were|will be|stays at|amounts to|remains|starts at|has been set "
    r"at)\s+(?P<value>\S.*)$",
    re.DOTALL,
)
_GENERIC: Final = frozenset(
    listed(
        """
    summary overview introduction background scope plan budget timeline schedule terms conclusion
    details detail key facts figures pricing price prices cost costs next steps open questions sources
    findings results result analysis comparison payment fees fee delivery term the and of request report
    proposal brief deadline launch dates money at a glance main points appendix annex notes
    """
    )
)
_ADMITTING: Final = re.compile(
    r"contradict|differ|disagree|conflict|discrepan|open (?:point|question)|missing", re.IGNORECASE
)
_FEW: Final = 2  # words that may stand before a value for it to be the value of its key ("about", "up to")


def contradictions(text: str) -> Iterator[Problem]:
    """Yield every later value that differs from the one said before of the same key, unless the text says so itself."""
    admitted = "\n".join(block.text for block in blocks(text) if _ADMITTING.search(block.heading))
    for _, group in groupby(
        sorted(_all(text), key=lambda one: (one.key, one.start)), key=lambda one: one.key
    ):
        said = list(group)
        if (
            len(said) < 3 or len({one.value.text for one in said}) < 3
        ):  # three values and more are a list of records
            yield from _differing(text, said, admitted)


def _differing(text: str, said: list[Said], admitted: str) -> Iterator[Problem]:
    for before, one in pairwise(said):
        if _contradict(before, one) and not (before.value.text in admitted and one.value.text in admitted):
            name = " ".join(word for word in one.key if word)
            message = f"{name!r} is {before.value.text!r} before and {one.value.text!r} here."
            yield problem(
                "two-values",
                text,
                (one.start, one.end),
                message,
                "Keep the value the sources give, or say that they differ.",
            )


def _contradict(a: Said, b: Said) -> bool:
    if a.rest != b.rest and a.rest and b.rest:
        return False
    if isinstance(a.value, Day) and isinstance(b.value, Day):
        return not (agrees(a.value, b.value) or agrees(b.value, a.value))
    if isinstance(a.value, Figure) and isinstance(b.value, Figure):
        same_kind = a.value.unit == b.value.unit or not a.value.unit or not b.value.unit
        return same_kind and a.value.noun == b.value.noun and not set(a.value.values) & set(b.value.values)
    return False


def _all(text: str) -> Iterator[Said]:
    yield from _pairs(text)
    for sentence in sentences(text):
        stated = _STATED.match(sentence.text)
        if stated and sentence.block.kind in (BlockKind.BULLET, BlockKind.PARAGRAPH):
            past = " (past)" if stated["verb"] in ("was", "were") else ""
            yield from _said(
                _key(stated["key"], past), stated["value"], sentence.start + stated.start("value")
            )
    for table in tables(text):
        yield from _table(table)


def _pairs(text: str) -> Iterator[Said]:
    """Yield the ``Key: value`` lines.

    The heading, lead-in or bullet that names their subject is part of the key.
    """
    lead, heading, above = "", "", ""
    for block in blocks(text):
        if block.heading != heading:
            heading, lead, above = block.heading, "", ""
        if block.kind not in (BlockKind.BULLET, BlockKind.PARAGRAPH):
            continue
        nested = block.text.startswith((" ", "\t"))
        if block.text.rstrip(" *_").endswith(":") or (
            block.kind is BlockKind.BULLET and not nested and ":" not in block.text
        ):
            lead, above = ("", block.text) if block.kind is BlockKind.BULLET else (block.text, "")
        for start, line in _lines(block):
            if pair := _PAIR.match(line):
                scope = _scope(heading) or _slug(lead) or (_slug(above) if nested else "")
                yield from _said((scope, _slug(pair["key"])), pair["value"], start + pair.start("value"))


def _table(table: list[Block]) -> Iterator[Said]:
    header = [_slug(cell.text) for cell in cells(table[0])]
    rows = [cells(row) for row in table[1:]]
    labels = [_slug(row[0].text) for row in rows if row]
    if len(set(labels)) < len(labels) or dates(table[0].heading):
        return
    for label, row in zip(labels, [row for row in rows if row], strict=True):
        for name, cell in zip(header[1:], row[1:], strict=False):
            yield from _said((label, name), cell.text, cell.start)


def _said(key: tuple[str, str], value: str, start: int) -> Iterator[Said]:
    """Yield the value when the words after the key are one number or date, near their beginning."""
    plain = CITATION.sub("", value)
    days, numbers = dates(plain), figures(plain)
    found: list[Day | Figure] = [*days[:1], *numbers] if days else [*numbers]
    place = value.find(found[0].text) if len(found) == 1 else -1
    if place >= 0 and len(value[:place].split()) <= _FEW:
        at = start + place
        rest = _slug(plain[found[0].end :])
        yield Said(key, value, at, at + len(found[0].text), found[0], rest)


def _key(words: str, past: str) -> tuple[str, str]:
    owner = re.match(r"(?P<owner>[A-Z][\w-]+(?:\s[A-Z][\w-]+){0,2})['’]s?\s+(?P<what>.*)", words)
    if owner:
        return _slug(owner["owner"]), _slug(owner["what"]) + past
    return "", _slug(re.sub(r"^(?:The|Our|Its)\s+", "", words)) + past


def _scope(heading: str) -> str:
    slug = _slug(heading)
    return "" if all(word in _GENERIC for word in slug.split()) else slug


def _slug(words: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", CITATION.sub("", words).lower()))


def _lines(block: Block) -> Iterator[tuple[int, str]]:
    start = block.start
    for line in block.text.split("\n"):
        yield start, line
        start += len(line) + 1
