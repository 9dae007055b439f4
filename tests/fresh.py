"""A new database for a test: migrated once a process, by us and by the durable engine, then copied."""

import tempfile
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from dbos import run_dbos_database_migrations

from storage.migrations import upgrade


def fresh(path: Path) -> Path:
    """Make a migrated database where there is no file yet, as ``upgrade`` and a first start do; return its path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_migrated())
    return path


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jidoka.db"
        upgrade(path)
        run_dbos_database_migrations(f"sqlite:///{path}")
        engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()
