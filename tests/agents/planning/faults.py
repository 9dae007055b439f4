"""Fault operators: each breaks one rule of a valid plan; None where the plan has nothing to break."""

from __future__ import annotations

from random import Random

from agents.planning.plan import MOST_DEPTH, MOST_TASKS, Limits, RunPlan
from storage.words import Route
from tests.agents.planning.generated import Fault, added, any_of, change, effect, new


def _cycle(chance: Random, plan: RunPlan) -> RunPlan | None:
    first = plan.tasks[0]
    return change(plan, 0, needs=(*first.needs, plan.tasks[-1].key))


def _own_need(chance: Random, plan: RunPlan) -> RunPlan | None:
    at = any_of(chance, plan)
    return change(plan, at, needs=(*plan.tasks[at].needs, plan.tasks[at].key))


def _second_end(chance: Random, plan: RunPlan) -> RunPlan | None:
    return added(plan, new(plan, needs=plan.tasks[-1].needs)) if len(plan.tasks) < MOST_TASKS else None


def _orphan(chance: Random, plan: RunPlan) -> RunPlan | None:
    return added(plan, new(plan, needs=())) if len(plan.tasks) < MOST_TASKS else None


def _unknown_need(chance: Random, plan: RunPlan) -> RunPlan | None:
    at = any_of(chance, plan)
    return change(plan, at, needs=(*plan.tasks[at].needs, "nowhere"))


def _need_twice(chance: Random, plan: RunPlan) -> RunPlan | None:
    last = plan.tasks[-1]
    return change(plan, len(plan.tasks) - 1, needs=last.needs * 2) if last.needs else None


def _key_twice(chance: Random, plan: RunPlan) -> RunPlan | None:
    return added(plan, new(plan, key=plan.tasks[any_of(chance, plan)].key))


def _too_many(chance: Random, plan: RunPlan) -> RunPlan | None:
    further = [new(plan, number) for number in range(100, 100 + MOST_TASKS)]
    return added(plan, *further, new(plan, needs=tuple(task.key for task in further)))


def _too_deep(chance: Random, plan: RunPlan) -> RunPlan | None:
    if len(plan.tasks) + MOST_DEPTH > MOST_TASKS:
        return None
    ends = [plan.tasks[-1].key, *(f"t{number}" for number in range(100, 100 + MOST_DEPTH))]
    row = [new(plan, 100 + at, needs=(ends[at],)) for at in range(MOST_DEPTH)]
    return added(plan, *row)


def _limits(**limits: float) -> Fault:
    return lambda chance, plan: change(
        plan, any_of(chance, plan), limits=Limits.model_validate({"usd": 0.0, **limits})
    )


def _task(**fields: object) -> Fault:
    return lambda chance, plan: change(plan, any_of(chance, plan), **fields)


def _plan(**fields: object) -> Fault:
    return lambda chance, plan: plan.model_copy(update=fields)


def _own_review(chance: Random, plan: RunPlan) -> RunPlan | None:
    at = any_of(chance, plan)
    return change(plan, at, review=plan.tasks[at].role)


def _two_writers(chance: Random, plan: RunPlan) -> RunPlan | None:
    return (
        added(plan, new(plan, makes=plan.tasks[any_of(chance, plan)].makes))
        if len(plan.tasks) < MOST_TASKS
        else None
    )


def _same_item(chance: Random, plan: RunPlan) -> RunPlan | None:
    if len(plan.tasks) + 3 > MOST_TASKS:
        return None
    twins = [new(plan, number, station="Each", makes="many", item="Acme") for number in (100, 101)]
    return added(plan, *twins, new(plan, needs=("t100", "t101")))


def _same_objective(chance: Random, plan: RunPlan) -> RunPlan | None:
    if len(plan.tasks) == MOST_TASKS or len(plan.tasks) == 1:
        return None
    twin = plan.tasks[0].model_copy(
        update={
            "key": "t99",
            "makes": "a99",
            "instructions": f"  {plan.tasks[0].instructions.upper()}\n",
            "ask": "",
        }
    )
    last = plan.tasks[-1]
    return added(change(plan, len(plan.tasks) - 1, needs=(*last.needs, "t99")), twin)


