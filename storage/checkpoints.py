"""Checkpoints and votes: one row, one compare-and-set, decides."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, events, ids
from storage.database import changed
from storage.errors import AlreadyDecidedError, NotFoundError
from storage.policy import Policy
from storage.tables import Checkpoint, Run, Seen, Task
from storage.words import CheckpointKind, CheckpointState, VoteAnswer

OUTCOME: Final = {
    VoteAnswer.APPROVE: CheckpointState.APPROVED,
    VoteAnswer.SEND_BACK: CheckpointState.SENT_BACK,
    VoteAnswer.STOP: CheckpointState.STOPPED,
    VoteAnswer.ANSWER: CheckpointState.ANSWERED,
    VoteAnswer.FINISH: CheckpointState.ANSWERED,
}
ENDINGS: Final = {
    CheckpointState.APPROVED: "approved",
    CheckpointState.SENT_BACK: "sent back",
    CheckpointState.STOPPED: "stopped",
    CheckpointState.ANSWERED: "answered",
    CheckpointState.EXPIRED: "closed without an answer",
    CheckpointState.WITHDRAWN: "withdrawn",
}
_UNKNOWN: Final = "This button belongs to nothing I know any more, so it did nothing."
_OF_RUN: Final = sa.select(Checkpoint).where(col(Checkpoint.run_id) == sa.bindparam("run"))
_OPEN: Final = _OF_RUN.where(col(Checkpoint.state) == CheckpointState.OPEN).order_by(
    col(Checkpoint.opened_at)
)
_ASKED: Final = (
    sa.select(Checkpoint, Run)
    .join(Run, col(Run.id) == col(Checkpoint.run_id))
    .where(col(Checkpoint.id) == sa.bindparam("checkpoint"))
)
_DECIDED: Final = _OF_RUN.where(col(Checkpoint.decided_by) != "").order_by(col(Checkpoint.closed_at))


class Press(BaseModel):
    """What a button or a form carried: a pointer to one version, and the person's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checkpoint_id: str
    version: int
    nonce: str
    answer: VoteAnswer
    note: str = ""
    answers: dict[str, str] = Field(default_factory=dict)  # a question's form
    files: tuple[dict[str, Any], ...] = ()  # Slack's file objects that the form brought
    edited: dict[str, Any] | None = None  # edit and approve: the new payload
    break_glass: str = ""  # why an admin approves although the policy bars them; empty: nobody does


async def open_(
    session: AsyncSession,
    run: Run,
    task: Task,
    kind: CheckpointKind,
    policy: Policy,
    **asked: Any,  # noqa: ANN401  the row's own fields
) -> Checkpoint:
    """Open a checkpoint for a task; ``asked`` holds question, payload, artifact_id, and until when it is held."""
    checkpoint = Checkpoint(
        id=ids.new("chk"),
        run_id=run.id,
        task_key=task.key,
        attempt=task.attempt,
        kind=kind,
        nonce=ids.secret(8),
        digest=events.digest(asked["payload"]),
        policy=policy.model_dump(mode="json"),
        effect=policy.effect,
        requester=run.requester,
        **asked,
    )
    session.add(checkpoint)
    await session.flush()
    await events.add(
        session,
        "checkpoint opened",
        run_id=run.id,
        checkpoint=checkpoint.id,
        asks=kind,
        task=task.key,
        deciders=policy.deciders,
        artifact=checkpoint.artifact_id,
        held_until=checkpoint.held_until.isoformat() if checkpoint.held_until else "",
        digest=checkpoint.digest,
    )
    return checkpoint


async def get(session: AsyncSession, checkpoint_id: str) -> Checkpoint:
    """Return one checkpoint.

    Raises:
        NotFoundError: There is no such checkpoint.
    """
    if (checkpoint := await session.get(Checkpoint, checkpoint_id)) is None:
        raise NotFoundError(_UNKNOWN)
    return checkpoint


