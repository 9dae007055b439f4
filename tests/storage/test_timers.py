"""What is due at a moment: taken once, and only while it is due."""

from pathlib import Path

from sqlmodel import SQLModel

from storage import timers
from storage.database import Database
from storage.words import TimerKind
from tests.watch import at, watch


async def test_what_was_moved_since_it_was_found_due_is_not_taken_and_comes_at_its_new_moment(tmp_path: Path):
    database = Database(tmp_path / "jidoka.db")
    SQLModel.metadata.create_all(database.sync_engine)
    with watch("2026-03-02 09:00") as now:
        async with database.write() as session:
            await timers.reset(session, TimerKind.OVERDUE, at("2026-03-02 09:00"), "r1")
        async with database.write() as session:
            [found] = await timers.due(session, [TimerKind.OVERDUE])
            await timers.reset(session, TimerKind.OVERDUE, at("2026-03-02 12:00"), "r1")
        async with database.write() as session:
            early = await timers.take(session, found.id)
        now.show("2026-03-02 12:00")
        async with database.write() as session:
            [again] = await timers.due(session, [TimerKind.OVERDUE])
            taken = [await timers.take(session, again.id) for _ in range(2)]
    await database.close()

    assert early is False
    assert taken == [True, False]
