"""Checkpoints and votes: one row, one compare-and-set, decides."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, events, ids, standing
from storage.database import changed
from storage.errors import AlreadyDecidedError, InvalidError, NotAllowedError, NotFoundError, StaleError
from storage.policy import Person, Policy, outsider, refusal
from storage.tables import Checkpoint, Run, Seen, Task, Vote
from storage.words import CheckpointKind, CheckpointState, EffectClass, VoteAnswer

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
_OF_RUN: Final = sa.select(Checkpoint).where(col(Checkpoint.run_id) == sa.bindparam("run"))
_OPEN: Final = _OF_RUN.where(col(Checkpoint.state) == CheckpointState.OPEN).order_by(
    col(Checkpoint.opened_at)
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
        raise NotFoundError("This button belongs to nothing I know any more, so it did nothing.")
    return checkpoint


async def vote(
    session: AsyncSession, press: Press, person: Person, team: str, voters: Sequence[Person] = ()
) -> Checkpoint:
    """Count one person's answer, and close the checkpoint once its policy is met.

    Args:
        session: A transaction.
        press: What the person pressed or filled in.
        person: Their fresh facts.
        team: The workspace of the run.
        voters: Fresh facts of people who approved before: who may decide no longer counts no longer.

    Returns:
        The checkpoint; its ``state`` stays open while votes are missing.

    Raises:
        NotFoundError: There is no such checkpoint.
        AlreadyDecidedError: It was closed before; says how and by whom.
        StaleError: The button belongs to an older version.
        NotAllowedError: The policy does not let this person decide.
    """
    checkpoint = await get(session, press.checkpoint_id)
    _check(checkpoint, press, person, team)
    if press.break_glass:
        await _break_glass(session, checkpoint, press, person)
    if press.edited is not None:
        await _edit(session, checkpoint, press.edited, person)
    await _count(session, checkpoint, press, person)
    exempt = await standing.glass_broken_by(session, checkpoint)
    await _drop(session, checkpoint, [one for one in _leavers(checkpoint, voters, team) if one not in exempt])
    if await _decided(session, checkpoint, press.answer):
        await close(
            session, checkpoint, OUTCOME[press.answer], by=person.id, note=press.note, answers=press.answers
        )
    return checkpoint


def check_open(checkpoint: Checkpoint) -> None:
    """Raises AlreadyDecidedError when a checkpoint has ended; an end is final, so whoever sees it needs no lock."""
    if checkpoint.state is not CheckpointState.OPEN:
        by = f" by <@{checkpoint.decided_by}>" if checkpoint.decided_by else ""
        raise AlreadyDecidedError(f"Nothing changed: this was already {ENDINGS[checkpoint.state]}{by}.")


def _check(checkpoint: Checkpoint, press: Press, person: Person, team: str) -> None:
    check_open(checkpoint)
    if (press.version, press.nonce) != (checkpoint.version, checkpoint.nonce):
        raise StaleError(
            "Nothing changed: this was edited after you opened it. Look at the newest version and decide on that."
        )
    policy = Policy.model_validate(checkpoint.policy)
    if press.break_glass:
        _check_glass(policy, press, person, team)
    elif said := refusal(policy, person, checkpoint.requester, team):
        raise NotAllowedError(f"Nothing changed. {said}")


def _check_glass(policy: Policy, press: Press, person: Person, team: str) -> None:
    """Raises NotAllowedError when this is not an emergency that the policy knows, or this person no admin."""
    if said := outsider(person, team):
        raise NotAllowedError(f"Nothing changed. {said}")
    if not policy.break_glass:
        raise NotAllowedError("Nothing changed. The policy knows no emergency here: those who may decide must.")
    if not person.admin:
        raise NotAllowedError("Nothing changed. Only admins of this workspace may decide past the policy.")
    if press.answer is not VoteAnswer.APPROVE:
        raise InvalidError("Nothing changed: past the policy one can only approve. Anyone may write `stop` in the thread.")


async def _break_glass(session: AsyncSession, checkpoint: Checkpoint, press: Press, person: Person) -> None:
    """Keep that an admin stands in for one person; the second whom the gravest acts take is never another such."""
    if checkpoint.effect is EffectClass.R4 and await standing.glass_broken_by(session, checkpoint) - {person.id}:
        raise NotAllowedError(
            "Nothing changed. An admin has decided past the policy already, and the second person must be one it names."
        )
    about = {"checkpoint": checkpoint.id, "version": checkpoint.version, "digest": checkpoint.digest}
    why = press.break_glass
    await events.add(session, standing.BREAK_GLASS, run_id=checkpoint.run_id, by=person.id, why=why, **about)


async def _edit(
    session: AsyncSession, checkpoint: Checkpoint, payload: Mapping[str, Any], person: Person
) -> None:
    """Make a new version: its key makes every older vote void, its nonce every older button stale."""
    checkpoint.version += 1
    checkpoint.nonce = ids.secret(8)
    checkpoint.payload, checkpoint.digest = dict(payload), events.digest(payload)
    await events.add(
        session,
        "checkpoint edited",
        run_id=checkpoint.run_id,
        by=person.id,
        checkpoint=checkpoint.id,
        version=checkpoint.version,
        digest=checkpoint.digest,
    )


async def _count(session: AsyncSession, checkpoint: Checkpoint, press: Press, person: Person) -> None:
    key = {"checkpoint_id": checkpoint.id, "version": checkpoint.version, "by": person.id}
    row = insert(Vote).values(**key, answer=press.answer, note=press.note, at=clock.now())
    if await changed(session, row.on_conflict_do_nothing()) != 1:
        raise AlreadyDecidedError("Nothing changed: your vote on this version is counted already.")
    await events.add(
        session,
        "vote",
        run_id=checkpoint.run_id,
        by=person.id,
        checkpoint=checkpoint.id,
        version=checkpoint.version,
        answer=press.answer,
        note=press.note,
        digest=checkpoint.digest,
    )


def _leavers(checkpoint: Checkpoint, voters: Sequence[Person], team: str) -> list[str]:
    policy = Policy.model_validate(checkpoint.policy)
    return [one.id for one in voters if refusal(policy, one, checkpoint.requester, team)]


async def _drop(session: AsyncSession, checkpoint: Checkpoint, leavers: Collection[str]) -> None:
    """Let votes of people who may decide no longer fall away; the log keeps them."""
    mine = (col(Vote.checkpoint_id) == checkpoint.id, col(Vote.version) == checkpoint.version)
    for leaver in leavers:
        if await changed(session, sa.delete(Vote).where(*mine, col(Vote.by) == leaver)):
            about = {"checkpoint": checkpoint.id, "version": checkpoint.version}
            await events.add(session, standing.FELL_AWAY, run_id=checkpoint.run_id, by=leaver, **about)


async def _decided(session: AsyncSession, checkpoint: Checkpoint, answer: VoteAnswer) -> bool:
    """One eligible person may send back, stop or answer; approving takes the quorum."""
    if answer is not VoteAnswer.APPROVE:
        return True
    approvals = (
        sa.select(sa.func.count())
        .select_from(Vote)
        .where(
            col(Vote.checkpoint_id) == checkpoint.id,
            col(Vote.version) == checkpoint.version,
            col(Vote.answer) == VoteAnswer.APPROVE,
        )
    )
    return (await session.execute(approvals)).scalar_one() >= Policy.model_validate(checkpoint.policy).quorum


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


async def approved_by(session: AsyncSession, checkpoint: Checkpoint) -> list[str]:
    """Return who has approved the present version, in the order they did."""
    mine = sa.select(col(Vote.by)).where(
        col(Vote.checkpoint_id) == checkpoint.id,
        col(Vote.version) == checkpoint.version,
        col(Vote.answer) == VoteAnswer.APPROVE,
    )
    return list((await session.execute(mine.order_by(col(Vote.at)))).scalars())


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
