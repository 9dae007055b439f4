"""No task reads strangers' words, holds private data and acts outside: of plans by lines, by agents, by people's edits."""

from __future__ import annotations

from random import Random
from typing import Final

import pytest

from agents import catalog
from agents.catalog import Catalog
from agents.planning.free import single
from agents.planning.plan import PlanTask, RunPlan
from agents.planning.plan_checks import problems
from agents.stations.assignment import Course
from agents.tools.toolbox import EFFECTS, INPUTS
from storage.words import Route
from tests.agents.planning.generated import change, effect, valid

SEED: Final = 20_261_122
CLASSES: Final = {  # what each tool brings in (A) or does outside (C); private data (B) is in every brief
    "read_document": "A",
    "fetch": "A",  # only addresses that stood somewhere before: nothing goes out by them
    "web_search": "A",
    "extract": "A",
    "read_artifact": "",  # what earlier tasks made: reviewed, and people were asked, before anything acts on it
    "ask_person": "",
    "run_python": "",
    "run_tests": "",
    "chart": "",
    "post_message": "C",
    "send_email": "C",
    "wire_money": "C",
    "mystery": "A",  # a tool this code knows nothing about
}
TOOLS: Final = {name: "R3" if reach == "C" else "R0" for name, reach in CLASSES.items()}
ALL: Final = "---\nname: all\ndescription: x\ntools: {tools}\n---\nDo.\n".format(tools=", ".join(CLASSES))
SHIPPED: Final = catalog.read([catalog.SHIPPED], {**TOOLS, **EFFECTS})
KNOWN: Final[Catalog] = catalog.from_texts(
    {
        **SHIPPED.texts_for(),
        **{line.path: line.text for line in SHIPPED.lines.values()},
        "roles/all.md": ALL,
        "roles/sender.md": ALL.replace("all", "sender", 1),
    },
    {**TOOLS, **EFFECTS},
)


def holds(task: PlanTask) -> set[str]:
    """Return which of A, B and C a task holds by itself; without needs it is shown the documents whole."""
    return {"B", *(CLASSES.get(name, "A") for name in task.tools), "A" if not task.needs else "B"} - {""}


def any_plan(chance: Random) -> RunPlan:
    """Return a plan in which any task has any tools, and questions and reviews may be missing."""
    plan = valid(chance)
    if len(plan.tasks) < 19 and chance.random() < 0.6:
        last = plan.tasks[-1]
        judged = last.model_copy(
            update={"ask": "Send it?", "review": "reviewer" if last.role != "reviewer" else "writer"}
        )
        kept = tuple(task.model_copy(update={"ask": ""}) for task in plan.tasks[:-1])
        names = [name for name, reach in CLASSES.items() if reach == "C"]
        tools = (*chance.sample(names, 1), *chance.sample([*CLASSES], chance.randint(0, 3)))
        return plan.model_copy(
            update={
                "tasks": (*kept, judged, effect((last.key,), role="all", tools=tuple(dict.fromkeys(tools))))
            }
        )
    tools = tuple(chance.sample([*CLASSES], chance.randint(0, 4)))
    return change(plan, chance.randrange(len(plan.tasks)), role="all", tools=tools)


@pytest.mark.parametrize(
    "count", [pytest.param(1_000, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)]
)
def test_no_plan_that_may_run_has_a_task_that_reads_holds_and_acts(count: int):
    chance = Random(SEED)
    broken: list[str] = []
    acting = refused = 0
    for _ in range(count):
        plan = any_plan(chance)
        whole = [task.key for task in plan.tasks if holds(task) == {"A", "B", "C"}]
        if problems(plan, KNOWN):
            refused += bool(whole)
            continue
        acting += any("C" in holds(task) for task in plan.tasks)
        broken += [f"{key} in {plan}" for key in whole]
    print(f"{count} plans: {acting} may act, {refused} refused, {len(broken)} with all three")

    assert broken == [], f"seed {SEED}"
    assert min(acting, refused) >= count // 50


def test_every_tool_there_is_has_a_class():
    assert {*INPUTS} <= {*CLASSES}, (
        "say in CLASSES what the new tool brings in or does, and in catalog.values.INSIDE"
    )
    assert {name for name in INPUTS if CLASSES[name] == "C"} == {*catalog.outward([*INPUTS], EFFECTS)}


def test_whoever_answers_alone_acts_on_nothing_whatever_their_page_names():
    plan = single(Course(Route.ANSWER, role="all", title="Answer"), KNOWN)

    assert [holds(task) for task in plan.tasks] == [{"A", "B"}]
    assert problems(plan, KNOWN) == []
