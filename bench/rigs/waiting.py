"""Many runs that wait for people: one real run brought to its draft, then copied."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from bench.rigs.engine import ALICE, Direct, Rig
from storage import migrations

# Ours, and the durable queue's rows of the stages that ended. Left out are calls, briefs and events: they are many, and
# nothing that happens by itself reads them.
COPIED: Final = ("run", "task", "checkpoint", "artifact", "handoff", "outboxmessage", "workflow_status")
BATCH: Final = 500  # runs a transaction


def home_with(folder: Path, count: int) -> None:
    """Make a database with this many runs, each waiting at a draft's checkpoint; what it says is delivered."""
    migrations.upgrade(folder / "jidoka.db")
    run_id = asyncio.run(_one_waiting(folder))
    connection = sqlite3.connect(folder / "jidoka.db")
    _settle(connection)
    for table in COPIED:
        _copy(connection, table, run_id, count - 1)
    if count == 0:
        _remove(connection, run_id)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()


async def _one_waiting(folder: Path) -> str:
    rig = Rig(folder, Direct())
    await rig.engine.start()
    run_id = await rig.open_run(0)
    await rig.press(await rig.until_waiting(run_id), ALICE)
    await rig.until_waiting(run_id)
    await rig.close()
    return run_id


def _settle(connection: sqlite3.Connection) -> None:
    """Everything was said long ago."""
    connection.execute("update outboxmessage set delivered = wanted, ts = seq || '.000100'")
    connection.commit()


def _remove(connection: sqlite3.Connection, run_id: str) -> None:
    for table in COPIED:
        connection.execute(f"delete from {table} where {_mine(connection, table)}", {"run": run_id})
    connection.commit()


def _copy(connection: sqlite3.Connection, table: str, run_id: str, count: int) -> None:
    """Copy a run's rows this many times; whatever names the run, or must be unique, gets a number."""
    columns = _columns(connection, table)
    rows = connection.execute(
        f"select {', '.join(columns)} from {table} where {_mine(connection, table)}", {"run": run_id}
    ).fetchall()
    into = f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
    for first in range(1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        connection.executemany(into, _numbered(columns, rows, numbers, run_id))
        connection.commit()


def _mine(connection: sqlite3.Connection, table: str) -> str:
    if table == "workflow_status":
        return "workflow_uuid like :run || ':%'"
    return "id = :run" if table == "run" else "run_id = :run"


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    found = connection.execute(f"select name from pragma_table_info('{table}')")
    return [f'"{name}"' for (name,) in found if (table, name) != ("outboxmessage", "seq")]


UNIQUE: Final = {"id", "checkpoint_id", "artifact_id", "request_ts", "thread_ts", "run_id", "workflow_uuid"}


def _numbered(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], numbers: range, run_id: str
) -> Iterator[list[Any]]:
    change: list[Callable[[Any, int], Any]] = [
        (lambda value, n: f"{n}-{value}" if value else value)
        if column.strip('"') in UNIQUE
        else (lambda value, _n: value)
        for column in columns
    ]
    for number in numbers:
        for row in rows:
            yield [turn(value, number) for turn, value in zip(change, row, strict=True)]
