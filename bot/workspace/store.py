"""The workspace's own SQLite file: opened, closed, asked."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

Row = sqlite3.Row
Loaded = Any  # JSON as it was kept: whatever came in

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS channel (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, topic TEXT NOT NULL,
    created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS member (
    channel TEXT NOT NULL, user TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (channel, user));
CREATE TABLE IF NOT EXISTS message (
    channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, user TEXT NOT NULL, shown INTEGER NOT NULL,
    body TEXT NOT NULL, metadata TEXT, PRIMARY KEY (channel, ts));
CREATE INDEX IF NOT EXISTS message_thread ON message (channel, thread_ts, ts);
CREATE TABLE IF NOT EXISTS past_blocks (
    seq INTEGER PRIMARY KEY, channel TEXT NOT NULL, ts TEXT NOT NULL, blocks TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS past_blocks_of ON past_blocks (channel, ts);
CREATE TABLE IF NOT EXISTS ephemeral (
    ts TEXT PRIMARY KEY, channel TEXT NOT NULL, user TEXT NOT NULL, expires REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS read_mark (
    user TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL, PRIMARY KEY (user, channel));
CREATE TABLE IF NOT EXISTS view (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, type TEXT NOT NULL, root TEXT NOT NULL, previous TEXT,
    external_id TEXT NOT NULL, opened INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS view_user ON view (user, type, opened);
CREATE TABLE IF NOT EXISTS trigger_ticket (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, view TEXT, expires REAL NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS response_url (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT, thread_ts TEXT, ephemeral INTEGER NOT NULL,
    expires REAL NOT NULL, uses INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, size INTEGER NOT NULL,
    created INTEGER NOT NULL, state TEXT NOT NULL, ticket TEXT NOT NULL, shares TEXT NOT NULL, content BLOB);
CREATE TABLE IF NOT EXISTS envelope (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, payload TEXT NOT NULL, deliveries INTEGER NOT NULL,
    due REAL NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS gap (method TEXT PRIMARY KEY, calls INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    channel TEXT NOT NULL, thread_ts TEXT NOT NULL, status TEXT NOT NULL, title TEXT NOT NULL,
    PRIMARY KEY (channel, thread_ts));
"""


class Store:
    """One connection to the workspace's file; everything in a `writing` block is kept together or not at all.

    Calls are short and synchronous: nothing else of the process runs between a block's first and last statement.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, making it and its tables where they are missing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        path.chmod(0o600)
        self._connection.row_factory = sqlite3.Row
        # NORMAL: a commit outlives this process, which is what ends here; only a power cut may take the last ones.
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 2000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; the store cannot be asked any more."""
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Commit what the block did, or undo all of it when the block raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def run(self, sql: str, *values: object) -> int:
        """Run one statement; return how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def one(self, sql: str, *values: object) -> Row | None:
        """Return the first row, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        """Return every row."""
        return self._connection.execute(sql, values).fetchall()

    def rising(self, key: str, at_least: int) -> int:
        """Return a number above every earlier one under this key, and not below `at_least`."""
        row = self.one("SELECT value FROM meta WHERE key = ?", key)
        value = max(at_least, row["value"] + 1) if row else at_least
        self.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value)
        return value


def dump(value: object) -> str:
    """Return a value as the text a column holds."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Loaded:
    """Return the value a column's text stands for."""
    return json.loads(text)
