"""Morning briefs: at their moment, once, with everything the night was about, and live until it is decided."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from bot.messages.waiting import LEFT
from bot.outbox import looking
from storage import checkpoints, events, outbox, timers
from storage.agenda import Timer
from storage.checkpoints import Press
from storage.tables import Call, Checkpoint, OutboxMessage, Run
from storage.words import CallKind, CheckpointState, MessageKind, RunState, TimerKind
from tests.bot.night import Night, at, night
from tests.bot.outbox.test_kill import Death
from tests.bot.test_telling import under

BERLIN = 'time_zone = "Europe/Berlin"\n'


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Night]:
    """A Monday's evening in Berlin, noon in New York."""
    async with night(tmp_path, "2026-11-23 18:00") as found:
        under(found, BERLIN)
        yield found


async def drafted(evening: Night) -> tuple[str, Checkpoint]:
    """Return a run and the draft it came to in the night, when nobody there is asked."""
    run = await evening.ask()
    await evening.to(at("2026-11-23 22:00"))
    return run, await evening.draft(run)


def words(message: object) -> str:
    return str(message)


async def test_whoever_asked_and_the_channel_are_told_in_the_morning_what_came_of_the_night(evening: Night):
    await drafted(evening)
    await evening.to(at("2026-11-24 06:30"))
    mine, ours = await evening.brief("D0ALICE"), await evening.brief("C0SALES")

    assert await evening.mornings("alice") == await evening.mornings("C0SALES") == [at("2026-11-24 06:30")]
    assert "Three makers compared" in words(mine) and "Three makers compared" in words(ours)
    assert mine["text"] == "Your morning brief: 1 still going."  # the decision is not hers
    assert ours["text"] == "The morning brief: 1 decision to make."


async def test_a_decider_is_asked_in_a_brief_with_live_buttons_and_not_by_a_card_besides(evening: Night):
    run, asked = await drafted(evening)
    await evening.to(at("2026-11-24 12:30"))  # 07:30 in New York
    brief = await evening.brief("D0BOB")
    await evening.press("bob", "D0BOB", brief, "Approve")
    await evening.settle()
    after = await evening.brief("D0BOB")

    assert await evening.mornings("bob") == [at("2026-11-24 12:30")]
    assert [each for each in await evening.read("D0BOB") if "morning brief" not in each["text"]] == []
    assert (await evening.here.front.asked_in(asked.id))[0].state is CheckpointState.APPROVED
    assert (await evening.run(run)).state is RunState.DONE
    assert [each for each in after["blocks"] if each["type"] == "actions"] == []
    assert "*Approved* by <@U0BOB>" in words(after)


async def test_the_buttons_are_those_of_the_card_and_lead_to_the_thread(evening: Night):
    run, _ = await drafted(evening)
    await evening.to(at("2026-11-24 12:30"))
    brief = await evening.brief("D0BOB")
    [row] = [each for each in brief["blocks"] if each["type"] == "actions"]
    labels = [each["text"]["text"] for each in row["elements"]]
    back = await evening.press("bob", "D0BOB", brief, "Send back")

    assert labels == ["Approve", "Send back", "Read all", "Open thread"]
    assert row["elements"][-1]["url"].endswith(f"p{(await evening.run(run)).thread_ts.replace('.', '')}")
    assert back["ok"]


async def test_a_decision_elsewhere_takes_the_buttons_out_of_every_brief(evening: Night):
    _, asked = await drafted(evening)
    await evening.to(at("2026-11-24 12:30"))
    [card] = await evening.read("D0CAROL")  # at noon there, so no brief
    await evening.press("carol", "D0CAROL", card, "Approve")
    await evening.settle()

    shown = [await evening.brief(channel) for channel in ("D0BOB", "C0SALES")]
    assert (await evening.here.front.asked_in(asked.id))[0].decided_by == "U0CAROL"
    assert ["actions" in [part["type"] for part in each["blocks"]] for each in shown] == [False, False]


