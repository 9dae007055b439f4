"""Triage by words: the right line, the reason in the request's words, nothing made up."""

from __future__ import annotations

import pytest

from agents.contracts import Part, PartKind, Triage
from tests.agents.offline.asking import ask, goal, task

LINES = [
    Part(
        "competitive-intelligence",
        PartKind.LINE,
        "Compares named competitors. Keywords: competitors, competitive, compare, rivals, battlecard.\n"
        "inputs:\n  competitors: Which competitors?\n  audience: Who reads it?\n  question: What to decide? (optional)",
    ),
    Part(
        "legal-document",
        PartKind.LINE,
        "Drafts a contract or another legal text. Keywords: contract, agreement, non-disclosure, legal, clause.\ninputs:\n"
        "  document: Which kind of document?\n  parties: Who are the parties?\n  law: Which law governs it?\n"
        "  effective: From when? (optional)\n  term: For how long? (optional)",
    ),
    Part(
        "marketing-campaign",
        PartKind.LINE,
        "From a product to a campaign pack. Keywords: campaign, launch, marketing.\ninputs:\n  product: What is it?\n"
        "  audience: For whom?\n  budget: How much money?\n  deadline: By when?",
    ),
]
ROLES = [
    Part("researcher", PartKind.ROLE, "Reads documents and brings back facts."),
    Part("writer", PartKind.ROLE, "Writes the one deliverable."),
]


async def _routed(request: str) -> Triage:
    return await ask("orchestrator", [*LINES, *ROLES, goal(request), task(station="Triage")], Triage)


def _values(triage: Triage) -> dict[str, str]:
    return {one.name: one.value for one in triage.inputs}


async def test_a_comparison_goes_down_its_line_with_what_the_request_says() -> None:
    triage = await _routed(
        "Compare Acme, Globex and Initech for the sales team; under 900 words; no pricing of our own"
    )

    assert (triage.route, triage.line) == ("line", "competitive-intelligence")
    assert "'compare'" in triage.reason
    assert _values(triage) == {"competitors": "Acme, Globex and Initech", "audience": "the sales team"}
    assert triage.constraints == ["under 900 words", "no pricing of our own"]


async def test_a_contract_s_facts_are_taken_word_for_word() -> None:
    triage = await _routed(
        "Draft a non-disclosure agreement between Northwind GmbH and Harbour Ltd under the law of Ireland for two years "
        "from 1 March 2027; must not mention prices"
    )

    assert triage.line == "legal-document"
    assert _values(triage) == {
        "document": "non-disclosure agreement",
        "parties": "Northwind GmbH and Harbour Ltd",
        "law": "the law of Ireland",
        "effective": "1 March 2027",
        "term": "two years",
    }
    assert triage.constraints == ["must not mention prices"]


async def test_values_named_by_their_input_are_found() -> None:
    triage = await _routed("write the launch campaign for v4; audience CTOs; budget 20k; by 8 tomorrow")

    assert _values(triage) == {"product": "v4", "audience": "CTOs", "budget": "20k", "deadline": "8 tomorrow"}
    assert triage.title == "Launch campaign for v4"


async def test_an_amount_after_its_name_is_taken_whole_and_a_company_s_legal_form_is_no_limit() -> None:
    triage = await _routed("Write the campaign for Ferrant Limited; budget: EUR 20,000.50; no discounts; audience bakers")

    assert _values(triage)["budget"] == "EUR 20,000.50"
    assert triage.constraints == ["budget: EUR 20,000.50", "no discounts"]


@pytest.mark.parametrize(
    ("request_text", "absent"),
    [
        ("Compare our competitors for the sales team", "competitors"),
        ("Compare Acme and Globex", "audience"),
        ("Draft a supply agreement under the law of Ireland", "parties"),
        ("Draft a supply agreement between Northwind GmbH and Harbour Ltd", "law"),
        ("Plan the launch campaign for v4 for CTOs by Friday", "budget"),
        ("Plan the launch campaign for v4 with a budget of 20k for CTOs", "deadline"),
        ("Plan the launch campaign for v4 with a budget of 20k by Friday", "audience"),
        ("Plan a launch campaign with a budget of 20k by Friday for CTOs", "product"),
    ],
)
async def test_what_the_request_does_not_say_is_left_out_and_not_guessed(
    request_text: str, absent: str
) -> None:
    triage = await _routed(request_text)

    assert triage.route == "line"
    assert absent not in _values(triage)


async def test_a_question_is_answered_by_one_reader() -> None:
    triage = await _routed("What does Acme charge for the Pro plan?")

    assert (triage.route, triage.role) == ("answer", "researcher")


async def test_two_deliverables_without_a_line_are_planned() -> None:
    triage = await _routed("Write a report and a press release about our oven")

    assert triage.route == "plan"
    assert "press release" in triage.reason


async def test_two_lines_that_fit_equally_are_both_named_and_neither_is_chosen() -> None:
    triage = await _routed("Make an agreement about rivals")

    assert triage.route == "answer"
    assert "'competitive-intelligence'" in triage.reason
    assert "'legal-document'" in triage.reason


@pytest.mark.parametrize(
    ("request_text", "limits"),
    [
        ("Write a memo about bread, at most two pages", ["at most two pages"]),
        (
            "Write a memo. Do not mention Globex. Keep it friendly.",
            ["Do not mention Globex", "Keep it friendly"],
        ),
        ("Summarise the file in under 300 words without jargon", ["under 300 words", "without jargon"]),
        ("Write a memo about bread", []),
    ],
)
async def test_clauses_that_limit_are_kept_word_for_word(request_text: str, limits: list[str]) -> None:
    triage = await _routed(request_text)

    assert triage.constraints == limits
    assert all(limit in request_text for limit in limits)


def _files(names: str) -> Part:
    return Part("files", PartKind.INPUT, f"files that came with it:\n{names}")


@pytest.mark.parametrize(
    "request_text", ["Compare Acme and Globex for the sales team", "Draft a contract", "Write a report"]
)
async def test_without_files_and_pages_triage_says_so_and_starts_no_line(request_text: str) -> None:
    triage = await ask("orchestrator", [*LINES, *ROLES, goal(request_text), _files("none"), task()], Triage)

    assert (triage.route, triage.line) == ("answer", "")
    assert triage.reason.startswith("Nothing is attached, and the request names no page.")
    assert "Ask again with files attached or with addresses" in triage.reason


@pytest.mark.parametrize(
    ("request_text", "files"),
    [
        ("Compare Acme and Globex", "- acme.pdf"),
        ("Compare Acme and Globex: https://acme.example.com/prices", "none"),
    ],
)
async def test_a_file_or_a_page_is_enough_for_a_line(request_text: str, files: str) -> None:
    triage = await ask("orchestrator", [*LINES, *ROLES, goal(request_text), _files(files), task()], Triage)

    assert triage.line == "competitive-intelligence"
