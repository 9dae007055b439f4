"""The project a run made, as one archive beside its document, with the truth about its tests. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.stations import testrun
from agents.tools import packing, projects, proving
from agents.tools.projects import OURS, Project
from agents.tools.proving import Proof

ARCHIVE: Final = "archive"  # the kind of file, beside the formats of a document


@dataclass(frozen=True)
class Piece:
    """What one task made, as it is delivered.

    Args:
        title: The task's.
        text: The approved version.
        runs: The recorded test runs of its attempt, oldest first; empty for a task that makes no code.
    """

    title: str
    text: str
    runs: Sequence[Mapping[str, Any]] = ()


def is_wanted(tools: Iterable[Sequence[str]]) -> bool:
    """Return whether one of these tasks, each by its tools, makes code."""
    return any(proving.NAME in names for names in tools)


def pack(attached: Project, pieces: Sequence[Piece], document: str) -> bytes:
    """Return the archive: every file at its path, and in the folder ``jidoka`` what is said about them.

    Args:
        attached: The code people attached.
        pieces: What the run's tasks made, in the order of its plan.
        document: The document in Markdown.
    """
    made = testrun.made(piece.text for piece in pieces)
    told = {
        f"{OURS}/document.md": document,
        f"{OURS}/test-run.txt": _tests(pieces),
        f"{OURS}/changes.patch": _patch(attached, made),
    }
    return packing.archive({**attached.files, **made, **told})


def _patch(attached: Project, made: Mapping[str, str]) -> str:
    """Return the patch, with what whoever applies it must know: how the attached files were read."""
    changes = packing.patch(attached.files, made)
    if not attached.files:
        return changes
    return f"Against the attached files as they were read: lines end with a line feed, no space before it.\n\n{changes}"


def _tests(pieces: Sequence[Piece]) -> str:
    """Return what the tests said of the files that are delivered, or that nobody has run them."""
    told = [line for piece in pieces for line in _of(piece)]
    return "\n".join(told) if told else "No test has run on these files.\n"


def _of(piece: Piece) -> list[str]:
    if not (own := projects.read(piece.text).files) or not piece.runs:
        return []
    found = [row for row in piece.runs if row.get("own") == projects.digest(own)]
    if not found:
        return [
            f"{piece.title}: the files were edited after their tests had run. No test has run on them as they are.\n"
        ]
    return [
        f"{piece.title}: measured in a sandbox, on exactly these files.\n",
        testrun.told(Proof.of(found[-1])),
        "",
    ]
