"""Several decisions in one form: each by its own tick or its own fields, each through the same door, once."""

from typing import Any

import pytest

from bot.blockkit import validate_view
from bot.listeners.several import NONE_CHOSEN, NOTHING_SAID, ONE_LEFT
from bot.messages import actions, several
from bot.messages.together import ALL_OF_IT
from storage import artifacts
from storage.tables import Checkpoint, Event, Handoff, Run, Task, Vote
from storage.words import CheckpointKind, CheckpointState, EffectClass, RunState, TaskKind, TaskState
from tests.bot.listeners.test_home import opened, press, window
from tests.bot.shop import Shop, a_question

Json = dict[str, Any]


async def drafts(here: Shop, count: int, **about: Any) -> list[Checkpoint]:
    """Return open drafts at the same station of the same line, each of a run of its own that Alice asked for."""
    await a_question(here.front)
    made = []
    async with here.database.write() as session:
        old = (await session.get_one(Run, "run-1")).model_dump()
        asked = (await here.rows(Checkpoint))[0].model_dump()
        (await session.get_one(Run, "run-1")).state = RunState.STOPPED
        (await session.get_one(Checkpoint, asked["id"])).state = CheckpointState.WITHDRAWN
        for n in range(count):
            run = f"run-d{n}"
            session.add(Run(**{**old, "id": run, "request_ts": f"3.{n}", "line": "campaign", "title": f"Campaign {n}"}))
            spec = {"key": "brief", "title": "Brief", "station": "Brief", "role": "writer", "makes": "brief"}
            session.add(Task(run_id=run, key="brief", kind=TaskKind.WORK, position=2, state=TaskState.ASKING, spec=spec))
            text = await artifacts.add(session, run, "brief", name="brief", text="# Brief", made_by="writer")
            session.add(Handoff(run_id=run, task_key="brief", attempt=1, artifact_id=text.id))
            row = {**asked, "id": f"chk-d{n}", "run_id": run, "task_key": "brief", "kind": CheckpointKind.DRAFT}
            payload = {"artifact_id": text.id, "sha256": text.sha256, "version": 1, "title": "Brief", "problems": []}
            row |= {"payload": {**payload, "summary": "Short."}, "artifact_id": text.id}
            session.add(one := Checkpoint(**{**row, "policy": {"deciders": [["members"]], "quorum": 1}, **about}))
            made.append(one)
    return made


async def the_form(here: Shop, name: str) -> Json:
    """Return the form that the button on a person's Home opens."""
    await press(here, name, await opened(here, name), several.DECIDE_ALIKE)
    view = await here.until(lambda: window(here, name))
    assert validate_view({k: view[k] for k in ("type", "title", "submit", "close", "blocks")}, "accept") == []
    return dict(view)


def boxes(view: Json) -> list[Json]:
    """Return a form's ticks."""
    return [block for block in view["blocks"] if block["type"] == "input" and block["element"]["type"] == "checkboxes"]


def ticked(view: Json, which: set[int], note: str = "") -> Json:
    """Return a form's state with some of its ticks set."""
    values: Json = {several.NOTE: {"value": {"type": "plain_text_input", "value": note}}}
    for number, block in enumerate(boxes(view)):
        chosen = block["element"]["options"] if number in which else []
        values[block["block_id"]] = {"value": {"type": "checkboxes", "selected_options": chosen}}
    return {"values": values}


async def test_what_is_alike_is_offered_together_and_nothing_is_ticked(here: Shop):
    await drafts(here, 3)

    view = await the_form(here, "bob")

    assert len(boxes(view)) == 3
    assert not any("initial_options" in box["element"] for box in boxes(view))
    assert "drafts at “Brief” of the line “campaign”" in str(view)


async def test_each_chosen_one_is_counted_by_itself_and_the_form_says_which_did_not_count(here: Shop):
    made = await drafts(here, 3)
    view = await the_form(here, "bob")
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, made[1].id)
        row.state, row.decided_by = CheckpointState.APPROVED, "U0CAROL"

    said = await here.do("bob", "submit", {"view_id": view["id"], "state": ticked(view, {0, 1}, "Well done.")})

    assert said["ok"] is True
    [left] = await here.rows(Checkpoint, id="chk-d2")
    assert left.state is CheckpointState.OPEN
    votes = [(vote.checkpoint_id, vote.by, vote.note) for vote in await here.rows(Vote)]
    assert votes == [("chk-d0", "U0BOB", "Well done.")]
    assert [event.run_id for event in await here.rows(Event, kind="vote")] == ["run-d0"]
    result = str((await window(here, "bob") or {})["blocks"])
    assert "Counted: 1 of 2" in result
    assert "Campaign 1: Nothing changed: this was already approved by <@U0CAROL>." in result


async def test_nothing_ticked_is_said_in_the_form_and_counts_nothing(here: Shop):
    await drafts(here, 2)
    view = await the_form(here, "bob")

    said = await here.do("bob", "submit", {"view_id": view["id"], "state": ticked(view, set())})

    assert said["errors"] == {several.NOTE: NONE_CHOSEN}
    assert await here.rows(Vote) == []


