"""Deciding when others move too: two are needed and one leaves, the first sleeps, one edits, or nobody was there."""

from pathlib import Path
from typing import Any

from storage.tables import Artifact, Event
from storage.words import CheckpointKind, RunState
from tests.bot.listeners.test_company import only
from tests.bot.night import at
from tests.stories.shift import Shift, shift
from tests.workshop import (
    COMPETITORS,
    SAMPLES,
    SURVEY,
    brief_text,
    comparison,
    researches,
    triage,
    verdict,
    written,
)

SALES = "C0SALES"
FILES = (SAMPLES / SURVEY,)
WORDS = f"compare the makers {COMPETITORS} by the attached file for the sales team"
AT_ONCE = "[ask_first]\nplan = false\n"
ALL_AWAKE = "2026-11-24 13:00"  # 14:00 in Berlin, 8:00 in New York, 18:30 in Kolkata
EVERYBODY = ("alice", "bob", "carol")
ASKED = "Is this brief right"


def script() -> list[dict[str, Any]]:
    """What the model says: a comparison that asks for nothing more."""
    inputs = [{"name": "competitors", "value": COMPETITORS}, {"name": "audience", "value": "the sales team"}]
    return [triage(title="Makers compared", inputs=inputs), *researches(), comparison(), written(), verdict()]


async def drafted(here: Shift) -> str:
    """Let Alice ask, and return the run when its draft has been told to whoever decides."""
    run_id = await here.request("alice", SALES, WORDS, FILES)
    await here.asked(run_id, CheckpointKind.DRAFT)
    await here.tick()
    return run_id


async def test_two_decide_and_the_vote_of_who_left_meanwhile_does_not_count(tmp_path: Path):
    async with shift(tmp_path, script(), ALL_AWAKE, f"{AT_ONCE}[draft]\nquorum = 2\n") as day:
        run_id = await drafted(day)
        await day.press("bob", "D0BOB", await day.direct("bob", ASKED), "Approve")
        first = await day.card(run_id, "1 of 2")
        only(day.here, "alice", "carol")
        await day.press("carol", "D0CAROL", await day.direct("carol", ASKED), "Approve")
        left = await day.card(run_id, "vote of <@U0BOB> fell away")
        only(day.here, *EVERYBODY)
        await day.press_card("bob", run_id, ASKED, "Approve")
        run, log = await day.ended(run_id), await day.here.rows(Event, kind="vote fell away")

    assert "Approved by <@U0BOB>: 1 of 2 needed." in str(first)
    assert "Approved by <@U0CAROL>: 1 of 2 needed." in str(left)
    assert run.state is RunState.DONE
    assert [line.by for line in log] == ["U0BOB"]


async def test_while_the_first_sleeps_the_next_decides_and_nobody_wakes_him(tmp_path: Path):
    policy = f'{AT_ONCE}[draft]\ndeciders = ["U0BOB"]\nescalate = [{{after = "2 hours", to = ["U0CAROL"]}}]\n'
    async with shift(tmp_path, script(), "2026-11-24 08:00", policy) as day:  # 3:00 in New York, 13:30 in Kolkata
        run_id = await drafted(day)
        await day.to(at("2026-11-24 09:59"))
        early = list(day.letters)
        await day.to(at("2026-11-24 10:01"))
        await day.press("carol", "D0CAROL", await day.direct("carol", ASKED), "Approve")
        run = await day.ended(run_id)
        await day.to(at("2026-11-25 13:00"))
        [card] = [each for each in await day.thread(run_id) if ASKED in str(each)]

    assert early == []
    assert [(each.who, each.at) for each in day.letters] == [("carol", at("2026-11-24 10:00"))]
    assert run.state is RunState.DONE
    assert "*Approved* by <@U0CAROL>" in str(card["blocks"])


async def test_who_approves_what_another_just_edited_is_told_and_decides_on_the_new_words(tmp_path: Path):
    async with shift(tmp_path, script(), ALL_AWAKE, f"{AT_ONCE}[draft]\nquorum = 2\n") as day:
        run_id = await drafted(day)
        old = await day.direct("carol", ASKED)
        await day.press_card("bob", run_id, ASKED, "Edit and approve")
        await day.fill("bob", text=brief_text("Cargo bikes, all three [F101]."))
        await day.press("carol", "D0CAROL", old, "Approve")
        told = await day.here.until(lambda: day.here.whispers("carol"))
        new = await day.direct("carol", "version 2")
        await day.press("carol", "D0CAROL", new, "Approve")
        run = await day.ended(run_id)
        newest = max(await day.here.rows(Artifact, run_id=run_id, task_key="brief"), key=lambda each: each.version)

    assert told == [
        "Nothing changed: this was edited after you opened it. Look at the newest version and decide on that."
    ]
    assert new["ts"] == old["ts"]
    assert (run.state, newest.made_by) == (RunState.DONE, "U0BOB")


async def test_a_night_that_a_power_cut_ended_is_told_late_once_and_its_work_goes_on(tmp_path: Path):
    async with shift(tmp_path, script(), "2026-11-23 17:00", AT_ONCE) as night:
        run_id = await night.request("alice", SALES, f"{WORDS} tonight", FILES)
        await night.tick()
        await night.to(at("2026-11-23 19:00"))
        await night.stop()
        night.now = at("2026-11-24 09:00")
        await night.start()
        [draft] = await night.asked(run_id, CheckpointKind.DRAFT)
        await night.to(at("2026-11-24 12:30"))
        mine, bobs = await night.brief("D0ALICE"), await night.brief("D0BOB")
        await night.press("bob", "D0BOB", bobs, "Approve")
        run = await night.ended(run_id)
        mornings = [await night.mornings(name) for name in ("alice", "bob")]
        calls = [(call.task, call.role) for call in night.model.calls()]
        batched = [(call.task, call.role) for call in night.model.batches()]

    assert mornings == [[at("2026-11-24 09:00")], [at("2026-11-24 12:30")]]
    assert "This comes late" in str(mine["blocks"]) and "This comes late" not in str(bobs["blocks"])
    assert (draft.held_until, run.state) == (None, RunState.DONE)
    assert len(calls) == len({*calls}) and len(batched) == len({*batched})
