"""A scribe that writes audit logs for tests, with its own clock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from storage.database import Database, table_of
from storage.outcomes import Figures, Line, Tally, Working
from storage.tables import Event

START: Final = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday, at midnight
END: Final = START + timedelta(weeks=4)
ALICE, BOB, CAROL, DAVE = "U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"
CLOSED: Final = {
    "approve": "checkpoint approved", "send_back": "checkpoint sent back", "stop": "checkpoint stopped",
    "answer": "checkpoint answered", "expire": "checkpoint closed without an answer", "withdraw": "checkpoint withdrawn",
}  # fmt: skip
_INSERT: Final = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, '', '', '', '')"


class Scribe:
    """Writes lines one after the other, each at the time it was told last."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.now = START

    def on(self, day: int, clock: str) -> Scribe:
        """Go to a day of November and a time such as ``10:34`` or ``10:34:30``."""
        hours, minutes, *seconds = map(int, clock.split(":"))
        midnight = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day - 1)
        self.now = midnight + timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
        return self

    def say(self, kind: str, run: str = "", by: str = "", **payload: Any) -> Scribe:
        """Write any line."""
        self.lines.append(Line(len(self.lines) + 1, kind, run, by, self.now, payload))
        return self

    def run(self, run: str, *tasks: str, by: str = ALICE, **more: Any) -> Scribe:
        """Open a run and fix its plan."""
        self.say("run opened", run, by, files=0, **more)
        return self.say("plan fixed", run, tasks=[*(tasks or ("read", "write"))])

    def ask(self, run: str, checkpoint: str, asks: str = "draft", task: str = "write", **more: Any) -> Scribe:
        """Open a checkpoint."""
        return self.say("checkpoint opened", run, checkpoint=checkpoint, asks=asks, task=task, **more)

    def see(self, run: str, checkpoint: str, by: str = BOB) -> Scribe:
        """Let a person open it."""
        return self.say("checkpoint seen", run, by, checkpoint=checkpoint, version=1)

    def vote(self, run: str, checkpoint: str, answer: str = "approve", by: str = BOB) -> Scribe:
        """Let a person vote; nothing is decided by it yet."""
        return self.say("vote", run, by, checkpoint=checkpoint, version=1, answer=answer)

    def close(self, run: str, checkpoint: str, answer: str = "approve", by: str = "") -> Scribe:
        """End a checkpoint."""
        return self.say(CLOSED[answer], run, by, checkpoint=checkpoint, version=1)

    def decide(self, run: str, checkpoint: str, answer: str = "approve", by: str = BOB) -> Scribe:
        """Let a person vote and decide with it."""
        return self.vote(run, checkpoint, answer, by).close(run, checkpoint, answer, by)

    def draft(self, run: str, checkpoint: str, *clocks: str, day: int, answer: str = "approve") -> Scribe:
        """Ask for a verdict on the result, let Bob open it and decide, at these three times."""
        asked, seen, decided = clocks
        self.on(day, asked).ask(run, checkpoint).on(day, seen).see(run, checkpoint)
        return self.on(day, decided).decide(run, checkpoint, answer)

    def figures(self, until: datetime = END, weeks: int = 4, working: Working | None = None) -> Figures:
        """Return the figures of what was written."""
        return counted(self.lines, until, weeks, working)


def counted(
    lines: Iterable[Line], until: datetime = END, weeks: int = 4, working: Working | None = None
) -> Figures:
    """Return the figures of a log."""
    tally = Tally(weeks)
    for line in lines:
        tally.add(line)
    return tally.figures(until, weeks, working)


def stored(path: Path, lines: Iterable[Line]) -> Path:
    """Write a log to a database's file and return the file. Its chain is empty: figures do not look at it."""
    made = Database(path)
    table_of(Event).create(made.sync_engine, checkfirst=True)
    made.sync_engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(_INSERT, map(_row, lines))
    return path


def _row(line: Line) -> tuple[Any, ...]:
    at = line.at.replace(tzinfo=None).isoformat(" ", "microseconds")
    return (line.seq, line.run, line.kind, line.by, at, json.dumps(line.payload))
