"""One attempt at one task: who may write its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from agents.errors import AgentsError
from storage.tables import Task
from storage.words import UNDER_WAY, TaskState


class FencedError(AgentsError):
    """Another attempt or worker has this task now: whoever sees this stops, silently."""


class DivergedError(AgentsError):
    """A replay asked something else than what is on record."""


@dataclass(frozen=True)
class Attempt:
    """One attempt at one task, the token that lets it write, and the one that was there when it looked."""

    run_id: str
    task_key: str
    number: int
    token: str
    seen: str

    @property
    def key(self) -> tuple[str, str, int]:
        """Return run, task and number."""
        return self.run_id, self.task_key, self.number

    def holds(self, task: Task) -> bool:
        """Return whether the task is still this attempt's to end."""
        mine = (self.number, TaskState.WORKING, self.token)
        return (task.attempt, task.state, task.token) == mine

    def is_of(self, task: Task) -> bool:
        """Return whether the task is still at this attempt, taken by it or not yet."""
        return task.attempt == self.number and task.state in UNDER_WAY and task.token in {self.token, self.seen}
