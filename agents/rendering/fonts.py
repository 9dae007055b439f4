"""The letters of what we draw ourselves: a font that ships with reportlab, widened; what it cannot show is a code."""

from __future__ import annotations

import io
import re
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Final

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from agents.rendering import letters

FAMILY: Final = "Jidoka Sans"
BOLD, ITALIC = f"{FAMILY} Bold", f"{FAMILY} Italic"
_FACES: Final = (FAMILY, BOLD, ITALIC, f"{FAMILY} Bold Italic")  # as reportlab wants them
_SHIPPED: Final = dict(zip(_FACES, ("Vera", "VeraBd", "VeraIt", "VeraBI"), strict=True))
# Characters without a shape of their own that another one says as well.
_ALIKE: Final = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u202f": "\u00a0", "\u2009": " ", "\u2003": " ",
     "′": "'", "″": '"', "→": "->", "←": "<-", "✓": "yes", "✔": "yes", "✗": "no", "✘": "no", "‣": "•", "▪": "•",
     "⟨": "‹", "⟩": "›"}
)  # fmt: skip


@cache
def face(name: str = FAMILY) -> bytes:
    """Return one face of the font, with the letters of all European languages that are written with Latin ones."""
    shipped = Path(reportlab.__file__).parent / "fonts" / f"{_SHIPPED[name]}.ttf"
    return letters.widened(shipped.read_bytes(), name.removeprefix(FAMILY).strip() or "Regular")


@cache
def register() -> None:
    """Make the font known to reportlab, with its bold and its italic."""
    for name in _FACES:
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(face(name))))
    pdfmetrics.registerFontFamily(FAMILY, *_FACES)


@cache
def shapes() -> Set[str]:
    """Return the characters every face of the font has a shape for."""
    register()
    held = (frozenset(map(chr, pdfmetrics.getFont(name).face.charToGlyph)) for name in _FACES)
    return frozenset.intersection(*held)


def shown(text: str) -> str:
    """Return the text as this font can show it: a character without a shape stands as its code, ``‹U+4E2D›``."""
    return re.sub(r"[^\n -~]", _drawn, text.translate(_ALIKE))


def unshown(text: str) -> list[str]:
    """Return the characters of a text that this font has no shape for, each once."""
    return [one for one in dict.fromkeys(text.translate(_ALIKE)) if one != "\n" and one not in shapes()]


def _drawn(found: re.Match[str]) -> str:
    character = found[0]
    return character if character in shapes() else f"‹U+{ord(character):04X}›"