async def test_a_brief_tells_results_failures_spend_and_what_goes_on(evening: Night):
    done, failed, stopped, going = [
        await evening.ask(title=title) for title in ("Makers compared", "Terms read", "Offer drafted", "Market sized")
    ]
    evening.now += timedelta(hours=3)
    await evening.draft(done)
    asked = await evening.open(done)
    person = await evening.here.front.people.member("U0BOB", "C0SALES")
    press = Press(checkpoint_id=asked.id, version=1, nonce=asked.nonce, answer="approve")
    await evening.here.engine.decide(press, person)
    await evening.end(failed, RunState.FAILED, "The file could not be read.")
    await evening.here.engine.stop_run(stopped, person)
    async with evening.here.database.write() as session:
        await events.add(session, "run accepted", run_id=done, by="U0BOB")
        for seq, hours in enumerate((1, -48)):  # in the night, and long before it
            began = evening.now + timedelta(hours=hours)
            call = {"run_id": done, "task_key": "write", "attempt": 1, "seq": seq, "kind": CallKind.MODEL, "name": "writer"}
            session.add(Call(**call, digest="d", tokens=1_200, usd=0.42, began_at=began))
    await evening.to(at("2026-11-24 06:30"))
    brief = words(await evening.brief("D0ALICE"))

    assert "Three makers, compared for the sales team. Accepted by <@U0BOB>." in brief
    assert "The file could not be read." in brief
    assert "Stopped by <@U0BOB>." in brief
    assert "*Still going*\\n• *Market sized*" in brief
    assert "|23 Nov 2026, 06:30 UTC>: $0.42 · 1,200 tokens" in brief
    assert (await evening.run(going)).state is RunState.WORKING


async def test_where_there_is_nothing_to_say_nothing_is_said(evening: Night):
    run = await evening.ask(begin_at=at("2026-11-24 19:00"))
    await evening.tick()
    await evening.ask(night=False, title="By day")
    await evening.to(at("2026-11-25 01:00"))

    assert await evening.mornings("alice") == await evening.mornings("C0SALES") == []
    assert (await evening.run(run)).state is RunState.WORKING


async def test_a_night_in_a_direct_message_is_told_to_its_person_alone(evening: Night):
    await evening.end(await evening.ask("D0ALICE"), RunState.FAILED, "It broke.")
    await evening.to(at("2026-11-24 08:00"))

    assert len(await evening.mornings("alice")) == 1
    assert [row.user for row in await evening.here.rows(OutboxMessage, kind=MessageKind.BRIEF)] == ["U0ALICE"]


async def test_what_still_waits_is_told_again_every_working_morning_until_it_is_decided(evening: Night):
    run, _ = await drafted(evening)
    await evening.end(await evening.ask(title="Other"), RunState.FAILED, "It broke.")
    async with evening.here.database.write() as session:
        (await session.get_one(Run, run)).night = False  # what goes on at night is told every morning
    await evening.to(at("2026-12-01 13:00"))
    before = [each.strftime("%a %H:%M") for each in await evening.mornings("bob")]
    await evening.press("bob", "D0BOB", await evening.brief("D0BOB"), "Approve")
    await evening.to(at("2026-12-04 13:00"))

    assert before == ["Tue 12:30", "Wed 12:30", "Thu 12:30", "Fri 12:30", "Mon 12:30", "Tue 12:30"]
    assert len(await evening.mornings("bob")) == len(before)


async def test_a_brief_missed_while_nobody_was_here_comes_once_at_the_start_and_says_so(evening: Night):
    await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
    await evening.tick()
    evening.now = at("2026-11-25 09:00")
    evening.restart()
    await evening.tick()
    await evening.tick()
    brief = await evening.brief("D0ALICE")

    assert await evening.mornings("alice") == [at("2026-11-25 09:00")]
    assert "This comes late" in words(brief)


async def test_a_brief_a_few_minutes_late_does_not_speak_of_it(evening: Night):
    await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
    await evening.tick()
    evening.now = at("2026-11-24 06:44")
    evening.restart()
    await evening.tick()

    assert "This comes late" not in words(await evening.brief("D0ALICE"))


async def test_a_late_brief_waits_for_the_end_of_the_quiet_hours(evening: Night):
    await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
    await evening.tick()
    evening.now = at("2026-11-24 22:00")  # 23:00 in Berlin
    evening.restart()
    await evening.tick()
    early = await evening.mornings("alice")
    await evening.to(at("2026-11-25 06:31"))
    await evening.tick()

    assert (early, len(await evening.mornings("alice"))) == ([], 1)


async def test_a_brief_tells_nothing_of_runs_in_a_channel_its_reader_left_also_when_it_is_edited_later(evening: Night):
    run = await evening.ask()
    lost = await evening.ask(title="Offer drafted")
    await evening.end(lost, RunState.FAILED, "The offer of Ternway could not be read.")
    await evening.end(await evening.ask("D0ALICE", title="Own notes"), RunState.FAILED, "It broke.")
    asked = await evening.ask_requester(run)
    await evening.to(at("2026-11-24 06:30"))
    before = words(await evening.brief("D0ALICE"))
    evening.here.leave("U0ALICE")
    async with evening.here.database.write() as session:
        await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id=asked.id)
        await checkpoints.close(session, await checkpoints.get(session, asked.id), CheckpointState.WITHDRAWN)
    await evening.settle()
    after = await evening.brief("D0ALICE")
    lines = [part["text"]["text"] for part in after["blocks"] if part["type"] == "section"]

    assert "Offer drafted" in before and "Ternway" in before and "Own notes" in before
    assert [word for word in ("Offer", "Ternway") if word in words(after)] == []
    assert f"*Ended without a result*\n• {LEFT}.\n• *Own notes*" in "\n".join(lines)
    assert f"*Still going*\n• {LEFT}" in "\n".join(lines)