@pytest.mark.parametrize("about", [
    {"effect": EffectClass.R3}, {"policy": {"deciders": [["members"]], "quorum": 2}}, {"kind": CheckpointKind.QUESTION},
], ids=["reaches outside", "takes two people", "asks for words"])  # fmt: skip
async def test_what_must_be_decided_alone_is_not_offered_together(here: Shop, about: Json):
    await drafts(here, 2, **about)

    view = await opened(here, "bob")

    assert several.DECIDE_ALIKE not in str(view)


async def test_a_button_whose_decisions_are_gone_says_so(here: Shop):
    made = await drafts(here, 2)
    view = await opened(here, "bob")
    async with here.database.write() as session:
        (await session.get_one(Checkpoint, made[0].id)).state = CheckpointState.WITHDRAWN

    await press(here, "bob", view, several.DECIDE_ALIKE)

    told = await here.until(lambda: window(here, "bob"))
    assert ONE_LEFT in str(told["blocks"])


async def two_questions(here: Shop) -> None:
    """Open a second question of Alice's run, with a number to be told."""
    first = await a_question(here.front)
    async with here.database.write() as session:
        asked = (await session.get_one(Checkpoint, first.id)).model_dump()
        spec = {"key": "sums", "title": "Sums", "role": "writer"}
        session.add(Task(run_id="run-1", key="sums", kind=TaskKind.WORK, position=3, state=TaskState.ASKING, spec=spec))
        fields = [{"name": "budget", "question": "How much?", "optional": False, "kind": "number"},
                  {"name": "why", "question": "Why so much?", "optional": False}]
        about = {"id": "chk-2", "task_key": "sums", "question": "About money:", "payload": {"fields": fields}}
        session.add(Checkpoint(**{**asked, **about}))


async def together(here: Shop) -> Json:
    """Return the form that Answer opens."""
    await press(here, "alice", await opened(here, "alice"), actions.CHECKPOINT_ANSWER)
    view = await here.until(lambda: window(here, "alice"))
    assert validate_view({k: view[k] for k in ("type", "title", "submit", "close", "blocks")}, "accept") == []
    return dict(view)


def filled(view: Json, **said: str) -> Json:
    """Return a form's state: each input by the end of its block id."""
    kinds = {block["block_id"]: block["element"]["type"] for block in view["blocks"] if block["type"] == "input"}
    text = {name: said.get(name.rpartition("answer-")[2]) for name in kinds}
    return {"values": {name: {"value": {"type": kind, "value": text[name]}} for name, kind in kinds.items()}}


async def test_every_open_question_of_a_run_is_answered_in_one_form(here: Shop):
    await two_questions(here)
    view = await together(here)

    state = filled(view, audience="Sales", budget="20", why="Ads")
    said = await here.do("alice", "submit", {"view_id": view["id"], "state": state})

    assert (said["ok"], said.get("errors")) == (True, None)
    answers = {row.task_key: (row.state, row.answers) for row in await here.rows(Checkpoint)}
    assert answers == {
        "triage": (CheckpointState.ANSWERED, {"audience": "Sales"}),
        "sums": (CheckpointState.ANSWERED, {"budget": "20", "why": "Ads"}),
    }
    assert len(await here.rows(Event, kind="vote")) == 2


async def test_a_question_left_wholly_empty_stays_open(here: Shop):
    await two_questions(here)
    view = await together(here)

    await here.do("alice", "submit", {"view_id": view["id"], "state": filled(view, audience="Sales")})

    states = {row.task_key: row.state for row in await here.rows(Checkpoint)}
    assert states == {"triage": CheckpointState.ANSWERED, "sums": CheckpointState.OPEN}


async def test_what_is_missing_stands_at_its_own_field_and_nothing_is_recorded(here: Shop):
    await two_questions(here)
    view = await together(here)

    said = await here.do("alice", "submit", {"view_id": view["id"], "state": filled(view, audience="Sales", budget="20")})

    assert said["errors"] == {"chk-2/answer-why": ALL_OF_IT}
    assert await here.rows(Vote) == []


async def test_an_empty_form_is_not_sent(here: Shop):
    await two_questions(here)
    view = await together(here)

    said = await here.do("alice", "submit", {"view_id": view["id"], "state": filled(view)})

    assert list(said["errors"].values()) == [NOTHING_SAID]


async def test_a_question_somebody_ended_meanwhile_is_refused_at_its_field_and_the_other_counts_once(here: Shop):
    await two_questions(here)
    view = await together(here)
    async with here.database.write() as session:
        (await session.get_one(Checkpoint, "chk-2")).state = CheckpointState.EXPIRED
    state = filled(view, audience="Sales", budget="20", why="Ads")

    first = await here.do("alice", "submit", {"view_id": view["id"], "state": state})
    second = await here.do("alice", "submit", {"view_id": view["id"], "state": state})

    refused = {"chk-2/answer-budget": "Nothing changed: this was already closed without an answer."}
    assert first["errors"] == second["errors"] == refused
    [counted] = await here.rows(Checkpoint, task_key="triage")
    assert [vote.checkpoint_id for vote in await here.rows(Vote)] == [counted.id]
