"""Several deciders: who approved before is asked about anew, others can be asked, and who opened what is kept."""

from typing import Any

import pytest

from bot.messages import actions, control
from storage.policy import Policy
from storage.tables import Brief, Checkpoint, Event, OutboxMessage, Run, Seen, Vote
from storage.words import CheckpointKind, CheckpointState, EffectClass, MessageKind, RunState
from tests.bot.listeners.test_decisions import a_draft, opened, press, the
from tests.bot.shop import Shop, a_question

Json = dict[str, Any]


async def asked_of(here: Shop, **said: Any) -> Checkpoint:
    """Return an open draft under this policy."""
    draft = await a_draft(here)
    async with here.database.write() as session:
        row = await session.get_one(Checkpoint, draft.id)
        row.policy = Policy(**said).model_dump(mode="json")
        row.effect = EffectClass(said.get("effect", "R1"))
    return await the(here, draft)


async def test_two_who_are_both_still_there_decide(here: Shop):
    draft = await asked_of(here, quorum=2)

    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)
    first = await the(here, draft)
    await press(here, "carol", draft, actions.CHECKPOINT_APPROVE)

    assert first.state is CheckpointState.OPEN
    assert (await the(here, draft)).state is CheckpointState.APPROVED


async def test_the_vote_of_who_has_left_since_falls_away_and_the_log_says_so(here: Shop):
    draft = await asked_of(here, quorum=2)
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)
    here.leave("U0BOB")

    await press(here, "carol", draft, actions.CHECKPOINT_APPROVE)

    assert (await the(here, draft)).state is CheckpointState.OPEN
    assert [vote.by for vote in await here.rows(Vote)] == ["U0CAROL"]
    assert [line.by for line in await here.rows(Event, kind="vote fell away")] == ["U0BOB"]


async def test_when_slack_cannot_say_who_approved_before_nothing_is_recorded(here: Shop):
    draft = await asked_of(here, quorum=2)
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)
    await here.break_("users.info", "500_after")

    await press(here, "carol", draft, actions.CHECKPOINT_APPROVE)

    [told] = await here.until(lambda: here.whispers("carol"))
    assert "not recorded. Press again" in told
    assert [vote.by for vote in await here.rows(Vote)] == ["U0BOB"]


async def test_who_is_not_in_the_group_that_decides_is_told_which_it_is(here: Shop):
    draft = await asked_of(here, deciders=(("S0NOBODY",),))

    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)

    [told] = await here.until(lambda: here.whispers("bob"))
    assert told == "Nothing changed. Only <!subteam^S0NOBODY> and members of the channel may decide this one."


async def ask_else(here: Shop, name: str, draft: Checkpoint, whom: str) -> Json:
    """Ask somebody else by the card's menu."""
    value = actions.to(draft).value()
    menu = control.overflow(actions.CHECKPOINT_MORE, [("Ask somebody else…", value)])
    blocks = [{"type": "actions", "block_id": "card", "elements": [menu]}]
    posted = await here.front.client.chat_postMessage(channel="C0SALES", text="card", blocks=blocks)
    container = {"type": "message", "channel": "C0SALES", "ts": str(posted["ts"])}
    chosen = {"action_id": actions.CHECKPOINT_MORE, "type": "overflow", "selected_option": menu["options"][0]}
    await here.do(name, "action", {"container": container, "block_id": "card", "action": chosen})
    view = await opened(here, name)
    state = {"values": {"person": {"value": {"type": "users_select", "selected_user": whom}}}}
    return await here.do(name, "submit", {"view_id": view["id"], "state": state})


