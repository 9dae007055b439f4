"""Artifacts, handoffs, reviews and the documents a run may read."""

import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import ids
from storage.tables import Artifact, Document, Handoff, Review


async def add(session: AsyncSession, run_id: str, task_key: str, **made: Any) -> Artifact:  # noqa: ANN401  the row's own fields
    """Keep a new version of what a task makes; ``made`` holds name, text, made_by, label and problems."""
    newest = sa.select(sa.func.max(Artifact.version)).where(
        col(Artifact.run_id) == run_id, col(Artifact.task_key) == task_key
    )
    version = ((await session.execute(newest)).scalar() or 0) + 1
    sha = hashlib.sha256(made["text"].encode()).hexdigest()
    row = Artifact(id=ids.new("art"), run_id=run_id, task_key=task_key, version=version, sha256=sha, **made)
    session.add(row)
    await session.flush()
    return row


async def get(session: AsyncSession, artifact_id: str) -> Artifact | None:
    """Return one artifact, if there is one of this id."""
    return await session.get(Artifact, artifact_id)


async def versions(session: AsyncSession, run_id: str, task_key: str) -> list[Artifact]:
    """Return every version of what a task made, oldest first."""
    mine = sa.select(Artifact).where(col(Artifact.run_id) == run_id, col(Artifact.task_key) == task_key)
    return list((await session.execute(mine.order_by(col(Artifact.version)))).scalars())


async def handoffs(session: AsyncSession, run_id: str) -> dict[str, Handoff]:
    """Return the newest handoff of every task that has one, by task key."""
    mine = sa.select(Handoff).where(col(Handoff.run_id) == run_id).order_by(col(Handoff.attempt))
    return {row.task_key: row for row in (await session.execute(mine)).scalars()}


async def reviews(session: AsyncSession, run_id: str, task_key: str, attempt: int) -> list[Review]:
    """Return the reviews of one attempt, first round first."""
    mine = sa.select(Review).where(
        col(Review.run_id) == run_id, col(Review.task_key) == task_key, col(Review.attempt) == attempt
    )
    return list((await session.execute(mine.order_by(col(Review.round)))).scalars())


async def documents(session: AsyncSession, run_id: str) -> list[Document]:
    """Return the documents of a run in the order they came."""
    mine = sa.select(Document).where(col(Document.run_id) == run_id)
    return sorted((await session.execute(mine)).scalars(), key=lambda row: int(row.id[1:]))


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
