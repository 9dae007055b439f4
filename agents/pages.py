"""Pages people write, read flat: front matter, opening prose, and stations with their bullets.

Not YAML, which guesses types and fails on plain prose: here everything after the first colon is the value,
every value is text, and an indented line continues it. Nothing is raised: ``problems`` tells what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>.*)$")
_HEADING: Final = re.compile(r"^##(?!#)\s*(?P<title>.*?)\s*$")
_OTHER_RANK: Final = re.compile(r"^#(?:#{2,5})?(?!#)\s*\S")
_BULLET: Final = re.compile(r"^[-*]\s+(?P<text>.*)$")
_SCALARS: Final = frozenset({">", "|", ">-", "|-", ">+", "|+"})  # YAML's "the text follows": not part of it
_QUOTES: Final = ('"', "'")

Row = tuple[int, str]  # a line's number, from 1, and its text


@dataclass(frozen=True)
class Problem:
    """Something wrong on a page; as text it is the sentence people read."""

    page: str  # such as "lines/ode.md"
    line: int  # from 1; 0 when it is about the whole page
    message: str

    def __str__(self) -> str:
        place = f"{self.page}, line {self.line}" if self.line else self.page
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class Entry:
    """A ``key: value`` of the front matter, or of a station's bullets."""

    key: str
    rows: tuple[Row, ...]  # the value's lines; the first may be empty

    @property
    def line(self) -> int:
        """The number of the line that holds the key."""
        return self.rows[0][0]

    @property
    def value(self) -> str:
        """The whole value on one line, without quotes around the whole."""
        return _unquoted(" ".join(text for _, text in self._told() if text))

    @property
    def items(self) -> tuple[str, ...]:
        """The value as a list: split at commas, and at lines when it has several; empty items are dropped."""
        lines = [_BULLET.sub(r"\g<text>", text) for _, text in self._told()]
        listed = re.split(r"[,\n]", _bare("\n".join(lines)))
        return tuple(item for item in (_unquoted(part.strip()) for part in listed) if item)

    def _told(self) -> tuple[Row, ...]:
        marked = len(self.rows) > 1 and self.rows[0][1] in _SCALARS
        return self.rows[1:] if marked else self.rows


@dataclass(frozen=True)
class Section:
    """One ``## Title`` of a page, with the bullets right below it and the prose after them."""

    title: str
    line: int
    entries: tuple[Entry, ...]
    prose: str


@dataclass(frozen=True)
class Page:
    """A page as it was read."""

    path: str
    front: tuple[Entry, ...]
    prose: str  # what stands before the first section
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]


def read(path: str, text: str, keys: Collection[str] = ()) -> Page:
    """Return the page with everything that is wrong with its form.

    Args:
        path: The page's name in messages, such as ``lines/ode.md``.
        text: The whole page; line ends of any system, with or without a byte-order mark.
        keys: The bullets a section knows: one of them may also stand after an empty line. None: the page has
            no sections, all below its front matter is prose.
    """
    reader = _Reader(path)
    front, below = reader.front(_rows(text))
    cuts = reader.headings(below, keys) if keys else []
    sections = [reader.section(below[start:end], keys) for start, end in _spans(cuts, len(below))]
    opening = below[: cuts[0]] if cuts else below
    return Page(path, front, _prose(opening), tuple(sections), tuple(reader.problems))


def _rows(text: str) -> list[Row]:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return list(enumerate(plain.split("\n"), start=1))


