"""How reviewers' verdicts stand against what people later said of the same artifacts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.tables import Checkpoint, Review, Run
from storage.words import CheckpointKind, CheckpointState

LEAST_PAIRS: Final = 40  # below that, a share says nothing
LEAST_SHARE: Final = 0.80  # of agreement, and of what people refused: judges are weak at saying no
NEWEST: Final = 200  # pairs that count; roles and models change
UNREVIEWED: Final = "review"  # the rule of a review that could not be had
_CRITERION: Final = re.compile(r"W\d+")
_JUDGED: Final = (CheckpointKind.DRAFT, CheckpointKind.ESCALATION)
_SAID: Final = (CheckpointState.APPROVED, CheckpointState.SENT_BACK)


@dataclass(frozen=True)
class Pair:
    """What a reviewer and then a person said of one artifact."""

    passed: bool  # by the reviewer
    accepted: bool  # by the person, as it was


@dataclass(frozen=True)
class Standing:
    """How far a reviewer agrees with people."""

    pairs: int = 0
    agreed: int = 0
    refused: int = 0  # by people
    caught: int = 0  # of those, by the reviewer too

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> "Standing":
        """Return the count of these pairs."""
        known = list(pairs)
        refused = [pair for pair in known if not pair.accepted]
        agreed, caught = sum(pair.passed == pair.accepted for pair in known), sum(not pair.passed for pair in refused)
        return cls(len(known), agreed, len(refused), caught)

    @property
    def is_calibrated(self) -> bool:
        """Return whether its pass could count alone; one that was never seen to say no is not."""
        enough = self.pairs >= LEAST_PAIRS and self.refused > 0
        return enough and self.agreed >= LEAST_SHARE * self.pairs and self.caught >= LEAST_SHARE * self.refused


async def standing(session: AsyncSession, team: str, role: str) -> Standing:
    """Return how a reviewing role's newest verdicts in a workspace stand against people's."""
    by_role = sa.exists().where(
        col(Review.run_id) == col(Checkpoint.run_id),
        col(Review.task_key) == col(Checkpoint.task_key),
        col(Review.attempt) == col(Checkpoint.attempt),
        col(Review.role) == role,
    )
    mine = sa.select(col(Checkpoint.payload), col(Checkpoint.state), col(Checkpoint.version)).join(
        Run, col(Run.id) == col(Checkpoint.run_id)
    )
    said = mine.where(col(Run.team) == team, col(Checkpoint.kind).in_(_JUDGED), col(Checkpoint.state).in_(_SAID), by_role)
    newest = said.order_by(col(Checkpoint.closed_at).desc()).limit(NEWEST)
    rows = (await session.execute(newest)).all()
    return Standing.of(pair for row in rows if (pair := _pair(*row)) is not None)


def _pair(payload: dict[str, Any], state: CheckpointState, version: int) -> Pair | None:
    """Return what was said of the artifact as it was first shown; None where nobody had judged it.

    Who edits before approving did not accept it as it was. An edit leaves no open points in the payload, so what the
    reviewer found is kept beside them.
    """
    rules = payload.get("found", [str(problem.get("rule", "")) for problem in payload.get("problems", ())])
    if "artifact_id" not in payload or UNREVIEWED in rules:
        return None
    accepted = state is CheckpointState.APPROVED and version == 1
    return Pair(not any(_CRITERION.fullmatch(rule) for rule in rules), accepted)
