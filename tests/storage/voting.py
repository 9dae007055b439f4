"""Checkpoints to vote on, people who press, and what the rows say about it afterwards."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import checkpoints, events
from storage.checkpoints import Press
from storage.database import Database
from storage.policy import ASKS_MEMBERS, ASKS_OTHERS, ASKS_REQUESTER, Person, Policy
from storage.tables import Checkpoint, Event, Run, Task, Vote
from storage.words import CheckpointKind, TaskKind, VoteAnswer
from tests.fresh import fresh

TEAM: Final = "T0JIDOKA"
REQUESTER: Final = "U0ALICE"
POLICIES: Final = (ASKS_REQUESTER, ASKS_OTHERS, ASKS_MEMBERS)
PEOPLE: Final = (REQUESTER, "U0BOB", "U0CAROL", "U0ERIN")
FACTS: Final[dict[str, dict[str, Any]]] = {  # what may be true of a person at the moment they press
    "member": {},
    "guest": {"guest": True},
    "stranger": {"stranger": True},
    "of another team": {"team": "T0OTHER"},
    "app": {"bot": True},
    "gone": {"gone": True},
    "no member": {"member": False},
}
ENDED_BY: Final = tuple(f"checkpoint {ending}" for ending in checkpoints.ENDINGS.values())


def seeded(seed: int = 0) -> random.Random:
    """Return chances of this seed, or of a new one where it is 0; it is printed, so that a failure can be replayed."""
    seed = seed or random.SystemRandom().randrange(1, 10**9)
    print(f"The seed is {seed}.")
    return random.Random(seed)


def person(id: str, facts: str = "member") -> Person:
    """Return a person as they are when they press."""
    return Person(**{"id": id, "team": TEAM, "member": True, **FACTS[facts]})


@asynccontextmanager
async def opened_database(path: Path) -> AsyncIterator[Database]:
    """Open a migrated database that holds one run."""
    database = Database(fresh(path))
    async with database.write() as session:
        session.add(
            Run(
                id="run-1",
                team=TEAM,
                channel="C0GENERAL",
                thread_ts="1.0",
                request_ts="1.0",
                requester=REQUESTER,
                tag="tag",
            )
        )
    try:
        yield database
    finally:
        await database.close()


async def opened(session: AsyncSession, policy: Policy, quorum: int, key: str = "brief") -> Checkpoint:
    """Return a new open checkpoint under this policy."""
    run = await session.get_one(Run, "run-1")
    task = Task(run_id=run.id, key=key, kind=TaskKind.WORK, position=1)
    asked = {"question": "Is this right?", "payload": {"text": "As it is."}}
    policy = policy.model_copy(update={"quorum": quorum})
    return await checkpoints.open_(session, run, task, CheckpointKind.DRAFT, policy, **asked)


def press(checkpoint: Checkpoint, answer: VoteAnswer = VoteAnswer.APPROVE, **more: Any) -> Press:
    """Return the press of a button of this checkpoint as it is."""
    pointer = {"version": checkpoint.version, "nonce": checkpoint.nonce, "answer": answer, **more}
    return Press(checkpoint_id=checkpoint.id, **pointer)


async def votes(session: AsyncSession, checkpoint_id: str) -> dict[tuple[int, str], VoteAnswer]:
    """Return the votes that count, by version and person."""
    mine = sa.select(Vote).where(col(Vote.checkpoint_id) == checkpoint_id)
    return {(vote.version, vote.by): vote.answer for vote in (await session.execute(mine)).scalars()}


async def written(session: AsyncSession) -> dict[str, list[Event]]:
    """Return the lines of the audit log by checkpoint."""
    found: dict[str, list[Event]] = {}
    for line in (await session.execute(sa.select(Event).order_by(col(Event.seq)))).scalars():
        found.setdefault(str(line.payload.get("checkpoint", "")), []).append(line)
    return found


async def anomalies(session: AsyncSession) -> list[str]:
    """Return a sentence for everything about any checkpoint that must never be; none means all is well."""
    told, wrong = await written(session), await events.broken(session)
    for checkpoint in (await session.execute(sa.select(Checkpoint))).scalars():
        given = await votes(session, checkpoint.id)
        said = _wrong(checkpoint, given, told[checkpoint.id])
        wrong += [f"{checkpoint.id} ({checkpoint.state}): {one}" for one in said]
    return wrong


def _wrong(checkpoint: Checkpoint, given: dict[tuple[int, str], VoteAnswer], told: list[Event]) -> list[str]:
    policy, state = Policy.model_validate(checkpoint.policy), checkpoint.state
    ends = [line.kind for line in told if line.kind in ENDED_BY]
    counted = [line for line in told if line.kind == "vote"]
    now = {by: answer for (version, by), answer in given.items() if version == checkpoint.version}
    approvals = list(now.values()).count(VoteAnswer.APPROVE)
    wanted = [] if state is state.OPEN else [f"checkpoint {checkpoints.ENDINGS[state]}"]
    barred = {
        ASKS_OTHERS: {REQUESTER},
        ASKS_REQUESTER: {*PEOPLE} - {REQUESTER},
        ASKS_MEMBERS: set[str](),
    }[policy.model_copy(update={"quorum": 1})]
    rules = {
        f"ended as {ends}": ends != wanted,
        "ended before its last line": bool(ends) and told[-1].kind != ends[0],
        f"approved by {approvals}": state is state.APPROVED and approvals < policy.quorum,
        "open with a quorum": state is state.OPEN and approvals >= policy.quorum,
        "decided by nobody's vote": bool(checkpoint.decided_by) and checkpoint.decided_by not in now,
        "a barred person counted": any(by in barred for _, by in given),
        "votes and their lines differ": sorted((line.payload["version"], line.by) for line in counted)
        != sorted(given),
        "its version and its edits differ": checkpoint.version
        != 1 + sum(line.kind == "checkpoint edited" for line in told),
        "its digest is not its payload's": checkpoint.digest != events.digest(checkpoint.payload),
    }
    return [name for name, broken in rules.items() if broken]
