"""The audit log: any change to it is seen, and through the file it cannot be changed at all."""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from storage import events
from storage.database import Database
from storage.migrations import upgrade
from storage.tables import Event
from tests.storage.voting import seeded

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
LINES: Final = 30
TEXTS: Final = ("run_id", "kind", "by", "salt", "payload_hash", "previous", "hash")
Row = dict[str, Any]


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Database]:
    """A log without the triggers that would refuse to change it, as whoever holds the file could have it."""
    database = Database(tmp_path / "jidoka.db")
    SQLModel.metadata.create_all(database.sync_engine)
    for number in range(LINES):
        async with database.write() as session:
            about = {
                "n": number,
                "note": f"Note {number}, “quoted”",
                "deep": {"b": [1, 2.5, None], "a": True},
            }
            await events.add(session, f"kind {number % 4}", run_id=f"run-{number % 3}", by="U0ALICE", **about)
    yield database
    await database.close()


async def rows_of(session: AsyncSession) -> list[Row]:
    found = await session.execute(sa.select(Event).order_by(col(Event.seq)))
    return [row.model_dump(exclude={"seq"}) for row in found.scalars()]


async def seen(session: AsyncSession, rows: list[Row]) -> list[str]:
    """Return what is said of a log that holds these rows, in this order."""
    await session.execute(sa.delete(Event))
    await session.execute(sa.insert(Event), [{"seq": seq, **row} for seq, row in enumerate(rows, start=1)])
    session.expunge_all()
    return await events.broken(session)


def edited(rows: list[Row], chance: random.Random) -> None:
    row = chance.choice(rows)
    name = chance.choice((*TEXTS, "at", "payload"))
    if name == "payload":
        value = chance.choice(({"n": -1}, {"n": str(row["payload"]["n"])}, {"extra": None}, {"deep": {}}))
        row["payload"] = {**row["payload"], **value}
    elif name == "at":
        row["at"] = row["at"].replace(microsecond=(row["at"].microsecond + 1) % 1_000_000)
    else:
        row[name] = chance.choice((row[name][:-1], row[name] + "0", "U0EVE"))


def edited_and_hashed_anew(rows: list[Row], chance: random.Random) -> None:
    """Change a line and compute its own hashes as the log does: the next line tells."""
    row = chance.choice(rows[:-1])
    row["payload"] = {**row["payload"], "n": -1}
    hash_anew(row)


def hash_anew(row: Row) -> None:
    row["payload_hash"] = events._sha(row["salt"] + events.canonical(row["payload"]))
    line = {name: row[name] for name in ("run_id", "kind", "by", "payload_hash")}
    row["hash"] = events._sha(row["previous"] + events.canonical({**line, "at": row["at"].isoformat()}))


def deleted(rows: list[Row], chance: random.Random) -> None:
    """Take out some lines, the first included, but never just the newest ones: only an anchor shows that."""
    begin = chance.randrange(len(rows) - 1)
    del rows[begin : chance.randrange(begin + 1, len(rows))]


def inserted(rows: list[Row], chance: random.Random) -> None:
    """Put a well-formed line between two others, or a copy of one anywhere."""
    place = chance.randrange(len(rows))
    forged = {**chance.choice(rows), "previous": rows[place - 1]["hash"] if place else events.FIRST}
    hash_anew(forged)
    if chance.random() < 0.5:
        forged, place = dict(chance.choice(rows)), chance.randrange(len(rows) + 1)
    rows.insert(place, forged)


def reordered(rows: list[Row], chance: random.Random) -> None:
    one, other = chance.sample(range(len(rows)), 2)
    rows[one], rows[other] = rows[other], rows[one]


def renumbered(rows: list[Row], chance: random.Random) -> None:
    """Move the numbers of the lines from one on, their order and their words as they were."""
    begin, by = chance.randrange(len(rows)), chance.randrange(1, 5)
    for seq, row in enumerate(rows, start=1):
        row["seq"] = seq + by * (seq > begin)


CHANGES: Final = (edited, edited_and_hashed_anew, deleted, inserted, reordered, renumbered)


async def test_more_than_a_thousand_random_changes_of_the_log_are_all_seen(log: Database):
    chance, done, missed = seeded(SEED), Counter[str](), []
    async with log.write() as session:
        whole = await rows_of(session)
        for number in range(1_200):
            rows, change = [dict(row) for row in whole], CHANGES[number % len(CHANGES)]
            change(rows, chance)
            done[change.__name__] += 1
            if not await seen(session, rows):
                missed.append((number, change.__name__))
        unchanged = await seen(session, whole)

    assert missed == []
    assert set(done.values()) == {200}
    assert unchanged == []


async def test_the_line_that_was_changed_is_named(log: Database):
    async with log.write() as session:
        rows = await rows_of(session)
        rows[4]["payload"] = {"n": 5}
        said = await seen(session, rows)

    assert said == ["Line 5 of the audit log (kind 0) was changed."]


