"""Code counts as done when its tests pass: run by code before anybody reviews it, whatever its maker says of them.

Whoever has the tool ``run_tests`` is held to it. The project is what people attached, then the files of earlier tasks, then
the maker's own; a later file of the same path takes the place of an earlier one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from agents.errors import ToolError
from agents.stations import testrun
from agents.stations.assignment import Assignment, Made
from agents.stations.means import Means
from agents.stations.recording import Result
from agents.stations.review import Problem
from agents.tools import projects, proving
from agents.tools.projects import Whole
from agents.tools.proving import Proof
from storage.words import CallKind

NOT_RUN: Final = (
    "tests-not-run"  # the rule of tests that nothing could run here: another draft would not mend it
)
TESTS: Final = "tests-"  # begins every rule about tests
OWN: Final = "own"  # in a recorded run: the digest of the maker's files
_QUOTED: Final = 3_000  # characters of output that go back to the maker
_FAILURES: Final = re.compile(r"^={20,}\n", re.MULTILINE)  # what unittest draws above each failure
_FORM: Final = "Give each file whole, in a fenced block that begins like ```python path=shop/cart.py."
_MEND: Final = "Mend the code. Change a test only where it contradicts the specification, and say which and why in the text."


async def proved(given: Assignment, means: Means, made: Made) -> tuple[Made, tuple[Problem, ...]]:
    """Return what was made with the measured account of its tests, and what that finds wrong.

    The run is recorded like any tool's: a restart does not repeat it.
    """
    if not given.is_proved:
        return made, ()
    project = testrun.whole(given, made.text)
    if not project.own:
        return made, (Problem("files-missing", "There is no whole file in the text.", "", _FORM),)
    seq = means.recorder.next()
    asked = {"files": {path: _sha(content) for path, content in project.files.items()}}
    row = await means.recorder.record(seq, CallKind.TOOL, proving.NAME, asked, lambda: _run(project))
    if off := str(row.get("off", "")):
        return testrun.unmeasured(made, off), (
            Problem(NOT_RUN, f"The tests could not be run: {off}", "", ""),
        )
    proof = Proof.of(row)
    return testrun.measured(given, made, project, proof), tuple(_wrong(proof, made.text))


def told_otherwise(given: Assignment, text: str) -> tuple[Problem, ...]:
    """Return what a text says of the tests of earlier code without the finding of their run."""
    runs = [one["id"] for received in given.received for one in received.findings if testrun.is_account(one, received.task)]
    said = testrun.claim(text, but=[f"[{id}]" for id in runs]) if runs else ""
    fix = f"Say of the tests what their run says, and cite it: [{runs[-1]}]. Or leave it out." if runs else ""
    return (Problem(f"{TESTS}claimed", "This says of tests what no test run is cited for.", said, fix),) if said else ()


def outdated(given: Assignment) -> tuple[str, ...]:
    """Return what a reader must know: code that was edited after its tests ran."""
    return tuple(
        f"The code of “{received.title}” was edited after its tests had run. They have not run on it as it is now."
        for received in given.received
        for finding in received.findings
        if testrun.is_account(finding, received.task) and not testrun.holds(finding, received.text)
    )


async def _run(project: Whole) -> Result:
    """Run the tests; the row says of which files of the maker, so that it is known again with what is delivered."""
    try:
        proof = await proving.prove(project.files)
        return Result({**proof.row(), OWN: projects.digest(project.own)})
    except ToolError as off:
        return Result({"off": str(off)})


def _wrong(proof: Proof, text: str) -> Iterator[Problem]:
    """Yield what the tests found, and what the maker claims of them that they do not say."""
    end = _telling(proof.output)
    if proof.stopped or proof.failed:
        names = f" {'; '.join(proof.names)}" if proof.names else ""
        yield Problem(f"{TESTS}failed", f"{proof.said}{names}", end, _MEND)
    elif not proof.ran:
        how = (
            "Give tests in files named test_….py, as classes of unittest or as plain functions named test_…."
        )
        yield Problem(f"{TESTS}missing", proof.said, end, how)
    if proof.skipped:
        yield Problem(f"{TESTS}skipped", f"{proof.skipped} tests skip themselves.", "", "Let every test run.")
    if proof.empty:
        told = f"These tests can never fail: {'; '.join(proof.empty)}."
        yield Problem(
            f"{TESTS}empty", told, "", "Let each check a result against what the specification says."
        )
    if not proof.passed and (claim := testrun.claim(text)):
        yield Problem(
            f"{TESTS}claimed", "That is not so.", claim, "Leave it out: the test run says what passes."
        )


def _telling(output: str) -> str:
    """Return what whoever mends it needs most: the first failures, or the end where there is none."""
    first = _FAILURES.search(output)
    return output[first.end() :][:_QUOTED] if first else output[-_QUOTED:]


def _sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
