"""What every test may ask for, and what all tests of a process share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from agents.tools.running import unavailable
from bot import garbage
from storage import database, direct

STATEMENTS: LRUCache[Any, Any] = LRUCache(2_000)  # by dialect and statement, as an engine keeps its own


@pytest.fixture
def walls() -> None:
    """For tests behind bubblewrap's walls. Where it cannot work, the product says so, and other tests hold that."""
    if why := unavailable():
        pytest.skip(why)


def _warm(make: Callable[[Path], Any]) -> Callable[[Path], Any]:
    """Let every database of this process know the statements that were built for one before, as a bot at work does."""

    def made(path: Path) -> Any:
        engine = make(path)
        kept: sa.Engine = getattr(engine, "sync_engine", engine)
        kept.update_execution_options(compiled_cache=STATEMENTS)
        return engine

    return made


def pytest_configure() -> None:
    garbage.put_off()
    database._ours, database._durable = _warm(database._ours), _warm(database._durable)
    for dialect in (direct.DirectDialect, SQLiteDialect_pysqlite):  # one is set up as the other: by their class alone
        dialect.__eq__ = lambda one, other: type(one) is type(other)
        dialect.__hash__ = lambda one: hash(type(one))


def pytest_collection_finish() -> None:
    garbage.leave_what_is_loaded()