def _neighbours(chance: Random, plan: RunPlan) -> RunPlan | None:
    if plan.route is not Route.PLAN or len(plan.tasks) + 2 > MOST_TASKS:
        return None
    return added(plan, new(plan, 100, review=""), new(plan, 101, needs=("t100",), review=""))


def _too_many_questions(chance: Random, plan: RunPlan) -> RunPlan | None:
    if len(plan.tasks) < 4:
        return None
    return plan.model_copy(update={"tasks": tuple(t.model_copy(update={"ask": "Good?"}) for t in plan.tasks)})


def _effect(judged: bool, asked: bool, **more: object) -> Fault:
    def fault(chance: Random, plan: RunPlan) -> RunPlan | None:
        if len(plan.tasks) == MOST_TASKS or plan.tasks[-1].role == "sender":
            return None
        last = plan.tasks[-1]
        other = "reviewer" if last.role != "reviewer" else "writer"
        told = [task.model_copy(update={"ask": ""}) for task in plan.tasks]
        told[-1] = last.model_copy(
            update={"ask": "Send it?" if asked else "", "review": other if judged else ""}
        )
        return plan.model_copy(update={"tasks": (*told, effect((last.key,), **more))})

    return fault


def _tool_of_another(chance: Random, plan: RunPlan) -> RunPlan | None:
    places = [at for at, task in enumerate(plan.tasks) if task.role in ("analyst", "writer", "reviewer")]
    return change(plan, chance.choice(places), tools=("fetch",)) if places else None


def _two_answers(chance: Random, plan: RunPlan) -> RunPlan | None:
    return None if len(plan.tasks) == 1 else plan.model_copy(update={"route": Route.ANSWER, "line": ""})


FAULTS: dict[
    str, tuple[Fault, str]
] = {  # by the rule's number: the operator, and words the refusal must hold
    "1 a circle": (_cycle, "in a circle"),
    "1 a task that needs itself": (_own_need, "in a circle"),
    "2 a second end": (_second_end, "Nobody reads what"),
    "3 a need that nobody makes": (_unknown_need, "there is no such task"),
    "3 a need named twice": (_need_twice, "once is enough"),
    "3 a key given twice": (_key_twice, "every task needs its own"),
    "4 an orphan": (_orphan, "Nobody reads what"),
    "5 too many tasks": (_too_many, "20 is the most"),
    "5 too deep": (_too_deep, "6 is the most"),
    "5 too many at once": (_plan(at_once=7), "tasks at once"),
    "5 none at once": (_plan(at_once=0), "tasks at once"),
    "5 too many calls": (_limits(calls=21), "1 to 20 are allowed"),
    "5 no tokens": (_limits(tokens=0), "no tokens"),
    "6 more than the run may spend": (_limits(usd=20.5), "the run may spend"),
    "6 no amount": (_limits(usd=-1.0), "no amount"),
    "7 an unknown role": (_task(role="poet"), "which does not exist"),
    "7 an unknown reviewer": (_task(review="critic"), "which does not exist"),
    "7 an unknown tool": (_task(tools=("telepathy",)), "which does not exist"),
    "7 the orchestrator at work": (_task(role="orchestrator", tools=()), "plans and never works"),
    "8 a tool of another role": (_tool_of_another, "may not use"),
    "9 two writers": (_two_writers, "has one writer"),
    "9 one item twice": (_same_item, "has one writer"),
    "10 an effect nobody reviewed": (_effect(judged=False, asked=True), "nobody reviews"),
    "11 an effect nobody was asked about": (_effect(judged=True, asked=False), "nobody is asked"),
    "14 reading and acting in one task": (
        _effect(judged=True, asked=True, role="both", tools=("fetch", "send_email")),
        "could steer",
    ),
    "18 nothing to be done when": (_task(done_when=()), "nothing that says when it is done"),
    "19 an objective twice": (_same_objective, "the same objective"),
    "20 neighbours": (_neighbours, "are one task"),
    "a review of one's own work": (_own_review, "who makes it"),
    "too many questions": (_too_many_questions, "3 is the most"),
    "a name no one can use": (_task(makes="The Findings"), "lower case"),
    "no title": (_task(title=" "), "has no title"),
    "a line that is not there": (_plan(route=Route.LINE, line="epic"), "does not exist or cannot be used"),
    "a line that is not named": (_plan(route=Route.LINE, line=""), "does not say which"),
    "two tasks for a simple request": (_two_answers, "A simple request is one task"),
}
