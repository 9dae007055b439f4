"""Many people pressing at once, through two doors to one file: one outcome a checkpoint, and every vote once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from storage import checkpoints, voting
from storage.database import Database
from storage.errors import AlreadyDecidedError, BusyError, RefusedError
from storage.policy import ASKS_OTHERS
from storage.tables import Checkpoint
from storage.words import CheckpointState, VoteAnswer
from tests.storage.voting import (
    FACTS,
    PEOPLE,
    POLICIES,
    anomalies,
    opened,
    opened_database,
    person,
    press,
    seeded,
    votes,
    written,
)

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
DECIDED: Final = "decided"  # what an action gave: it ended the checkpoint
COUNTED: Final = "counted"
LOCKED: Final = "not recorded, press again"


async def act(database: Database, seen: Checkpoint, chance: random.Random) -> str:
    """Do one thing to a checkpoint as somebody sees it; return what came of it."""
    kind = chance.choices(("press", "edit", "end"), (16, 2, 1))[0]
    answer = chance.choice([*[VoteAnswer.APPROVE] * 5, *VoteAnswer])
    who = person(chance.choice(PEOPLE), chance.choice([*["member"] * 6, *FACTS]))
    end = chance.choice((CheckpointState.EXPIRED, CheckpointState.WITHDRAWN))
    edited = {"text": f"Version of {who.id} {chance.random()}."} if kind == "edit" else None
    for _ in range(chance.randrange(3)):
        await asyncio.sleep(0)
    try:
        async with database.write() as session:
            if kind == "end":
                there = await checkpoints.get(session, seen.id)
                return DECIDED if await checkpoints.close(session, there, end) else "late"
            now = await voting.vote(session, press(seen, answer, edited=edited), who, "T0JIDOKA")
    except BusyError:
        return LOCKED
    except RefusedError as refused:
        return type(refused).__name__
    return COUNTED if now.state is CheckpointState.OPEN else DECIDED


async def race(
    database: Database, other: Database, count: int, chance: random.Random
) -> list[tuple[str, str]]:
    """Eight actors press on each of ``count`` checkpoints, twenty of these at a time; return (checkpoint, result)."""
    results: list[tuple[str, str]] = []
    for _ in range(count // 20):
        async with database.write() as session:
            there = [
                await opened(session, chance.choice(POLICIES), chance.choice([1, 2])) for _ in range(20)
            ]
        doors = [chance.choice((database, other)) for _ in range(160)]
        chances = [random.Random(chance.random()) for _ in range(160)]
        seen = [one for one in there for _ in range(8)]
        given = await asyncio.gather(*map(act, doors, seen, chances))
        results += zip((one.id for one in seen), given, strict=True)
    return results


async def raced(folder: Path, count: int) -> tuple[Counter[str], Counter[str], list[str], Counter[str]]:
    """Return what actions gave, how often each checkpoint was decided, what is wrong, and the checkpoints' states."""
    async with opened_database(folder / "jidoka.db") as database:
        other = Database(folder / "jidoka.db")
        results = await race(database, other, count, seeded(SEED))
        await other.close()
        async with database.read() as session:
            wrong = await anomalies(session)
            states = Counter([(await checkpoints.get(session, id)).state for id in {id for id, _ in results}])
    given = Counter(said for _, said in results)
    print(sum(given.values()), "actions:", dict(given), dict(states))
    return given, Counter(id for id, said in results if said == DECIDED), wrong, states


async def test_eight_hundred_presses_at_once_leave_no_anomaly(tmp_path: Path):
    given, ends, wrong, states = await raced(tmp_path, 100)

    assert wrong == []
    assert sum(given.values()) == 800
    assert set(ends.values()) == {1}
    assert len(ends) == sum(count for state, count in states.items() if state != CheckpointState.OPEN)
    assert given[COUNTED] and given["AlreadyDecidedError"] and given["NotAllowedError"]


