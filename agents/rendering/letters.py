"""A font with the letters of all European languages that are written with Latin ones.

The font that ships with reportlab has plain letters and accents, but few of both together: no Polish ż, no Czech ř, no
Hungarian ő. Here each of these is put together from its two shapes, as TrueType does it itself. The outcome has a name of
its own, as the font's licence demands.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_LATIN: Final = (
    *range(0x100, 0x180),
    0x1E80,
    0x1E81,
    0x1E82,
    0x1E83,
    0x1E84,
    0x1E85,
    *range(0x218, 0x21C),
    0x1EF2,
    0x1EF3,
)
# Combining marks, and the shapes that show them.
_ABOVE: Final = {
    "\u0300": "`", "\u0301": "´", "\u0302": "ˆ", "\u0303": "˜", "\u0304": "¯", "\u0306": "˘", "\u0307": "˙", "\u0308": "¨",
    "\u030a": "˚", "\u030b": "˝", "\u030c": "ˇ",
}  # fmt: skip
_OGONEK, _CARON, _CEDILLA, _COMMA = "\u0328", "\u030c", "\u0327", "\u0326"
_TALL: Final = frozenset("dtlL")  # their caron stands beside them, as an apostrophe
_LIKE_COMMA: Final = frozenset("GKkLlNnRr")  # their cedilla looks like a comma below
_NARROW: Final = {"i": "ı"}  # what loses its dot under an accent
_SAME: Final = {"Đ": "Ð"}  # one shape, two characters
_DROPPED: Final = frozenset(
    {"hdmx", "LTSH", "VDMX", "kern", "DSIG", "GSUB", "GPOS", "GDEF"}
)  # they count glyphs
_GAP: Final = 60  # units of the font, of 2048 an em
_WORDS_XY, _MORE = 0x0003, 0x0020  # flags of a part
_NAME: Final = "Jidoka Sans"


@dataclass(frozen=True)
class _Box:
    """How far a shape reaches."""

    left: int
    low: int
    right: int
    high: int

    @property
    def middle(self) -> int:
        return (self.left + self.right) // 2

    def around(self, other: _Box, right: int, up: int) -> _Box:
        """Return what holds both, the other one moved."""
        low, high = min(self.low, other.low + up), max(self.high, other.high + up)
        return _Box(min(self.left, other.left + right), low, max(self.right, other.right + right), high)


@dataclass(frozen=True)
class _Built:
    """A new letter: its character, its parts, and how far it moves the next one."""

    character: str
    parts: tuple[tuple[int, int, int], ...]  # glyph, right, up
    advance: int
    box: _Box


def widened(font: bytes, name: str) -> bytes:
    """Return a TrueType font with the letters it can be given.

    Args:
        font: The file of a font that has Latin letters and accents.
        name: What the face is called, such as ``Bold``.
    """
    return _Font(font).widened(name)


class _Font:
    """One face, taken apart."""

    def __init__(self, font: bytes) -> None:
        count = struct.unpack(">H", font[4:6])[0]
        entries = [struct.unpack(">4s3L", font[12 + 16 * n : 28 + 16 * n]) for n in range(count)]
        self._tables = {tag.decode(): font[start : start + size] for tag, _, start, size in entries}
        self._glyphs = self._outlines()
        self._metrics = self._advances()
        self._at = dict(_mapped(self._tables["cmap"]))

    def widened(self, name: str) -> bytes:
        """Return the font with every letter that can be put together."""
        built = [one for code in _LATIN if code not in self._at and (one := self._letter(chr(code)))]
        glyphs, metrics = [*self._glyphs], [*self._metrics]
        at = dict(self._at)
        for one in built:
            at[ord(one.character)] = len(glyphs)
            glyphs.append(_composite(one))
            metrics.append((one.advance, one.box.left))
        at |= {ord(same): at[ord(shape)] for same, shape in _SAME.items() if ord(shape) in at}
        kept = {tag: table for tag, table in self._tables.items() if tag not in _DROPPED}
        return _file(kept | self._new(glyphs, metrics, at, name))

    def _new(
        self, glyphs: list[bytes], metrics: list[tuple[int, int]], at: Mapping[int, int], name: str
    ) -> dict[str, bytes]:
        """Return the tables that say how many there are, where they are and what they are called."""
        padded = [glyph + b"\0" * (-len(glyph) % 4) for glyph in glyphs]
        places = [0]
        for glyph in padded:
            places.append(places[-1] + len(glyph))
        head, hhea, maxp = (bytearray(self._tables[tag]) for tag in ("head", "hhea", "maxp"))
        head[8:12], head[50:52] = b"\0" * 4, struct.pack(">h", 1)
        hhea[34:36], maxp[4:6] = struct.pack(">H", len(glyphs)), struct.pack(">H", len(glyphs))
        maxp[28:32] = struct.pack(">HH", 3, 2)  # parts of a letter, and parts within parts
        return {
            "glyf": b"".join(padded), "loca": struct.pack(f">{len(places)}L", *places), "head": bytes(head),
            "hhea": bytes(hhea), "maxp": bytes(maxp), "hmtx": b"".join(struct.pack(">Hh", *one) for one in metrics),
            "cmap": _map(at), "name": _naming(name), "post": struct.pack(">L", 0x00030000) + self._tables["post"][4:32],
        }  # fmt: skip

    def _letter(self, character: str) -> _Built | None:
        """Return how a letter is put together; None when a part of it is missing."""
        base, mark = (*unicodedata.normalize("NFD", character), "", "")[:2]
        if character == "đ":
            base, mark = "d", "-"
        shape = self._shape(base, mark)
        letter = _NARROW.get(base, base) if mark in _ABOVE else base
        if not shape or not letter or ord(letter) not in self._at:
            return None
        glyph, accent = self._at[ord(letter)], self._at[ord(shape)]
        right, up = self._moved(base, mark, self._box(glyph), self._box(accent))
        whole = self._box(glyph).around(self._box(accent), right, up)
        advance = self._metrics[glyph][0]
        if base in _TALL and mark == _CARON:
            advance = max(advance, whole.right + _GAP)
        return _Built(character, ((glyph, 0, 0), (accent, right, up)), advance, whole)

    def _shape(self, base: str, mark: str) -> str:
        """Return the character whose shape shows a mark on this letter; empty when the font has none."""
        below = {_OGONEK: "˛", _COMMA: ",", _CEDILLA: "," if base in _LIKE_COMMA else "¸", "-": "¯"}
        shape = below.get(mark, _ABOVE.get(mark, ""))
        if mark == _CARON and base in _TALL:
            shape = "’"
        if mark == _CEDILLA and base == "g":
            shape = "‘"
        return shape if shape and ord(shape) in self._at else ""

    def _moved(self, base: str, mark: str, box: _Box, accent: _Box) -> tuple[int, int]:
        """Return how far a mark moves right and up to stand where it belongs on a letter."""
        centred, low_letter = box.middle - accent.middle, self._box(self._at[ord("x")]).high
        if mark == "-":
            return box.right - accent.right + _GAP, (box.high + low_letter) // 2 - (
                accent.low + accent.high
            ) // 2
        if mark == _OGONEK:
            return box.right - accent.right, 0
        if mark == _CARON and base in _TALL:
            return box.right + _GAP - accent.left, box.high - accent.high
        if mark == _CEDILLA and base == "g":
            return centred, low_letter + 2 * _GAP - accent.low
        if mark == _COMMA or (mark == _CEDILLA and base in _LIKE_COMMA):
            return centred, -2 * _GAP - accent.high
        if mark == _CEDILLA:
            return centred, 0
        return centred, max(box.high - low_letter, 0)

    def _outlines(self) -> list[bytes]:
        """Return the outline of every glyph."""
        count, is_long = struct.unpack(">H", self._tables["maxp"][4:6])[0], self._tables["head"][51]
        loca = self._tables["loca"]
        places = struct.unpack(
            f">{count + 1}{'L' if is_long else 'H'}", loca[: (count + 1) * (4 if is_long else 2)]
        )
        ends = [place * (1 if is_long else 2) for place in places]
        return [self._tables["glyf"][start:end] for start, end in pairwise(ends)]

    def _advances(self) -> list[tuple[int, int]]:
        """Return how far each glyph moves the next one, and how far left it reaches."""
        long, table = struct.unpack(">H", self._tables["hhea"][34:36])[0], self._tables["hmtx"]
        told = [struct.unpack(">Hh", table[4 * n : 4 * n + 4]) for n in range(long)]
        rest = struct.unpack(
            f">{len(self._glyphs) - long}h", table[4 * long :][: 2 * (len(self._glyphs) - long)]
        )
        return [(one[0], one[1]) for one in told] + [(told[-1][0], left) for left in rest]

    def _box(self, glyph: int) -> _Box:
        outline = self._glyphs[glyph]
        return _Box(*struct.unpack(">4h", outline[2:10])) if outline else _Box(0, 0, 0, 0)


def _composite(one: _Built) -> bytes:
    box = one.box
    parts = [struct.pack(">h4h", -1, box.left, box.low, box.right, box.high)]
    for number, (glyph, right, up) in enumerate(one.parts):
        flags = _WORDS_XY | (_MORE if number + 1 < len(one.parts) else 0)
        parts.append(struct.pack(">HHhh", flags, glyph, right, up))
    return b"".join(parts)


def _mapped(table: bytes) -> Iterator[tuple[int, int]]:
    """Yield every character of a font and its glyph, by its map of format 4."""
    count = struct.unpack(">H", table[2:4])[0]
    places = [struct.unpack(">HHL", table[4 + 8 * n : 12 + 8 * n])[2] for n in range(count)]
    start = next(place for place in places if table[place : place + 2] == b"\0\4")
    double = struct.unpack(">H", table[start + 6 : start + 8])[0]
    body, half = table[start + 14 :], double // 2
    ends = struct.unpack(f">{half}H", body[:double])
    starts = struct.unpack(f">{half}H", body[double + 2 : 2 * double + 2])
    deltas = struct.unpack(f">{half}H", body[2 * double + 2 : 3 * double + 2])
    offsets = struct.unpack(f">{half}H", body[3 * double + 2 : 4 * double + 2])
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if not offsets[n]:
                glyph = (code + deltas[n]) % 65536
            else:
                at = 3 * double + 2 + 2 * n + offsets[n] + 2 * (code - first)
                found = struct.unpack(">H", body[at : at + 2])[0]
                glyph = (found + deltas[n]) % 65536 if found else 0
            if glyph:
                yield code, glyph


def _map(at: Mapping[int, int]) -> bytes:
    """Return a map of format 4, a segment a character."""
    codes = [*sorted(code for code in at if code < 0xFFFF), 0xFFFF]
    count = len(codes)
    deltas = [(at[code] - code) % 65536 if code in at else 1 for code in codes]
    reach = 1
    while reach * 2 <= count:
        reach *= 2
    search = (reach * 2, reach.bit_length() - 1, (count - reach) * 2)
    body = struct.pack(f">{count}H", *codes) + b"\0\0" + struct.pack(f">{count}H", *codes)
    body += struct.pack(f">{count}H", *deltas) + b"\0\0" * count
    table = struct.pack(">7H", 4, 14 + len(body), 0, count * 2, *search) + body
    return struct.pack(">HHHHL", 0, 1, 3, 1, 12) + table


def _naming(face: str) -> bytes:
    """Return the names a font goes by."""
    whole = f"{_NAME} {face}"
    told = {1: _NAME, 2: face, 3: whole, 4: whole, 5: "Version 1.0", 6: f"{_NAME}-{face}".replace(" ", "")}
    entries, words = b"", b""
    for key, value in sorted(told.items()):
        said = value.encode("utf-16-be")
        entries += struct.pack(">6H", 3, 1, 0x409, key, len(said), len(words))
        words += said
    return struct.pack(">3H", 0, len(told), 6 + len(entries)) + entries + words


def _file(tables: Mapping[str, bytes]) -> bytes:
    """Return the tables as one file."""
    count = len(tables)
    reach = 1 << (count.bit_length() - 1)
    head = struct.pack(">LHHHH", 0x00010000, count, reach * 16, reach.bit_length() - 1, (count - reach) * 16)
    start, entries, body = 12 + 16 * count, b"", b""
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) % (1 << 32)
        entries += struct.pack(">4s3L", tag.encode(), total, start + len(body), len(table))
        body += padded
    return head + entries + body
