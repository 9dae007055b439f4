"""The database under cancellation: a lock is never left with nobody."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from storage.database import Database
from storage.tables import Run


def run(number: int) -> Run:
    ts = f"{number}.1"
    return Run(id=f"r{number}", team="T", channel="C", thread_ts=ts, request_ts=ts, requester="U", tag="t")


async def test_writers_cancelled_at_any_moment_leave_the_lock_free(tmp_path: Path):
    database = Database(tmp_path / "jidoka.db")
    SQLModel.metadata.create_all(database.sync_engine)

    async def write(number: int) -> None:
        async with database.write() as session:
            session.add(run(number))
            await session.flush()
            await asyncio.sleep(0)

    for number in range(60):
        holding = database.sync_engine.connect()
        holding.exec_driver_sql("BEGIN IMMEDIATE") if number % 3 == 0 else None
        writing = asyncio.ensure_future(write(number))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        await asyncio.sleep(0.01 if number % 3 == 0 else 0)
        writing.cancel()
        holding.rollback()
        holding.close()
        await asyncio.wait([writing])

    async with asyncio.timeout(5):
        await write(1_000)
    async with database.read() as session:
        kept = (await session.execute(sa.select(Run).where(Run.id == "r1000"))).scalar_one()
    await database.close()

    assert kept.id == "r1000"
