"""Reviewers are held against people: forty verdicts, four of five alike, four of five refusals seen. People still decide."""

from pathlib import Path
from typing import Any

import pytest

from bot.messages import checkpoint as card
from bot.messages import judged
from storage import judges
from storage.database import Database
from storage.judges import Pair, Standing
from storage.tables import Checkpoint, Review, Run
from storage.words import CheckpointKind, CheckpointState, RunState
from tests.bot.messages import sample
from tests.workshop import whole_line, workshop

YES, NO = True, False


def pairs(*counted: tuple[int, bool, bool]) -> list[Pair]:
    return [Pair(passed, accepted) for times, passed, accepted in counted for _ in range(times)]


@pytest.mark.parametrize(
    ("counted", "calibrated"),
    [
        ([(30, YES, YES), (10, NO, NO)], True),
        ([(29, YES, YES), (10, NO, NO)], False),  # 39 pairs
        ([(40, YES, YES)], False),  # it was never seen to say no
        ([(24, YES, YES), (8, NO, NO), (2, YES, NO), (6, NO, YES)], True),  # 32 of 40, 8 of 10
        ([(24, YES, YES), (7, NO, NO), (3, YES, NO), (6, NO, YES)], False),  # 7 of 10 refusals seen
        ([(23, YES, YES), (8, NO, NO), (2, YES, NO), (7, NO, YES)], False),  # 31 of 40
        ([(90, YES, YES), (1, NO, NO), (9, YES, NO)], False),  # agrees, but sees one refusal of ten
        ([], False),
    ],
)
def test_a_judge_is_calibrated_from_forty_pairs_with_four_of_five_agreements_and_refusals(
    counted: list[tuple[int, bool, bool]], calibrated: bool
):
    assert Standing.of(pairs(*counted)).is_calibrated is calibrated


def _judged(number: int, state: CheckpointState, rules: list[str], **more: Any) -> list[Run | Checkpoint | Review]:
    """Return the rows of a draft that was reviewed and then decided on."""
    id, about = f"past-{number}", {"task_key": "brief", "attempt": 1}
    run = Run(
        id=id, team=more.pop("team", "T0JIDOKA"), channel="C", thread_ts=id, request_ts=id, requester="U", tag="t",
        request="Compare.", state=RunState.DONE,
    )  # fmt: skip
    payload = {"artifact_id": "art", "problems": [], "found": rules}
    asked = Checkpoint(
        id=f"cp-{number}", run_id=id, kind=CheckpointKind.DRAFT, nonce="n", question="Right?", digest="d", policy={},
        requester="U", state=state, payload=payload, **about, **more,
    )  # fmt: skip
    return [run, asked, Review(run_id=id, round=1, role="reviewer", **about)]


async def _keep(database: Database, *rows: list[Run | Checkpoint | Review]) -> None:
    async with database.write() as session:
        session.add_all([row for each in rows for row in each])


async def test_the_pairs_come_from_what_was_shown_and_what_people_did_with_it(tmp_path: Path):
    approved, back = CheckpointState.APPROVED, CheckpointState.SENT_BACK
    async with workshop(tmp_path, []) as shop:
        past = [
            _judged(1, approved, []),  # both yes
            _judged(2, approved, ["placeholder"]),  # code found something, the reviewer did not: yes, yes
            _judged(3, back, ["W2"]),  # both no
            _judged(4, back, []),  # the reviewer let it pass
            _judged(5, approved, [], version=2),  # edited first: not accepted as it was
            _judged(6, approved, ["review"]),  # nobody had reviewed it
            _judged(7, CheckpointState.STOPPED, []),  # says nothing of the draft
            _judged(8, approved, [], team="T0OTHER"),
        ]
        await _keep(shop.database, *past)
        async with shop.database.read() as session:
            found = await judges.standing(session, "T0JIDOKA", "reviewer")
            nobody = await judges.standing(session, "T0JIDOKA", "critic")

    assert found == Standing(pairs=5, agreed=3, refused=3, caught=1)
    assert nobody == Standing()


async def test_no_record_of_a_judge_however_good_lets_a_draft_pass_a_person(tmp_path: Path):
    past = [_judged(n, CheckpointState.APPROVED, []) for n in range(35)]
    past += [_judged(n, CheckpointState.SENT_BACK, ["W1"]) for n in range(35, 45)]
    async with workshop(tmp_path, whole_line()) as shop:
        await _keep(shop.database, *past)
        async with shop.database.read() as session:
            perfect = await judges.standing(session, "T0JIDOKA", "reviewer")
        run_id = await shop.ask()
        asked = await shop.to_draft(run_id)
        run = await shop.run(run_id)

    assert perfect.is_calibrated
    assert asked.payload["problems"] == [] and asked.state is CheckpointState.OPEN
    assert run.state is RunState.WAITING
    assert asked.payload["judge"] == {"role": "reviewer", "pairs": 45, "agreed": 45}


def test_the_card_of_a_draft_says_how_far_its_judge_agreed_with_people():
    judge = {"role": "reviewer", "pairs": 40, "agreed": 31}
    payload = {**sample.PAYLOADS[CheckpointKind.DRAFT], "judge": judge, "raised": 2}
    words = str(card.build(sample.seen(CheckpointKind.DRAFT, payload=payload)))

    assert "People had the last word on 40 verdicts of the reviewer so far, and agreed with 31." in words
    assert "From version 2 on the strong model worked on it." in words


@pytest.mark.parametrize(("agreed", "pairs", "said"), [
    (0, 1, "1 verdict of the reviewer so far, and did not agree with it."),
    (1, 1, "1 verdict of the reviewer so far, and agreed with it."),
    (0, 3, "3 verdicts of the reviewer so far, and agreed with none of them."),
    (3, 3, "3 verdicts of the reviewer so far, and agreed with all of them."),
])  # fmt: skip
def test_a_short_record_of_a_judge_reads_as_people_would_say_it(agreed: int, pairs: int, said: str):
    [told] = judged.lines({"judge": {"role": "reviewer", "pairs": pairs, "agreed": agreed}})

    assert told["elements"][0]["text"] == f"People had the last word on {said}"