async def asked_in(session: AsyncSession, checkpoint_id: str) -> tuple[Checkpoint, Run]:
    """Return a checkpoint and the run it belongs to.

    Raises:
        NotFoundError: There is no such checkpoint.
    """
    found = (await session.execute(_ASKED, {"checkpoint": checkpoint_id})).one_or_none()
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found.Checkpoint, found.Run


def check_open(checkpoint: Checkpoint) -> None:
    """Raises AlreadyDecidedError when a checkpoint has ended; an end is final, so whoever sees it needs no lock."""
    if checkpoint.state is not CheckpointState.OPEN:
        by = f" by <@{checkpoint.decided_by}>" if checkpoint.decided_by else ""
        raise AlreadyDecidedError(f"Nothing changed: this was already {ENDINGS[checkpoint.state]}{by}.")


async def close(
    session: AsyncSession,
    checkpoint: Checkpoint,
    state: CheckpointState,
    *,
    by: str = "",
    note: str = "",
    answers: Mapping[str, str] | None = None,
) -> bool:
    """End an open checkpoint; False when it had ended before. The compare-and-set is here and nowhere else."""
    closing = sa.update(Checkpoint).where(
        col(Checkpoint.id) == checkpoint.id, col(Checkpoint.state) == CheckpointState.OPEN
    )
    values = {
        "state": state,
        "closed_at": clock.now(),
        "decided_by": by,
        "note": note,
        "answers": dict(answers or {}),
    }
    await session.flush()
    if await changed(session, closing.values(**values)) != 1:
        return False
    await session.refresh(checkpoint)
    await events.add(
        session,
        f"checkpoint {ENDINGS[state]}",
        run_id=checkpoint.run_id,
        by=by,
        checkpoint=checkpoint.id,
        version=checkpoint.version,
        digest=checkpoint.digest,
        note=note,
        answers=dict(answers or {}),
    )
    return True


async def open_in(session: AsyncSession, run_id: str) -> list[Checkpoint]:
    """Return a run's open checkpoints, oldest first."""
    return list((await session.execute(_OPEN, {"run": run_id})).scalars())


async def all_in(session: AsyncSession, run_id: str) -> list[Checkpoint]:
    """Return every checkpoint of a run, oldest first."""
    mine = sa.select(Checkpoint).where(col(Checkpoint.run_id) == run_id)
    return list((await session.execute(mine.order_by(col(Checkpoint.opened_at)))).scalars())


async def decided_in(session: AsyncSession, run_id: str) -> list[Checkpoint]:
    """Return what people decided in a run, oldest first."""
    return list((await session.execute(_DECIDED, {"run": run_id})).scalars())


async def see(session: AsyncSession, checkpoint: Checkpoint, by: str) -> None:
    """Keep that a person opened this version in full; the first time counts."""
    row = insert(Seen).values(checkpoint_id=checkpoint.id, version=checkpoint.version, by=by, at=clock.now())
    if await changed(session, row.on_conflict_do_nothing()) == 1:
        about = {"checkpoint": checkpoint.id, "version": checkpoint.version}
        await events.add(session, "checkpoint seen", run_id=checkpoint.run_id, by=by, **about)


async def has_seen(session: AsyncSession, checkpoint: Checkpoint, by: str) -> bool:
    """Return whether a person opened the present version in full."""
    return await session.get(Seen, (checkpoint.id, checkpoint.version, by)) is not None


async def all_open(session: AsyncSession) -> list[tuple[Checkpoint, Run]]:
    """Return every open checkpoint with its run, oldest first."""
    asked = sa.select(Checkpoint, Run).join(Run, col(Run.id) == col(Checkpoint.run_id))
    found = asked.where(col(Checkpoint.state) == CheckpointState.OPEN).order_by(col(Checkpoint.opened_at))
    return [(checkpoint, run) for checkpoint, run in await session.execute(found)]