async def test_the_lines_that_are_missing_are_named(log: Database):
    async with log.write() as session:
        rows = [{"seq": seq, **row} for seq, row in enumerate(await rows_of(session), start=1)]
        one = await seen(session, [*rows[:4], *rows[5:]])
        three = await seen(session, [*rows[:4], *rows[7:]])

    assert one == ["Line 5 of the audit log is missing."]
    assert three == ["Lines 5 to 7 of the audit log are missing."]


async def test_a_line_whose_hashes_were_made_anew_is_told_by_the_next_one(log: Database):
    async with log.write() as session:
        rows = await rows_of(session)
        rows[4]["payload"] = {"n": 5}
        hash_anew(rows[4])
        said = await seen(session, rows)

    assert said == [
        "Line 6 of the audit log (kind 1) does not follow the one before: a line was taken out, put in, moved or "
        "written anew."
    ]


@pytest.mark.parametrize(
    "name", ["at", "payload", "salt", "hash", "kind", "previous", "payload_hash", "by", "run_id"]
)
@pytest.mark.parametrize("value", ["x'00ff'", "7", "'not so'", "'[['", "1e999"])
async def test_whatever_stands_in_a_line_is_told_and_stops_nothing(log: Database, name: str, value: str):
    async with log.write() as session:
        await session.execute(sa.text(f"UPDATE event SET {name} = {value} WHERE seq = 5"))
        said = await events.broken(session)

    assert said and all(sentence.startswith(("Line 5 of", "Line 6 of")) for sentence in said)


async def test_the_head_is_the_newest_line_and_nothing_of_an_empty_log(log: Database):
    async with log.write() as session:
        newest = (await rows_of(session))[-1]["hash"]
        found = await events.head(session)
        await session.execute(sa.delete(Event))
        empty = await events.head(session)

    assert found == (LINES, newest)
    assert empty == (0, events.FIRST)


async def test_lines_are_looked_at_one_by_one(tmp_path: Path):
    upgrade(tmp_path / "long.db")
    connection = sqlite3.connect(tmp_path / "long.db")
    connection.execute(
        "WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n LIMIT 20000) INSERT INTO event "
        "SELECT seq, 'run-1', 'vote', '', '', printf('%.*c', 1000, 'x'), '', '', '', '' FROM n"
    )
    tracemalloc.start()
    count = sum(1 for _ in events.walk(connection))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    connection.close()

    assert count == 20_000
    assert most < 2_000_000  # bytes; the lines hold 20 MB


async def test_lines_of_one_transaction_and_of_many_form_one_chain(log: Database):
    async with log.write() as session:
        for number in range(5):
            await events.add(session, "together", run_id="run-1", n=number)
    with pytest.raises(ZeroDivisionError):
        async with log.write() as session:
            await events.add(session, "never", run_id="run-1")
            raise ZeroDivisionError
    async with log.write() as session:
        await events.add(session, "after", run_id="run-1")

    async with log.read() as session:
        kinds = [row["kind"] for row in await rows_of(session)]
        wrong = await events.broken(session)
    assert kinds[LINES:] == [*["together"] * 5, "after"]
    assert wrong == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET by = 'U0EVE'",
        "UPDATE event SET payload = '{}' WHERE seq = 1",
        "UPDATE OR REPLACE event SET seq = 2 WHERE seq = 1",
        "DELETE FROM event",
        "DELETE FROM event WHERE seq = 2",
        "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 2",
        "REPLACE INTO event SELECT seq, run_id, kind, 'U0EVE', at, payload, salt, payload_hash, previous, hash FROM event",
        "INSERT INTO event SELECT * FROM event WHERE true ON CONFLICT (seq) DO UPDATE SET by = 'U0EVE'",
    ],
)
async def test_a_line_that_is_written_can_be_neither_changed_nor_taken_out(tmp_path: Path, change: str):
    path = tmp_path / "jidoka.db"
    upgrade(path)
    database = Database(path)
    async with database.write() as session:
        for number in range(3):
            await events.add(session, "vote", run_id="run-1", by="U0BOB", n=number)
    await database.close()
    with sqlite3.connect(path) as connection:
        before = connection.execute("SELECT * FROM event").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(change)
        connection.rollback()
        after = connection.execute("SELECT * FROM event").fetchall()
    connection.close()

    assert after == before and len(after) == 3


async def test_the_programs_log_says_what_is_kept_and_nothing_that_is_not(
    log: Database, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level("INFO", "storage"):
        async with log.write() as session:
            await events.add(session, "decided", run_id="run-1", by="UA", answer="approve")
            before = list(caplog.messages)
        with pytest.raises(ZeroDivisionError):
            async with log.write() as session:
                await events.add(session, "never")
                1 / 0  # noqa: B018

    assert (before, caplog.messages) == ([], ["decided"])
    assert [vars(record)[name] for record in caplog.records for name in ("run", "who")] == ["run-1", "UA"]
    assert "approve" not in caplog.text
