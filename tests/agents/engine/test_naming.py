"""In a direct message nobody else is there who may decide: the requester names somebody."""

from pathlib import Path

import pytest

from storage.errors import NotAllowedError
from storage.tables import Event, OutboxMessage
from storage.words import CheckpointKind, MessageKind, RunState, VoteAnswer
from tests.agents.engine.effects_story import REQUEST, catalog, script
from tests.workshop import (
    ALICE,
    BOB,
    Page,
    brief_text,
    comparison,
    researches,
    triage,
    verdict,
    whole_line,
    workshop,
    written,
)

ELSEWHERE = BOB.model_copy(update={"member": False})  # nobody but Alice is in her direct messages
DAVINA = ELSEWHERE.model_copy(update={"id": "U0DAVINA"})


async def test_who_is_asked_by_name_decides_without_being_there(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        with pytest.raises(NotAllowedError, match="members of the channel"):
            await shop.decide(draft, ELSEWHERE, VoteAnswer.APPROVE)
        assert await shop.engine.ask_by_name(run_id, ["U0BOB", "U0ALICE", "U0BOB"], ALICE.id)
        assert await shop.engine.ask_by_name(run_id, ["U0BOB"], ALICE.id)
        with pytest.raises(NotAllowedError, match="someone else"):
            await shop.decide(draft, ALICE.model_copy(update={"member": False}), VoteAnswer.APPROVE)
        await shop.decide(draft, ELSEWHERE, VoteAnswer.APPROVE)
        run = await shop.ended(run_id)
        told = [row for row in await shop.rows(OutboxMessage, run_id) if row.user]
        noted = [row for row in await shop.rows(Event, run_id) if row.kind == "people asked"]

    assert run.state is RunState.DONE
    assert [(row.user, row.kind, row.checkpoint_id) for row in told] == [("U0BOB", MessageKind.CHECKPOINT, draft.id)]
    assert [(row.by, row.payload["people"]) for row in noted] == [("U0ALICE", ["U0BOB"])]


async def test_the_next_version_of_a_draft_comes_to_them_too(tmp_path: Path):
    again = written(brief_text("They sell cargo bikes [F101]."), when={"role": "writer", "attempt": "2"})
    script = [triage(), *researches(), comparison(), written(), verdict(), again, verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        first = await shop.to_draft(run_id)
        await shop.engine.ask_by_name(run_id, ["U0BOB"], ALICE.id)
        await shop.decide(first, ELSEWHERE, VoteAnswer.SEND_BACK, note="Say what they sell.")
        second = await shop.open(run_id, CheckpointKind.DRAFT)
        told = [row.checkpoint_id for row in await shop.rows(OutboxMessage, run_id) if row.user == "U0BOB"]

    assert second.policy["named"] == ["U0BOB"]
    assert told == [first.id, second.id]


async def test_naming_somebody_hands_them_nothing_that_is_the_requesters(tmp_path: Path):
    async with workshop(tmp_path, [triage()]) as shop:
        run_id = await shop.ask()
        plan = await shop.to_plan(run_id)
        asked = await shop.engine.ask_by_name(run_id, ["U0BOB"], ALICE.id)
        with pytest.raises(NotAllowedError, match="who asked for this work"):
            await shop.decide(plan, BOB, VoteAnswer.APPROVE)

    assert not asked


async def test_whoever_asked_names_nobody_whom_the_policy_does_not_list(tmp_path: Path):
    listed = Page('[draft]\ndeciders = ["U0CAROL"]\n')
    async with workshop(tmp_path, whole_line(), policy=listed) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        asked = await shop.engine.ask_by_name(run_id, ["U0BOB"], ALICE.id)
        with pytest.raises(NotAllowedError, match="U0CAROL"):
            await shop.decide(draft, ELSEWHERE, VoteAnswer.APPROVE)

    assert not asked


async def test_whom_the_requester_let_answer_a_plan_decides_on_no_draft(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        plan = await shop.to_plan(run_id)
        await shop.engine.controls.delegate(plan.id, ALICE, ELSEWHERE)
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        with pytest.raises(NotAllowedError, match="members of the channel"):
            await shop.decide(draft, ELSEWHERE, VoteAnswer.APPROVE)

    assert draft.policy["named"] == []


async def test_whom_a_decider_let_decide_on_a_draft_decides_on_no_effect(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog(), policy=Page('[effect]\ndeciders = ["U0CAROL"]\n')) as shop:
        run_id = await shop.ask(REQUEST, samples=())
        await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        await shop.engine.controls.delegate(draft.id, BOB, DAVINA)
        await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        effect = await shop.open(run_id, CheckpointKind.EFFECT)
        with pytest.raises(NotAllowedError, match="U0CAROL"):
            await shop.decide(effect, DAVINA, VoteAnswer.APPROVE)

    assert effect.policy["named"] == []
