"""How long a run was at work, by its recorded calls, and that its cap in minutes counts nothing else."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from agents.engine import recording
from agents.engine.budget import BudgetError
from agents.planning import expand, free
from agents.planning.plan import Limits
from agents.stations.recording import Most, Result
from storage import calls, clock, runs
from storage.tables import Call, Handoff
from storage.words import CallKind, CallState, CheckpointKind
from tests.agents.engine.test_budget import Till, till
from tests.agents.stations.test_limits import edited
from tests.watch import watch
from tests.workshop import (
    ALICE,
    Workshop,
    comparison,
    researches,
    triage,
    verdict,
    workshop,
    written,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, NOTHING = timedelta(minutes=1), timedelta()


async def worked(desk: Till, *lines: tuple[str, float, float | None]) -> None:
    """Keep calls of these tasks that were worked on from so many minutes past nine to so many."""
    async with desk.database.write() as session:
        for seq, (task, began, ended) in enumerate(lines, start=1):
            row = Call(run_id="r1", task_key=task, attempt=1, seq=seq, kind=CallKind.MODEL, name="reader", digest=str(seq))
            row.began_at = NINE + timedelta(minutes=began)
            if ended is not None:
                row.ended_at, row.state = NINE + timedelta(minutes=ended), CallState.DONE
                row.worked_s = (ended - began) * 60
            session.add(row)


async def minutes(desk: Till) -> float:
    async with desk.database.read() as session:
        return await calls.worked_s(session, "r1") / 60


async def test_side_by_side_and_what_another_attempt_took_over_are_counted_once(tmp_path: Path):
    async with till(tmp_path) as desk:
        assert await minutes(desk) == 0
        await worked(desk, ("a", 0, 4), ("b", 1, 3), ("c", 2, 6), ("a", 300, 302), ("b", 301, None))
        async with desk.database.write() as session:
            await calls.inherit(session, "r1", "a", 1)

        assert await minutes(desk) == 8


async def test_a_call_that_was_cut_and_made_later_counts_from_its_last_making_and_half_price_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with watch("2026-03-02 09:00") as now:
        monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=lambda: clock.now().timestamp()))

        async def make(lasts: timedelta, half_price: timedelta = NOTHING) -> Result:
            now.forward(minutes=lasts / MINUTE)
            return Result({}, waited_s=half_price.total_seconds())

        async def cut() -> Result:
            now.forward(minutes=5)
            raise asyncio.CancelledError

        async with till(tmp_path) as desk:
            first = await desk.worker("a", "first")
            with pytest.raises(asyncio.CancelledError):
                await first.record(first.next(), CallKind.MODEL, "reader", {}, cut)
            now.forward(hours=8)
            heir = await desk.worker("a", "second")
            await heir.record(heir.next(), CallKind.MODEL, "reader", {}, lambda: make(3 * MINUTE))
            await heir.record(heir.next(), CallKind.MODEL, "reader", {}, lambda: make(62 * MINUTE, 60 * MINUTE))
            await heir.settle()
            third = await desk.worker("a", "third")
            for _ in range(2):
                await third.record(third.next(), CallKind.MODEL, "reader", {}, lambda: make(99 * MINUTE))

            assert await minutes(desk) == 5
        assert heir.spent.worked_s == third.spent.worked_s == 5 * 60


async def _asked_thrice(shop: Workshop) -> bool:
    return len(shop.model.calls(task="research-1")) == 3


async def test_a_task_at_the_limit_of_its_minutes_hands_over_what_it_has_and_so_it_does_when_it_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    looks = count()
    monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=lambda: 150.0 * next(looks)))
    for module in (expand, free):
        monkeypatch.setattr(module, "limits_for", lambda _tools: Limits(seconds=120))
    read = {"blocks": [{"type": "tool_use", "name": "read_document", "input": {"document": "d1", "part": 1}}]}
    first = [{"reply": read}, {"reply": {"text": "no JSON"}}, {"fault": {"type": "hang"}}]
    first = [{"when": {"task": "research-1"}, **line} for line in first]
    others = [{**line, "times": "*"} for line in researches()[1:]]
    script = [triage(), *first, *researches()[:1], *others, comparison(), written(), verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await edited(shop, run_id, findings={"tools": ["read_document"]})
        await shop.until(lambda: _asked_thrice(shop))
        await shop.engine.controls.pause(run_id, ALICE)
        await shop.engine.controls.resume(run_id, ALICE)
        await shop.open(run_id, CheckpointKind.DRAFT)
        [handed] = [row for row in await shop.rows(Handoff, run_id) if row.task_key == "research-1"]

    assert handed.open_questions[0] == "The work was cut short at its limit: 2 minutes."
    assert handed.attempt == 2


async def test_at_its_minutes_nobody_makes_a_further_call_after_a_restart_either_until_people_allow_more(tmp_path: Path):
    free = Most(usd=0.0, tokens=1_000)
    async with till(tmp_path, run_minutes=10) as desk:
        await worked(desk, ("a", 0, 9))
        await desk.call(await desk.worker("b", "first"), 0.0, most=free)
        await worked(desk, ("c", 20, 21.5))
        heir = await desk.worker("b", "second")
        heir.next()
        with pytest.raises(BudgetError, match=r"this run is used up: 10 of 10 minutes of work\.$"):
            await desk.call(heir, 0.0, most=free)
        async with desk.database.write() as session:
            (await runs.get(session, "r1")).extra_minutes = 5
        await desk.call(heir, 0.0, most=free)

    assert len(desk.paid) == 2
