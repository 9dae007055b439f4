"""Eight faults of a model at every call of a line: the work recovers in a few tries, or fails with a name for people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from agents.engine import outcomes
from agents.engine.outcomes import MOST_FAILURES
from agents.models import retry
from agents.models.retry import MOST_TRIES
from agents.stations import conversation
from storage import ids
from storage.tables import Checkpoint, Task
from storage.words import ENDED, CheckpointKind, CheckpointState, TaskState
from tests.servers.calls import Call as Asked
from tests.workshop import (
    COMPETITORS,
    REQUEST,
    Page,
    Workshop,
    comparison,
    researches,
    triage,
    verdict,
    workshop,
    written,
)

WIRE: Final = {  # what the wire does, and how the failure is named
    "429": ({"status": 429, "retry_after": 0}, "patience"),
    "529": ({"status": 529}, "passing trouble"),
    "timeout": ({"type": "hang"}, "did not answer in time"),
    "cut": ({"type": "broken"}, "broken and could not be read"),
}
CONTENT: Final = {  # what the answer holds, and how the failure is named
    "bad_json": "even after one repair",
    "refusal": "declined",
    "empty": "even after one repair",
    "overlong": "even after one repair",
}
FAULTS: Final = (*WIRE, *CONTENT)
PASSING: Final = tuple(fault for fault in FAULTS if fault != "refusal")
CALLS: Final = ("triage", "research-1", "research-2", "research-3", "comparison", "brief", "review")
KINDS: Final = ("triage", "research-2", "brief", "review")  # a call of each kind


@dataclass(frozen=True)
class Trial:
    """One run in which some calls meet a fault, once or for ever."""

    at: tuple[tuple[str, str], ...]  # (call, fault)
    always: bool

    @property
    def run(self) -> str:
        """Return the run's id."""
        where = "-".join(self.at[0]) if len(self.at) == 1 else f"everywhere-from-{self.at[0][1]}"
        return f"run-{where}-{'always' if self.always else 'once'}".replace("_", "-")

    def script(self) -> list[dict[str, Any]]:
        """Return the lines that serve this run, faults first."""
        good = {"triage": _known(), **dict(zip(CALLS[1:4], researches(), strict=True))}
        good |= {"comparison": comparison(), "brief": written(), "review": verdict()}
        lines = [self._faulty(good[call], fault) for call, fault in self.at] + list(good.values())
        return [self._of_run(line) for line in lines]

    def _of_run(self, line: dict[str, Any]) -> dict[str, Any]:
        return {"times": "*", **line, "when": {**line["when"], "run": self.run}}

    def _faulty(self, line: dict[str, Any], fault: str) -> dict[str, Any]:
        times = "*" if self.always else 1
        if fault in WIRE:
            return {**line, "fault": {**WIRE[fault][0], "times": times}}
        return {"when": line["when"], "fault": {"type": fault}, "times": times}


def _known() -> dict[str, Any]:
    inputs = [{"name": "audience", "value": "the sales team"}, {"name": "competitors", "value": COMPETITORS}]
    return triage(inputs=inputs)


