"""How long the result may be binds whoever makes it; everybody on the way reads it word for word all the same."""

from dataclasses import replace

from agents.contracts import PartKind
from agents.stations import brief as briefs
from agents.stations.assignment import Assignment, Made
from agents.stations.review import by_code
from tests.agents.stations.test_handoffs import given

ASKED = (("C1", "keep it under 20 words"), ("C2", "do not mention Globex"))


def serving(*, serves: bool) -> Assignment:
    asked = given("x")
    return replace(asked, task=asked.task.model_copy(update={"needs": ("read-1",)}), constraints=ASKED, serves=serves)


async def rules(text: str, *, serves: bool) -> set[str]:
    return {one.rule for one in await by_code(serving(serves=serves), Made(text, "", "writer"))}


async def test_a_station_on_the_way_may_be_longer_than_the_result_and_the_result_may_not():
    long = "It is as it was. " * 20

    assert await rules(long, serves=True) == set()
    assert await rules(long, serves=False) == {"too-long"}


async def test_words_people_forbade_stand_at_no_station():
    assert await rules("Globex is large.", serves=True) == {"forbidden"}


def test_everybody_reads_the_constraint_and_whom_it_binds():
    way, last = (briefs.of_work(serving(serves=one)) for one in (True, False))
    reviewed = briefs.of_review(serving(serves=True), "x", ())

    assert [_constraints(parts) for parts in (way, reviewed, last)] == [[text for _, text in ASKED]] * 3
    assert [_tells(parts) for parts in (way, reviewed, last)] == [True, True, False]


def _tells(parts: list[briefs.Part]) -> bool:
    return any("the result's, which a later task makes" in p.text for p in parts if p.kind is PartKind.CONTRACT)


def _constraints(parts: list[briefs.Part]) -> list[str]:
    return [p.text for p in parts if p.kind is PartKind.CONSTRAINT]
