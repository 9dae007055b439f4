"""Work that stands still: what counts as that, what the orchestrator is told of it, what a new plan leaves alone. PURE.

A round is one version of a task's artifact with its checks and its review. It changed something when its bytes are new in
the attempt. Three rounds that changed nothing and still have faults are a standstill: once more would change nothing either.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from agents.checks import RULES
from agents.planning.plan import PlanTask, RunPlan

ROUNDS: Final = 3  # that changed nothing
_CRITERION: Final = re.compile(r"W\d{1,2}")  # a reviewer may have named others in words of its own


def stands_still(texts: Sequence[str], faults: int) -> bool:
    """Return whether a task's versions, oldest first, brought nothing new although faults are left."""
    return faults > 0 and len(texts) >= ROUNDS and len(set(texts[-ROUNDS:])) == 1


def told(task: str, text: str, rules: Iterable[str]) -> dict[str, Any]:
    """Return what is kept of a standstill: ids, lengths and counts, and no word of what was read or written."""
    counted = Counter(rule if rule in RULES or _CRITERION.fullmatch(rule) else "other" for rule in rules)
    digest = hashlib.sha256(text.encode()).hexdigest()
    faults = dict(sorted(counted.items()))
    return {"task": task, "rounds": ROUNDS, "characters": len(text), "sha256": digest, "faults": faults}


def words(about: Mapping[str, Any]) -> str:
    """Return the same for the orchestrator, made of nothing else."""
    faults = ", ".join(f"{rule} {times}" for rule, times in about["faults"].items())
    return (
        f"task: {about['task']}\nrounds that changed nothing: {about['rounds']}\n"
        f"its artifact: {about['characters']} characters, sha256 {about['sha256'][:12]}\nfaults left, by rule: {faults}"
    )


def changed(before: RunPlan, begun: Collection[str], new: RunPlan) -> list[str]:
    """Return what a new plan may not do to the tasks of the one before: those that have begun stay, and none goes."""
    after = {task.key: task for task in new.tasks}
    gone = [f"{task.key!r} is gone; every task of the plan stays." for task in before.tasks if task.key not in after]
    kept = [task for task in before.tasks if task.key in begun and task.key in after]
    return gone + [f"{task.key!r} has begun and stays as it is." for task in kept if _core(task) != _core(after[task.key])]


def _core(task: PlanTask) -> tuple[Any, ...]:
    return task.role, task.needs, task.makes, task.instructions
