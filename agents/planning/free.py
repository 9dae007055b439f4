"""Plans without a line: the orchestrator's own decomposition, and the single task of a simple request."""

from __future__ import annotations

from typing import Final, Protocol

from agents.catalog import ORCHESTRATOR, Catalog, criteria, outward
from agents.contracts import Plan, PlannedTask
from agents.errors import PlanError
from agents.planning.plan import PlanTask, RunPlan, limits_for
from storage.words import Route

ANSWER: Final = "answer"  # the key of a simple request's one task, and the name of what it makes
ANSWERERS: Final = ("writer", "analyst", "researcher")  # who answers when triage names nobody fit for it
ANSWERED_WHEN: Final = (
    "what was asked is answered, or it is said what is missing",
    "every fact taken from a document names the document it stands in",
)


class Routed(Protocol):
    """What triage says of a simple request, as proposed or as accepted."""

    @property
    def role(self) -> str:
        """The role that should answer; empty when triage names none."""
        ...

    @property
    def title(self) -> str:
        """What people would call the request in a list."""
        ...

    @property
    def reason(self) -> str:
        """Why it is simple, for people."""
        ...


def from_answer(plan: Plan, catalog: Catalog, before: RunPlan | None = None) -> RunPlan:
    """Return the orchestrator's plan as a run's plan, with neighbours that should be one task merged.

    Whatever else is wrong with it, such as a role nobody knows, is left for ``plan_checks.problems`` to say.

    Args:
        plan: What the orchestrator proposes.
        catalog: The roles, for their tools.
        before: The plan that was sent back. A task that keeps its key, role and artifact keeps its item, sections
            and length too: the orchestrator is not asked for them, and a note about one task changes no other.
    """
    kept = {(task.key, task.role, task.makes): task for task in before.tasks} if before else {}
    tasks = [_task(task, catalog) for task in plan.tasks]
    tasks = [_keeping(task, kept.get((task.key, task.role, task.makes))) for task in tasks]
    return RunPlan(
        route=Route.PLAN,
        line=before.line if before else "",
        background=before.background if before else "",
        reason=plan.reason,
        tasks=merged(tuple(tasks)),
    )


def single(triage: Routed, catalog: Catalog) -> RunPlan:
    """Return the plan of a simple request: one task, one role, no review, and so nothing that acts outside the run.

    Raises:
        PlanError: The catalog has no role that could answer.
    """
    role = catalog.roles[_answerer(triage.role, catalog)]
    task = PlanTask(
        key=ANSWER,
        title=triage.title or "Answer",
        station="Answer",
        role=role.name,
        makes=ANSWER,
        done_when=ANSWERED_WHEN,
        tools=tuple(name for name in role.tools if name not in outward(role.tools, catalog.tools)),
        limits=limits_for(role.tools),
    )
    return RunPlan(route=Route.ANSWER, reason=triage.reason, tasks=(task,))


def merged(tasks: tuple[PlanTask, ...]) -> tuple[PlanTask, ...]:
    """Return the tasks with neighbours made one, as long as there are any."""
    found = neighbours(tasks)
    while found:
        first, second = found[0]
        one = _one(first, second)
        tasks = tuple(one if task is second else task for task in tasks if task is not first)
        found = neighbours(tasks)
    return tasks


def neighbours(tasks: tuple[PlanTask, ...]) -> list[tuple[PlanTask, PlanTask]]:
    """Return pairs that one agent does in one sitting: the second needs only the first, which only it needs.

    Both have the same role, so the same tools and tier, and nobody reviews or is asked between them.
    """
    by_key = {task.key: task for task in tasks}
    needed = [key for task in tasks for key in task.needs]
    return [
        (by_key[task.needs[0]], task)
        for task in tasks
        if len(task.needs) == 1
        and task.needs[0] in by_key
        and needed.count(task.needs[0]) == 1
        and _alike(by_key[task.needs[0]], task)
    ]


def _alike(first: PlanTask, second: PlanTask) -> bool:
    free = not first.review and not first.ask and first.item == second.item
    return first is not second and free and first.role == second.role


def _one(first: PlanTask, second: PlanTask) -> PlanTask:
    """Return both tasks as one under the second's key, so that whoever needs it still finds it."""
    return second.model_copy(
        update={
            "needs": first.needs,
            "instructions": "\n\n".join(filter(None, (first.instructions, second.instructions))),
            "done_when": tuple(dict.fromkeys((*first.done_when, *second.done_when))),
        }
    )


def _task(task: PlannedTask, catalog: Catalog) -> PlanTask:
    role = catalog.roles.get(task.role)
    return PlanTask(
        key=task.key,
        title=task.title.strip() or task.key,
        station=task.title.strip() or task.key,
        role=task.role,
        needs=tuple(task.needs),
        makes=task.makes,
        instructions=task.instructions,
        done_when=criteria(task.done_when),
        review=task.review,
        ask=task.ask,
        tools=role.tools if role else (),
        limits=limits_for(role.tools if role else ()),
    )


def _keeping(task: PlanTask, old: PlanTask | None) -> PlanTask:
    if old is None:
        return task
    unasked = ("station", "item", "sections", "most_words", "limits")
    return task.model_copy(update={name: getattr(old, name) for name in unasked})


def _answerer(named: str, catalog: Catalog) -> str:
    for name in (named, *ANSWERERS):
        if name in catalog.roles and name != ORCHESTRATOR:
            return name
    raise PlanError(f"No role can answer: there is no page for any of {', '.join(ANSWERERS)}.")
