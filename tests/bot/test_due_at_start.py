"""What came due while no process was here is done before anybody is heard."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from storage import clock, timers
from storage.database import Database
from storage.tables import Run
from storage.words import RunState, TimerKind
from tests.bot.test_main import serving
from tests.bot.waiting import until
from tests.fresh import fresh


async def _a_brief_missed(home: Path) -> None:
    """Keep a failed run of Alice's night, and a brief that was due an hour ago."""
    (home / "policy.toml").write_text('quiet_hours = ""\n', encoding="utf-8")
    database = Database(fresh(home / "jidoka.db"))
    due = clock.now() - timedelta(hours=1)
    run = Run(
        id="run-1", state=RunState.FAILED, team="T0JIDOKA", channel="D0ALICE", thread_ts="1.000001", night=True,
        request_ts="1.000001", requester="U0ALICE", request="Compare them.", tag="t", error="It broke.",
        created_at=due - timedelta(hours=9), ended_at=due - timedelta(hours=2),
    )  # fmt: skip
    async with database.write() as session:
        session.add(run)
        about = {"who": "U0ALICE"}
        await timers.set_(session, TimerKind.BRIEF, due, f"U0ALICE.{due:%Y-%m-%d}", about=about)
    await database.close()


def _queued(home: Path) -> list[str]:
    with sqlite3.connect(home / "jidoka.db") as connection:
        found = [text for (text,) in connection.execute("SELECT text FROM outboxmessage WHERE kind = 'BRIEF'")]
    connection.close()
    return found


def _said(home: Path) -> list[str]:
    with sqlite3.connect(home / "workspace.db") as connection:
        found = [str(row) for row in connection.execute("SELECT * FROM message WHERE channel = 'D0ALICE'")]
    connection.close()
    return found


async def test_a_brief_missed_is_queued_before_the_address_is_printed_and_said_once(tmp_path: Path):
    await _a_brief_missed(tmp_path)
    async with serving(tmp_path):
        queued = _queued(tmp_path)
        [said] = await until(lambda: _said(tmp_path), 20)
    async with serving(tmp_path):
        again = _queued(tmp_path)

    assert "run-1" in queued[0]
    assert "It broke." in said and "This comes late" in said
    assert again == queued
