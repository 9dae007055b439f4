"""A run's plan: the checked task graph, as people approve it and the engine works it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from storage.words import Route

REQUEST: Final = "request"  # what every station may read without an earlier task
MOST_TASKS: Final = 20
MOST_DEPTH: Final = 6
MOST_AT_ONCE: Final = 6
MAKES_CODE: Final = "run_tests"  # whoever has this tool makes code


class Limits(BaseModel):
    """What one task may use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calls: int = 20  # model and tool calls
    tokens: int = 200_000  # in and out
    usd: float = 1.0
    seconds: int = 1_800


CODE_LIMITS: Final = Limits(tokens=500_000, usd=3.0, seconds=3_600)  # code is run and mended, and given whole each time


def limits_for(tools: Collection[str]) -> Limits:
    """Return what a task with these tools may use."""
    return CODE_LIMITS if MAKES_CODE in tools else Limits()


class PlanTask(BaseModel):
    """One task: a station at work, or one item of a station that works on each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str  # such as "research-2"; unique in the plan, no colon
    title: str  # such as "Research: Acme"
    station: str  # such as "Research"
    role: str
    needs: tuple[str, ...] = ()  # keys of the tasks whose handoffs it is shown, in this order
    makes: str  # the artifact's name; the tasks of one `each` station share it, told apart by item
    item: str = ""  # what this one of the `each` tasks is about
    instructions: str = ""
    done_when: tuple[str, ...] = ()  # criteria of the review, in order: W1, W2, …
    review: str = ""  # the role that judges, before any person
    ask: str = ""  # the question of the checkpoint that follows
    sections: tuple[str, ...] = ()  # headings the artifact must have, in order; none: free form
    most_words: int | None = None
    tools: tuple[str, ...] = ()  # the role's, as they were when the plan was made
    limits: Limits = Field(default_factory=Limits)


class RunPlan(BaseModel):
    """All tasks of a run after triage, in page order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    route: Route
    line: str = ""
    background: str = ""  # the line's opening prose, true at every station
    reason: str = ""
    tasks: tuple[PlanTask, ...]
    at_once: int = 3

    def canonical(self) -> dict[str, Any]:
        """Return the plan as plain JSON: equal plans give equal bytes under ``json.dumps(sort_keys=True)``."""
        return self.model_dump(mode="json")

    def digest(self) -> str:
        """Return the SHA-256 of the canonical plan: what a person approves is what runs."""
        return hashlib.sha256(json.dumps(self.canonical(), sort_keys=True).encode()).hexdigest()

    def task(self, key: str) -> PlanTask:
        """Return one task; KeyError when there is none of this key."""
        return {task.key: task for task in self.tasks}[key]
