"""The files in an archive that somebody attached: each a document of its own, known by its path. PURE."""

from __future__ import annotations

from typing import Final

from agents.tools.documents import Folder, Limits, Parsed
from agents.tools.parsing.spans import Sheet

ARCHIVES: Final = (".zip", ".tar.gz", ".tgz")  # how the name of a file ends that is unpacked


def origin(file_id: str, path: str) -> str:
    """Return what a file of an archive is known by; no id of Slack's holds a slash."""
    return f"{file_id}/{path}"


def is_inside(name: str, origin: str) -> bool:
    """Return whether a document came in an archive, under this path."""
    return "://" not in origin and origin.endswith(f"/{name}")


def contents(name: str, folder: Folder) -> Parsed:
    """Return what an archive held, as its own text: a line a file, then what was left out."""
    sheet = Sheet(name, Limits())
    told = [f"{one.name}: {_lines(one.text)}" for one in folder.files]
    told += [f"Left out: {one}" for one in folder.left]
    told += [f"Everything lay in the folder {folder.top!r}; the paths are told without it."] if folder.top else []
    for number, line in enumerate(told, start=1):
        sheet.add(f"line {number}", line)
    return sheet.parsed("application/zip")


def _lines(text: str) -> str:
    count = text.count("\n") + 1 if text else 0
    return "empty" if not count else f"{count} line{'' if count == 1 else 's'}"
