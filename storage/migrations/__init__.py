"""The schema, step by step. A step never changes once it has landed."""

import sqlite3
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from storage.errors import StorageError

FOLDER: Final = Path(__file__).parent
PATIENCE_MS: Final = 2_000


def upgrade(path: Path) -> None:
    """Bring the database file to the newest schema; where there is none it is made, for its owner only.

    Raises:
        StorageError: The file is no database of ours, or a newer Jidoka made it; says what to do.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        _upgrade(path)
    except CommandError as newer:
        raise StorageError(
            f"A newer Jidoka made {str(path)!r}. Start that one, or give this one another JIDOKA_HOME."
        ) from newer
    except (OSError, sa.exc.DatabaseError, sqlite3.DatabaseError) as broken:
        why = getattr(broken, "orig", None) or broken
        raise StorageError(f"{str(path)!r} cannot be used as the database: {why}.") from broken


def configuration() -> Config:
    """Return what Alembic needs to know; no file of settings is read."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _upgrade(path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    sa.event.listen(engine, "connect", _earnest)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _earnest(connection: sqlite3.Connection, _record: object) -> None:
    """Let SQLAlchemy say BEGIN itself: a half-made schema rolls back as a whole."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={PATIENCE_MS}"):
        connection.execute(f"PRAGMA {pragma}")
