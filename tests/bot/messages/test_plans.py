"""A plan edited in its form: another role, another order, one more task; what cannot be is said where it stands."""

from typing import Any

import pytest

from agents.catalog import SHIPPED, read
from agents.planning.plan import RunPlan
from agents.planning.plan_checks import problems
from agents.tools.toolbox import EFFECTS
from bot import blockkit
from bot.messages import modals, plans
from storage.words import CheckpointKind
from tests.bot.messages import sample
from tests.bot.messages.test_forms import _submitted

Json = dict[str, Any]
CATALOG = read([SHIPPED], EFFECTS)
ROLES = {name: role.tools for name, role in CATALOG.roles.items() if name != "orchestrator"}


def a_plan(count: int = 3) -> Json:
    """Return a plan of readers side by side and a writer."""
    plan = sample.plan(count)
    for task in plan["tasks"][:-1]:
        task |= {"needs": [], "role": "researcher", "instructions": f"Read about {task['key']}.", "ask": ""}
        task |= {"tools": ["fetch"]}
    plan["tasks"][-1] |= {"needs": [task["key"] for task in plan["tasks"][:-1]], "tools": [], "ask": ""}
    return plan


def opened(plan: Json) -> tuple[Json, Json]:
    """Return the form of a plan, and its state as it was opened."""
    view = modals.edit_plan(sample.checkpoint(CheckpointKind.PLAN, payload={"plan": plan}), ROLES)
    return view, _submitted(view)


def new(values: Json, **said: Any) -> None:
    """Fill in one more task."""
    held = {"title": "value", "instructions": "value", "role": "selected_option", "reads": "selected_options"}
    for what, value in said.items():
        kept: Any = {"value": value} if what == "role" else value
        kept = [{"value": key} for key in value] if what == "reads" else kept
        values[f"new-{what}"] = {"value": {held[what]: kept}}


@pytest.mark.parametrize("count", [1, 2, 20])
def test_a_plan_nobody_edited_comes_back_as_it_was_and_its_form_fits(count: int):
    view, values = opened(plan := a_plan(count))

    assert plans.edited(plan, values, ROLES) == plan
    assert plans.problems(plan, values) == {}
    assert blockkit.validate_view(view, "emit") == []
    assert "submit" in view
    assert len(view["blocks"]) <= 100


WRAPPED = "Read what each of them costs, and\nfrom when. Say it per month.\nNo guesses:\n- prices\n- dates\n1. the year"


def test_instructions_wrapped_on_their_page_flow_in_the_form_and_stay_as_they_were_when_nobody_edits():
    plan = a_plan()
    plan["tasks"][0]["instructions"] = WRAPPED
    _, values = opened(plan)
    shown = next(iter(value["value"]["value"] for key, value in values.items() if key.startswith("task-")))

    assert shown == WRAPPED.replace("and\nfrom", "and from")
    assert plans.edited(plan, values, ROLES) == plan


def test_another_role_brings_its_own_tools():
    _, values = opened(plan := a_plan())
    values["role-task-1"]["value"]["selected_option"] = {"value": "analyst"}

    edited = plans.edited(plan, values, ROLES)["tasks"]

    assert (edited[0]["role"], edited[0]["tools"]) == ("analyst", list(ROLES["analyst"]))
    assert edited[1:] == plan["tasks"][1:]


def test_tasks_stand_in_the_order_the_places_say():
    _, values = opened(plan := a_plan())
    values["place-task-1"]["value"]["value"], values["place-task-2"]["value"]["value"] = "2", "1"

    edited = plans.edited(plan, values, ROLES)

    assert [task["key"] for task in edited["tasks"]] == ["task-2", "task-1", "task-3"]
    assert plans.problems(edited, values) == {}


def test_who_reads_cannot_stand_before_who_makes():
    _, values = opened(plan := a_plan())
    values["place-task-3"]["value"]["value"] = "1"
    values["place-task-1"]["value"]["value"] = "3"

    wrong = plans.problems(plans.edited(plan, values, ROLES), values)

    assert wrong == {"place-task-3": "“Task 3” reads what “Task 1” makes, so it must come after it."}


def test_one_more_task_is_read_by_the_last_and_the_plan_can_run():
    _, values = opened(plan := a_plan())
    new(values, title="Prices in the Öresund", role="researcher", instructions="Find every price.")

    edited = plans.edited(plan, values, ROLES)

    assert [task["key"] for task in edited["tasks"]] == ["task-1", "task-2", "prices-in-the-oresund", "task-3"]
    assert edited["tasks"][-1]["needs"] == ["task-1", "task-2", "prices-in-the-oresund"]
    assert problems(RunPlan.model_validate(edited), CATALOG) == []


def test_one_more_task_that_reads_the_last_becomes_the_last():
    _, values = opened(plan := a_plan())
    new(values, title="Task 1", role="analyst", instructions="Draw three conclusions.", reads=["task-3"])

    edited = plans.edited(plan, values, ROLES)

    assert [task["key"] for task in edited["tasks"]] == ["task-1", "task-2", "task-3", "task-1-2"]
    assert edited["tasks"][-1]["needs"] == ["task-3"]
    assert problems(RunPlan.model_validate(edited), CATALOG) == []


@pytest.mark.parametrize(
    ("said", "at"),
    [({"title": "Prices"}, "new-instructions"), ({"title": "Prices", "instructions": "Find them."}, "new-role"),
     ({"instructions": "Find them."}, "new-title")],
)  # fmt: skip
def test_half_a_task_is_refused_where_something_is_missing(said: Json, at: str):
    _, values = opened(plan := a_plan())
    new(values, **said)

    assert list(plans.problems(plans.edited(plan, values, ROLES), values)) == [at]


def test_what_the_plan_checks_say_stands_at_the_input_it_is_about():
    _, values = opened(a_plan())
    new(values, title="Prices", role="analyst", instructions="Find them.")
    said = ["'task-1' would be reviewed by 'reviewer', who makes it.", "'task-2' and 'task-3' wait in a circle.",
            "'prices' has no title.", "The plan has no task.", "'task-1' again."]  # fmt: skip

    assert plans.at_inputs(said, values) == {
        "role-task-1": f"{said[0]} {said[4]}", "place-task-2": said[1], "new-instructions": said[2], "keep-0": said[3],
    }  # fmt: skip