@dataclass(frozen=True)
class Came:
    """What became of a run."""

    asked: Checkpoint | None
    tasks: dict[str, Task]
    tries: Counter[tuple[str, str]]  # of a call in all attempts, by task and digest of the request

    @property
    def said(self) -> str:
        """Return all that people are told about what went wrong."""
        problems = str(self.asked.payload) if self.asked else ""
        return " ".join([problems, *(task.error for task in self.tasks.values())])


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for moments where a run waits for minutes."""
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(conversation, "CALL_S", 1.5)
    monkeypatch.setattr(outcomes, "RESTS_S", (0.05, 0.05))
    monkeypatch.setattr(outcomes, "LONGEST_REST_S", 0.05)


async def worked(home: Path, monkeypatch: pytest.MonkeyPatch, trials: list[Trial]) -> dict[Trial, Came]:
    """Let all runs go until each waits for people or has ended."""
    named, fresh = iter([trial.run for trial in trials]), ids.new
    monkeypatch.setattr(
        ids, "new", lambda prefix, length=12: next(named) if prefix == "run" else fresh(prefix, length)
    )
    monkeypatch.setattr("tests.workshop.PATIENCE_S", 300)
    script = [line for trial in trials for line in trial.script()]
    async with workshop(home, script, policy=Page("[ask_first]\nplan = false\n")) as shop:
        for number, _ in enumerate(trials):
            await shop.ask(f"{REQUEST}; they are {COMPETITORS}", ts=f"{number + 1}.000100")
        came = [await _came(shop, trial.run) for trial in trials]
        calls = shop.model.calls()
    return {
        trial: Came(asked, tasks, _tries([call for call in calls if call.run == trial.run]))
        for trial, (asked, tasks) in zip(trials, came, strict=True)
    }


async def _came(shop: Workshop, run_id: str) -> tuple[Checkpoint | None, dict[str, Task]]:
    async def still() -> bool:
        run, tasks = await shop.run(run_id), (await shop.tasks(run_id)).values()
        states = {task.state for task in tasks}
        return run.state in ENDED or (TaskState.ASKING in states and not states & {TaskState.QUEUED, TaskState.WORKING})

    await shop.until(still)
    asked = [one for one in await shop.rows(Checkpoint, run_id) if one.state is CheckpointState.OPEN]
    return (asked[0] if asked else None), dict(await shop.tasks(run_id))


def _tries(calls: list[Asked]) -> Counter[tuple[str, str]]:
    return Counter((call.task, call.digest) for call in calls)


def _check(trial: Trial, came: Came) -> None:
    assert max(came.tries.values()) <= MOST_TRIES, (trial.run, came.tries)
    assert max(task.attempt for task in came.tasks.values()) <= MOST_FAILURES, trial.run
    assert "Something in Jidoka broke" not in came.said, trial.run
    assert came.asked is not None, trial.run
    if trial.always:
        ((_, fault),) = trial.at
        assert fault not in WIRE or max(came.tries.values()) == MOST_TRIES, (trial.run, came.tries)
        name = WIRE[fault][1] if fault in WIRE else CONTENT[fault]
        kinds = CheckpointKind.DRAFT, CheckpointKind.ESCALATION
        assert name in came.said and came.asked.kind in kinds, (trial.run, came.said)
    else:
        assert came.asked.kind is CheckpointKind.DRAFT, (trial.run, came.said)
        assert came.asked.payload["problems"] == [], trial.run


def everywhere_once(first: int) -> Trial:
    """A run in which every call meets another of the faults that may pass."""
    passing = [*PASSING[first:], *PASSING[:first]]
    return Trial(tuple(zip(CALLS, passing, strict=True)), always=False)


async def test_each_fault_ends_in_recovery_or_in_a_failure_with_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    always = [Trial(((KINDS[n % len(KINDS)], fault),), always=True) for n, fault in enumerate(FAULTS)]
    came = await worked(tmp_path, monkeypatch, [everywhere_once(0), everywhere_once(3), *always])

    print(f"{len(came)} runs; most tries of a call: {max(max(one.tries.values()) for one in came.values())}")
    for trial, one in came.items():
        _check(trial, one)


@pytest.mark.long
async def test_every_fault_at_every_call_ends_in_recovery_or_in_a_failure_with_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    always = [Trial(((call, fault),), always=True) for fault in FAULTS for call in CALLS]
    once = [Trial(((call, fault),), always=False) for fault in PASSING for call in CALLS]
    everywhere = [everywhere_once(first) for first in range(len(PASSING))]
    came = await worked(tmp_path, monkeypatch, [*everywhere, *always, *once])

    print(f"{len(came)} runs; most tries of a call: {max(max(one.tries.values()) for one in came.values())}")
    for trial, one in came.items():
        _check(trial, one)
