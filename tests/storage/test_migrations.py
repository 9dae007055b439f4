"""The schema: from nothing to the newest step, equal to the rows, with an audit log nobody changes."""

import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import events, tables
from storage.database import Database
from storage.errors import StorageError
from storage.migrations import configuration, upgrade


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "jidoka.db"
    upgrade(path)
    return path


def differences(path: Path) -> list[object]:
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours_only})
        return compare_metadata(context, tables.Run.metadata)


def ours_only(_thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    return kind != "table" or name in tables.Run.metadata.tables


def test_an_empty_file_becomes_exactly_the_rows_the_code_uses(made: Path):
    assert differences(made) == []


def test_the_file_is_readable_by_its_owner_only(made: Path):
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_a_second_start_changes_nothing(made: Path):
    before = made.read_bytes()

    upgrade(made)

    assert made.read_bytes() == before


def test_the_steps_form_one_row_with_one_newest():
    steps = ScriptDirectory.from_config(configuration())

    assert len(steps.get_heads()) == 1
    assert [step.revision for step in steps.walk_revisions()][-1] == "0001"


@pytest.mark.parametrize("change", ["UPDATE event SET by = 'U0EVE'", "DELETE FROM event"])
async def test_the_audit_log_refuses_every_change(made: Path, change: str):
    database = Database(made)
    async with database.write() as session:
        await events.add(session, "run opened", run_id="run-1", by="U0ALICE")
    await database.close()

    with sqlite3.connect(made) as connection, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        connection.execute(change)
    connection.close()


async def test_rows_written_through_the_code_come_back_from_the_migrated_file(made: Path):
    database = Database(made)
    run = tables.Run(id="run-1", team="T", channel="C", thread_ts="1.0", request_ts="1.0", requester="U", tag="t")
    async with database.write() as session:
        session.add(run)
    async with database.read() as session:
        read = await session.get(tables.Run, "run-1")
    await database.close()

    assert read is not None
    assert read.model_dump() == run.model_dump()


def test_another_librarys_tables_in_the_same_file_are_left_alone(tmp_path: Path):
    path = tmp_path / "jidoka.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE workflow_status (workflow_uuid TEXT)")
        connection.execute("INSERT INTO workflow_status VALUES ('kept')")
    connection.close()

    upgrade(path)

    with sqlite3.connect(path) as connection:
        kept = connection.execute("SELECT workflow_uuid FROM workflow_status").fetchall()
    connection.close()
    assert kept == [("kept",)]


def test_a_half_made_schema_rolls_back_as_a_whole(tmp_path: Path):
    path = tmp_path / "jidoka.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE vote (something TEXT)")  # in the way of the first step
    connection.close()

    with pytest.raises(StorageError, match="cannot be used as the database"):
        upgrade(path)

    with sqlite3.connect(path) as connection:
        there = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    assert there == [("vote",)]


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path):
    path = tmp_path / "jidoka.db"
    path.write_text("Dear diary, " * 100)

    with pytest.raises(StorageError, match=r"cannot be used as the database: file is not a database\."):
        upgrade(path)


def test_data_of_a_newer_version_is_refused_with_what_to_do(made: Path):
    with sqlite3.connect(made) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(StorageError, match=r"A newer Jidoka made .* another JIDOKA_HOME"):
        upgrade(made)
