"""What a parsed document is: its text, and the map from page or row to its place in that text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from agents.errors import UnreadableError

# What no person sees but a model would read, or a database refuses: controls, lone surrogates, tags.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\U000e0000-\U000e007f]")


@dataclass(frozen=True)
class Span:
    """Where one page, row, line or paragraph stands: ``text[start:end]`` is exactly its text."""

    label: str  # "page 2", "row 7", "sheet Prices, row 7", "paragraph 12", "table 1, row 2", "line 3"
    start: int  # characters, from 0
    end: int


@dataclass(frozen=True)
class Parsed:
    """A document as text, with the map of its parts. Between the parts the text holds line breaks only."""

    name: str
    media_type: str  # "application/pdf", as the bytes say, not the name
    text: str
    spans: tuple[Span, ...]  # in order, never overlapping, none empty
    title: str = ""  # of a web page; empty for all else


@dataclass(frozen=True)
class Limits:
    """The most that one document may take. A document above one of them is refused, never cut in silence."""

    input_bytes: int = 20_000_000
    pages: int = 300  # of a PDF
    characters: int = 2_000_000  # of text
    parts: int = 200_000  # rows, lines or paragraphs
    unpacked_bytes: int = 200_000_000  # of an Office file, which is a ZIP archive
    entries: int = 5_000  # of that archive
    memory_bytes: int = 1 << 30  # address space of the child process
    cpu_s: int = 30
    wall_s: float = 45.0


class Sheet:
    """Collects the text of a document part by part, and keeps count of where each part stands."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.spans: list[Span] = []
        self._texts: list[str] = []
        self._length = 0

    def add(self, label: str, text: str, gap: str = "\n", *, indented: bool = False) -> None:
        """Append one part, ``gap`` before it; a part without text is left out, space around it unless ``indented``.

        Raises:
            UnreadableError: The document holds more text than the limit.
        """
        seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()
        seen = seen if indented else seen.lstrip()
        if not seen:
            return
        start = self._length + (len(gap) if self.spans else 0)
        self._texts.append(gap + seen if self.spans else seen)
        self._length = start + len(seen)
        self.spans.append(Span(label, start, self._length))
        if self._length > self.limits.characters or len(self.spans) > self.limits.parts:
            most = f"{self.limits.characters:,} characters or {self.limits.parts:,} rows"
            raise UnreadableError(f"{self.name!r} holds more than {most}. Send the part that matters.")

    def parsed(self, media_type: str, title: str = "") -> Parsed:
        """Return the whole document.

        Raises:
            UnreadableError: No part held any text.
        """
        if not self.spans:
            raise UnreadableError(
                f"{self.name!r} holds no text. If it is a scan, send a version with readable text."
            )
        return Parsed(self.name, media_type, "".join(self._texts), tuple(self.spans), title)
