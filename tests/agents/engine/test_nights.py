"""Nights and deadlines: what is asked when, and what silence means, on a clock the test moves."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from storage import people
from storage.errors import AlreadyDecidedError
from storage.tables import Checkpoint, Event, OutboxMessage
from storage.words import CheckpointKind, CheckpointState, MessageKind, RunState, TaskState, VoteAnswer
from tests.watch import Watch, at, watch
from tests.workshop import ALICE, BOB, Page, Workshop, whole_line, workshop

MONDAY_EVENING = "2026-11-23 19:00"  # UTC; in Berlin it is 20:00
QUIET = 'time_zone = "Europe/Berlin"\nquiet_hours = "20:00-07:30"\n'
DRAFT = """
[draft]
deadline = "8 working hours"
remind = ["4 working hours"]
escalate = [{after = "6 working hours", to = ["U0CAROL"]}]
"""
ASKING = {
    "when": {"task": "research-1", "call": 1},
    "reply": {
        "blocks": [{"type": "tool_use", "id": "toolu_1", "name": "ask_person", "input": {"question": "Which one?"}}],
        "stop_reason": "tool_use",
    },
}  # fmt: skip


async def cards(shop: Workshop, run_id: str) -> list[str]:
    """Return the ids of the checkpoints that are shown in the thread."""
    said = await shop.rows(OutboxMessage, run_id)
    return [one.checkpoint_id for one in said if one.kind is MessageKind.CHECKPOINT and not one.user]


async def notices(shop: Workshop, run_id: str) -> list[str]:
    return [one.text for one in await shop.rows(OutboxMessage, run_id) if one.kind is MessageKind.NOTICE]


async def events(shop: Workshop, run_id: str) -> list[str]:
    return [one.kind for one in await shop.rows(Event, run_id)]


async def test_tonight_the_work_begins_at_its_window_and_the_plan_is_asked_at_once(tmp_path: Path):
    with watch(MONDAY_EVENING) as now:
        async with workshop(tmp_path, whole_line(), policy=Page(QUIET)) as shop:
            run_id = await shop.ask(night=True, begin_at=at("2026-11-23 21:00"))
            plan = await shop.to_plan(run_id)
            await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
            waiting = await shop.tasks(run_id)
            now.show("2026-11-23 21:00")
            await shop.engine.work_off()
            await shop.open(run_id, CheckpointKind.DRAFT)

    assert {task.state for key, task in waiting.items() if key not in ("triage", "plan")} == {TaskState.BLOCKED}


async def test_what_comes_up_at_night_is_asked_in_the_morning_while_other_branches_go_on(tmp_path: Path):
    with watch(MONDAY_EVENING) as now:
        async with workshop(tmp_path, [ASKING, *whole_line()], policy=Page(QUIET)) as shop:
            run_id = await shop.ask(night=True)
            await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
            asked = await shop.open(run_id, CheckpointKind.QUESTION)

            async def others_are_done() -> bool:
                tasks = await shop.tasks(run_id)
                return {tasks[f"research-{n}"].state for n in (2, 3)} == {TaskState.DONE}

            await shop.until(others_are_done)
            at_night = await cards(shop, run_id)
            now.show("2026-11-24 06:29")
            await shop.engine.work_off()
            still = await cards(shop, run_id)
            now.show("2026-11-24 06:30")  # 7:30 in Berlin
            await shop.engine.work_off()
            await shop.engine.work_off()
            in_the_morning = await cards(shop, run_id)

    assert asked.held_until == at("2026-11-24 06:30")
    assert asked.id not in at_night and asked.id not in still
    assert in_the_morning.count(asked.id) == 1


async def test_what_is_held_can_be_decided_all_the_same(tmp_path: Path):
    with watch(MONDAY_EVENING) as now:
        async with workshop(tmp_path, whole_line(), policy=Page(QUIET)) as shop:
            run_id = await shop.ask(night=True)
            draft = await shop.to_draft(run_id)
            await shop.decide(draft, BOB, VoteAnswer.APPROVE)
            now.show("2026-11-24 06:30")
            await shop.engine.work_off()
            shown = await cards(shop, run_id)
            run = await shop.ended(run_id)

    assert run.state is RunState.DONE
    assert draft.id not in shown


async def test_somebody_who_is_awake_is_asked_at_once(tmp_path: Path):
    with watch(MONDAY_EVENING):
        policy = Page(QUIET + '[draft]\ndeciders = ["U0BOB"]\n')
        async with workshop(tmp_path, whole_line(), policy=policy) as shop:
            async with shop.database.write() as session:
                await people.keep(session, [BOB.model_copy(update={"zone": "America/New_York"})])
            run_id = await shop.ask(night=True)
            draft = await shop.to_draft(run_id)
            shown = await cards(shop, run_id)

    assert draft.held_until is None
    assert draft.id in shown


async def to_deadline(shop: Workshop, now: Watch) -> Checkpoint:
    """Return a draft that was asked on Monday at 10 in Berlin and that nobody decides on."""
    run_id = await shop.ask()
    draft = await shop.to_draft(run_id)
    now.show("2026-11-24 09:00")  # eight working hours later
    return draft


@pytest.mark.parametrize(
    ("silence", "state", "run_state"),
    [
        ("wait", CheckpointState.OPEN, RunState.WAITING),
        ("stop", CheckpointState.EXPIRED, RunState.STOPPED),
        ("skip", CheckpointState.EXPIRED, RunState.FAILED),
        ("proceed", CheckpointState.EXPIRED, RunState.DONE),
    ],
)
async def test_silence_means_what_the_policy_says(tmp_path: Path, silence: str, state: Any, run_state: Any):
    page = Page(QUIET + DRAFT + f'silence = "{silence}"\n')
    with watch("2026-11-23 09:00") as now:
        async with workshop(tmp_path, whole_line(), policy=page) as shop:
            draft = await to_deadline(shop, now)
            await asyncio.gather(*(shop.engine.work_off() for _ in range(3)))  # each finds the same timers due
            await shop.engine.work_off()
            (after,) = [one for one in await shop.rows(Checkpoint, draft.run_id) if one.id == draft.id]
            run, told = await shop.run(draft.run_id), await events(shop, draft.run_id)

    assert draft.due_at == at("2026-11-24 09:00")
    assert (after.state, run.state) == (state, run_state)
    assert after.decided_by == ""
    assert (told.count("reminded"), told.count("people asked"), told.count("deadline passed")) == (1, 1, 1)


async def test_nothing_happens_a_minute_too_early_and_a_decision_ends_it_all(tmp_path: Path):
    with watch("2026-11-23 09:00") as now:
        async with workshop(tmp_path, whole_line(), policy=Page(QUIET + DRAFT + 'silence = "stop"\n')) as shop:
            draft = await to_deadline(shop, now)
            now.show("2026-11-23 12:59")
            await shop.engine.work_off()
            early = await notices(shop, draft.run_id)
            await shop.decide(draft, BOB, VoteAnswer.APPROVE)
            now.show("2026-11-25 12:00")
            await shop.engine.work_off()
            late, run = await notices(shop, draft.run_id), await shop.run(draft.run_id)

    assert (early, late, run.state) == ([], [], RunState.DONE)


async def test_a_press_after_the_deadline_is_told_so(tmp_path: Path):
    with watch("2026-11-23 09:00") as now:
        async with workshop(tmp_path, whole_line(), policy=Page(QUIET + DRAFT + 'silence = "stop"\n')) as shop:
            draft = await to_deadline(shop, now)
            await shop.engine.work_off()
            with pytest.raises(AlreadyDecidedError, match="closed without an answer"):
                await shop.decide(draft, BOB, VoteAnswer.APPROVE)


async def test_a_question_is_never_answered_by_silence(tmp_path: Path):
    page = Page('[question]\ndeadline = "1 hour"\nsilence = "proceed"\n')
    with watch("2026-11-23 09:00") as now:
        async with workshop(tmp_path, whole_line(), policy=page) as shop:
            run_id = await shop.ask()
            form = await shop.open(run_id, CheckpointKind.QUESTION)
            now.forward(hours=2)
            await shop.engine.work_off()
            still = await shop.open(run_id, CheckpointKind.QUESTION)

    assert still.id == form.id


async def test_a_clock_that_jumps_a_day_back_and_forth_doubles_nothing(tmp_path: Path):
    with watch("2026-11-23 09:00") as now:
        async with workshop(tmp_path, whole_line(), policy=Page(QUIET + DRAFT)) as shop:
            draft = await to_deadline(shop, now)
            for _ in range(3):
                await shop.engine.work_off()
                now.forward(days=-1)
                await shop.engine.work_off()
                now.forward(days=2)
            told = await events(shop, draft.run_id)

    assert [told.count(kind) for kind in ("reminded", "people asked", "deadline passed")] == [1, 1, 1]


async def test_a_result_that_is_late_is_said_once(tmp_path: Path):
    with watch("2026-11-23 09:00") as now:
        async with workshop(tmp_path, whole_line()) as shop:
            run_id = await shop.ask(due_at=at("2026-11-23 10:00"))
            await shop.open(run_id, CheckpointKind.QUESTION)
            now.forward(hours=1)
            await shop.engine.work_off()
            await shop.engine.work_off()
            told = await notices(shop, run_id)

    assert len(told) == 1 and "wanted by now" in told[0]
