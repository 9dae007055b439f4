"""Plain text and Markdown, line by line and word for word."""

from __future__ import annotations

from agents.tools.parsing.media import decoded
from agents.tools.parsing.spans import Sheet


def read(sheet: Sheet, content: bytes) -> None:
    """Add every line that is not blank, under its number; one or more blank lines stay one blank line."""
    gap = "\n"
    for number, line in enumerate(
        decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1
    ):
        if line.strip():
            sheet.add(f"line {number}", line, gap=gap)
            gap = "\n"
        else:
            gap = "\n\n"
