"""Who decides is written to: each once, when they are few, after their quiet hours, and whatever Slack does."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.policies import judged
from storage import timers
from storage.agenda import Timer
from storage.tables import Checkpoint, Event, OutboxMessage
from storage.words import CheckpointState, MessageKind, TimerKind
from tests.bot.listeners.test_company import only
from tests.bot.night import Night, at, night
from tests.bot.shop import PEOPLE


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Night]:
    """A Monday's noon in Berlin: morning in New York, late afternoon in India."""
    async with night(tmp_path, "2026-11-23 13:00") as found:
        yield found


class Page:
    """Rules as a page says them."""

    def __init__(self, text: str) -> None:
        self._rules, wrong = judged(text)
        assert wrong == []

    def rules(self) -> Any:
        return self._rules


def under(day: Night, page: str) -> None:
    """Let a policy's page hold from now on."""
    engine: Any = day.here.engine
    engine.policies = Page(page)
    object.__setattr__(engine._ground, "policies", engine.policies)


async def told(day: Night) -> list[tuple[str, Any]]:
    """Return who gets a card directly, and not before when."""
    rows = await day.here.rows(OutboxMessage, kind=MessageKind.CHECKPOINT)
    return sorted((row.user, row.not_before) for row in rows if row.user)


async def still_due(day: Night) -> list[Timer]:
    return await day.here.rows(Timer, kind=TimerKind.TELL, done_at=None)


async def test_everyone_who_may_decide_gets_a_card_of_their_own_but_who_asked(day: Night):
    run = await day.ask(night=False)
    asked = await day.draft(run)
    await day.tick()

    cards = [each for name in ("bob", "carol") for each in await day.read(f"D0{name.upper()}")]
    assert await told(day) == [("U0BOB", None), ("U0CAROL", None)]
    assert [asked.question in str(card["blocks"]) for card in cards] == [True, True]
    assert await day.read("D0ALICE") == await day.read("D0DAVE") == []
    assert [row.payload["people"] for row in await day.here.rows(Event, kind="people told")] == [["U0BOB", "U0CAROL"]]


async def test_nobody_is_written_to_directly_where_they_are_many(day: Night):
    under(day, "[draft]\ndirect = 1\n")
    await day.draft(await day.ask(night=False))
    await day.tick()

    assert (await told(day), await still_due(day)) == ([], [])


async def test_the_people_of_a_listed_group_are_written_to_wherever_they_are(day: Night):
    only(day.here, "alice")
    under(day, '[draft]\ndeciders = ["S0LEADS"]\n')
    await day.draft(await day.ask(night=False))
    await day.tick()

    assert [user for user, _ in await told(day)] == ["U0BOB", "U0CAROL"]


async def test_a_question_for_whoever_asked_is_written_to_nobody_else(day: Night):
    await day.ask_requester(await day.ask(night=False))
    await day.tick()

    assert (await told(day), await still_due(day)) == ([], [])


async def test_whoever_sleeps_is_written_to_in_the_morning_and_others_at_once(day: Night):
    day.now = at("2026-11-23 16:00")  # 21:30 in India, 11:00 in New York
    under(day, 'brief = ""\n')
    await day.draft(await day.ask(night=False))
    await day.tick()
    kept, early = await told(day), (await day.read("D0BOB"), await day.read("D0CAROL"))
    await day.to(at("2026-11-24 02:00"))

    assert kept == [("U0BOB", None), ("U0CAROL", at("2026-11-24 02:00"))]  # 07:30 in India
    assert [len(each) for each in early] == [1, 0]
    assert len(await day.read("D0CAROL")) == 1


async def test_a_card_kept_for_the_morning_holds_up_nothing_else(day: Night):
    day.now = at("2026-11-23 16:00")
    under(day, 'brief = ""\n')
    await day.draft(await day.ask(night=False))
    await day.tick()
    async with day.here.database.write() as session:
        session.add(OutboxMessage(id="msg-now", kind=MessageKind.NOTICE, user="U0CAROL", text="At once."))
    await day.settle()

    assert [each["text"] for each in await day.read("D0CAROL")] == ["At once."]


