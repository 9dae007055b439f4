"""Effects, from the proposal to the moment of doing them: nothing is done that people did not approve as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.engine.executing import NotNowError
from storage.errors import NotAllowedError, RefusedError
from storage.tables import Artifact, OutboxMessage
from storage.words import (
    CheckpointKind,
    CheckpointState,
    EffectClass,
    MessageKind,
    MessageState,
    RunState,
    VoteAnswer,
)
from tests.agents.engine.effects_story import (
    CHANNEL,
    OTHER,
    REQUEST,
    TEXT,
    WHY,
    catalog,
    effects_of,
    script,
    to_effect,
    told,
    wish,
)
from tests.workshop import ALICE, BOB, workshop

PAYLOAD = {"effect": "post_message", "class": "R3", "target": {"channel": CHANNEL}, "text": TEXT, "why": WHY}


async def test_a_proposal_is_asked_about_exactly_and_nothing_is_done(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        queued = await effects_of(shop, run_id)
        said = str(shop.model.calls(role="herald")[-1].body)

    assert (asked.payload, asked.effect) == (PAYLOAD, EffectClass.R3)
    assert queued == []
    assert "Proposed, and not done" in said


async def test_what_is_approved_is_queued_with_its_digest_done_once_and_the_run_goes_on(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        [row] = await effects_of(shop, run_id)
        waiting = await shop.run(run_id)
        cleared = await shop.engine.effects.begin(row.id)
        await shop.engine.effects.done(row.id, "5.000100", "https://x.slack.com/archives/C0LAUNCH/p5")
        await shop.engine.effects.done(row.id, "6.000100", "")
        run = await shop.ended(run_id)
        done = await told(shop, run_id, "effect done")

    assert asked.digest in row.text and waiting.state is RunState.WAITING
    assert cleared is not None and cleared.payload == PAYLOAD
    assert run.state is RunState.DONE
    assert [(one["ts"], one["digest"]) for one in done] == [("5.000100", asked.digest)]


async def test_the_requester_never_decides_on_it(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        with pytest.raises(NotAllowedError, match="someone else must decide"):
            await shop.decide(asked, ALICE, VoteAnswer.APPROVE)

        assert await effects_of(shop, run_id) == []


async def test_proposals_are_asked_about_one_after_the_other_and_each_once(tmp_path: Path):
    wishes = [wish("One."), wish("Two.", OTHER), wish("One.")]
    async with workshop(tmp_path, script(*wishes), catalog=catalog()) as shop:
        run_id, first = await to_effect(shop)
        await shop.decide(first, BOB, VoteAnswer.APPROVE)
        await shop.engine.effects.begin(f"eff_{first.id}")
        await shop.engine.effects.done(f"eff_{first.id}", "5.000100", "")
        second = await shop.open(run_id, CheckpointKind.EFFECT)
        await shop.decide(second, BOB, VoteAnswer.APPROVE)
        await shop.engine.effects.begin(f"eff_{second.id}")
        await shop.engine.effects.done(f"eff_{second.id}", "5.000200", "")
        await shop.ended(run_id)

    assert [first.payload["text"], second.payload["text"]] == ["One.", "Two."]


async def test_a_task_proposes_five_at_most(tmp_path: Path):
    wishes = [wish(f"Post {number}.") for number in range(7)]
    async with workshop(tmp_path, script(*wishes), catalog=catalog()) as shop:
        run_id, _ = await to_effect(shop)
        [proposed] = await told(shop, run_id, "effects proposed")
        said = str(shop.model.calls(role="herald")[-1].body)

    assert [one["text"] for one in proposed["proposals"]] == [f"Post {number}." for number in range(5)]
    assert said.count("proposes 5 effects at most") == 2


async def test_a_channel_nobody_named_is_no_target(tmp_path: Path):
    wishes = [wish("Psst.", "C0EVIL99"), wish("Aloud.")]
    async with workshop(tmp_path, script(*wishes), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        [proposed] = await told(shop, run_id, "effects proposed")
        said = str(shop.model.calls(role="herald")[-1].body)

    assert [one["text"] for one in proposed["proposals"]] == ["Aloud."] == [asked.payload["text"]]
    assert "named the channel" in said and CHANNEL in REQUEST


async def test_sent_back_it_returns_to_the_agent_with_the_reason(tmp_path: Path):
    async with workshop(tmp_path, [*script(), *script(wish("Better."), attempts=2)[5:]], catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.SEND_BACK, note="Too loud.")
        again = await shop.open(run_id, CheckpointKind.EFFECT)
        shown = str(shop.model.calls(role="herald")[2].body)

    assert again.payload["text"] == "Better."
    assert "Too loud." in shown and "sent back: {" in shown


async def test_what_was_done_is_not_asked_about_again_by_a_later_attempt(tmp_path: Path):
    wishes = [wish("One."), wish("Two.", OTHER)]
    async with workshop(tmp_path, script(*wishes, attempts=2), catalog=catalog()) as shop:
        run_id, first = await to_effect(shop)
        await shop.decide(first, BOB, VoteAnswer.APPROVE)
        await shop.engine.effects.begin(f"eff_{first.id}")
        await shop.engine.effects.done(f"eff_{first.id}", "5.000100", "")
        second = await shop.open(run_id, CheckpointKind.EFFECT)
        await shop.decide(second, BOB, VoteAnswer.SEND_BACK, note="Say it again.")
        third = await shop.open(run_id, CheckpointKind.EFFECT)

    assert (third.payload["text"], third.attempt) == ("Two.", 2)


async def test_a_stopped_run_does_nothing_that_was_approved(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.engine.stop_run(run_id, ALICE)
        cleared = await shop.engine.effects.begin(f"eff_{asked.id}")
        [row] = await effects_of(shop, run_id)
        [left] = await told(shop, run_id, "effect not done")

    assert (cleared, row.state, row.attempts) == (None, MessageState.DEAD, 0)
    assert left["why"] == "the run had ended before"


async def test_a_halt_or_a_pause_lets_it_wait_and_changes_nothing(tmp_path: Path):
    admin = BOB.model_copy(update={"admin": True})
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.engine.controls.halt("T0JIDOKA", admin, "stop")
        await shop.engine.controls.settle()  # every run has looked at the halt
        before = await shop.run(run_id)
        for _ in range(3):
            with pytest.raises(NotNowError):
                await shop.engine.effects.begin(f"eff_{asked.id}")
        after = await shop.run(run_id)
        await shop.engine.controls.lift("T0JIDOKA", admin)
        await shop.engine.controls.pause(run_id, ALICE)
        with pytest.raises(NotNowError):
            await shop.engine.effects.begin(f"eff_{asked.id}")
        await shop.engine.controls.resume(run_id, ALICE)
        cleared = await shop.engine.effects.begin(f"eff_{asked.id}")

    assert before.rev == after.rev
    assert cleared is not None


async def test_a_halt_between_the_note_and_the_call_still_stops_it(tmp_path: Path):
    admin = BOB.model_copy(update={"admin": True})
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        _, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        cleared = await shop.engine.effects.begin(f"eff_{asked.id}")
        assert cleared is not None
        await shop.engine.controls.halt("T0JIDOKA", admin, "stop")

        with pytest.raises(NotNowError):
            shop.engine.effects.check_still(cleared)


async def test_a_task_begun_anew_takes_its_approved_effect_back(tmp_path: Path):
    async with workshop(tmp_path, script(attempts=2), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.engine.controls.run_again(run_id, ALICE, "post", "shorter")
        cleared = await shop.engine.effects.begin(f"eff_{asked.id}")
        again = await shop.open(run_id, CheckpointKind.EFFECT)

    assert cleared is None
    assert (again.id != asked.id, again.attempt) == (True, 2)


async def test_what_cannot_be_done_is_told_and_the_run_goes_on(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.engine.effects.begin(f"eff_{asked.id}")
        await shop.engine.effects.give_up(f"eff_{asked.id}", "that channel is archived")
        run = await shop.ended(run_id)
        notices = [m.text for m in await shop.rows(OutboxMessage, run_id) if m.kind is MessageKind.NOTICE]
        made = await shop.rows(Artifact, run_id)

    assert run.state is RunState.DONE and len(made) == 2
    assert notices == [
        f"“post message” to {CHANNEL} was not done: that channel is archived. The run goes on without it."
    ]


async def test_stop_ends_the_run_with_nothing_done(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        decided = await shop.decide(asked, BOB, VoteAnswer.STOP)
        run = await shop.run(run_id)

        assert (decided.state, run.state) == (CheckpointState.STOPPED, RunState.STOPPED)
        assert await effects_of(shop, run_id) == []


async def test_no_edit_slips_in_with_a_vote(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        with pytest.raises(RefusedError):
            await shop.decide(asked, BOB, VoteAnswer.APPROVE, edited={"text": "Something else."})

        assert await effects_of(shop, run_id) == []
