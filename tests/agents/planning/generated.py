"""Valid plans by chance, and one operator a rule that breaks exactly that rule."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from agents import catalog
from agents.catalog import Catalog
from agents.planning.free import neighbours
from agents.planning.plan import Limits, PlanTask, RunPlan
from storage.words import Route
from tests.agents.catalog.writing import SENDER, TOOLS

BOTH = "---\nname: both\ndescription: x\ntools: fetch, send_email\n---\nDo.\n"
_SHIPPED = catalog.read([catalog.SHIPPED], TOOLS)
CATALOG: Catalog = catalog.from_texts(
    {
        **_SHIPPED.texts_for(),
        **{line.path: line.text for line in _SHIPPED.lines.values()},
        "roles/sender.md": SENDER,
        "roles/both.md": BOTH,
    },
    TOOLS,
)
WORKERS = ("researcher", "analyst", "writer", "reviewer")

Fault = Callable[[Random, RunPlan], RunPlan | None]


def valid(chance: Random) -> RunPlan:
    """Return a plan with nothing wrong: any route, 1 to 20 tasks, with or without an effect at its end."""
    if chance.random() < 0.1:
        return RunPlan(route=Route.ANSWER, tasks=(_task(chance, "answer", 1, ()),))
    tasks = _apart(chance, _layers(chance, chance.randint(1, 19)))
    if len(tasks) > 1 and chance.random() < 0.3:
        tasks = _with_effect(chance, tasks)
    line = chance.choice([*CATALOG.lines, ""])
    route = Route.LINE if line else Route.PLAN
    return RunPlan(route=route, line=line, tasks=tuple(tasks), at_once=chance.randint(1, 6))


def _layers(chance: Random, count: int) -> list[PlanTask]:
    """Return tasks in at most five layers, each but the last needed by somebody later, the last by nobody."""
    depths = sorted(chance.randint(1, 4) for _ in range(count - 1))
    tasks: list[PlanTask] = []
    for number, depth in enumerate([*depths, 5]):
        before = [task.key for task, d in zip(tasks, depths, strict=False) if d < depth]
        needs = chance.sample(before, chance.randint(0, min(3, len(before))))
        tasks.append(_task(chance, f"t{number}", number, tuple(needs)))
    needed = {key for task in tasks for key in task.needs}
    left = tuple(task.key for task in tasks[:-1] if task.key not in needed)
    last = tasks[-1]
    needs = tuple(dict.fromkeys((*last.needs, *left)))
    return [*tasks[:-1], last.model_copy(update={"needs": needs})]


def _task(chance: Random, key: str, number: int, needs: tuple[str, ...]) -> PlanTask:
    role = chance.choice(WORKERS)
    allowed = CATALOG.roles[role].tools
    return PlanTask(
        key=key,
        title=f"Task {number}",
        station=f"Station {number}",
        role=role,
        needs=needs,
        makes=f"a{number}",
        instructions=f"Look into question {number}.",
        done_when=(f"question {number} is answered",),
        review=chance.choice(["", *(name for name in WORKERS if name != role)]),
        tools=tuple(chance.sample(allowed, chance.randint(0, len(allowed)))),
        limits=Limits(calls=chance.randint(1, 20), usd=chance.choice([0.0, 0.25, 1.0])),
    )


def _apart(chance: Random, tasks: list[PlanTask]) -> list[PlanTask]:
    """Return the tasks with a review between those that would be one, and up to two questions to people."""
    for first, _ in neighbours(tuple(tasks)):
        other = next(name for name in WORKERS if name != first.role)
        tasks = [t.model_copy(update={"review": other}) if t.key == first.key else t for t in tasks]
    asking = chance.sample([task.key for task in tasks], min(len(tasks), chance.randint(0, 2)))
    return [t.model_copy(update={"ask": "Good?"}) if t.key in asking else t for t in tasks]


def _with_effect(chance: Random, tasks: list[PlanTask]) -> list[PlanTask]:
    last = tasks[-1]
    other = next(name for name in WORKERS if name != last.role)
    kept = [task.model_copy(update={"ask": ""}) for task in tasks[:-1]]
    judged = last.model_copy(update={"review": other, "ask": "Send it?"})
    return [*kept, judged, effect((last.key,))]


def effect(needs: tuple[str, ...], **more: object) -> PlanTask:
    """Return a task that acts outside."""
    told = {
        "key": "send",
        "title": "Send",
        "station": "Send",
        "role": "sender",
        "makes": "sent",
        "needs": needs,
    }
    return PlanTask.model_validate(
        {**told, "tools": ("send_email",), "done_when": ("it is sent",), "instructions": "Send it.", **more}
    )


def change(plan: RunPlan, at: int, **fields: object) -> RunPlan:
    """Return the plan with one task changed."""
    tasks = list(plan.tasks)
    tasks[at] = tasks[at].model_copy(update=fields)
    return plan.model_copy(update={"tasks": tuple(tasks)})


def added(plan: RunPlan, *tasks: PlanTask, **fields: object) -> RunPlan:
    """Return the plan with further tasks at its end."""
    return plan.model_copy(update={"tasks": (*plan.tasks, *tasks), **fields})


def any_of(chance: Random, plan: RunPlan) -> int:
    """Return the place of some task."""
    return chance.randrange(len(plan.tasks))


def new(plan: RunPlan, number: int = 99, **more: object) -> PlanTask:
    """Return a further task that is right by itself and needs the last one."""
    told = {
        "key": f"t{number}",
        "title": "More",
        "station": f"More {number}",
        "role": "writer",
        "makes": f"a{number}",
    }
    needs = (plan.tasks[-1].key,)
    done = {"done_when": ("it is there",), "instructions": f"Do {number}.", "review": "reviewer"}
    return PlanTask.model_validate({**told, "needs": needs, **done, "limits": Limits(usd=0.0), **more})
