"""Where a key of a TOML text stands, so that a sentence can name the line. PURE."""

from __future__ import annotations

import re
import tomllib
from typing import Final

Path = tuple[str, ...]

_NAME: Final = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED: Final = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_TABLE: Final = re.compile(rf"\s*\[\s*(?P<path>{_DOTTED})\s*\]\s*(?:#.*)?$")
_KEY: Final = re.compile(rf"\s*(?P<path>{_DOTTED})\s*=")
_BARE: Final = re.compile(r"[\w-]+$")


def lines_of(text: str) -> dict[Path, int]:
    """Return the number, from 1, of the line at which each table and each key begins."""
    found: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _TABLE.match(line):
            table = _split(head["path"])
            for end in range(1, len(table) + 1):
                found.setdefault(table[:end], number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_split(key["path"])), number)
    return found


def written(path: Path) -> str:
    """Return a table's path as it is written: ``[lines.legal-document.stations."Fact check"]``; nothing for the top."""
    names = [name if _BARE.match(name) else f'"{name}"' for name in path]
    return f"[{'.'.join(names)}]" if names else ""


def _split(dotted: str) -> Path:
    """Return the names of a dotted path without their quotes."""
    try:
        inside: object = tomllib.loads(f"[{dotted}]")
    except tomllib.TOMLDecodeError:  # such as an umlaut without quotes: the page cannot be read either
        return ()
    path: list[str] = []
    while isinstance(inside, dict) and inside:
        name, inside = next(iter(inside.items()))
        path.append(name)
    return tuple(path)
