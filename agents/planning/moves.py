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
    intake: bool = False  # triage and plan: done at once, whenever the work itself begins


@dataclass(frozen=True)
class RunView:
    """A run as the moves see it; ``tasks`` are in page order."""

    tasks: tuple[TaskView, ...]
    paused: bool = False  # this run, or its whole workspace
    early: bool = False  # the window in which its tasks may start has not opened
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
_ENDS = frozenset({TaskState.DONE, TaskState.FAILED})


def next_moves(run: RunView) -> list[Move]:
    """Return what to do now, in order. A run that has ended is not asked about."""
    if lost := _lost(run):
        return [Finish(RunState.FAILED, f"{lost!r} could not be done, and what follows needs it.")]
    if _ended(list(run.tasks)):
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
    planning = any(task.intake and task.state is not TaskState.DONE for task in run.tasks)  # anew, after a standstill
    held = run.early or planning
    may_start = [task for task in run.tasks if task.state is TaskState.BLOCKED and (task.intake or not held)]
    return [task.key for task in may_start if _has_what_it_needs(task, by_key)]


def _has_what_it_needs(task: TaskView, by_key: dict[str, TaskView]) -> bool:
    """Every need has ended, and of each artifact at least one part is there: a missing part is a named hole."""
    needed = [by_key[key] for key in task.needs if key in by_key]
    there = {need.makes for need in needed if need.state is TaskState.DONE}
    return len(needed) == len(task.needs) and _ended(needed) and {need.makes for need in needed} <= there


def _ended(tasks: list[TaskView]) -> bool:
    return all(task.state in _ENDS for task in tasks)


def _lost(run: RunView) -> str:
    """Return the key of a failed task that the run cannot do without, or an empty text."""
    by_key = {task.key: task for task in run.tasks}
    if run.tasks[-1].state is TaskState.FAILED:
        return run.tasks[-1].key
    for task in run.tasks:
        needed = [by_key[key] for key in task.needs if key in by_key]
        if task.state is TaskState.BLOCKED and _ended(needed) and not _has_what_it_needs(task, by_key):
            return next((need.key for need in needed if need.state is TaskState.FAILED), task.key)
    return ""
