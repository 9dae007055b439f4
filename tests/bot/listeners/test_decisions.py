"""Buttons and forms: committed before they are acknowledged, once, and a refusal is always visible."""

import asyncio
import json
import sqlite3
from typing import Any

import pytest

from agents.planning.expand import expand
from bot.listeners.decisions import TOO_LATE
from bot.listeners.leftovers import DEAD_BUTTON, DEAD_FORM
from bot.messages import actions
from bot.workspace import people
from storage import artifacts
from storage.tables import Artifact, Checkpoint, Event, Handoff, Task, Vote
from storage.words import CheckpointKind, CheckpointState, TaskKind, TaskState, VoteAnswer
from tests.bot.shop import PEOPLE, Shop, a_question

Json = dict[str, Any]


async def a_draft(here: Shop) -> Checkpoint:
    """Return an open checkpoint over a draft, of a run that Alice asked for."""
    question = await a_question(here.front)
    async with here.database.write() as session:
        old = await session.get_one(Checkpoint, question.id)
        old.state = CheckpointState.ANSWERED
        task = Task(run_id="run-1", key="brief", kind=TaskKind.WORK, position=2, state=TaskState.ASKING,
                    spec={"key": "brief", "title": "Brief", "station": "Brief", "role": "writer", "makes": "brief"})
        made = await artifacts.add(session, "run-1", "brief", name="brief", text="# Brief\n\nShort.", made_by="writer")
        session.add_all([task, Handoff(run_id="run-1", task_key="brief", attempt=1, artifact_id=made.id)])
        payload = {"artifact_id": made.id, "sha256": made.sha256, "version": 1, "title": "Brief", "problems": []}
        about = {"kind": CheckpointKind.DRAFT, "artifact_id": made.id, "payload": payload, "task_key": "brief"}
        session.add(draft := Checkpoint(**{**old.model_dump(), **about, "id": "chk-2", "state": CheckpointState.OPEN,
                                           "policy": {"deciders": [["members"]], "quorum": 1}}))
    return draft


async def press(here: Shop, name: str, checkpoint: Checkpoint, action: str) -> Json:
    value = actions.to(checkpoint).value()
    return await here.press(name, await here.card(checkpoint, action, value), action, value)


async def opened(here: Shop, name: str) -> Json:
    """Return the form a person has open."""
    view = await here.until(lambda: _view(here, name))
    return dict(view)


async def _view(here: Shop, name: str) -> Json | None:
    connection = sqlite3.connect(here.home / "workspace.db")
    found = connection.execute(
        "SELECT body FROM view WHERE user = ? AND type = 'modal' ORDER BY opened DESC", (PEOPLE[name],)
    ).fetchone()
    connection.close()
    return json.loads(found[0]) if found else None


