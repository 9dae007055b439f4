"""What a parsed document is: its text, and the map from page or row to its place in that text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from agents.errors import UnreadableError

# What no person sees but a model would read, or a database refuses: controls, lone surrogates, tags.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\U000e0000-\U000e007f]")
_WEB: Final = re.compile(r"https?://[^\s/]", re.IGNORECASE)
LONGEST_ADDRESS: Final = 2_000  # characters; what is longer carries data
LONGEST_WORDS: Final = 200


@dataclass(frozen=True)
class Span:
    """Where one page, row, line or paragraph stands: ``text[start:end]`` is exactly its text."""

    label: str  # "page 2", "row 7", "sheet Prices, row 7", "paragraph 12", "table 1, row 2", "line 3"
    start: int  # characters, from 0
    end: int


@dataclass(frozen=True)
class Picture:
    """A part of a document that only eyes can read, made small: a JPEG without metadata."""

    label: str  # "page 3"; empty where the picture is the document
    data: str  # base64


@dataclass(frozen=True)
class Parsed:
    """A document as text, with the map of its parts. Between the parts the text holds line breaks only."""

    name: str
    media_type: str  # "application/pdf", as the bytes say, not the name
    text: str
    spans: tuple[Span, ...]  # in order, never overlapping, none empty
    title: str = ""  # of a web page; empty for all else
    pictures: tuple[Picture, ...] = ()  # parts without text, in order
    unread: tuple[str, ...] = ()  # labels of parts without text that could not even be made pictures of


@dataclass(frozen=True)
class Limits:
    """The most that one document may take. A document above one of them is refused, never cut in silence."""

    input_bytes: int = 20_000_000
    pages: int = 300  # of a PDF, or slides of a presentation
    characters: int = 2_000_000  # of text
    parts: int = 200_000  # rows, lines or paragraphs
    unpacked_bytes: int = 200_000_000  # of an Office file, which is a ZIP archive
    entries: int = 5_000  # of that archive
    links: int = 100  # that are told; how many more there are is said
    pixels: int = 50_000_000  # of one picture
    pictures: int = 20  # of one document
    picture_bytes: int = 16_000_000  # of all its pictures together, made small and in base64
    memory_bytes: int = 1 << 30  # address space of the child process
    cpu_s: int = 30
    wall_s: float = 45.0


def _is_address(text: str) -> bool:
    try:
        return bool(_WEB.match(text) and urlsplit(text).hostname) and len(text) <= LONGEST_ADDRESS
    except ValueError:  # such as one with half a bracket
        return False


class Sheet:
    """Collects the text of a document part by part, and keeps count of where each part stands."""

    def __init__(self, name: str, limits: Limits, address: str = "") -> None:
        self.name = name
        self.address = address  # of a page, that its links begin from
        self.limits = limits
        self.spans: list[Span] = []
        self._pictures: list[Picture] = []
        self._unread: list[str] = []
        self._links: dict[str, tuple[str, str]] = {}  # by address: where it stands, and the words that lead there
        self._more_links = 0
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

    @property
    def has_room(self) -> bool:
        """Whether one more picture may be kept."""
        return len(self._pictures) < self.limits.pictures

    def add_picture(self, picture: Picture) -> None:
        """Append a part that only eyes can read; beyond the limits it is named as unread."""
        size = sum(len(one.data) for one in (*self._pictures, picture))
        if self.has_room and size <= self.limits.picture_bytes:
            self._pictures.append(picture)
        else:
            self.leave(picture.label)

    def link(self, where: str, words: str, address: str) -> None:
        """Keep where words lead, once an address; what is no address of the web is left out.

        Args:
            where: The part they stand in, such as "page 2"; empty where that is not known.
            words: What the link says; empty where that is not known.
            address: Where it leads.
        """
        found = "".join(address.split())
        if found in self._links or not _is_address(found):
            return
        if len(self._links) >= self.limits.links:
            self._more_links += 1
        else:
            self._links[found] = (where, " ".join(_UNSEEN.sub("", words).split())[:LONGEST_WORDS])

    def _add_links(self) -> None:
        """Append the links as text, behind what they stand in: "price list (https://acme.test/prices)"."""
        for number, (address, (where, words)) in enumerate(self._links.items(), start=1):
            label = f"{where}, link {number}" if where else f"link {number}"
            self.add(label, f"{words} ({address})".strip(), gap="\n\n" if number == 1 else "\n")
        if self._more_links:
            self.add("more links", f"({self._more_links:,} more links are not told.)")

    def leave(self, label: str) -> None:
        """Name a part without text that cannot be made a picture of."""
        self._unread.append(label)

    def parsed(self, media_type: str, title: str = "") -> Parsed:
        """Return the whole document.

        Raises:
            UnreadableError: No part held any text, and there is no picture of one.
        """
        if not self.spans and not self._pictures:
            raise UnreadableError(
                f"{self.name!r} holds no text. If it is a scan, send a version with readable text."
            )
        self._add_links()
        text, pictures = "".join(self._texts), tuple(self._pictures)
        return Parsed(self.name, media_type, text, tuple(self.spans), title, pictures, tuple(self._unread))
