"""The database: two engines on one file, one writer at a time, one process on SQLite."""

import fcntl
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

import sqlalchemy as sa
from sqlalchemy import CursorResult, Executable, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlmodel import SQLModel

from storage import direct
from storage.errors import LockedError
from storage.turns import Turns

PATIENCE_MS: Final = 2_000  # a click's wait for the write lock; Slack gives a click 3 s
ENGINE_PATIENCE_MS: Final = 30_000  # the durable engine's own
_SAID: Final = "said"  # where a session keeps what the log says once it is committed

log = logging.getLogger(__name__)


class Database:
    """Our async door to one SQLite file; ``sync_engine`` is the durable engine's door to the same file.

    Args:
        path: The file; it is made, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        self._engine = _ours(path)
        self._writer = self._engine.execution_options(jidoka_write=True)
        self.sync_engine = _durable(path)
        self._turns = Turns()

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[AsyncSession]:
        """Open one transaction that may write; it commits at the end and rolls back on any error.

        ``first`` goes before all that waits in the background: it is for what a person waits for.
        """
        async with (
            self._turns.turn(first=first),
            AsyncSession(self._writer, expire_on_commit=False) as session,
        ):
            yield session
            await session.commit()
            _say_what_is_kept(session)

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait until none of our own transactions writes, for a short one of the durable engine's, before all others."""
        return self._turns.turn(first=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open one consistent view; nothing is written."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()
        self.sync_engine.dispose()


def _ours(path: Path) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+direct:///{path}", pool_size=5, max_overflow=5)
    event.listen(engine.sync_engine, "connect", _set_up(PATIENCE_MS, None))
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _durable(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=10, max_overflow=0)
    event.listen(engine, "connect", _set_up(ENGINE_PATIENCE_MS, "IMMEDIATE"))
    return engine


def _begin(connection: sa.Connection) -> None:
    """Begin in earnest: a writer takes the lock first, so what it reads is what it changes."""
    writes = connection.get_execution_options().get("jidoka_write", False)
    direct.begin(connection, writes=writes, patience_ms=PATIENCE_MS)


def _set_up(patience_ms: int, isolation: str | None) -> Any:  # noqa: ANN401  SQLAlchemy's listener
    def set_up(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = isolation
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            f"busy_timeout={patience_ms}",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return set_up


def say_once_kept(session: AsyncSession, said: str, **about: str) -> None:
    """Let the program's log say something as soon as this transaction is committed, with what it is about."""
    session.info.setdefault(_SAID, []).append((said, {name: value for name, value in about.items() if value}))


def _say_what_is_kept(session: AsyncSession) -> None:
    for said, about in session.info.pop(_SAID, ()):
        log.info("%s", said, extra=about)


async def execute(
    session: AsyncSession, statement: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[Any]:
    """Run a statement over tables, best one built once, past the ORM: a fifth of the ORM's CPU (measured).

    What the session has pending is not written first; flush it where the statement is about the same rows.
    """
    done = await session.run_sync(lambda inner: inner.execute(statement, values))
    return cast("CursorResult[Any]", done)


async def changed(
    session: AsyncSession, statement: Executable, values: Mapping[str, Any] | None = None
) -> int:
    """Return how many rows an insert, update or delete changed."""
    return int((await execute(session, statement, values)).rowcount)


async def insert(session: AsyncSession, row: SQLModel) -> None:
    """Write a new row at once, past the ORM: the session does not follow what happens to ``row`` later."""
    statement, names = _insert(type(row))
    await execute(session, statement, {name: getattr(row, name) for name in names})


@cache
def _insert(table: type[SQLModel]) -> tuple[sa.Insert, tuple[str, ...]]:
    mine = table_of(table)
    return sa.insert(mine), tuple(one.key for one in mine.columns if one is not mine.autoincrement_column)


def table_of(row: type[SQLModel]) -> sa.Table:
    """Return the table behind a class of rows, for statements that go past the ORM."""
    return cast("sa.Table", row.__table__)  # type: ignore[attr-defined]  # SQLModel's tables are tables


class ProcessLock:
    """The proof that no other process works on this data.

    Raises:
        LockedError: Another process holds it; says what to do.
    """

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = (home / "lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            self._file.close()
            raise LockedError(
                f"Another Jidoka works on {str(home)!r}. On SQLite there is one process: stop it, or give this one "
                "another JIDOKA_HOME."
            ) from held
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let another process in."""
        self._file.close()