async def test_what_was_decided_in_the_night_is_not_asked_in_the_morning(day: Night):
    day.now = at("2026-11-23 16:00")
    under(day, 'brief = ""\n')
    asked = await day.draft(await day.ask(night=False))
    await day.tick()
    [card] = await day.read("D0BOB")
    await day.press("bob", "D0BOB", card, "Approve")
    await day.to(at("2026-11-24 03:00"))

    assert (await day.here.front.asked_in(asked.id))[0].state is CheckpointState.APPROVED
    assert await day.read("D0CAROL") == []
    assert [user for user, _ in await told(day)] == ["U0BOB"]


async def test_an_escalation_reaches_the_new_group_alone_and_nobody_twice(day: Night):
    day.now = at("2026-11-23 12:45")  # both are at work
    only(day.here, "alice", "bob")
    under(day, '[draft]\nescalate = [{after = "1 hour", to = ["S0LEADS"]}]\n')
    await day.draft(await day.ask(night=False))
    await day.tick()
    before = await told(day)
    await day.to(at("2026-11-23 13:45"))

    assert [user for user, _ in before] == ["U0BOB"]
    assert [user for user, _ in await told(day)] == ["U0BOB", "U0CAROL"]


async def test_slacks_trouble_keeps_it_due_and_stops_nobody_else(day: Night, caplog: pytest.LogCaptureFixture):
    only(day.here, "alice", "bob")
    first = await day.draft(await day.ask(night=False, title="One"))
    second = await day.draft(await day.ask(night=False, title="Two", channel="C0LEGAL"))
    await day.here.break_("conversations.members")
    await day.tick()
    due = {timer.checkpoint_id for timer in await still_due(day)}
    await day.tick()

    assert len(due) == 1 and due < {first.id, second.id}
    assert "Telling who decides waits" in caplog.text
    assert await still_due(day) == []
    assert {row.checkpoint_id for row in await day.here.rows(OutboxMessage, user="U0BOB")} == {first.id, second.id}


async def test_a_new_start_in_the_middle_tells_nobody_twice(day: Night):
    await day.draft(await day.ask(night=False))
    await day.telling.work_off()
    day.restart()
    await day.tick()
    async with day.here.database.write() as session:  # as if the same were due once more
        [asked] = await day.here.rows(Checkpoint)
        about = {"run_id": asked.run_id, "checkpoint_id": asked.id}
        await timers.set_(session, TimerKind.TELL, day.now, f"{asked.id}.again", **about)
    await day.tick()

    assert [len(await day.read(f"D0{name}")) for name in ("BOB", "CAROL")] == [1, 1]
    assert await still_due(day) == []


async def test_what_is_decided_or_erased_meanwhile_is_told_to_nobody(day: Night):
    run = await day.ask(night=False)
    asked = await day.draft(run)
    await day.here.engine.stop_run(run, await day.here.front.people.member(PEOPLE["alice"], "C0SALES"))
    async with day.here.database.write() as session:
        about = {"run_id": "run-gone", "checkpoint_id": "chk-gone"}
        await timers.set_(session, TimerKind.TELL, day.now, "chk-gone", **about)
    await day.tick()

    assert (await day.here.front.asked_in(asked.id))[0].state is CheckpointState.WITHDRAWN
    assert (await told(day), await still_due(day)) == ([], [])


async def test_in_a_direct_message_only_people_asked_by_name_are_written_to(day: Night):
    run = await day.ask("D0ALICE", night=False)
    await day.draft(run)
    await day.tick()
    before = await told(day)
    await day.here.engine.ask_by_name(run, ["U0BOB"], "U0ALICE")
    await day.tick()

    assert before == []
    assert [user for user, _ in await told(day)] == ["U0BOB"]
