"""Markdown tables: as a table block where Slack has one, else as lines in which every space counts."""

import re
from collections.abc import Sequence
from typing import Any, Final

MOST_ROWS: Final = 100
MOST_COLUMNS: Final = 20
MOST_TEXT: Final = 8_000  # characters of all cells; Slack's limit is 10,000 a message
WIDEST: Final = 60  # characters of a line a form shows unbroken; wider tables are told row by row
_RULE: Final = re.compile(r"\s*\|?\s*:?-{1,80}:?\s*(\|\s*:?-{1,80}:?\s*)*\|?\s*")
_CELL: Final = re.compile(r"(?<!\\)\|")

Row = list[str]


def begins(lines: Sequence[str], index: int) -> bool:
    """Return whether a table begins at this line: a row, then a rule of dashes with a bar in one of them."""
    if index + 1 >= len(lines) or "|" not in lines[index] or len(lines[index + 1]) > 2_000:
        return False
    return "-" in lines[index + 1] and _RULE.fullmatch(lines[index + 1]) is not None


def rows(lines: Sequence[str], index: int) -> tuple[list[Row], int]:
    """Return the table that begins at this line, its heading first, all rows of one width, and the line after it."""
    end = index + 2
    while end < len(lines) and lines[end].strip() and "|" in lines[end]:
        end += 1
    found = [_cells(lines[index]), *(_cells(line) for line in lines[index + 2 : end])]
    width = max(len(row) for row in found)
    return [row + [""] * (width - len(row)) for row in found], end


def fits(table: Sequence[Row]) -> bool:
    """Return whether a table block may hold it."""
    text = sum(len(cell) for row in table for cell in row)
    return len(table) <= MOST_ROWS and len(table[0]) <= MOST_COLUMNS and text <= MOST_TEXT


def block(table: Sequence[Row]) -> dict[str, Any]:
    """Return a table block; an empty cell is refused by Slack, so it holds a space."""
    cells = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in table]
    return {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True} for _ in table[0]]}


def lined_up(table: Sequence[Row]) -> str | None:
    """Return the table as lines of text, its columns one below the other; None when they are too wide for that."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    if sum(widths) + 3 * len(widths) > WIDEST:
        return None
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def told(table: Sequence[Row]) -> str:
    """Return the table as Markdown for where there is no room: each row by its first cell, then its values by heading."""
    heading, *values = table
    return "\n".join(line for row in values for line in _row(heading, row))


def _row(heading: Row, row: Row) -> list[str]:
    cells = [f"{name}: {cell}" if name else cell for name, cell in zip(heading[1:], row[1:], strict=True) if cell]
    about = f"{heading[0]}: " if heading[0] and row[0] else ""
    return [f"- {about}**{row[0] or '…'}**", *(f"  - {cell}" for cell in cells)]


def _cells(line: str) -> Row:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(inner)]
