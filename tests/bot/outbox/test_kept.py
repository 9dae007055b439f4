"""What is kept for a later hour holds up nothing, and is not said when it no longer asks for anything."""

from datetime import timedelta

import pytest

from bot.outbox.queue import Lane, lanes
from storage import checkpoints, clock, outbox
from storage.tables import OutboxMessage
from storage.words import CheckpointKind, CheckpointState, MessageKind
from tests.bot.messages import sample
from tests.bot.outbox.conftest import CHANNEL, Shop

LATER = timedelta(hours=8)


async def a_draft(shop: Shop) -> str:
    """Return the thread of a run whose draft waits."""
    root = await shop.root()
    await shop.add(
        sample.run(thread_ts=root, channel=CHANNEL), sample.artifact(),
        sample.checkpoint(CheckpointKind.DRAFT, artifact_id="art-1"),
    )
    return root


async def close(shop: Shop) -> None:
    async with shop.database.write() as session:
        asked = await checkpoints.get(session, "chk-1")
        assert await checkpoints.close(session, asked, CheckpointState.APPROVED, by="U0BOB")
        await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id=asked.id)


async def test_what_is_kept_for_the_morning_does_not_hold_up_its_thread(shop: Shop):
    root = await shop.root()
    await shop.say(thread_ts=root, text="in the morning", not_before=clock.now() + LATER)
    await shop.say(thread_ts=root, text="now")

    await shop.outbox.deliver_due()

    assert [message["text"] for message in await shop.thread(root)] == ["now"]


@pytest.mark.parametrize("kind", [MessageKind.CHECKPOINT, MessageKind.NOTICE])
async def test_a_question_to_a_person_that_was_decided_meanwhile_is_not_sent(shop: Shop, kind: MessageKind):
    await a_draft(shop)
    await shop.say(kind, channel="", user="U0CAROL", text="It waits.", run_id="run-1", checkpoint_id="chk-1")
    await close(shop)
    await shop.settle()

    assert (await shop.rows(), await shop.history("D0CAROL")) == ([], [])


async def test_a_threads_card_stands_there_however_fast_it_was_decided(shop: Shop):
    root = await a_draft(shop)
    await shop.say(MessageKind.CHECKPOINT, thread_ts=root, run_id="run-1", checkpoint_id="chk-1")
    await close(shop)
    await shop.settle()

    [card] = await shop.thread(root)
    assert "Approved" in card["text"]


async def test_a_card_a_person_may_have_seen_is_changed_and_never_taken_back(shop: Shop):
    await a_draft(shop)
    await shop.breaks("chat.postMessage", "500_after")
    await shop.say(MessageKind.CHECKPOINT, channel="", user="U0CAROL", run_id="run-1", checkpoint_id="chk-1")
    await shop.outbox.deliver_due()
    await close(shop)
    await shop.settle()

    [card] = await shop.history("D0CAROL")
    assert "Approved" in card["text"]


def test_a_clock_set_back_by_a_day_lets_no_failed_message_wait_that_long():
    failed = OutboxMessage(id="a", kind=MessageKind.NOTICE, not_before=clock.now() + timedelta(days=1), error="lost")
    kept = OutboxMessage(id="b", kind=MessageKind.NOTICE, not_before=clock.now() + timedelta(days=1))

    assert [lane.wait(clock.now()) > 0 for lane in (Lane(("a",), (failed,)), Lane(("b",), (kept,)))] == [False, True]


def test_only_what_was_given_its_hour_when_it_was_queued_goes_alone():
    hour = clock.now() + LATER
    kept = OutboxMessage(id="a", kind=MessageKind.NOTICE, channel="C1", not_before=hour)
    failed = OutboxMessage(id="b", kind=MessageKind.NOTICE, channel="C1", not_before=hour, error="lost", attempts=1)
    after = OutboxMessage(id="c", kind=MessageKind.NOTICE, channel="C1")

    assert sorted([row.id for row in lane.messages] for lane in lanes([kept, failed, after])) == [["a"], ["b", "c"]]


async def test_a_brief_is_one_of_the_messages_of_what_it_asks_about(shop: Shop):
    root = await a_draft(shop)
    await shop.say(MessageKind.NOTICE, run_id="run-1", thread_ts=root, text="begun")
    about = await shop.say(MessageKind.BRIEF, channel="", user="U0BOB", text='{"waits":["chk-1"]}')
    other = await shop.say(MessageKind.BRIEF, channel="", user="U0CAROL", text='{"waits":["chk-2"]}')
    async with shop.database.write() as session:
        told = await outbox.told(session, "chk-1")
        await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id="chk-1")

    assert told == {"U0BOB"}
    assert [(await shop.row(each)).wanted for each in (about, other)] == [2, 1]
