"""What a person edited is told of as it is now: no summary, change or open point of the version before goes with it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.messages.actions import RUN_ACCEPT
from storage.checkpoints import Press
from storage.policy import Person
from storage.tables import Artifact, Checkpoint, Handoff
from storage.words import RunState, VoteAnswer
from tests.bot.night import SUMMARY, Night, night

OLD = "## Summary\n\nThree makers, three ideas.\n\n" + "Ternway costs least of all of them. " * 120
NEW = "## Summary\n\nTwo makers are left, for Oxbell was sold in May.\n\n" + "Haulwren lasts longest of both. " * 130
LEFT = {"text": OLD, "problems": ({"rule": "sources", "message": "Ternway's price has no source."},)}
OPEN = ("Who owns Ternway?",)


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Night]:
    async with night(tmp_path, "2026-11-23 09:00") as found:
        yield found


async def edited(day: Night, quorum: int = 1) -> tuple[str, Checkpoint]:
    """Return a run and its draft, edited and approved by Bob."""
    run = await day.ask(night=False)
    asked = await day.draft(run, **LEFT, open_questions=OPEN)
    async with day.here.database.write() as session:
        row = await session.get_one(Checkpoint, asked.id)
        row.policy = {**row.policy, "quorum": quorum}
    await day.settle()
    await approve(day, asked, "U0BOB", edited={"text": NEW})
    await day.settle()
    return run, asked


async def approve(day: Night, asked: Checkpoint, who: str, **more: Any) -> None:
    pointer = {"checkpoint_id": asked.id, "version": asked.version, "nonce": asked.nonce}
    person = Person(id=who, team="T0JIDOKA", member=True)
    voters = [Person(id="U0BOB", team="T0JIDOKA", member=True)]
    await day.here.engine.decide(Press(**pointer, answer=VoteAnswer.APPROVE, **more), person, voters)


async def shown(day: Night, word: str) -> str:
    """Return the newest message of the run's thread with a word in it."""
    calls = [*await day.here.calls("chat.postMessage"), *await day.here.calls("chat.update")]
    return [str(each) for each in calls if each.get("channel") == "C0SALES" and word in str(each)][-1]


async def test_who_decides_next_is_shown_the_edited_version_and_what_the_edit_changed(day: Night):
    run, asked = await edited(day, quorum=2)
    [now] = await day.here.rows(Checkpoint, id=asked.id)
    card = await shown(day, "Read all")

    assert (await day.run(run)).state is RunState.WAITING
    assert (now.payload["summary"], now.payload["problems"], now.payload["version"]) == ("", [], 2)
    assert "Two makers are left" in card and "The first" in card and "What the edit changed:" in card
    assert SUMMARY not in card and "has no source" not in card and "Summary by" not in card


async def test_the_result_begins_like_the_edited_version_and_says_that_it_is_its_beginning(day: Night):
    run, _ = await edited(day)
    result = await shown(day, RUN_ACCEPT)
    [handed] = await day.here.rows(Handoff, run_id=run)
    [made] = [each for each in await day.here.rows(Artifact, run_id=run) if each.id == handed.artifact_id]

    assert (await day.run(run)).state is RunState.DONE
    assert (made.text, made.made_by) == (NEW, "U0BOB")
    assert "How it begins:" in result and "Two makers are left" in result
    assert SUMMARY not in result and "three ideas" not in result and "Not mended" not in result
    assert OPEN[0] in result


async def test_what_was_only_approved_keeps_the_words_of_its_maker(day: Night):
    run = await day.ask(night=False)
    asked = await day.draft(run, **LEFT, open_questions=OPEN)
    await approve(day, asked, "U0BOB")
    await day.settle()
    result = await shown(day, RUN_ACCEPT)

    assert SUMMARY in result and "Not mended: Ternway" in result and OPEN[0] in result
