"""Where sources disagree, code says so: to whoever writes, to the checks, and to whoever receives what was never mended."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.contracts import PartKind
from agents.models.offline.brief import Fact
from agents.models.offline.tables import contradictions
from agents.rendering.formats import Format
from agents.stations import brief as briefs
from agents.stations import disagreement
from agents.stations.assignment import Assignment, Received
from agents.stations.review import contract_of
from bot.messages import result
from bot.messages.rows import ResultRows
from bot.outbox.reading import View
from storage import clock
from storage.tables import Artifact, Handoff, OutboxMessage
from storage.words import MessageKind, VoteAnswer
from tests.agents.stations import differences
from tests.agents.stations.differences import Pair
from tests.agents.stations.test_handoffs import given
from tests.workshop import (
    BOB,
    SHEETS,
    Workshop,
    brief_text,
    comparison,
    finding,
    researches,
    triage,
    verdict,
    workshop,
    written,
)

TOLD = (
    "Sources disagree on “Haulwren, price”: EUR 5,490 [F101] (competitors/haulwren-product-sheet.pdf, page 1); "
    "EUR 5,290 including VAT [F201] (competitors/price-survey.csv, row 2)."
)
SHORT = "“Haulwren, price”: EUR 5,490 [F101]; EUR 5,290 including VAT [F201]"


def differs(pair: Pair) -> bool:
    key, one, other = pair
    return bool(contradictions([Fact("F1", one, "a.pdf, page 1", key), Fact("F2", other, "b.docx", key)], []))


def sorted_out(pairs: Iterable[Pair], *, differing: bool) -> list[Pair]:
    """Return the pairs that are told wrongly."""
    return [pair for pair in pairs if differs(pair) is not differing]


def test_pairs_of_findings_are_told_apart():
    missed = sorted_out((*differences.DISAGREE, *differences.UNSEEN_DISAGREE), differing=True)
    false = sorted_out((*differences.AGREE, *differences.UNSEEN_AGREE), differing=False)

    assert false == []
    assert len(missed) <= 5, missed


def test_of_the_pairs_that_were_hardest_most_are_told_apart():
    assert len(sorted_out(differences.LAST_DISAGREE, differing=True)) <= 2
    assert len(sorted_out(differences.LAST_AGREE, differing=False)) <= 3


def found(number: int, key: str, quote: str, label: str) -> dict[str, Any]:
    place = {"document": "d1", "sha256": "", "start": 0, "end": len(quote)}
    return {"id": f"F{number}", "claim": quote, "quote": quote, "key": key, "as_of": "", "label": label, **place}


def handed(**changed: Any) -> Assignment:
    """A task that reads two findings on the term of a contract."""
    one = found(101, "term", "The agreement applies from 1 March 2027 for 24 months.", "term-sheet.docx, paragraph 10")
    other = found(201, "term", "We calculated with a term of 36 months, not 24.", "mail-notes.txt, line 5")
    received = (Received("a", "A", "x", findings=(one,)), Received("b", "B", "y", findings=(other,)))
    return replace(given("x"), received=received, **changed)


def test_whoever_writes_is_shown_each_disagreement_as_material():
    [part] = [part for part in briefs.of_work(handed()) if part.id.startswith("disagreement")]

    assert part.kind is PartKind.HANDOFF
    assert part.text.endswith("average and choose none:\n“term”: 24 months [F101]; 36 months [F201]")


@pytest.mark.parametrize(
    "said",
    [
        {"said": ("The term is 24 months.",)},
        {"notes": (("U0ALICE", "24 months it is"),)},
        {"sent_back": "Use the term sheet."},
        {"request": "draft the contract; the term is 36 months"},
        {"said": ("Leave the term out.",)},
    ],
)
def test_what_people_decide_is_settled(said: dict[str, Any]):
    assert disagreement.of(handed(**said)) == ()


@pytest.mark.parametrize(
    "said",
    [
        {"said": ("Fine by me.",)},
        {"notes": (("U0ALICE", "please mention the term"),)},
        {"sent_back": "Say more about 24 months and 36 months."},
        {"request": "draft the contract by 1 March 2027"},
        {"said": ("term",), "inputs": {"focus": "term"}},
    ],
)
def test_what_people_only_speak_of_stays_open(said: dict[str, Any]):
    assert len(disagreement.of(handed(**said))) == 1


@pytest.mark.parametrize(("note", "open_"), [
    ("24 months it is", ["term", "warranty"]),  # of which of the two?
    ("The term is 24 months.", ["warranty"]),
    ("The warranty is 24 months.", ["term"]),
    ("18 months it is", ["term"]),
])  # fmt: skip
def test_a_value_that_two_disagreements_share_settles_only_the_one_people_name(note: str, open_: list[str]):
    ours = found(102, "warranty", "The warranty is at least 24 months.", "policy.md, line 3")
    theirs = found(202, "warranty", "The warranty is 18 months.", "mail-notes.txt, line 21")
    received = (*handed().received, Received("c", "C", "z", findings=(ours, theirs)))

    left = disagreement.of(replace(handed(notes=(("U0ALICE", note),)), received=received))

    assert [one.topic for one in left] == open_


def test_the_result_and_a_text_that_says_what_differs_have_to_name_it_and_no_other():
    wanted = ("Price", "Contradictions")
    result_, between = handed(serves=False), handed(serves=True)
    asked = replace(between, task=between.task.model_copy(update={"sections": wanted}))

    assert [len(contract_of(one).disagreements) for one in (result_, between, asked)] == [1, 0, 1]


def test_one_document_that_gives_two_values_is_no_disagreement_of_sources():
    two = tuple(found(n, "term", f"The term is {n} months.", "term-sheet.docx, paragraph 1") for n in (24, 36))

    assert disagreement.of(replace(given("x"), received=(Received("a", "A", "x", findings=two),))) == ()


def priced(text: str) -> dict[str, Any]:
    return written(brief_text().replace("None found.", text))


def readers() -> list[dict[str, Any]]:
    """Two of the three readers bring another price for one bike."""
    one, two, three = researches()
    for line, words in ((one, "5,490"), (two, "5,290")):
        line["reply"]["json"]["findings"] = [{**finding(words), "key": "haulwren/price"}]
    return [one, two, three]


async def delivered(shop: Workshop, run_id: str) -> tuple[str, str]:
    """Return the delivered file and the message above it."""
    await shop.decide(await shop.to_draft(run_id), BOB, VoteAnswer.APPROVE)
    run = await shop.ended(run_id)
    told = {(row.kind, row.text): row for row in await shop.rows(OutboxMessage, run_id)}
    named = told[MessageKind.RESULT, ""].artifact_id
    [made] = [row for row in await shop.rows(Artifact, run_id) if row.id == named]
    [handoff] = [row for row in await shop.rows(Handoff, run_id) if row.artifact_id == made.id]
    async with shop.database.read() as session:
        file = await View(session).written(told[MessageKind.FILE, Format.MARKDOWN].seq)
    card = result.build(ResultRows(run=run, now=clock.now(), artifact=made, handoff=handoff))
    return file.content().decode(), str(card.blocks)


async def test_an_average_is_sent_back_and_both_values_reach_the_reader(tmp_path: Path):
    averaged, both = priced("About EUR 5,390 [F101][F201]."), priced("EUR 5,490 [F101], seen at EUR 5,290 [F201].")
    script = [triage(), *readers(), comparison(times="*"), averaged, verdict(), both, verdict()]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask(samples=SHEETS)
        document, card = await delivered(shop, run_id)
        first, second = (str(call.body["messages"]) for call in shop.model.calls(schema="Draft", role="writer"))

    assert f"average and choose none:\\n{SHORT}" in first
    assert f"sources-disagree: {TOLD}" in second
    assert "seen at EUR 5,290 [F201]" in document
    assert "Sources disagree" not in document + card


async def test_what_is_never_mended_is_shown_by_code_in_the_file_and_the_message(tmp_path: Path):
    averaged = {**priced("About EUR 5,390 [F101]."), "times": "*"}
    script = [triage(), *readers(), comparison(times="*"), averaged, verdict(times="*")]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask(samples=SHEETS)
        document, card = await delivered(shop, run_id)

    assert "\n## Left open\n" in document and f"- {TOLD}\n" in document
    assert card.count("Sources disagree on “Haulwren, price”") == 1
