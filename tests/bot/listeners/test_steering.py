"""Replies in a run's thread steer it, `stop` stops it; every other thread is left in peace."""

import pytest

from bot.listeners.steering import ENDED_ALREADY, FILES_STAY
from bot.workspace import people
from storage.tables import Event, InboxEvent, Note, OutboxMessage, Run
from storage.words import RunState
from tests.bot.listeners.test_requests import settled
from tests.bot.shop import BOT, Shop


async def a_run(here: Shop, channel: str = "C0SALES") -> str:
    """Return the thread of a run that Alice asked for."""
    ts = await here.say("alice", channel, f"{BOT} compare them")
    await settled(here, 1)
    return ts


async def test_a_reply_without_a_mention_reaches_the_run_word_for_word(here: Shop):
    thread = await a_run(here)
    ts = await here.say("bob", "C0SALES", "Call them *partners*, not vendors &amp; ask <@U0CAROL>", thread)
    await settled(here, 2)

    [note] = await here.rows(Note)
    assert (note.by, note.ts, note.channel) == ("U0BOB", ts, "C0SALES")
    assert note.text == "Call them *partners*, not vendors & ask @Carol"
    reactions = [row.text for row in await here.rows(OutboxMessage, thread_ts=ts)]
    assert reactions == ["memo"]


async def test_a_mention_in_the_thread_of_a_run_under_way_steers_it_once(here: Shop):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", f"{BOT} mention the deadline", thread)
    await settled(here, 2)

    assert [note.text for note in await here.rows(Note)] == ["mention the deadline"]
    assert len(await here.rows(Run)) == 1


async def test_a_reply_in_a_direct_message_steers_too(here: Shop):
    thread = await here.say("alice", "D0ALICE", "compare them")
    await settled(here, 1)
    await here.say("alice", "D0ALICE", "shorter, please", thread)
    await settled(here, 2)

    assert [note.text for note in await here.rows(Note)] == ["shorter, please"]


@pytest.mark.parametrize("word", ["stop", "Stop.", " STOP! "])
async def test_the_word_stop_stops_the_run(here: Shop, word: str):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", word, thread)
    await settled(here, 2)

    [run] = await here.rows(Run)
    assert run.state is RunState.STOPPED
    assert [event.by for event in await here.rows(Event, kind="run opened")] == ["U0ALICE"]
    assert await here.rows(Note) == []


async def test_a_sentence_with_stop_in_it_is_a_note(here: Shop):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", "stop using the word vendor", thread)
    await settled(here, 2)

    assert [note.text for note in await here.rows(Note)] == ["stop using the word vendor"]


async def an_ended_run(here: Shop, channel: str = "C0SALES") -> str:
    """Return the thread of a run that Alice asked for and stopped."""
    thread = await a_run(here, channel)
    await here.say("alice", channel, "stop", thread)
    await settled(here, 2)
    return thread


async def test_after_the_end_whoever_replies_hears_once_that_it_has_ended(here: Shop):
    thread = await an_ended_run(here)
    before = len(await here.rows(OutboxMessage))
    for words in ("thanks anyway", "and make it longer"):
        await here.say("bob", "C0SALES", words, thread)
    await here.say("carol", "C0SALES", "stop", thread)
    await here.say("alice", "D0ALICE", "help")
    await settled(here, 5)

    told = [ENDED_ALREADY.format(me=BOT)]
    assert await here.until(lambda: here.whispers("carol")) == told
    assert await here.whispers("bob") == told
    assert await here.whispers("alice") == []
    assert await here.rows(Note) == []
    assert len(await here.rows(OutboxMessage)) == before + 1  # the help alone


async def test_what_people_say_after_that_is_not_even_kept(here: Shop):
    thread = await an_ended_run(here)
    await here.say("bob", "C0SALES", "thanks", thread)
    await settled(here, 3)
    await here.say("bob", "C0SALES", "lunch?", thread)
    await here.say("alice", "D0ALICE", "help")
    await settled(here, 4)

    assert "lunch" not in "".join(str(event.payload) for event in await here.rows(InboxEvent))


async def test_a_guest_who_may_not_ask_is_not_told_to_ask_anew(here: Shop):
    thread = await an_ended_run(here, "C0GENERAL")
    await here.say("dave", "C0GENERAL", "thanks", thread)
    await settled(here, 3)

    assert await here.whispers("dave") == []


async def test_a_guest_can_neither_steer_nor_stop(here: Shop):
    thread = await a_run(here, "C0GENERAL")
    await here.say("dave", "C0GENERAL", "make it longer", thread)
    await settled(here, 2)
    await here.say("dave", "C0GENERAL", "stop", thread)
    await settled(here, 3)

    [run] = await here.rows(Run)
    told = await here.whispers("dave")
    assert run.state is not RunState.STOPPED
    assert await here.rows(Note) == []
    assert ["Guests may read along" in said for said in told] == [True, True]


async def test_someone_who_left_the_company_cannot_steer(here: Shop, monkeypatch: pytest.MonkeyPatch):
    thread = await a_run(here)
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | {"deleted": True})
    await here.say("bob", "C0SALES", "make it longer", thread)
    await settled(here, 2)

    assert await here.rows(Note) == []


async def test_files_in_a_reply_are_not_read_and_the_person_is_told(here: Shop):
    thread = await a_run(here)
    await here.client("bob").files_upload_v2(
        channel="C0SALES", filename="more.txt", content="x", thread_ts=thread, initial_comment="use this too"
    )
    await settled(here, 2)

    assert [note.text for note in await here.rows(Note)] == ["use this too"]
    assert await here.whispers("bob") == [FILES_STAY]


async def test_slacks_own_stop_button_stops_the_run(here: Shop):
    thread = await a_run(here)
    await here.do("bob", "stop", {"channel": "C0SALES", "thread_ts": thread})

    async def stopped() -> bool:
        [run] = await here.rows(Run)
        return run.state is RunState.STOPPED

    assert await here.until(stopped)


@pytest.mark.parametrize("word", ["pause", "Pause!"])
async def test_the_word_pause_pauses_the_run_and_is_no_note(here: Shop, word: str):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", word, thread)
    await settled(here, 2)

    [run] = await here.rows(Run)
    assert run.paused is True
    assert [event.by for event in await here.rows(Event, kind="paused")] == ["U0BOB"]
    assert await here.rows(Note) == []


@pytest.mark.parametrize("word", ["resume", "Go on.", "go  on"])
async def test_a_word_lets_a_paused_run_go_on(here: Shop, word: str):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", "pause", thread)
    await settled(here, 2)
    await here.say("alice", "C0SALES", word, thread)
    await settled(here, 3)

    [run] = await here.rows(Run)
    assert run.paused is False
    assert await here.rows(Note) == []


async def test_a_sentence_about_pausing_is_a_note(here: Shop):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", "pause after every paragraph", thread)
    await settled(here, 2)

    [run] = await here.rows(Run)
    assert run.paused is False
    assert [note.text for note in await here.rows(Note)] == ["pause after every paragraph"]


async def test_resuming_what_is_not_paused_is_answered_to_who_wrote_it(here: Shop):
    thread = await a_run(here)
    await here.say("bob", "C0SALES", "resume", thread)

    assert await here.until(lambda: here.whispers("bob")) == ["Nothing changed: this run is not paused."]