@pytest.mark.long
async def test_ten_thousand_presses_at_once_leave_no_anomaly(tmp_path: Path):
    given, ends, wrong, states = await raced(tmp_path, 1_260)

    assert wrong == []
    assert sum(given.values()) == 10_080
    assert set(ends.values()) == {1}
    assert len(ends) == sum(count for state, count in states.items() if state != CheckpointState.OPEN)


@pytest.mark.parametrize(("answer", "quorum", "ends"), [
    (VoteAnswer.APPROVE, 1, "approved"), (VoteAnswer.APPROVE, 2, ""), (VoteAnswer.SEND_BACK, 2, "sent back"),
    (VoteAnswer.STOP, 2, "stopped"), (VoteAnswer.ANSWER, 1, "answered"), (VoteAnswer.FINISH, 1, "answered"),
])  # fmt: skip
async def test_a_click_that_comes_five_times_at_once_is_one_vote(
    tmp_path: Path, answer: VoteAnswer, quorum: int, ends: str
):
    async with opened_database(tmp_path / "jidoka.db") as database:
        async with database.write() as session:
            checkpoint = await opened(session, ASKS_OTHERS, quorum)

        async def click() -> None:
            async with database.write() as session:
                await voting.vote(session, press(checkpoint, answer), person("U0BOB"), "T0JIDOKA")

        results = await asyncio.gather(*(click() for _ in range(5)), return_exceptions=True)
        async with database.read() as session:
            counted = await votes(session, checkpoint.id)
            lines = [line.kind for line in (await written(session))[checkpoint.id]]

    assert [type(result) for result in results].count(AlreadyDecidedError) == 4
    assert counted == {(1, "U0BOB"): answer}
    assert lines == ["checkpoint opened", "vote", *([f"checkpoint {ends}"] if ends else [])]


async def late_orders(folder: Path, count: int) -> tuple[Counter[str], list[str]]:
    """Approve, approve and end checkpoints in random orders; return their states and what is wrong."""
    chance, states = seeded(SEED), Counter[str]()
    async with opened_database(folder / "jidoka.db") as database:
        for _ in range(count // 20):
            async with database.write() as session:
                for _ in range(20):
                    states[await one_order(session, chance)] += 1
        async with database.read() as session:
            return states, await anomalies(session)


async def one_order(session, chance: random.Random) -> str:
    """Return how a checkpoint ended; an approval that came after its end was refused and changed nothing."""
    checkpoint = await opened(session, ASKS_OTHERS, quorum := chance.choice([1, 2]))
    end = chance.choice((CheckpointState.EXPIRED, CheckpointState.WITHDRAWN))
    deeds = chance.sample(["U0BOB", "U0CAROL", end], 3)
    in_time = deeds.index(end) if deeds.index(end) < quorum else quorum
    for number, deed in enumerate(deeds):
        is_open = number < in_time or (number == in_time and deed is end and in_time < quorum)
        if deed is end:
            assert await checkpoints.close(session, checkpoint, end) == is_open
        elif is_open:
            await voting.vote(session, press(checkpoint), person(deed), "T0JIDOKA")
        else:
            with pytest.raises(AlreadyDecidedError, match="Nothing changed"):
                await voting.vote(session, press(checkpoint), person(deed), "T0JIDOKA")

    assert checkpoint.state is (CheckpointState.APPROVED if deeds.index(end) >= quorum else end)
    return checkpoint.state


async def test_an_approval_after_the_end_never_counts(tmp_path: Path):
    states, wrong = await late_orders(tmp_path, 300)

    assert wrong == []
    assert set(states) == {"approved", "expired", "withdrawn"} and sum(states.values()) == 300


@pytest.mark.long
async def test_an_approval_after_the_end_never_counts_in_ten_thousand_orders(tmp_path: Path):
    states, wrong = await late_orders(tmp_path, 10_000)

    assert wrong == []
    assert set(states) == {"approved", "expired", "withdrawn"} and sum(states.values()) == 10_000
