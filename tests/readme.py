"""The README as values: its tables, its fenced blocks, the names it gives in code marks."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
TEXT: Final = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE: Final = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARKED: Final = re.compile(r"`([^`\n]+)`")
_RULE: Final = re.compile(r"\|[-| ]+\|")

PROSE: Final = _FENCE.sub("", TEXT)


def fences(language: str = "") -> list[str]:
    """Return the text of every fenced block of a language, in page order."""
    return [found["text"] for found in _FENCE.finditer(TEXT) if found["language"] == language]


def table(first: str) -> list[list[str]]:
    """Return the rows of the table whose first column has this heading, as lists of cells."""
    lines = PROSE.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {first} |"))
    assert _RULE.fullmatch(lines[start + 1])
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def marked(text: str) -> list[str]:
    """Return what stands in code marks, in order."""
    return _MARKED.findall(text)


def firsts(first: str) -> set[str]:
    """Return the names in code marks in the first column of a table; one that stands there twice is a mistake."""
    named = [name for row in table(first) for name in marked(row[0])]
    assert len(named) == len(set(named))
    return set(named)
