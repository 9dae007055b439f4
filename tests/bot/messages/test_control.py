"""What a run is steered with, as people see it: its menu, its forms, and how it says that it stands still."""

from datetime import timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import actions, control, result, status
from bot.messages.actions import RunDeed
from bot.messages.figures import Spend
from bot.messages.said import Said
from storage.agenda import Halt
from storage.tables import Event
from storage.words import RunState, TaskState
from tests.bot.messages import sample

Json = dict[str, Any]


def _offered(said: Any) -> list[str]:
    rows = [block["elements"] for block in said.blocks if block["type"] == "actions"]
    menus = [element for row in rows for element in row if element["type"] == "overflow"]
    return [option["text"]["text"] for menu in menus for option in menu["options"]]


@pytest.mark.parametrize(
    ("about", "first"),
    [({}, "Pause"), ({"paused": True, "state": RunState.PAUSED}, "Resume"),
     ({"begin_at": sample.NOW + timedelta(hours=6)}, "Begin now"), ({"begin_at": sample.BEGAN}, "Pause")],
)  # fmt: skip
def test_the_menu_offers_what_can_be_done_with_the_run_now(about: Json, first: str):
    said = status.build(sample.under_way(run=sample.run(**about)))

    assert _offered(said) == [first, "Run a task again…", "Budget…", "Deadline…", "Hand over…"]
    assert blockkit.validate(list(said.blocks), "message", "emit") == []


def test_before_any_task_has_begun_none_can_be_run_again():
    tasks = (sample.task("brief", TaskState.BLOCKED),)

    said = status.build(sample.under_way(tasks=tasks))

    assert _offered(said) == ["Pause", "Budget…", "Deadline…", "Hand over…"]


def test_a_run_that_ended_has_no_menu():
    said = status.build(sample.under_way(run=sample.run(state=RunState.DONE, ended_at=sample.NOW)))

    assert _offered(said) == []


def test_a_paused_run_says_who_paused_it_and_how_it_goes_on():
    rows = sample.under_way(
        run=sample.run(paused=True, state=RunState.PAUSED), paused_by="U0BOB", paused_at=sample.BEGAN
    )

    said = status.build(rows)

    assert "Paused by <@U0BOB>, <!date^" in said.text
    assert "resumes it" in said.text


@pytest.mark.parametrize(
    ("given", "said"), [({"cap_usd": 4.0}, True), ({"cap_usd": 4.0, "state": RunState.DONE}, False), ({}, False)]
)
def test_a_budget_of_the_runs_own_stands_on_its_status(given: dict[str, Any], said: bool):
    shown = str(status.build(sample.under_way(run=sample.run(extra_usd=1.0, **given))).blocks)

    assert ("may spend $5.00" in shown) is said


def test_a_halt_says_who_stopped_everything_and_why_and_nothing_in_it_is_live():
    halt = Halt(team="T1", by="U0CAROL", why="The <!channel> figures are wrong.", at=sample.BEGAN)

    said = status.build(sample.under_way(run=sample.run(state=RunState.PAUSED), halt=halt))

    assert "Everything here was stopped by <@U0CAROL>" in said.text
    assert "“The &lt;!channel&gt; figures are wrong”" in said.text
    assert "<!channel>" not in str(said.blocks)


@pytest.mark.parametrize(
    "view",
    [
        control.again(sample.run(), sample.tasks()),
        control.again(sample.run(), [sample.task("t", TaskState.DONE, "T" * 300)]),
        control.cap(sample.run(), Spend()), control.cap(sample.run(cap_usd=2.5), Spend(0.4)),
        control.deadline(sample.run()), control.deadline(sample.run(due_at=sample.NOW)), control.hand_over(sample.run()),
    ],
    ids=["again", "again, long", "cap", "cap set", "deadline", "deadline set", "hand over"],
)  # fmt: skip
def test_every_form_is_one_slack_takes_and_points_at_its_run(view: Json):
    assert blockkit.validate_view(view, "emit") == []
    assert actions.run_of(view["private_metadata"]) == "run-1"


def test_the_last_task_stands_first_among_those_to_run_again():
    view = control.again(sample.run(), sample.tasks())

    options = view["blocks"][1]["element"]["options"]
    assert [option["value"] for option in options] == ["compare", "research-2", "research-1"]


@pytest.mark.parametrize(
    "value",
    ["", "x", "{}", '{"run": "r"}', '{"run": "r", "do": "explode"}', '{"run": 1, "do": "pause"}',
     '{"run": "r", "do": "pause", "more": 1}'],
)  # fmt: skip
def test_a_menu_entry_we_did_not_make_stands_for_nothing(value: str):
    assert actions.menu_of(value) is None


def test_a_menu_entry_points_at_its_run_and_deed():
    value = actions.menu_value("run-1", RunDeed.AGAIN)

    assert actions.menu_of(value) == ("run-1", RunDeed.AGAIN)
    assert len(value) <= 150  # characters of an option's value


def test_what_a_form_holds_is_read_back():
    at = 1_795_000_000
    values = {
        "task": {"value": {"selected_option": {"value": "compare"}}}, "note": {"value": {"value": " Use <prices>. "}},
        "cap": {"value": {"value": "2.50"}}, "moment": {"value": {"selected_date_time": at}},
        "person": {"value": {"selected_user": "U0BOB"}},
    }  # fmt: skip

    moment = control.chosen_moment(values)
    assert control.chosen_task(values) == ("compare", "Use <prices>.")
    assert control.chosen_cap(values) == 2.5
    assert moment is not None
    assert moment.timestamp() == at
    assert control.chosen_person(values) == "U0BOB"
    assert (control.chosen_cap({}), control.chosen_moment({}), control.chosen_person({})) == (None, None, "")


def _pressable(said: Said) -> list[str]:
    rows = [block["elements"] for block in said.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


def _said(kind: str) -> Event:
    return Event(kind=kind, by="U0BOB", at=sample.NOW, salt="", payload_hash="", previous="", hash="")


@pytest.mark.parametrize(
    ("about", "says"),
    [({}, ""), ({"verdict": _said("run accepted")}, "👍 *Accepted* by <@U0BOB>"),
     ({"verdict": _said("run refused")}, "👎 *Not right*, says <@U0BOB>")],
    ids=["not judged", "accepted", "refused"],
)  # fmt: skip
def test_a_result_can_be_judged_and_reopened_and_says_who_did(about: Json, says: str):
    said = result.build(sample.finished(**about))

    assert _pressable(said) == ["👍 Accept", "👎 Not right", "Reopen…"]
    assert says in str(said.blocks)
    assert blockkit.validate(list(said.blocks), "message", "emit") == []


def test_a_result_that_is_being_made_anew_has_no_buttons():
    said = result.build(sample.finished(run=sample.run(state=RunState.WORKING)))

    assert _pressable(said) == []
    assert "*Reopened*: a new version is being made" in str(said.blocks)


def test_an_older_result_points_at_the_newer():
    said = result.build(sample.finished(is_newest=False))

    assert _pressable(said) == []
    assert "A newer result stands further down." in str(said.blocks)
