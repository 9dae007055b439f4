"""What a run does next. PURE: a snapshot of the run in, moves out. Joining, waiting and giving up are all here."""

from __future__ import annotations

from dataclasses import dataclass

from storage.words import RunState, TaskState


@dataclass(frozen=True)
class TaskView:
    """A task as the moves see it."""

    key: str
    state: TaskState
    needs: tuple[str, ...] = ()
    makes: str = ""  # the tasks of one `each` station share it


@dataclass(frozen=True)
class RunView:
    """A run as the moves see it; ``tasks`` are in page order."""

    tasks: tuple[TaskView, ...]
    paused: bool = False
    at_once: int = 3


@dataclass(frozen=True)
class Start:
    """Hand this task to the engine."""

    key: str


@dataclass(frozen=True)
class Finish:
    """The run ends."""

    state: RunState
    why: str = ""


@dataclass(frozen=True)
class Stand:
    """The run goes on; this is how it stands."""

    state: RunState


Move = Start | Finish | Stand
_UNDER_WAY = frozenset({TaskState.QUEUED, TaskState.WORKING})


def next_moves(run: RunView) -> list[Move]:
    """Return what to do now, in order. A run that has ended is not asked about."""
    if lost := _lost(run):
        return [Finish(RunState.FAILED, f"{lost!r} could not be done, and what follows needs it.")]
    if all(task.state in {TaskState.DONE, TaskState.FAILED} for task in run.tasks):
        return [Finish(RunState.DONE)]
    if run.paused:
        return [Stand(RunState.PAUSED)]
    starts = _ready(run)[: max(0, run.at_once - _under_way(run))]
    busy = bool(starts) or _under_way(run) > 0
    return [*(Start(key) for key in starts), Stand(RunState.WORKING if busy else RunState.WAITING)]


def _under_way(run: RunView) -> int:
    return sum(task.state in _UNDER_WAY for task in run.tasks)


def _ready(run: RunView) -> list[str]:
    by_key = {task.key: task for task in run.tasks}
    return [
        task.key for task in run.tasks if task.state is TaskState.BLOCKED and _has_what_it_needs(task, by_key)
    ]


def _has_what_it_needs(task: TaskView, by_key: dict[str, TaskView]) -> bool:
    """Every need has ended, and of each artifact at least one part is there: a missing part is a named hole."""
    needed = [by_key[key] for key in task.needs if key in by_key]
    if len(needed) < len(task.needs) or any(
        n.state not in {TaskState.DONE, TaskState.FAILED} for n in needed
    ):
        return False
    there = {n.makes for n in needed if n.state is TaskState.DONE}
    return {n.makes for n in needed} <= there


def _lost(run: RunView) -> str:
    """Return the key of a failed task that someone needs and nobody else stands in for, or an empty text."""
    standing = {task.makes for task in run.tasks if task.state is not TaskState.FAILED}
    needed = {key for task in run.tasks for key in task.needs}
    lost = [t.key for t in run.tasks if t.state is TaskState.FAILED and t.makes not in standing]
    return next((key for key in lost if key in needed or key == run.tasks[-1].key), "")
