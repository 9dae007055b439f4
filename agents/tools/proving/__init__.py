"""Whether the tests of a project pass: run in the sandbox and told by code, never by whoever wrote them.

``unittest`` runs them, and plain functions named ``test…``, with this Python and its standard library alone: the same
project gives the same result wherever it runs. What a program prints about itself counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from agents.tools.proving.inside import MARK
from agents.tools.running import RunLimits, run_project

NAME: Final = "run_tests"  # the tool, as ``agents.planning`` knows it: whoever has it is held to what the tests say
LONGEST_OUTPUT: Final = 12_000  # characters that are kept; the end says what failed
LIMITS: Final = RunLimits()
_TEXTS: Final = [
    (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8") for name in ("inside", "telling", "turning")
]
_COMMAND: Final = ("python", "-S", "-s", "-P", "-B", "-c", *_TEXTS)


@dataclass(frozen=True)
class Proof:
    """What came of running a project's tests.

    Args:
        ran: How many ran to a verdict.
        failed: How many of them failed.
        names: Which, as far as they are named.
        skipped: How many skipped themselves.
        empty: Tests that check nothing, each with its file.
        output: What was printed; of a long output the end.
        stopped: Why there is no verdict, as a sentence; empty when there is one.
    """

    ran: int = 0
    failed: int = 0
    names: tuple[str, ...] = ()
    skipped: int = 0
    empty: tuple[str, ...] = ()
    output: str = ""
    stopped: str = ""

    @property
    def passed(self) -> bool:
        """Whether tests ran and all there are passed."""
        return self.ran > 0 and not self.failed and not self.skipped and not self.stopped

    @property
    def said(self) -> str:
        """The verdict in a sentence, such as "12 tests ran, all passed."."""
        if self.stopped:
            return f"The tests came to no end: {self.stopped}"
        if not self.ran:
            return "No test ran." if not self.skipped else f"No test ran; {self.skipped} skipped themselves."
        tests = "1 test" if self.ran == 1 else f"{self.ran} tests"
        verdict = f"{self.failed} failed" if self.failed else ("it passed" if self.ran == 1 else "all passed")
        return f"{tests} ran, {verdict}{f', {self.skipped} skipped themselves' if self.skipped else ''}."

    def row(self) -> dict[str, Any]:
        """Return the proof as plain JSON."""
        return {**asdict(self), "names": list(self.names), "empty": list(self.empty)}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Proof:
        """Return the proof of a row; what else stands in it is left out."""
        kept = {field.name: row[field.name] for field in fields(cls)}
        return cls(**{**kept, "names": tuple(row["names"]), "empty": tuple(row["empty"])})


async def prove(files: Mapping[str, str], *, limits: RunLimits = LIMITS) -> Proof:
    """Return what the tests of a project say.

    Raises:
        ToolError: Nothing could be run here; the sentence says why.
    """
    ran = await run_project(files, _COMMAND, limits=limits)
    before, mark, last = ran.output.rpartition(f"\n{MARK}")
    if ran.stopped or not mark or ran.exit_code:
        return Proof(
            output=_end(ran.output),
            stopped=ran.stopped or f"They ended early, with exit code {ran.exit_code}.",
        )
    return _read(last, _end(before.strip("\n") + "\n"))


def _read(line: str, output: str) -> Proof:
    """Take the last line; one that is not what we wrote counts as no verdict."""
    try:
        told = json.loads(line)
        names, empty, stopped = _texts(told["names"]), _texts(told["empty"]), str(told["stopped"])
        return Proof(int(told["ran"]), int(told["failed"]), names, int(told["skipped"]), empty, output, stopped)
    except (ValueError, KeyError, TypeError):
        return Proof(output=output, stopped="The program wrote over the account of its own tests.")


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(value)[:300] for value in values)


def _end(text: str) -> str:
    cut = len(text) - LONGEST_OUTPUT
    return text if cut <= 0 else f"({cut:,} characters before this)\n{text[cut:]}"
