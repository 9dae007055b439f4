"""The record of an attempt: what is written when, and who may write."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col

from agents.engine.attempt import Attempt, DivergedError, FencedError
from agents.engine.budget import Purse
from agents.engine.recording import RunRecorder
from agents.errors import RetryError
from agents.models.retry import patiently
from agents.policies.values import Spend
from agents.stations.brief import Brief
from agents.stations.recording import Result
from storage import calls, runs
from storage.database import Database
from storage.tables import Brief as BriefRow
from storage.tables import Run, Task
from storage.words import CallKind, CallState, RunState, TaskKind, TaskState
from tests.fresh import fresh

RUN = {
    "id": "r1",
    "team": "T",
    "channel": "C",
    "thread_ts": "1",
    "request_ts": "1",
    "requester": "U",
    "tag": "t",
}
SAID = Result({"said": "yes"}, "a-model", tokens=7, usd=0.5)
DONE, INTENT = CallState.DONE, CallState.INTENT


class Bench:
    """A task, and workers who want it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def worker(self, token: str) -> RunRecorder:
        """Look at the task as a stage does when it begins."""
        async with self.database.read() as session:
            task = await runs.task(session, "r1", "a")
            known = await calls.of(session, "r1", "a", 1)
            purse = Purse(await runs.get(session, "r1"), Spend())
        return RunRecorder(self.database, Attempt("r1", "a", 1, token, task.token), known, {}, (), purse)

    async def change(self, row: type[SQLModel], **values: Any) -> None:
        async with self.database.write() as session:
            await session.execute(sa.update(row).values(**values))

    async def states(self) -> list[CallState]:
        """Return the states of the calls on record, in order."""
        async with self.database.read() as session:
            found = await calls.of(session, "r1", "a", 1)
        return [found[seq].state for seq in sorted(found)]

    async def task(self) -> Task:
        async with self.database.read() as session:
            return await runs.task(session, "r1", "a")

    async def paid(self) -> float:
        async with self.database.read() as session:
            return (await runs.spent(session, "r1"))[0]


@asynccontextmanager
async def bench(home: Path) -> AsyncIterator[Bench]:
    database = Database(fresh(home / "jidoka.db"))
    async with database.write() as session:
        session.add_all(
            [
                Run(**RUN),
                Task(run_id="r1", key="a", kind=TaskKind.WORK, position=1, state=TaskState.QUEUED),
            ]
        )
    try:
        yield Bench(database)
    finally:
        await database.close()


async def says() -> Result:
    return SAID


async def call(worker: RunRecorder, make: Any = says, asked: str = "x") -> Any:
    return await worker.record(worker.next(), CallKind.MODEL, "researcher", {"asked": asked}, make)


async def test_looking_at_a_task_takes_nothing_and_the_first_call_takes_it(tmp_path: Path):
    async with bench(tmp_path) as desk:
        worker = await desk.worker("mine")
        before = await desk.task()
        await call(worker)
        after = await desk.task()

    assert (before.state, before.token, before.began_at) == (TaskState.QUEUED, "", None)
    assert (after.state, after.token) == (TaskState.WORKING, "mine")
    assert after.began_at is not None


async def test_the_intent_is_on_record_while_the_call_is_made(tmp_path: Path):
    async with bench(tmp_path) as desk:
        seen: list[list[CallState]] = []

        async def looks() -> Result:
            seen.append(await desk.states())
            return SAID

        await call(await desk.worker("mine"), looks)

    assert seen == [[INTENT]]


async def test_a_result_is_on_record_before_the_next_call_is_made(tmp_path: Path):
    async with bench(tmp_path) as desk:
        worker, seen = await desk.worker("mine"), []

        async def looks() -> Result:
            seen.append(await desk.states())
            return SAID

        await call(worker)
        await call(worker, looks)

    assert seen == [[DONE, INTENT]]


async def test_a_result_does_not_wait_while_another_call_is_under_way(tmp_path: Path):
    async with bench(tmp_path) as desk:
        worker, end = await desk.worker("mine"), asyncio.Event()

        async def slow() -> Result:
            await end.wait()
            return SAID

        beside = asyncio.create_task(call(worker, slow, "slow"))
        await asyncio.sleep(0)  # it takes its number first
        await call(worker, says, "fast")
        while_slow = await desk.states()
        end.set()
        await beside
        await worker.settle()
        after = await desk.states()

    assert (while_slow, after) == ([INTENT, DONE], [DONE, DONE])


