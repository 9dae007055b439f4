"""Plain text and Markdown, line by line and word for word; source code with its indentation and empty lines too."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from agents.tools.parsing.media import decoded
from agents.tools.parsing.spans import Sheet

CODE: Final = frozenset(  # endings of files in which indentation and empty lines mean something
    {".cfg", ".ini", ".js", ".json", ".py", ".pyi", ".sh", ".sql", ".toml", ".ts", ".yaml", ".yml"}
)


def is_code(name: str) -> bool:
    """Return whether a file of this name is kept as it stands."""
    return PurePosixPath(name.lower()).suffix in CODE


def read(sheet: Sheet, content: bytes, *, as_it_stands: bool = False) -> None:
    """Add every line that is not blank, under its number; outside of code several blank lines become one.

    Args:
        sheet: Where they are added.
        content: The whole file.
        as_it_stands: Whether indentation and empty lines are kept whatever the file is.
    """
    code, gap = as_it_stands or is_code(sheet.name), "\n"
    for number, line in enumerate(
        decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1
    ):
        if line.strip():
            sheet.add(f"line {number}", line, gap=gap, indented=code)
            gap = "\n"
        else:
            gap = f"{gap}\n" if code else "\n\n"
