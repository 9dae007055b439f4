"""Markdown and plain text taken apart into blocks, sentences and table rows, each with its span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agents.checks.lexicon import listed


class BlockKind(StrEnum):
    """What a block of Markdown is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    HEADER = "header"  # the first row of a table
    ROW = "row"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True)
class Block:
    """A block and its place: ``text`` of the whole is at ``start:end``.

    ``heading`` is the one it stands under.
    """

    kind: BlockKind
    text: str
    start: int
    end: int
    heading: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence, bullet or row with its span in the whole text, and the block it stands in."""

    text: str
    start: int
    end: int
    block: Block


@dataclass(frozen=True)
class Cell:
    """A table cell without the space around it."""

    text: str
    start: int
    end: int


CITATION: Final = re.compile(r"\[F\d{1,6}(?:\s*(?:[,;–-]|and)\s*F?\d{1,6}){0,40}\]")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+(?P<title>.*?)\s*#*\s*$")
_BOLD_LINE: Final = re.compile(r"\s{0,3}(?:\*\*|__)(?P<title>[^*_]{1,80}?):?(?:\*\*|__):?\s*$")
_BULLET: Final = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_RULE_ROW: Final = re.compile(r"\s*(?:\|\s*)?:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*(?:\|\s*)?$")
_ENDS: Final = re.compile(r"[.!?…]+[\"”’»)\]*_]*(?=\s|$)")
SAID: Final = re.compile(r"\[([PNC]\d{1,4}(?:\s*(?:[,;]|and)\s*[PNC]\d{1,4})*)\]")  # what people decided or wrote
_TRAILING: Final = re.compile(rf"(?:\s*{CITATION.pattern})+[.]?")
_ABBREVIATIONS: Final = frozenset(
    listed(
        """
    e.g i.e etc mr mrs ms dr prof st no nos vs approx ca cf fig vol art sec cl inc ltd co corp jr sr
    dept est u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec p pp al incl excl max min
    """
    )
)


def blocks(text: str) -> list[Block]:
    """Return the blocks of ``text`` in order."""
    found: list[Block] = []
    heading, fenced, table = "", False, False
    for start, line in _lines(text):
        if line.lstrip().startswith(("```", "~~~")):
            fenced, table = not fenced, False
            continue
        kind, title = _kind(line, fenced=fenced, in_table=table)
        table = kind in (BlockKind.HEADER, BlockKind.ROW) or (table and bool(_RULE_ROW.match(line)))
        heading = title or heading
        _add(found, kind, Block(kind or BlockKind.PARAGRAPH, line, start, start + len(line), heading))
    return [block for block in found if block.text.strip()]


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of paragraphs, bullets and quotes and the rows of tables, in order.

    Not headings or code.
    """
    found: list[Sentence] = []
    for block in blocks(text):
        if block.kind is BlockKind.ROW:
            found.append(Sentence(block.text, block.start, block.end, block))
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.BULLET, BlockKind.QUOTE):
            skip = len(block.text) - len(_opened(block.text))
            found += [
                Sentence(text[start:end], start, end, block)
                for start, end in spans(text, block.start + skip, block.end)
            ]
    return found


def spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span of each sentence of ``text[start:end]``; citations after the full stop belong to it."""
    at = start
    for match in _ENDS.finditer(text, start, end):
        if match.end() <= at or _is_abbreviation(text, at, match):
            continue
        trailing = _TRAILING.match(text, match.end(), end)
        stop = trailing.end() if trailing else match.end()
        yield from _trimmed(text, at, stop)
        at = stop
    yield from _trimmed(text, at, end)


def cells(row: Block | Sentence) -> list[Cell]:
    """Return the cells of a table row, in order."""
    found, at = [], 0
    for piece in row.text.split("|"):
        stripped = piece.strip()
        begin = row.start + at + (len(piece) - len(piece.lstrip()) if stripped else 0)
        found.append(Cell(stripped, begin, begin + len(stripped)))
        at += len(piece) + 1
    lead = 1 if row.text.lstrip().startswith("|") else 0
    return found[lead : len(found) - 1 if row.text.rstrip().endswith("|") else len(found)]


def tables(text: str) -> list[list[Block]]:
    """Return the tables of ``text``, each as its rows with the header row first."""
    found: list[list[Block]] = []
    for block in blocks(text):
        if block.kind is BlockKind.HEADER:
            found.append([block])
        elif block.kind is BlockKind.ROW and found:
            found[-1].append(block)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _kind(line: str, *, fenced: bool, in_table: bool) -> tuple[BlockKind | None, str]:
    if fenced:
        return BlockKind.CODE, ""
    if title := _HEADING.match(line) or _BOLD_LINE.match(line):
        return BlockKind.HEADING, title["title"].strip(" *_:")
    if line.lstrip().startswith("|") and not _RULE_ROW.match(line):
        return (BlockKind.ROW if in_table else BlockKind.HEADER), ""
    if line.lstrip().startswith(">"):
        return BlockKind.QUOTE, ""
    if _BULLET.match(line) and not _RULE_ROW.match(line):
        return BlockKind.BULLET, ""
    return (BlockKind.PARAGRAPH if line.strip() and not _RULE_ROW.match(line) else None), ""


def _add(found: list[Block], kind: BlockKind | None, line: Block) -> None:
    """Keep the line, joined to the block above when it goes on there.

    A blank line is kept too, to part paragraphs.
    """
    above = found[-1] if found else None
    joins = (
        kind is BlockKind.PARAGRAPH
        and above is not None
        and above.text.strip() != ""
        and _goes_on(above, line)
    )
    if joins and above is not None:
        text = above.text + "\n" + line.text
        found[-1] = Block(above.kind, text, above.start, line.end, above.heading)
    else:
        found.append(line if kind else Block(BlockKind.CODE, "", line.start, line.end))


def _goes_on(above: Block, line: Block) -> bool:
    if above.kind is BlockKind.BULLET:
        return line.text.startswith((" ", "\t"))
    return above.kind is BlockKind.PARAGRAPH


def _opened(text: str) -> str:
    """Return a bullet's or quote's text without the mark that opens it."""
    marked = _BULLET.match(text) or re.match(r"\s*>+\s*", text)
    return text[marked.end() :] if marked else text


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    stop = start + len(piece.rstrip())
    if begin < stop:
        yield begin, stop


def _is_abbreviation(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0][0] != ".":
        return False
    before = text[max(start, match.start() - 12) : match.start()]
    word = re.search(r"[A-Za-z][A-Za-z.]*$", before)
    if word is None:
        return bool(re.fullmatch(r"\s*\d{1,3}", text[start : match.start()]))
    after = text[match.end() : match.end() + 2].strip()
    single = len(word[0]) == 1 and word[0].isupper()
    known = word[0].lower() in _ABBREVIATIONS
    ends_here = after.isupper() and word[0].lower() in (
        "inc",
        "ltd",
        "co",
        "corp",
        "etc",
        "u.s",
        "u.k",
        "no",
        "min",
        "max",
    )
    return single or (known and not (ends_here and match.end() < len(text)) and bool(after))
