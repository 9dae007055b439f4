"""A checkpoint against a reference model of forty lines: whatever people press, in whatever order, both agree."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from storage import checkpoints, voting
from storage.database import Database
from storage.errors import RefusedError
from storage.policy import ASKS_MEMBERS, ASKS_OTHERS, ASKS_REQUESTER, Policy
from storage.tables import Checkpoint
from storage.words import CheckpointState, VoteAnswer
from tests.storage.voting import (
    FACTS,
    PEOPLE,
    POLICIES,
    REQUESTER,
    anomalies,
    opened,
    opened_database,
    person,
    press,
    seeded,
    votes,
)

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
DEEDS: Final = 16  # on one checkpoint, at most
LATE: Final = 3  # of them after its end
ENDS: Final = {
    VoteAnswer.APPROVE: "approved",
    VoteAnswer.SEND_BACK: "sent_back",
    VoteAnswer.STOP: "stopped",
    VoteAnswer.ANSWER: "answered",
    VoteAnswer.FINISH: "answered",
}


@dataclass
class Reference:
    """What a checkpoint is, in the fewest words: a state, a version, and one vote a person and version."""

    policy: Policy
    quorum: int
    state: str = "open"
    version: int = 1
    decided_by: str = ""
    votes: dict[tuple[int, str], VoteAnswer] = field(default_factory=dict)

    def press(self, who: str, facts: str, version: int, answer: VoteAnswer, *, edits: bool) -> str:
        """Return how a press is refused, or an empty text when it counts."""
        if self.state != "open":
            return "AlreadyDecidedError"
        if version != self.version:
            return "StaleError"
        if facts != "member" or who not in self.eligible():
            return "NotAllowedError"
        if not edits and (version, who) in self.votes:
            return "AlreadyDecidedError"
        self.version += edits
        self.votes[self.version, who] = answer
        if answer is not VoteAnswer.APPROVE or self.approvals() >= self.quorum:
            self.state, self.decided_by = ENDS[answer], who
        return ""

    def end(self, state: str) -> bool:
        """Return whether the clock or a stopped run ended it."""
        was_open = self.state == "open"
        self.state = state if was_open else self.state
        return was_open

    def eligible(self) -> set[str]:
        others = {*PEOPLE} - {REQUESTER}
        return {ASKS_REQUESTER: {REQUESTER}, ASKS_OTHERS: others, ASKS_MEMBERS: {*PEOPLE}}[self.policy]

    def approvals(self) -> int:
        return sum(v == self.version and said is VoteAnswer.APPROVE for (v, _), said in self.votes.items())


class Played:
    """One checkpoint and its reference, given the same presses."""

    def __init__(self, database: Database, checkpoint: Checkpoint, reference: Reference) -> None:
        self._database, self._reference = database, reference
        self._drawn = [checkpoint]  # as its buttons were drawn, version by version

    @property
    def is_over(self) -> bool:
        return self._reference.state != "open"

    async def press(self, chance: random.Random) -> str:
        """Let somebody press a button, maybe an old or a made-up one; return what came of it."""
        drawn = self._drawn[max(0, len(self._drawn) - 1 - chance.choice([0, 0, 0, 1, 2]))]
        who, facts = chance.choice(PEOPLE), chance.choice([*["member"] * 16, *FACTS])
        answer = chance.choice([*[VoteAnswer.APPROVE] * 30, *VoteAnswer])
        edits, guessed = chance.random() < 0.3, chance.random() < 0.1
        pressed = press(drawn, answer, edited={"text": f"By {who}, {chance.random()}."} if edits else None)
        pressed = pressed.model_copy(update={"nonce": "guessed"}) if guessed else pressed
        said = await self._vote(pressed, who, facts)
        version = 0 if guessed else drawn.version

        assert said == self._reference.press(who, facts, version, answer, edits=edits), (pressed, who, facts)
        return said or "counted"

    async def _vote(self, pressed: checkpoints.Press, who: str, facts: str) -> str:
        try:
            async with self._database.write() as session:
                now = await voting.vote(session, pressed, person(who, facts), "T0JIDOKA")
        except RefusedError as refused:
            return type(refused).__name__
        self._drawn += [now] * (now.version > self._drawn[-1].version)
        return ""

    async def end(self, state: CheckpointState) -> str:
        """Let the clock or a stopped run end it."""
        async with self._database.write() as session:
            ended = await checkpoints.close(session, await checkpoints.get(session, self._drawn[0].id), state)

        assert ended == self._reference.end(state.value)
        return "ended" if ended else "had ended"

    async def agrees(self) -> bool:
        """Whether the rows hold exactly what the reference says."""
        async with self._database.read() as session:
            now = await checkpoints.get(session, self._drawn[0].id)
            mine, given = self._reference, await votes(session, now.id)
        return (now.state, now.version, now.decided_by, given) == (
            mine.state,
            mine.version,
            mine.decided_by,
            mine.votes,
        )


async def played(folder: Path, count: int) -> tuple[Counter[str], list[str]]:
    """Play ``count`` checkpoints; return what deeds gave, and what is wrong in the end."""
    chance, said = seeded(SEED), Counter[str]()
    async with opened_database(folder / "jidoka.db") as database:
        for _ in range(count):
            policy, quorum = (
                chance.choice([*POLICIES, ASKS_OTHERS, ASKS_MEMBERS]),
                chance.choice([1, 2, 2, 3]),
            )
            async with database.write() as session:
                checkpoint = await opened(session, policy, quorum)
            one = Played(database, checkpoint, Reference(policy, quorum))
            late = 0
            for _ in range(DEEDS):
                late += one.is_over
                if late > LATE:
                    break
                end = chance.choice((CheckpointState.EXPIRED, CheckpointState.WITHDRAWN))
                said[await (one.end(end) if chance.random() < 0.04 else one.press(chance))] += 1
                assert await one.agrees()
        async with database.read() as session:
            wrong = await anomalies(session)
    print(count, "checkpoints:", dict(said))
    return said, wrong


ALL: Final = {"counted", "AlreadyDecidedError", "StaleError", "NotAllowedError", "ended", "had ended"}


async def test_a_checkpoint_and_its_reference_agree_whatever_people_press(tmp_path: Path):
    said, wrong = await played(tmp_path, 120)

    assert wrong == []
    assert set(said) == ALL


@pytest.mark.long
async def test_a_checkpoint_and_its_reference_agree_over_many_thousand_presses(tmp_path: Path):
    said, wrong = await played(tmp_path, 1_500)

    assert wrong == []
    assert set(said) == ALL
