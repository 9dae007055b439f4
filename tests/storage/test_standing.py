"""How a checkpoint stands, from the audit log."""

from pathlib import Path

from sqlmodel import SQLModel

from storage import events, standing
from storage.database import Database
from storage.tables import Checkpoint
from storage.words import CheckpointKind


async def test_who_approved_an_older_version_past_the_policy_has_not_decided_on_the_edited_one(tmp_path: Path):
    database = Database(tmp_path / "jidoka.db")
    SQLModel.metadata.create_all(database.sync_engine)
    asked = Checkpoint(id="chk-1", run_id="r1", task_key="brief", kind=CheckpointKind.DRAFT, version=1)
    async with database.write() as session:
        about = {"checkpoint": asked.id, "version": 1, "why": "The press waits."}
        await events.add(session, standing.BREAK_GLASS, run_id="r1", by="U0CAROL", **about)
    async with database.read() as session:
        before = await standing.broken_glass(session, asked), await standing.glass_broken_by(session, asked)
        asked.version = 2
        after = await standing.broken_glass(session, asked), await standing.glass_broken_by(session, asked)
    await database.close()

    assert before == ("The press waits.", {"U0CAROL"})
    assert after == ("", set())
