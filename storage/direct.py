"""SQLite under SQLAlchemy's async sessions without a thread a statement.

A statement on a local file takes microseconds, less than handing it to another thread does, so it runs where it is
asked for. What may wait does not: waiting for the write lock (another connection may hold it) and committing (the disk)
leave the loop, to threads of their own: whoever fills the loop's common ones with long work delays no commit.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, Final

from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import await_only

_THREADS: Final = ThreadPoolExecutor(
    max_workers=2, thread_name_prefix="database"
)  # one writer, and one to spare


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
        return arguments, {**options, "check_same_thread": False, "isolation_level": None}

    def do_commit(self, dbapi_connection: Any) -> None:  # noqa: ANN401
        """Commit in a thread: the disk may take its time."""
        await_only(_in_thread(dbapi_connection.commit))


def begin(connection: Any, *, writes: bool, patience_ms: int) -> None:  # noqa: ANN401  a SQLAlchemy connection
    """Begin in earnest: a writer takes the lock first, so what it reads is what it changes."""
    driver = connection.connection.dbapi_connection
    if not writes:
        driver.execute("BEGIN")
    elif not _locked_at_once(driver, patience_ms):
        await_only(_in_thread(driver.execute, "BEGIN IMMEDIATE"))


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


def _in_thread(deed: Callable[..., object], *given: object) -> Awaitable[object]:
    return asyncio.get_running_loop().run_in_executor(_THREADS, deed, *given)


registry.register("sqlite.direct", __name__, "DirectDialect")
