"""The keeper: an anchor soon after every decision, one for what the last process left, and never in anybody's way."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import anchoring
from bot.anchoring import Keeper
from storage import anchors, events
from storage.database import Database
from tests.bot.waiting import until
from tests.fresh import fresh


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(fresh(tmp_path / "jidoka.db"))
    yield database
    await database.close()


@asynccontextmanager
async def at_work(database: Database, home: Path) -> AsyncIterator[Keeper]:
    keeper = Keeper(database, home)
    working = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def written(database: Database, kind: str) -> int:
    async with database.write() as session:
        await events.add(session, kind, run_id="run-1", by="U0BOB", checkpoint="chk-1")
        return (await events.head(session))[0]


def kept(home: Path) -> list[int]:
    return [anchor if isinstance(anchor, str) else anchor.seq for anchor in anchors.read(home)]


async def test_a_decision_is_anchored_soon_and_other_changes_are_not(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(anchoring, "SETTLING_S", 0.01)
    async with at_work(database, tmp_path) as keeper:
        await written(database, "note")
        keeper.wake()
        seq = await written(database, "checkpoint approved")
        keeper.wake()
        await until(lambda: kept(tmp_path) == [seq])
        await written(database, "note")
        keeper.wake()
        again = await written(database, "checkpoint stopped")
        keeper.wake()
        await until(lambda: kept(tmp_path)[-1] == again)

    assert kept(tmp_path) == [seq, again]


async def test_what_a_dead_process_did_not_anchor_is_anchored_at_the_next_start(database: Database, tmp_path: Path):
    seq = await written(database, "checkpoint approved")

    async with at_work(database, tmp_path):
        await until(lambda: kept(tmp_path) == [seq])

    assert kept(tmp_path) == [seq]


async def test_a_file_that_cannot_be_written_is_told_in_the_log_and_tried_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(anchoring, "SETTLING_S", 0.01)
    in_the_way = tmp_path / anchors.FILE
    in_the_way.mkdir()
    seq = await written(database, "checkpoint approved")
    with caplog.at_level(logging.ERROR):
        async with at_work(database, tmp_path) as keeper:
            await until(lambda: "has no anchor of the newest decision" in caplog.text)
            in_the_way.rmdir()
            keeper.wake()
            await until(lambda: in_the_way.is_file() and kept(tmp_path) == [seq])

    assert "Is a directory" in caplog.text
