"""Artifacts, handoffs, reviews and the documents a run may read."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import ids
from storage.database import execute, insert, table_of
from storage.tables import Artifact, Document, Handoff, Review

_ARTIFACTS: Final = table_of(Artifact)
_OF_RUN: Final[sa.BindParameter[str]] = sa.bindparam("run")
_OF_TASK: Final[sa.BindParameter[str]] = sa.bindparam("task")
_NEWEST: Final = sa.select(sa.func.max(_ARTIFACTS.c.version)).where(
    _ARTIFACTS.c.run_id == _OF_RUN, _ARTIFACTS.c.task_key == _OF_TASK
)
_LABEL: Final = sa.select(sa.func.max(_ARTIFACTS.c.label)).where(_ARTIFACTS.c.run_id == _OF_RUN)
_TEXTS: Final = sa.select(_ARTIFACTS.c.id, _ARTIFACTS.c.text).where(
    _ARTIFACTS.c.id.in_(sa.bindparam("ids", expanding=True))
)
_HANDOFFS: Final = sa.select(Handoff).where(col(Handoff.run_id) == _OF_RUN).order_by(col(Handoff.attempt))
_DOCUMENTS: Final = sa.select(Document).where(col(Document.run_id) == _OF_RUN)


async def add(session: AsyncSession, run_id: str, task_key: str, **made: Any) -> Artifact:  # noqa: ANN401  the row's own fields
    """Keep a new version of what a task makes; ``made`` holds name, text, made_by, label and problems."""
    newest = (await execute(session, _NEWEST, {"run": run_id, "task": task_key})).scalar()
    version = (newest or 0) + 1
    sha = hashlib.sha256(made["text"].encode()).hexdigest()
    row = Artifact(id=ids.new("art"), run_id=run_id, task_key=task_key, version=version, sha256=sha, **made)
    await insert(session, row)
    return row


async def get(session: AsyncSession, artifact_id: str) -> Artifact | None:
    """Return one artifact, if there is one of this id."""
    return await session.get(Artifact, artifact_id)


async def label(session: AsyncSession, run_id: str) -> str:
    """Return what must be said about how a run's work was made; empty where nothing needs saying."""
    return str((await execute(session, _LABEL, {"run": run_id})).scalar() or "")


async def texts(session: AsyncSession, artifact_ids: Sequence[str]) -> dict[str, str]:
    """Return the texts of artifacts by id; one that there is not is left out."""
    if not artifact_ids:
        return {}
    return {row.id: row.text for row in await execute(session, _TEXTS, {"ids": list(artifact_ids)})}


async def versions(session: AsyncSession, run_id: str, task_key: str) -> list[Artifact]:
    """Return every version of what a task made, oldest first."""
    mine = sa.select(Artifact).where(col(Artifact.run_id) == run_id, col(Artifact.task_key) == task_key)
    return list((await session.execute(mine.order_by(col(Artifact.version)))).scalars())


async def handoffs(session: AsyncSession, run_id: str) -> dict[str, Handoff]:
    """Return the newest handoff of every task that has one, by task key."""
    return {row.task_key: row for row in (await session.execute(_HANDOFFS, {"run": run_id})).scalars()}


async def reviews(session: AsyncSession, run_id: str, task_key: str, attempt: int) -> list[Review]:
    """Return the reviews of one attempt, first round first."""
    mine = sa.select(Review).where(
        col(Review.run_id) == run_id, col(Review.task_key) == task_key, col(Review.attempt) == attempt
    )
    return list((await session.execute(mine.order_by(col(Review.round)))).scalars())


async def documents(session: AsyncSession, run_id: str) -> list[Document]:
    """Return the documents of a run in the order they came."""
    found = (await session.execute(_DOCUMENTS, {"run": run_id})).scalars()
    return sorted(found, key=lambda row: int(row.id[1:]))


async def add_document(session: AsyncSession, run_id: str, origin: str, **read: Any) -> Document:  # noqa: ANN401  the row's own fields
    """Keep a document once: the same origin gives the row that is there."""
    there = sa.select(Document).where(col(Document.run_id) == run_id, col(Document.origin) == origin)
    if (known := (await session.execute(there)).scalar_one_or_none()) is not None:
        return known
    count = sa.select(sa.func.count()).select_from(Document).where(col(Document.run_id) == run_id)
    number = (await session.execute(count)).scalar_one() + 1
    sha = hashlib.sha256(read.get("text", "").encode()).hexdigest()
    row = Document(run_id=run_id, id=f"d{number}", origin=origin, sha256=sha, **read)
    session.add(row)
    await session.flush()
    return row
