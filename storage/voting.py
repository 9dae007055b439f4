"""Votes: one a person and version, counted in one transaction with the decision they make."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, events, ids, standing
from storage.checkpoints import OUTCOME, Press, check_open, close, get
from storage.database import changed
from storage.errors import AlreadyDecidedError, InvalidError, NotAllowedError, StaleError
from storage.policy import Person, Policy, outsider, refusal
from storage.tables import Checkpoint, Vote
from storage.words import EffectClass, VoteAnswer

_APPROVED_BY: Final = (
    sa.select(col(Vote.by))
    .where(
        col(Vote.checkpoint_id) == sa.bindparam("checkpoint"),
        col(Vote.version) == sa.bindparam("version"),
        col(Vote.answer) == VoteAnswer.APPROVE,
    )
    .order_by(col(Vote.at))
)


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
    check(checkpoint, Policy.model_validate(checkpoint.policy), press, person, team)
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


def check(checkpoint: Checkpoint, policy: Policy, press: Press, person: Person, team: str) -> None:
    """Find out whether a press can count on a checkpoint as it is, by a policy.

    Raises:
        AlreadyDecidedError: It was closed before; says how and by whom.
        StaleError: The button belongs to an older version.
        NotAllowedError: The policy does not let this person decide.
    """
    check_open(checkpoint)
    if (press.version, press.nonce) != (checkpoint.version, checkpoint.nonce):
        raise StaleError(
            "Nothing changed: this was edited after you opened it. Look at the newest version and decide on that."
        )
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


async def approved_by(session: AsyncSession, checkpoint: Checkpoint) -> list[str]:
    """Return who has approved the present version, in the order they did."""
    mine = {"checkpoint": checkpoint.id, "version": checkpoint.version}
    return list((await session.execute(_APPROVED_BY, mine)).scalars())
