"""Deadlines, reminders and escalations of a run that is paused, or stopped with all: what is left of them goes on after."""

from pathlib import Path

from bot.outbox.reading import View
from storage import halts
from storage.agenda import NEVER, Timer
from storage.tables import Checkpoint, Event, OutboxMessage
from storage.words import CheckpointKind, CheckpointState, MessageKind
from tests.watch import Watch, at, watch
from tests.workshop import ALICE, Page, Workshop, triage, workshop

ADMIN = ALICE.model_copy(update={"id": "U0CAROL", "admin": True})
MONDAY_NINE = "2026-11-23 08:00"  # UTC; in Berlin it is 9, and people work from 9 to 17
ASKED = """
time_zone = "Europe/Berlin"
[question]
deadline = "8 working hours"
remind = ["4 working hours"]
escalate = [{after = "6 working hours", to = ["U0CAROL"]}]
silence = "stop"
"""
BY_THE_CLOCK = '[question]\ndeadline = "3 hours"\nsilence = "stop"\n'


async def asked(shop: Workshop, run_id: str) -> Checkpoint:
    [row] = await shop.rows(Checkpoint, run_id)
    return row


async def happened(shop: Workshop, run_id: str) -> list[str]:
    """Return what silence has led to so far."""
    kinds = ("reminded", "people asked", "deadline passed")
    return [row.kind for row in await shop.rows(Event, run_id) if row.kind in kinds]


async def moment(shop: Workshop, now: Watch, text: str, run_id: str) -> list[str]:
    """Let it be this moment and do what is due; return what silence has led to by then."""
    now.show(text)
    await shop.engine.work_off()
    return await happened(shop, run_id)


async def test_while_a_run_is_paused_time_stands_still_and_the_rest_of_it_goes_on_in_working_hours(tmp_path: Path):
    with watch(MONDAY_NINE) as now:
        async with workshop(tmp_path, [triage()], policy=Page(ASKED)) as shop:
            run_id = await shop.ask()
            before = await shop.open(run_id, CheckpointKind.QUESTION)
            now.show("2026-11-23 10:00")
            await shop.engine.controls.pause(run_id, ALICE)
            paused = await asked(shop, run_id)
            nothing = [await moment(shop, now, text, run_id) for text in ("2026-11-23 16:30", "2026-11-24 11:00")]
            await shop.engine.controls.resume(run_id, ALICE)  # at noon, with six of eight hours left
            resumed = await asked(shop, run_id)
            early = await moment(shop, now, "2026-11-24 12:59", run_id)
            reminded = await moment(shop, now, "2026-11-24 13:00", run_id)
            others = await moment(shop, now, "2026-11-24 15:00", run_id)
            late = [await moment(shop, now, text, run_id) for text in ("2026-11-25 08:59", "2026-11-25 09:00")]

    assert (before.due_at, paused.due_at, resumed.due_at) == (at("2026-11-23 16:00"), None, at("2026-11-25 09:00"))
    assert (nothing, early) == ([[], []], [])
    assert (reminded, others) == (["reminded"], ["reminded", "people asked"])
    assert [told[2:] for told in late] == [[], ["deadline passed"]]


async def test_a_halt_and_a_pause_in_it_count_once(tmp_path: Path):
    with watch(MONDAY_NINE) as now:
        async with workshop(tmp_path, [triage()], policy=Page(BY_THE_CLOCK)) as shop:
            run_id = await shop.ask()
            await shop.open(run_id, CheckpointKind.QUESTION)
            now.show("2026-11-23 09:00")
            await shop.engine.controls.halt(ALICE.team, ADMIN, "fire drill")
            await shop.engine.controls.settle()
            await shop.engine.controls.pause(run_id, ALICE)
            now.show("2026-11-23 20:00")
            await shop.engine.controls.lift(ALICE.team, ADMIN)
            await shop.engine.controls.settle()
            still = await asked(shop, run_id)
            now.show("2026-11-24 20:00")
            await shop.engine.controls.resume(run_id, ALICE)
            goes = await asked(shop, run_id)

    assert (still.due_at, goes.due_at) == (None, at("2026-11-24 22:00"))


async def test_a_halt_that_was_lifted_as_the_process_died_holds_no_deadline_for_ever(tmp_path: Path):
    with watch(MONDAY_NINE) as now:
        async with workshop(tmp_path, [triage()], policy=Page(BY_THE_CLOCK)) as shop:
            run_id = await shop.ask()
            await shop.open(run_id, CheckpointKind.QUESTION)
            await shop.engine.controls.halt(ALICE.team, ADMIN, "fire drill")
            await shop.engine.controls.settle()
            await shop.engine.sweep()
            held = await asked(shop, run_id)
            now.forward(hours=5)
            async with shop.database.write() as session:
                await halts.end(session, ALICE.team, ADMIN.id)
            shop.engine._ground.halted.clear()
            await shop.engine.sweep()
            goes = await asked(shop, run_id)

    assert (held.due_at, goes.due_at) == (None, at("2026-11-23 16:00"))


async def test_a_run_that_is_stopped_while_paused_leaves_nothing_behind(tmp_path: Path):
    with watch(MONDAY_NINE) as now:
        async with workshop(tmp_path, [triage()], policy=Page(BY_THE_CLOCK)) as shop:
            run_id = await shop.ask()
            await shop.open(run_id, CheckpointKind.QUESTION)
            await shop.engine.controls.pause(run_id, ALICE)
            await shop.engine.stop_run(run_id, ALICE)
            await shop.engine.sweep()
            now.forward(days=1)
            await shop.engine.work_off()
            told, closed, left = await happened(shop, run_id), await asked(shop, run_id), await shop.rows(Timer, run_id)

    assert (told, closed.state) == ([], CheckpointState.WITHDRAWN)
    assert [timer for timer in left if timer.due_at == NEVER or (timer.done_at is None and timer.kind == "expire")] == []


async def test_the_card_says_that_time_stands_still(tmp_path: Path):
    with watch(MONDAY_NINE):
        async with workshop(tmp_path, [triage()], policy=Page(BY_THE_CLOCK)) as shop:
            run_id = await shop.ask()
            await shop.open(run_id, CheckpointKind.QUESTION)
            await shop.engine.controls.pause(run_id, ALICE)
            [row] = [one for one in await shop.rows(OutboxMessage, run_id) if one.kind is MessageKind.CHECKPOINT]
            async with shop.database.read() as session:
                card = await View(session).written(row.seq)

    assert "time stands still here while the work does" in str(card.said.blocks)