async def test_who_looked_before_another_took_the_task_takes_nothing_away(tmp_path: Path):
    async with bench(tmp_path) as desk:
        sleeper, worker = await desk.worker("old"), await desk.worker("new")
        await call(worker)
        with pytest.raises(FencedError):
            await call(sleeper)
        task = await desk.task()
        await call(worker)
        await worker.settle()
        states = await desk.states()

    assert (task.token, states) == ("new", [DONE, DONE])


async def test_who_lost_the_task_writes_no_result(tmp_path: Path):
    async with bench(tmp_path) as desk:
        loser = await desk.worker("first")
        await call(loser)
        heir = await desk.worker("second")
        await call(heir, asked="x")
        with pytest.raises(FencedError):
            await loser.settle()
        states = await desk.states()

    assert states == [INTENT]


async def test_a_task_of_a_run_that_has_ended_is_not_taken(tmp_path: Path):
    async with bench(tmp_path) as desk:
        worker = await desk.worker("mine")
        await desk.change(Run, state=RunState.STOPPED)
        with pytest.raises(FencedError):
            await call(worker)
        states = await desk.states()

    assert states == []


async def test_after_a_crash_only_the_call_without_a_result_is_made_again(tmp_path: Path):
    async with bench(tmp_path) as desk:
        first = await desk.worker("first")
        await call(first, asked="one")
        await call(first, asked="two")  # ends before this result is written
        again, made = await desk.worker("second"), []

        async def counted() -> Result:
            made.append("again")
            return SAID

        answers = [await call(again, counted, asked) for asked in ("one", "two")]

    assert (answers, made) == ([SAID.value, SAID.value], ["again"])


async def test_a_replay_that_asks_something_else_ends_loudly(tmp_path: Path):
    async with bench(tmp_path) as desk:
        first = await desk.worker("first")
        await call(first, asked="one")
        await first.settle()
        with pytest.raises(DivergedError):
            await call(await desk.worker("second"), asked="another")


async def test_what_a_stopped_stage_paid_for_is_kept(tmp_path: Path):
    async with bench(tmp_path) as desk:
        worker = await desk.worker("mine")
        await call(worker)
        await desk.change(Run, state=RunState.STOPPED)
        await worker.give_up()
        paid = await desk.paid()

    assert paid == SAID.usd


async def test_giving_up_takes_no_task(tmp_path: Path):
    async with bench(tmp_path) as desk:
        await (await desk.worker("mine")).give_up()
        task = await desk.task()

    assert (task.state, task.token) == (TaskState.QUEUED, "")


async def test_a_commit_that_fails_leaves_everything_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with bench(tmp_path) as desk:
        worker = await desk.worker("mine")

        async def broken(*_: Any) -> bool:
            raise OSError("The disk is full.")

        with monkeypatch.context() as patched:
            patched.setattr(calls, "intend", broken)
            with pytest.raises(OSError, match="disk is full"):
                await call(worker)
        untouched = await desk.task()
        await worker.settle()
        taken = await desk.task()

    assert (untouched.token, taken.token) == ("", "mine")


async def test_a_brief_is_kept_with_the_call_that_shows_it(tmp_path: Path):
    async with bench(tmp_path) as desk:
        worker = await desk.worker("mine")
        await worker.keep(Brief("work", "researcher", "system", "text", ()))
        async with desk.database.read() as session:
            before = await calls.briefs(session, "r1", "a", 1)
        await call(worker)
        async with desk.database.read() as session:
            after = (await session.execute(sa.select(col(BriefRow.text)))).scalars().all()

    assert (before, after) == ({}, ["text"])


async def test_a_try_in_vain_counts_after_the_death_of_its_worker(tmp_path: Path):
    comes = iter([RetryError("down"), asyncio.CancelledError(), RetryError("down"), RetryError("down")])
    made: list[BaseException] = []

    async def at_once(_: float) -> None:
        return

    async def once() -> Result:
        made.append(next(comes))
        raise made[-1]

    async with bench(tmp_path) as desk:
        for token in ("first", "second"):
            with pytest.raises((asyncio.CancelledError, RetryError)):
                await call(await desk.worker(token), lambda: patiently(once, sleep=at_once))
        async with desk.database.read() as session:
            [row] = (await calls.of(session, "r1", "a", 1)).values()

    assert len(made) == 3, "one try was in vain, one was cut by the death, and the heir had one"
    assert row.faults == [["", "down"], ["", "down"]]
