"""A schedule whose moment has come: taken once, as it was read."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from storage import schedules
from storage.database import Database
from tests.watch import at, watch

SEVEN, EIGHT = at("2026-03-02 07:00"), at("2026-03-02 08:00")
ABOUT = {"team": "T0JIDOKA", "channel": "C0GENERAL", "by": "U0ALICE", "request": "the news", "zone": "UTC"}


@pytest.mark.parametrize("until", [None, at("2026-03-03 00:00")])
@pytest.mark.parametrize("edited", [{"until": EIGHT}, {"channel": "C0SALES"}, {"repeat": "0 9 * * *"}, {}])
async def test_what_was_edited_while_its_moment_came_is_not_taken_as_it_was(
    tmp_path: Path, edited: dict[str, Any], until: datetime | None
):
    database = Database(tmp_path / "jidoka.db")
    SQLModel.metadata.create_all(database.sync_engine)
    with watch("2026-03-02 07:00"):
        async with database.write() as session:
            await schedules.add(session, **ABOUT, repeat="0 7 * * *", next_at=SEVEN, until=until)
        async with database.read() as session:
            [read] = await schedules.due(session)
        async with database.write() as session:
            await schedules.edit(session, await schedules.get(session, read.id), "U0ALICE", **edited)
        async with database.write() as session:
            taken = await schedules.take(session, read, None)
        async with database.write() as session:
            [*again] = await schedules.due(session)
            late = [await schedules.take(session, one, None) for one in again]
    await database.close()

    assert (taken, late) == ((False, [True]) if edited else (True, []))
