"""How long a run was at work, by its recorded calls, and that its cap in minutes counts nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.engine.budget import BudgetError
from agents.stations.recording import Most
from storage import calls, runs
from storage.tables import Call
from storage.words import CallKind, CallState
from tests.agents.engine.test_budget import Till, till

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def worked(desk: Till, *lines: tuple[str, float, float | None], batch: bool = False) -> None:
    """Keep calls of these tasks that began and ended so many minutes past nine."""
    async with desk.database.write() as session:
        for seq, (task, began, ended) in enumerate(lines, start=100 if batch else 1):
            row = Call(run_id="r1", task_key=task, attempt=1, seq=seq, kind=CallKind.MODEL, name="reader", digest=str(seq))
            row.began_at = NINE + timedelta(minutes=began)
            if ended is not None:
                row.ended_at, row.state = NINE + timedelta(minutes=ended), CallState.DONE
            if batch:
                row.result = {"usage": {"service_tier": "batch"}}
            session.add(row)


async def minutes(desk: Till) -> float:
    async with desk.database.read() as session:
        return await calls.worked_s(session, "r1") / 60


async def test_side_by_side_is_counted_once_and_waiting_for_people_or_half_price_not_at_all(tmp_path: Path):
    async with till(tmp_path) as desk:
        assert await minutes(desk) == 0
        await worked(desk, ("a", 0, 4), ("b", 1, 3), ("c", 2, 6), ("a", 300, 302), ("b", 301, None))
        await worked(desk, ("c", 400, 900), batch=True)

        assert await minutes(desk) == 8


async def test_what_another_attempt_took_over_and_a_night_in_which_nothing_ran_are_not_counted(tmp_path: Path):
    async with till(tmp_path) as desk:
        await worked(desk, ("a", 0, 5), ("a", 5, 605))
        async with desk.database.write() as session:
            await calls.inherit(session, "r1", "a", 1)

        assert await minutes(desk) == 5 + calls.LONGEST.total_seconds() / 60


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
