"""The audit log's file, read for its figures. Nothing is locked and nothing is written."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.errors import StorageError
from storage.outcomes.figures import Figures, Working
from storage.outcomes.lines import read
from storage.outcomes.tally import Tally


class Log:
    """The count of one database's log. Every look reads only what is new since the one before.

    A long log takes seconds of work the first time, so look from a thread of its own; several may look at once.

    Args:
        database: The SQLite file; it may be in use.
        weeks: The most that will be asked for.
    """

    def __init__(self, database: Path, weeks: int = 4) -> None:
        self._database, self._tally = database, Tally(weeks)
        self._looking = threading.Lock()

    def figures(self, until: datetime, weeks: int = 4, working: Working | None = None) -> Figures:
        """Return the figures of the weeks before ``until``, which is now.

        Raises:
            StorageError: There is no log to read; says why.
        """
        with self._looking:
            self._catch_up()
            return self._tally.figures(until, weeks, working)

    def _catch_up(self) -> None:
        if not self._database.exists():
            raise StorageError(f"There is no database at {str(self._database)!r}: nothing has run there yet.")
        try:
            where = f"{self._database.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(where, uri=True, isolation_level=None)) as connection:
                for line in read(connection, self._tally.seq):
                    self._tally.add(line)
        except sqlite3.DatabaseError as broken:
            raise StorageError(
                f"{str(self._database)!r} cannot be used as the database: {broken}."
            ) from broken


def of(database: Path, until: datetime, weeks: int = 4, working: Working | None = None) -> Figures:
    """Return the figures of a database's log: of the weeks before ``until``, which is now.

    Raises:
        StorageError: There is no log to read; says why.
    """
    return Log(database, weeks).figures(until, weeks, working)