async def test_a_decider_asks_somebody_else_who_gets_a_card_and_decides_for_them(here: Shop):
    draft = await asked_of(here, deciders=(("U0BOB",),))

    done = await ask_else(here, "bob", draft, "U0CAROL")
    cards = await here.rows(OutboxMessage, kind=MessageKind.CHECKPOINT, user="U0CAROL")
    await press(here, "carol", draft, actions.CHECKPOINT_APPROVE)

    row = await the(here, draft)
    assert "errors" not in done
    assert len(cards) == 1
    assert (row.state, row.decided_by) == (CheckpointState.APPROVED, "U0CAROL")


@pytest.mark.parametrize(("name", "whom", "says"), [("carol", "U0CAROL", "Only <@U0BOB> and members"),
                                                    ("bob", "U0ALICE", "does not decide on it"),
                                                    ("bob", "U0DAVE", "Guests")])  # fmt: skip
async def test_who_may_not_decide_cannot_ask_and_cannot_be_asked(here: Shop, name: str, whom: str, says: str):
    draft = await asked_of(here, deciders=(("U0BOB",),))

    done = await ask_else(here, name, draft, whom)

    assert says in str(done["errors"])
    assert await here.rows(OutboxMessage, kind=MessageKind.CHECKPOINT, user=whom) == []


@pytest.mark.parametrize("action", [actions.CHECKPOINT_READ, actions.CHECKPOINT_EDIT, actions.CHECKPOINT_SEND_BACK])
async def test_who_opens_a_checkpoint_is_kept_once_a_version(here: Shop, action: str):
    draft = await a_draft(here)

    await press(here, "bob", draft, action)
    await here.until(lambda: here.rows(Seen))
    await press(here, "bob", draft, action)
    await opened(here, "bob")

    assert [(seen.by, seen.version) for seen in await here.rows(Seen)] == [("U0BOB", 1)]


async def test_who_reads_a_draft_sees_what_its_writer_was_shown_last(here: Shop):
    draft = await a_draft(here)
    shown = {"work": "writer", "revision-1": "writer", "review-2": "reviewer"}
    of = {"run_id": draft.run_id, "task_key": draft.task_key, "attempt": draft.attempt}
    async with here.front.database.write() as session:
        session.add_all([Brief(**of, name=name, role=role, digest=name.ljust(64, "0")) for name, role in shown.items()])

    await press(here, "bob", draft, actions.CHECKPOINT_READ)
    view = await opened(here, "bob")

    assert "*The writer was shown* the request and the contract" in str(view["blocks"][0])
    assert "brief revision-100" in str(view["blocks"][0])


async def test_what_cannot_be_undone_counts_only_after_all_of_it_was_opened(here: Shop):
    draft = await asked_of(here, effect="R4", quorum=2)
    await press(here, "bob", draft, actions.CHECKPOINT_SEND_BACK)
    await opened(here, "bob")
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)
    [told] = await here.until(lambda: here.whispers("bob"))
    before = await here.rows(Vote)
    await press(here, "bob", draft, actions.CHECKPOINT_READ)
    await here.until(lambda: here.rows(Seen))
    await press(here, "bob", draft, actions.CHECKPOINT_APPROVE)

    assert "open all of it first" in told
    assert before == []
    assert [vote.by for vote in await here.rows(Vote)] == ["U0BOB"]


@pytest.mark.parametrize("action", [actions.CHECKPOINT_APPROVE, actions.CHECKPOINT_FINISH])
async def test_a_reached_budget_is_raised_or_what_there_is_is_delivered(here: Shop, action: str):
    payload = {"cap": "this run", "spent_usd": 2.01, "cap_usd": 2.0, "more_usd": 1.0}
    asked = await a_question(here.front, CheckpointKind.BUDGET, payload=payload, question="How shall it go on?")

    await press(here, "alice", asked, action)

    [run] = await here.rows(Run)
    row = await the(here, asked)
    raised = action == actions.CHECKPOINT_APPROVE
    assert row.state is (CheckpointState.APPROVED if raised else CheckpointState.ANSWERED)
    assert (run.extra_usd, run.state is RunState.STOPPED) == ((1.0, False) if raised else (0.0, True))
