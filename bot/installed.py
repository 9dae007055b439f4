"""What this installation has: a Python that works, data of its own, and its roles and lines."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from agents.catalog import SHIPPED, Catalog, read
from agents.tools.servers.page import PAGE, ToolServer, classes, look
from agents.tools.toolbox import EFFECTS
from bot.errors import StartError
from bot.settings import Settings
from storage.database import ProcessLock

FIRST_SQLITE: Final = (3, 42)  # that knows unixepoch('subsec'), which DBOS asks of it from Python 3.12 on


def check_python() -> None:
    """Refuse a Python and SQLite that cannot work together.

    Raises:
        StartError: Says which to take.
    """
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < FIRST_SQLITE:
        raise StartError(
            f"This Python {sys.version.split()[0]} comes with SQLite {sqlite3.sqlite_version}, which is too old for it: "
            "use Python 3.11, or one with SQLite 3.42 or newer."
        )


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keep every other process from the home, and from the database's folder where it is another, for a block.

    Raises:
        StartError: A folder cannot be used; says which.
        LockedError: Another process works there; says what to do.
    """
    folders = {settings.jidoka_home.resolve(), settings.database_path.parent.resolve()}
    with ExitStack() as stack:
        for folder in sorted(folders):
            try:
                stack.callback(ProcessLock(folder).release)
            except OSError as closed:
                raise StartError(
                    f"{str(folder)!r} cannot be used: {closed.strerror}. Set JIDOKA_HOME to a folder of yours."
                ) from closed
        yield


def read_catalog(settings: Settings) -> Catalog:
    """Return the product's roles and lines, and this installation's own."""
    return read([SHIPPED, settings.jidoka_home], {**EFFECTS, **classes(tool_servers(settings))})


def tool_servers(settings: Settings) -> tuple[ToolServer, ...]:
    """Return the programs whose tools may be used.

    Raises:
        StartError: Their page cannot be used; says why.
    """
    found, wrong = look(settings.jidoka_home / PAGE)
    if wrong:
        raise StartError("\n".join(str(problem) for problem in wrong))
    return found