async def test_a_card_in_a_direct_message_leads_to_the_thread_it_is_about(evening: Night):
    run, _ = await drafted(evening)
    await evening.to(at("2026-11-24 12:30"))
    [card] = await evening.read("D0CAROL")
    [row] = [each for each in card["blocks"] if each["type"] == "actions"]
    button = next(each for each in row["elements"] if each.get("url"))
    calls = await evening.here.calls("chat.postMessage")
    [thread] = [each for each in calls if each["channel"] == "C0SALES" and "*Who decides*" in words(each)]

    assert button["text"]["text"] == "Open thread"
    assert button["url"].endswith(f"p{(await evening.run(run)).thread_ts.replace('.', '')}")
    assert "Open thread" not in words(thread)


async def test_a_card_about_a_conversation_its_reader_cannot_open_leads_nowhere(evening: Night):
    run = await evening.ask("D0ALICE", night=False)
    await evening.draft(run)
    await evening.here.engine.ask_by_name(run, ["U0CAROL"], "U0ALICE")
    await evening.settle()
    [card] = await evening.read("D0CAROL")

    assert "Is it right?" in words(card)
    assert "Open thread" not in words(card)


async def test_a_crash_between_opening_and_planning_loses_no_brief(evening: Night):
    await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
    evening.restart()
    await evening.to(at("2026-11-24 06:30"))

    assert len(await evening.mornings("alice")) == 1


async def test_slacks_trouble_delays_one_brief_and_no_other(evening: Night, caplog: pytest.LogCaptureFixture):
    await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
    await evening.tick()
    evening.now = at("2026-11-24 06:30")
    await evening.here.break_("users.info")
    await evening.tick()
    early = (await evening.mornings("alice"), await evening.mornings("C0SALES"))
    await evening.tick()

    assert early == ([], [at("2026-11-24 06:30")])
    assert "A morning brief waits" in caplog.text
    assert len(await evening.mornings("alice")) == 1


async def test_who_left_gets_no_brief(evening: Night):
    async with evening.here.database.write() as session:
        await timers.set_(session, TimerKind.BRIEF, evening.now, "U0NOBODY.2026-11-23", about={"who": "U0NOBODY"})
    await evening.tick()

    assert await evening.here.rows(Timer, kind=TimerKind.BRIEF, done_at=None) == []
    assert await evening.here.rows(OutboxMessage, kind=MessageKind.BRIEF) == []


SOME: Final = (2, 7, 10, 12, 14)  # ticks; before and after the briefs are queued, and between the two posts
TICKS: Final = [pytest.param(SOME, id="some"), pytest.param(count(1), id="all", marks=pytest.mark.long)]


@pytest.mark.parametrize("ticks", TICKS)
async def test_death_at_any_tick_of_a_morning_neither_loses_nor_doubles_a_brief(
    evening: Night, ticks: Iterable[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(looking, "BEFORE", timedelta(days=400))  # the workspace lives today, this night does not
    morning = at("2026-11-24 06:30")
    for tick in ticks:
        await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
        await evening.tick()
        before = [len(await told(evening, channel)) for channel in ("D0ALICE", "C0SALES")]
        evening.now = morning
        came = await dies(evening, tick)
        evening.restart()
        evening.now += timedelta(seconds=30)
        await evening.tick()
        sent = [(await evening.mornings(who))[-1] for who in ("alice", "C0SALES")]

        assert [len(await told(evening, channel)) for channel in ("D0ALICE", "C0SALES")] == [n + 1 for n in before], tick
        assert [morning <= one <= evening.now for one in sent] == [True, True]
        morning, evening.now = morning + timedelta(days=1), evening.now + timedelta(hours=12)
        if not came:
            break
    assert tick >= max(SOME)


async def dies(evening: Night, tick: int) -> bool:
    """Do what the clock does in the morning up to a tick, with nothing after it; return whether there was so late a one."""
    dying: Any = SimpleNamespace(database=evening.here.database, client=evening.here.front.client)
    with Death(dying, tick) as death:
        await asyncio.gather(evening.tick(), return_exceptions=True)
        await asyncio.gather(*evening.outbox._under_way.values(), return_exceptions=True)
    return death.came


async def told(evening: Night, channel: str) -> list[Any]:
    return [each for each in await evening.read(channel) if "morning brief" in each["text"]]
