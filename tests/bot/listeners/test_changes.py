"""Edits and deletions change nothing of a run, and whoever made them hears so."""

from bot.listeners.changes import DELETED, EDITED
from bot.listeners.steering import DRAFT_STAYS
from storage.tables import Artifact, Note, Run
from storage.words import CheckpointKind
from tests.bot.listeners.test_requests import settled
from tests.bot.listeners.test_steering import a_run
from tests.bot.shop import Shop, a_question


async def test_an_edited_request_keeps_its_first_words_and_the_person_is_told(here: Shop):
    ts = await a_run(here)
    await here.client("alice").chat_update(channel="C0SALES", ts=ts, text="<@U0JIDOKA> write a poem")
    await settled(here, 2)

    [run] = await here.rows(Run)
    assert run.request == "compare them"
    assert await here.whispers("alice") == [EDITED]


async def test_a_deleted_note_stays_and_the_person_is_told(here: Shop):
    thread = await a_run(here)
    ts = await here.say("bob", "C0SALES", "shorter", thread)
    await settled(here, 2)
    await here.client("bob").chat_delete(channel="C0SALES", ts=ts)
    await settled(here, 3)

    assert [note.text for note in await here.rows(Note)] == ["shorter"]
    assert await here.whispers("bob") == [DELETED]


async def test_edits_of_other_messages_are_nobodys_business(here: Shop):
    thread = await a_run(here)
    ts = await here.say("bob", "C0SALES", "lunch?")
    await here.client("bob").chat_update(channel="C0SALES", ts=ts, text="dinner?")
    await here.say("bob", "C0SALES", "shorter", thread)
    await settled(here, 2)

    assert await here.whispers("bob") == []


async def test_a_note_while_a_text_waits_says_what_it_does_not_do(here: Shop):
    said = await here.front.client.chat_postMessage(channel="C0SALES", text="I work on it.")
    await a_question(here.front, CheckpointKind.DRAFT, payload={"summary": "Short."}, artifact_id="art-1")
    async with here.database.write() as session:
        (await session.get_one(Run, "run-1")).thread_ts = str(said["ts"])
        about = {"run_id": "run-1", "task_key": "triage", "version": 1, "name": "x", "made_by": "writer"}
        session.add(Artifact(id="art-1", text="Short.", sha256="0" * 64, **about))
    await here.say("alice", "C0SALES", "add a paragraph", str(said["ts"]))
    await settled(here, 1)
    told = await here.until(lambda: here.whispers("alice"))  # after the note is kept, so after it is settled

    assert [note.text for note in await here.rows(Note)] == ["add a paragraph"]
    assert told == [DRAFT_STAYS]
