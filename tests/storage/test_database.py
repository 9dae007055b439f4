"""Writing past the ORM, and waiting for the write lock."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import ids, runs
from storage.database import Database, changed, execute, insert, table_of
from storage.tables import Note, Run, Task
from storage.words import RunState, TaskKind
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


@pytest.fixture
async def database(tmp_path: Path):
    opened = Database(fresh(tmp_path / "jidoka.db"))
    yield opened
    await opened.close()


async def test_a_row_written_past_the_orm_is_the_row_that_is_read(database: Database):
    given = Run(**RUN, inputs={"a": "ü"}, files=[{"id": "F1"}], paused=True)
    async with database.write() as session:
        await insert(session, given)
    async with database.read() as session:
        read = await runs.get(session, "r1")

    assert read.model_dump() == given.model_dump()


async def test_a_key_that_the_database_counts_is_left_to_it(database: Database):
    async with database.write() as session:
        for ts in ("1", "2"):
            await insert(session, Note(run_id="r1", by="U", text="n", channel="C", ts=ts))
    async with database.read() as session:
        numbers = [note.id for note in await runs.notes(session, "r1")]

    assert numbers == [1, 2]


async def test_changed_counts_rows(database: Database):
    mine = table_of(Task)
    async with database.write() as session:
        for number in (1, 2):
            await insert(session, Task(run_id="r1", key=f"t{number}", kind=TaskKind.WORK, position=number))
        both = await changed(session, sa.update(mine).values(token="t"))
        none = await changed(
            session, sa.update(mine).where(mine.c.key == sa.bindparam("of")), {"of": "x", "token": "u"}
        )

    assert (both, none) == (2, 0)


async def test_locking_a_run_counts_and_reads_it_anew(database: Database):
    async with database.write() as session:
        await insert(session, Run(**RUN))
        first = await runs.lock(session, "r1")
        await execute(session, sa.update(table_of(Run)).values(state=RunState.PAUSED))
        again = await runs.lock(session, "r1")

    assert (again.rev, again.state, again is first) == (2, RunState.PAUSED, True)


async def test_a_writer_waits_for_the_lock_without_stopping_the_loop(database: Database):
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.write() as session:
            await insert(session, Run(**RUN))

    writing = asyncio.create_task(write())
    for _ in range(20):
        await asyncio.sleep(0.005)  # the loop turns while the writer waits
    waited = not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing

    assert waited


def test_an_id_has_the_length_and_the_letters_it_should():
    ids.seed(7)
    try:
        first, second = ids.secret(16), ids.secret(16)
    finally:
        ids.seed(None)

    assert first != second
    assert all(
        len(one) == 16 and not set(one) - set("0123456789abcdefghjkmnpqrstvwxyz") for one in (first, second)
    )