def _spans(cuts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    yield from zip(cuts, [*cuts, end][1:], strict=True)


def _prose(rows: Sequence[Row]) -> str:
    return "\n".join(text.rstrip() for _, text in rows).strip("\n")


class _Reader:
    """Reads one page and keeps what it finds wrong on the way."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, message))

    def front(self, rows: Sequence[Row]) -> tuple[tuple[Entry, ...], Sequence[Row]]:
        """Return the front matter's entries, and the rows below it."""
        start = next((at for at, (_, text) in enumerate(rows) if text.strip()), len(rows))
        if start == len(rows) or rows[start][1].rstrip() != "---":
            self.wrong(1, "a page begins with a line '---', then 'name: …' and 'description: …', then '---'.")
            return (), rows[start:]
        end = next((at for at in range(start + 1, len(rows)) if rows[at][1].rstrip() == "---"), None)
        if end is None:
            self.wrong(start + 1, "the front matter is never closed. End it with a line '---'.")
            return (), ()
        return self._entries(rows[start + 1 : end]), rows[end + 1 :]

    def _entries(self, rows: Sequence[Row]) -> tuple[Entry, ...]:
        found: list[Entry] = []
        for line, text in rows:
            if not text.strip() or text.startswith("#"):
                continue
            if found and (text[0].isspace() or _BULLET.match(text)):
                found[-1] = _continued(found[-1], line, text)
            else:
                self._add(found, line, text)
        return tuple(found)

    def _add(self, found: list[Entry], line: int, text: str) -> None:
        key, colon, value = text.partition(":")
        if not colon or not key.strip():
            self.wrong(line, f"{text.strip()!r} is not 'key: value'.")
        elif any(entry.key == key.strip() for entry in found):
            self.wrong(line, f"{key.strip()!r} is given twice.")
        else:
            found.append(Entry(key.strip(), ((line, value.strip()),)))

    def headings(self, rows: Sequence[Row], keys: Collection[str]) -> list[int]:
        """Return where sections begin; a ``##`` inside a code fence is prose, and bullets under another rank are wrong."""
        cuts: list[int] = []
        fence, opened = "", 0
        for at, (line, text) in enumerate(rows):
            if mark := _fence(text, fence):
                fence, opened = ("", 0) if fence else (mark, line)
            elif not fence and _HEADING.match(text):
                cuts.append(at)
            elif not fence and _OTHER_RANK.match(text) and _begins_with_bullet(rows[at + 1 :], keys):
                self.wrong(line, f"{text.strip()!r} begins no station. A station's heading has two #: '## Name'.")
        if fence:
            self.wrong(opened, f"the code fence {fence!r} is never closed: all below it would be code.")
        return cuts

    def section(self, rows: Sequence[Row], keys: Collection[str]) -> Section:
        """Return the section whose heading is the first row."""
        line, heading = rows[0]
        title = _HEADING.sub(r"\g<title>", heading)
        if not title:
            self.wrong(line, "a station needs a name after '##'.")
        end = _end_of_bullets(rows, keys)
        return Section(title, line, self._bullets(rows[1:end]), _prose(rows[end:]))

    def _bullets(self, rows: Sequence[Row]) -> tuple[Entry, ...]:
        found: list[Entry] = []
        for line, text in rows:
            if bullet := _BULLET.match(text):
                self._add(found, line, bullet["text"])
            elif text.strip() and found:
                found[-1] = _continued(found[-1], line, text)
        return tuple(found)


def _begins_with_bullet(rows: Sequence[Row], keys: Collection[str]) -> bool:
    first = next((_BULLET.match(text) for _, text in rows if text.strip()), None)
    return first is not None and first["text"].partition(":")[0].strip() in keys


def _end_of_bullets(rows: Sequence[Row], keys: Collection[str]) -> int:
    """Return where a section's prose begins."""
    begun = False
    for at in range(1, len(rows)):
        text = rows[at][1]
        if bullet := _BULLET.match(text):
            gap = begun and not rows[at - 1][1].strip()
            if gap and bullet["text"].partition(":")[0].strip() not in keys:
                return at
            begun = True
        elif text.strip() and not (begun and text[0].isspace() and rows[at - 1][1].strip()):
            return at
    return len(rows)


def _fence(text: str, opened: str) -> str:
    """Return the fence's mark when this line opens one or closes ``opened``; else nothing."""
    found = _FENCE.match(text)
    if found is None:
        return ""
    mark, rest = found["mark"], found["rest"]
    if opened:
        closes = mark[0] == opened[0] and len(mark) >= len(opened) and not rest.strip()
        return mark if closes else ""
    return "" if mark[0] == "`" and "`" in rest else mark


def _continued(entry: Entry, line: int, text: str) -> Entry:
    return Entry(entry.key, (*entry.rows, (line, text.strip())))


def _unquoted(value: str) -> str:
    whole = len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES
    return value[1:-1] if whole and value[0] not in value[1:-1] else value


def _bare(value: str) -> str:
    inner = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    return _unquoted(inner)