def filled(view: Json, **said: str) -> Json:
    """Return a form's state: its inputs as they came, with the first of each named block filled in."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    values = {}
    for block in inputs:
        element = block["element"]
        text = next((words for part, words in said.items() if part in block["block_id"]), element.get("initial_value"))
        chosen = {"selected_option": element["initial_option"]} if "initial_option" in element else {"value": text}
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **chosen}}
    return {"values": values}


async def the(here: Shop, checkpoint: Checkpoint) -> Checkpoint:
    [row] = await here.rows(Checkpoint, id=checkpoint.id)
    return row


async def test_a_press_is_counted_before_it_is_acknowledged(here: Shop):
    draft = await a_draft(here)

    assert await press(here, "bob", draft, actions.CHECKPOINT_APPROVE) == {"ok": True}

    row = await the(here, draft)
    assert (row.state, row.decided_by) == (CheckpointState.APPROVED, "U0BOB")


async def test_five_presses_at_once_are_one_vote(here: Shop):
    draft = await a_draft(here)
    value = actions.to(draft).value()
    ts = await here.card(draft, actions.CHECKPOINT_APPROVE, value)

    answers = await asyncio.gather(*(here.press("bob", ts, actions.CHECKPOINT_APPROVE, value) for _ in range(5)))

    assert answers == [{"ok": True}] * 5
    assert [(vote.by, vote.answer) for vote in await here.rows(Vote)] == [("U0BOB", VoteAnswer.APPROVE)]
    assert len(await here.rows(Event, kind="checkpoint approved")) == 1
    told = await here.until(lambda: _four(here, "bob"))
    assert all("already approved by <@U0BOB>" in said for said in told)


async def _four(here: Shop, name: str) -> list[str]:
    told = await here.whispers(name)
    return told if len(told) == 4 else []


async def test_two_people_at_once_make_one_decision_and_the_second_reads_whose(here: Shop):
    draft = await a_draft(here)
    value = actions.to(draft).value()
    ts = await here.card(draft, actions.CHECKPOINT_APPROVE, value)

    await asyncio.gather(*(here.press(name, ts, actions.CHECKPOINT_APPROVE, value) for name in ("bob", "carol")))

    [vote] = await here.rows(Vote)
    late = "carol" if vote.by == "U0BOB" else "bob"
    [told] = await here.until(lambda: here.whispers(late))
    assert told == f"Nothing changed: this was already approved by <@{vote.by}>."


async def test_a_late_press_is_answered_while_slack_does_not_say_who_pressed(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)
    await here.break_("users.info", "500_after")

    await press(here, "carol", draft, actions.CHECKPOINT_APPROVE)

    [told] = await here.until(lambda: here.whispers("carol"))
    assert told == "Nothing changed: this was already approved by <@U0BOB>."


async def test_the_requester_cannot_decide_on_a_draft_and_is_told(here: Shop):
    draft = await a_draft(here)

    await press(here, "alice", draft, actions.CHECKPOINT_APPROVE)

    [told] = await here.until(lambda: here.whispers("alice"))
    assert "someone else must decide" in told
    assert (await the(here, draft)).state is CheckpointState.OPEN
    assert len(await here.rows(Event, kind="vote refused")) == 1


CHANGES = {
    "a guest": {"is_restricted": True},
    "a single-channel guest": {"is_ultra_restricted": True},
    "a stranger": {"is_stranger": True},
    "an app": {"is_bot": True},
    "deactivated": {"deleted": True},
    "someone of another workspace": {"team_id": "T0OTHER"},
}


@pytest.mark.parametrize("facts", CHANGES.values(), ids=CHANGES)
async def test_who_someone_is_counts_when_they_press(here: Shop, monkeypatch: pytest.MonkeyPatch, facts: Json):
    draft = await a_draft(here)
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | facts)

    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)

    assert await here.until(lambda: here.whispers("bob"))
    assert (await the(here, draft)).state is CheckpointState.OPEN
    assert await here.rows(Vote) == []


async def test_who_left_the_channel_cannot_decide_any_more(here: Shop):
    draft = await a_draft(here)
    value = actions.to(draft).value()
    ts = await here.card(draft, actions.CHECKPOINT_APPROVE, value, "D0BOB")
    with sqlite3.connect(here.home / "workspace.db") as connection:
        connection.execute("DELETE FROM member WHERE channel = 'C0SALES' AND user = 'U0BOB'")
    connection.close()

    await here.press("bob", ts, actions.CHECKPOINT_APPROVE, value, "D0BOB")

    [told] = await here.until(lambda: here.whispers("bob"))
    assert told == "Nothing changed. Only members of the channel decide this one."


async def test_when_slack_cannot_say_who_presses_nothing_is_recorded_and_they_are_told(here: Shop):
    draft = await a_draft(here)
    await here.break_("users.info", "500_after")

    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)

    [told] = await here.until(lambda: here.whispers("bob"))
    assert "not recorded. Press again" in told
    assert await here.rows(Vote) == []


STALE = {  # what whoever presses is told
    "version": "edited after you", "nonce": "edited after you", "decided": "already approved",
    "expired": "already closed without an answer", "withdrawn": "already withdrawn", "unknown": "nothing I know any more",
    "foreign": "no longer valid",
}  # fmt: skip


@pytest.mark.parametrize("action", [actions.CHECKPOINT_APPROVE, actions.CHECKPOINT_STOP, actions.CHECKPOINT_SEND_BACK,
                                    actions.CHECKPOINT_EDIT])
@pytest.mark.parametrize("how", STALE)
async def test_a_stale_button_does_nothing_and_says_so(here: Shop, action: str, how: str):
    draft = await a_draft(here)
    pointer = actions.to(draft)
    value = {
        "version": actions.Pointer(pointer.checkpoint_id, 7, pointer.nonce).value(),
        "nonce": actions.Pointer(pointer.checkpoint_id, 1, "guessed").value(),
        "unknown": actions.Pointer("chk-none", 1, pointer.nonce).value(),
        "foreign": "approve everything",
    }.get(how, pointer.value())
    if how in ("decided", "expired", "withdrawn"):
        async with here.database.write() as session:
            row = await session.get_one(Checkpoint, draft.id)
            row.state = {"decided": CheckpointState.APPROVED}.get(how) or CheckpointState(how)

    ts = await here.card(draft, action, value)
    assert await here.press("bob", ts, action, value) == {"ok": True}

    [told] = await here.until(lambda: here.whispers("bob"))
    assert STALE[how] in told
    assert await here.rows(Vote) == []
    assert await _view(here, "bob") is None


async def test_an_unknown_button_is_acknowledged_and_its_person_told(here: Shop):
    draft = await a_draft(here)
    ts = await here.card(draft, "yesterdays_button", "x")

    assert await here.press("bob", ts, "yesterdays_button", "x") == {"ok": True}

    assert await here.until(lambda: here.whispers("bob")) == [DEAD_BUTTON]


async def test_a_question_is_answered_through_its_form(here: Shop):
    question = await a_question(here.front)
    await press(here, "alice", question, actions.CHECKPOINT_ANSWER)
    view = await opened(here, "alice")

    done = await here.do("alice", "submit", {"view_id": view["id"], "state": filled(view, audience="Sales")})

    row = await the(here, question)
    assert done["ok"] is True
    assert "errors" not in done
    assert (row.state, row.answers, row.decided_by) == (CheckpointState.ANSWERED, {"audience": "Sales"}, "U0ALICE")


async def test_who_may_not_answer_is_told_in_the_form_and_loses_nothing(here: Shop):
    question = await a_question(here.front)
    await press(here, "bob", question, actions.CHECKPOINT_ANSWER)
    view = await opened(here, "bob")

    done = await here.do("bob", "submit", {"view_id": view["id"], "state": filled(view, audience="Sales")})

    assert done["response_action"] == "errors"
    assert "decides this one" in next(iter(done["errors"].values()))
    assert (await the(here, question)).state is CheckpointState.OPEN


async def test_sending_back_takes_the_reason_word_for_word(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_SEND_BACK)
    view = await opened(here, "bob")

    await here.do("bob", "submit", {"view_id": view["id"], "state": filled(view, reason="Name the <prices> & dates")})

    row = await the(here, draft)
    assert (row.state, row.note) == (CheckpointState.SENT_BACK, "Name the <prices> & dates")


async def test_an_edited_draft_is_approved_in_the_persons_name(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_EDIT)
    view = await opened(here, "bob")

    await here.do("bob", "submit", {"view_id": view["id"], "state": filled(view, draft="# Brief\n\nShorter.")})

    made = await here.rows(Artifact)
    row = await the(here, draft)
    assert [(each.version, each.text, each.made_by) for each in made] == [
        (1, "# Brief\n\nShort.", "writer"), (2, "# Brief\n\nShorter.", "U0BOB"),
    ]
    assert (row.state, row.version, row.payload["artifact_id"]) == (CheckpointState.APPROVED, 2, made[1].id)


async def test_a_draft_saved_unchanged_is_approved_as_it_is(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_EDIT)
    view = await opened(here, "bob")

    await here.do("bob", "submit", {"view_id": view["id"], "state": filled(view)})

    row = await the(here, draft)
    assert (row.state, row.version) == (CheckpointState.APPROVED, 1)
    assert len(await here.rows(Artifact)) == 1


async def test_a_form_about_an_older_version_is_refused_in_the_form(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_SEND_BACK)
    view = await opened(here, "bob")
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, draft.id)
        row.version, row.nonce = 2, "another"

    done = await here.do("bob", "submit", {"view_id": view["id"], "state": filled(view, reason="No.")})

    assert done["response_action"] == "errors"
    assert "newest version" in next(iter(done["errors"].values()))


async def test_a_form_nobody_knows_any_more_says_so_and_keeps_what_was_typed(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_SEND_BACK)
    view = await opened(here, "bob")
    with sqlite3.connect(here.home / "workspace.db") as connection:
        body = json.dumps({**view, "callback_id": "yesterdays_form"})
        connection.execute("UPDATE view SET body = ? WHERE id = ?", (body, view["id"]))
    connection.close()

    done = await here.do("bob", "submit", {"view_id": view["id"], "state": filled(view, reason="No.")})

    assert (done["response_action"], list(done["errors"].values())) == ("errors", [DEAD_FORM])


async def test_read_all_opens_a_window_even_after_the_decision(here: Shop):
    draft = await a_draft(here)
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)
    await press(here, "carol", draft, actions.CHECKPOINT_READ)

    view = await opened(here, "carol")
    assert view["title"]["text"] == "The whole text"


async def test_a_form_that_slack_does_not_open_is_said(here: Shop):
    draft = await a_draft(here)
    await here.break_("views.open", "500_after")

    await press(here, "bob", draft, actions.CHECKPOINT_SEND_BACK)

    assert await here.until(lambda: here.whispers("bob")) == [TOO_LATE]


async def test_a_failure_nobody_foresaw_is_told_with_an_id(here: Shop, monkeypatch: pytest.MonkeyPatch):
    draft = await a_draft(here)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("the details stay in the log")

    monkeypatch.setattr(here.engine, "decide", broken)
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)

    [told] = await here.until(lambda: here.whispers("bob"))
    assert "nothing was recorded" in told
    assert "(Say err-" in told
    assert "details" not in told


async def a_plan(here: Shop) -> Checkpoint:
    """Return an open checkpoint over the plan of a line."""
    question = await a_question(here.front)
    catalog = here.engine.catalog
    line = catalog.lines["competitive-intelligence"]
    plan = expand(line, catalog.roles, {"competitors": "Acme, Bolt", "audience": "Sales"}).canonical()
    async with here.database.write() as session:
        old = await session.get_one(Checkpoint, question.id)
        old.state = CheckpointState.ANSWERED
        about = {"kind": CheckpointKind.PLAN, "payload": {"plan": plan, "receipt": {}}, "task_key": "plan"}
        session.add(Task(run_id="run-1", key="plan", kind=TaskKind.PLAN, position=1, state=TaskState.ASKING))
        session.add(asked := Checkpoint(**{**old.model_dump(), **about, "id": "chk-3", "state": CheckpointState.OPEN}))
    return asked


def ticked(view: Json, state: Json, *keep: str) -> Json:
    """Return the state with the checkboxes as a person leaves them: all, or only these tasks."""
    for block in view["blocks"]:
        if block.get("element", {}).get("type") == "checkboxes":
            options = [each for each in block["element"]["options"] if not keep or each["value"] in keep]
            chosen = {"type": "checkboxes", "selected_options": options}
            state["values"][block["block_id"]] = {block["element"]["action_id"]: chosen}
    return state


async def test_an_edited_plan_is_what_runs(here: Shop):
    plan = await a_plan(here)
    await press(here, "alice", plan, actions.CHECKPOINT_EDIT)
    view = await opened(here, "alice")
    first = plan.payload["plan"]["tasks"][0]["key"]
    state = ticked(view, filled(view, **{f"task-{first}": "Look at prices only."}))

    done = await here.do("alice", "submit", {"view_id": view["id"], "state": state})

    row = await the(here, plan)
    [task] = await here.rows(Task, run_id="run-1", key=first)
    assert "errors" not in done
    assert (row.state, row.version) == (CheckpointState.APPROVED, 2)
    assert task.spec["instructions"] == "Look at prices only."


async def test_a_plan_saved_unchanged_is_approved_as_it_is(here: Shop):
    plan = await a_plan(here)
    await press(here, "alice", plan, actions.CHECKPOINT_EDIT)
    view = await opened(here, "alice")

    await here.do("alice", "submit", {"view_id": view["id"], "state": ticked(view, filled(view))})

    row = await the(here, plan)
    assert (row.state, row.version) == (CheckpointState.APPROVED, 1)


async def test_a_plan_that_cannot_run_is_refused_in_the_form(here: Shop):
    plan = await a_plan(here)
    await press(here, "alice", plan, actions.CHECKPOINT_EDIT)
    view = await opened(here, "alice")
    state = ticked(view, filled(view), "no task at all")

    done = await here.do("alice", "submit", {"view_id": view["id"], "state": state})

    assert done["response_action"] == "errors"
    assert "This plan cannot run" in next(iter(done["errors"].values()))
    assert (await the(here, plan)).state is CheckpointState.OPEN


async def test_a_plan_gets_another_order_and_one_more_task(here: Shop):
    plan = await a_plan(here)
    await press(here, "alice", plan, actions.CHECKPOINT_EDIT)
    view = await opened(here, "alice")
    first, second = (task["key"] for task in plan.payload["plan"]["tasks"][:2])
    more = {f"place-{first}": "2", f"place-{second}": "1", "new-title": "Prices", "new-instructions": "Find every price."}
    state = ticked(view, filled(view, **more))
    state["values"]["new-role"] = {"value": {"type": "static_select", "selected_option": {"value": "researcher"}}}

    done = await here.do("alice", "submit", {"view_id": view["id"], "state": state})

    tasks = sorted(await here.rows(Task, run_id="run-1", kind=TaskKind.WORK), key=lambda task: task.position)
    keys = [task.key for task in tasks]
    assert "errors" not in done
    assert keys[:2] == [second, first]
    assert keys[-2] == "prices"
    assert "prices" in tasks[-1].spec["needs"]


async def test_what_cannot_be_in_a_plan_is_said_at_its_input_and_everything_typed_is_kept(here: Shop):
    plan = await a_plan(here)
    await press(here, "alice", plan, actions.CHECKPOINT_EDIT)
    view = await opened(here, "alice")
    state = ticked(view, filled(view, **{"new-title": "Prices"}))

    done = await here.do("alice", "submit", {"view_id": view["id"], "state": state})

    assert done["errors"] == {"new-instructions": "The new task needs this too."}
    assert (await the(here, plan)).state is CheckpointState.OPEN
