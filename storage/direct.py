"""SQLite under SQLAlchemy's async sessions without a thread a statement.

A statement on a local file takes microseconds, less than handing it to another thread does, so it runs where it is
asked for. What may wait does not: waiting for the write lock (another connection may hold it) and committing (the disk)
leave the loop, to threads of their own: whoever fills the loop's common ones with long work delays no commit.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, Final

from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import await_only

from storage.errors import BusyError

_THREADS: Final = ThreadPoolExecutor(
    max_workers=2, thread_name_prefix="database"
)  # one writer, and one to spare


class _Cursor(sqlite3.Cursor):
    """A cursor whose rows may be read after the statement's call has returned."""

    async def _async_soft_close(self) -> None:
        """Leave the cursor open: its rows are read from where they lie, and it ends with them."""


class _Connection(sqlite3.Connection):
    """A connection with such cursors."""

    def cursor(self, factory: type[sqlite3.Cursor] = _Cursor) -> sqlite3.Cursor:  # type: ignore[override]
        """Return a new cursor."""
        return super().cursor(factory)


class DirectDialect(SQLiteDialect_pysqlite):
    """The standard library's driver, spoken to from async sessions."""

    driver = "direct"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """Return the driver."""
        return sqlite3

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """Return the pool that waits without blocking the loop."""
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:  # noqa: ANN401  SQLAlchemy's own shape
        """Return how to connect: from any thread, and with transactions begun by us alone."""
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "check_same_thread": False, "isolation_level": None, "factory": _Connection}

    def do_commit(self, dbapi_connection: Any) -> None:  # noqa: ANN401
        """Commit in a thread: the disk may take its time."""
        await_only(_in_thread(dbapi_connection.commit))


def begin(connection: Any, *, writes: bool, patience_ms: int) -> None:  # noqa: ANN401  a SQLAlchemy connection
    """Begin in earnest: a writer takes the lock first, so what it reads is what it changes."""
    driver = connection.connection.dbapi_connection
    if not writes:
        driver.execute("BEGIN")
    elif not _locked_at_once(driver, patience_ms):
        await_only(_locked_in_time(driver))


def _locked_at_once(driver: Any, patience_ms: int) -> bool:  # noqa: ANN401  a connection of the driver
    """Take the write lock if nobody has it, without the way to a thread and back."""
    driver.execute("PRAGMA busy_timeout=0")
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience_ms}")
    return True


async def _locked_in_time(driver: Any) -> None:  # noqa: ANN401
    try:
        await _in_thread(driver.execute, "BEGIN IMMEDIATE")
    except sqlite3.OperationalError as busy:
        raise BusyError("Nothing was recorded: the database is busy. Please try again in a moment.") from busy


async def _in_thread(deed: Callable[..., object], *given: object) -> None:
    """Do a deed in a thread and see it end, even when whoever waits is cancelled meanwhile.

    Otherwise giving the connection back would wait for that thread, and the loop with it.
    """
    done = asyncio.get_running_loop().run_in_executor(_THREADS, deed, *given)
    try:
        await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise


registry.register("sqlite.direct", __name__, "DirectDialect")
