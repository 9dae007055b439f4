"""The plan: a line's page over its inputs, one task for a simple request, or the orchestrator's own decomposition."""

from __future__ import annotations

import json
from typing import Final

from agents.catalog import ORCHESTRATOR, Catalog, Role
from agents.contracts import Part, PartKind, Plan
from agents.errors import PlanError
from agents.models.client import label_of
from agents.planning.expand import expand
from agents.planning.free import from_answer, single
from agents.planning.plan import RunPlan
from agents.planning.plan_checks import problems
from agents.planning.receipt import predict
from agents.planning.standstill import changed
from agents.stations import brief as briefs
from agents.stations import outside
from agents.stations.assignment import Assignment, Course, Planned
from agents.stations.intake import read_files
from agents.stations.means import Means
from storage.words import Route

BY_RULE: Final = (
    "Offline a plan cannot be rewritten from a note. Use Edit to change tasks and instructions; "
    "your note goes into every brief."
)

STOOD_STILL: Final = (
    "Work by the current plan stands still: versions of a task came out the same, with the same faults. Plan anew, once. "
    "Tasks that have begun stay as they are, and none goes; change how the others are done, or add some."
)


async def plan(given: Assignment, means: Means, course: Course) -> Planned:
    """Return the run's plan; a person is asked first unless one agent simply answers.

    Raises:
        PlanError: The plan breaks a rule, even after one more try.
        ModelError: No usable answer came.
    """
    await read_files(means)  # some may have come with the answers to the form
    if course.route is Route.ANSWER:
        return _planned(_checked(single(course, given.catalog), given), given, means, ask=False)
    if given.sent_back or course.route is Route.PLAN:
        return await _free(given, means, course)
    return _planned(_of_line(given, course), given, means, ask=True)


def _of_line(given: Assignment, course: Course) -> RunPlan:
    return _checked(expand(given.catalog.line(course.line), given.catalog.roles, given.inputs, course.reason), given)


def _checked(made: RunPlan, given: Assignment) -> RunPlan:
    if wrong := problems(made, given.catalog):
        raise PlanError(" ".join(wrong))
    return made


def _planned(made: RunPlan, given: Assignment, means: Means, *, ask: bool, remark: str = "") -> Planned:
    material = sum(len(source.text) for source in given.documents) // 4
    offline = bool(means.door.label)
    paid = means.reach.search is not None and means.reach.search.most.usd > 0
    receipt = predict(
        made, given.catalog.roles, material=material, offline=offline, paid_search=paid, halved=means.halved(made)
    )
    return Planned(made, receipt, ask, remark)


async def _free(given: Assignment, means: Means, course: Course) -> Planned:
    """Let the orchestrator plan, or plan anew after a note; a plan with faults goes back to it once."""
    before = _before(given, course)
    parts = [*_parts(given, means), *([_current(before)] if before else []), *_standing(given)]
    instructions = given.catalog.role(ORCHESTRATOR).instructions
    faults: list[str] = []
    for name in ("plan", "plan-again"):
        shown = outside.untouched([*parts, *_found(faults), briefs.task(given)])
        brief = briefs.write(name, ORCHESTRATOR, instructions, given.tag, shown)
        said = await means.conversation(given, ORCHESTRATOR).hold(brief, Plan)
        if label_of(said.model) and before is not None:
            return _planned(before, given, means, ask=True, remark=BY_RULE)
        made = from_answer(said.answer, given.catalog, before)
        if not (faults := [*problems(made, given.catalog), *_changed(given, made)]):
            return _planned(made, given, means, ask=True)
    raise PlanError("The plan breaks rules, even after one more try: " + " ".join(faults))


def _before(given: Assignment, course: Course) -> RunPlan | None:
    if given.standing is not None:
        return given.standing.plan
    return _of_line(given, course) if course.route is Route.LINE else None


def _standing(given: Assignment) -> list[Part]:
    """Return what came of a plan that stands still, in numbers: documents have no say in the next one."""
    if given.standing is None:
        return []
    told = f"{STOOD_STILL}\n{given.standing.told}\nhas begun: {', '.join(sorted(given.standing.begun)) or 'nothing'}"
    return [Part("standstill", PartKind.REVIEW, told, source="what came of the plan so far")]


def _changed(given: Assignment, made: RunPlan) -> list[str]:
    return changed(given.standing.plan, given.standing.begun, made) if given.standing is not None else []


def _parts(given: Assignment, means: Means) -> list[Part]:
    came = {str(file["id"]) for file in means.files}  # what was opened since is called what a stranger called it
    roles = [
        Part(r.name, PartKind.ROLE, r.description, source=r.path) for _, r in sorted(_workers(given.catalog))
    ]
    names = outside.file_names(source.name for source in given.documents if source.origin in came)
    files = Part("files", PartKind.INPUT, f"documents the readers will have:\n{names}")
    note = (
        [Part("sent-back", PartKind.NOTE, given.sent_back, source="why a person sent the plan back")]
        if given.sent_back
        else []
    )
    return [
        *roles,
        *briefs.constraints(given),
        briefs.goal(given),
        *briefs.inputs(given),
        files,
        *briefs.people(given),
        *note,
    ]


def _workers(catalog: Catalog) -> list[tuple[str, Role]]:
    return [(name, role) for name, role in catalog.roles.items() if name != ORCHESTRATOR]


def _current(plan: RunPlan) -> Part:
    tasks = [
        task.model_dump(
            mode="json", include={"key", "title", "role", "needs", "makes", "instructions", "review", "ask"}
        )
        for task in plan.tasks
    ]
    return Part(
        "current-plan",
        PartKind.ARTIFACT,
        json.dumps(tasks, indent=1, ensure_ascii=False),
        source="the plan as it is",
    )


def _found(faults: list[str]) -> list[Part]:
    return [Part("findings", PartKind.REVIEW, "\n".join(faults), source="plan checks")] if faults else []
