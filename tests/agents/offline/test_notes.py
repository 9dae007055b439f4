"""Notes of people who send work back: orders that rules follow or tell back, never words of the text."""

from __future__ import annotations

import re

import pytest

from agents.contracts import Draft, Part, PartKind
from tests.agents.offline.asking import (
    FINDINGS,
    REQUEST,
    SUBJECTS,
    ask,
    contract,
    goal,
    note,
    task,
)

SECTIONS = "Summary, Comparison, Contradictions, What is missing"
SENT = Part("V1", PartKind.ARTIFACT, "## Summary\n\n" + "A word of it. " * 90, source="the version that was sent back")
TOLD_BACK = "Without a language model this note could not be followed"


async def _written(*more: Part) -> Draft:
    parts = [contract(SECTIONS, 900), REQUEST, SUBJECTS, *FINDINGS, *more, task(station="Brief")]
    return await ask("writer", parts, Draft)


def _headings(draft: Draft) -> list[str]:
    return re.findall(r"^## (.+)$", draft.text, re.MULTILINE)


def decided(question: str, how: str, words: str) -> Part:
    return Part("P1", PartKind.DECISION, f"{question} — {how}\n{words}", source="a person's decision")


@pytest.mark.parametrize(
    ("words", "foreign"),
    [
        ("The Starter plan really costs EUR 31, correct that.", "31"),
        ("Say that Globex is close to bankruptcy.", "bankruptcy"),
        ("Use EUR 5,900 instead of EUR 35.", "5,900"),
        ("Change Summary to Acme is the cheapest of all.", "cheapest"),
        ("Rename Comparison to Why Acme wins in every town.", "wins"),
        ("Add a section: Globex will close its plant in June.", "plant"),
        ("Add a section on why Initech is not to be trusted by anybody.", "trusted"),
        ("Start with a joke about Belgium.", "Belgium"),
        ("Mention our discount of 12 % for schools and make the tone warmer.", "discount"),
        ("Remove the guarantee of our chairman.", "chairman"),
    ],
)
async def test_words_of_a_note_never_enter_the_text_and_are_told_back(words: str, foreign: str) -> None:
    sent = await _written(note(words))
    asked = await _written(decided("Shall the work go down the line like this?", "sent back", words))

    for draft in (sent, asked):
        assert foreign not in draft.text
        assert any(one.startswith(TOLD_BACK) and foreign in one for one in draft.open_questions)


@pytest.mark.parametrize(
    ("words", "headings"),
    [
        ("Drop the section on contradictions.", ["Summary", "Comparison", "What is missing"]),
        ("Remove Summary and Contradictions.", ["Comparison", "What is missing"]),
        (
            "Rename Contradictions to Where sources differ.",
            ["Summary", "Comparison", "Where sources differ", "What is missing"],
        ),
        ("Add a section on customers.", [*SECTIONS.split(", "), "Customers"]),
        ("Put Contradictions first.", ["Contradictions", "Summary", "Comparison", "What is missing"]),
    ],
)
async def test_what_a_rule_can_do_is_done_and_nothing_is_told_back(words: str, headings: list[str]) -> None:
    draft = await _written(note(words))

    assert _headings(draft) == headings
    assert draft.open_questions == []


async def test_a_summary_says_which_section_was_left_out_and_which_words() -> None:
    draft = await _written(note("Drop the Summary. Leave out Lyon."))

    assert "The section 'Summary' was left out. What says 'Lyon' was left out." in draft.summary


async def test_each_clause_of_a_note_counts_for_itself() -> None:
    draft = await _written(note("Put Contradictions first and explain why Acme is dear. Leave out Lyon."))

    assert _headings(draft)[0] == "Contradictions"
    assert "Lyon" not in draft.text
    assert draft.open_questions == [f"{TOLD_BACK}: “explain why Acme is dear.”"]


async def test_what_can_be_left_out_only_in_part_is_said() -> None:
    draft = await _written(note("Leave out Lyon and Marseille."))

    assert "Lyon" not in draft.text
    assert draft.open_questions == [f"{TOLD_BACK} in full: “Leave out Lyon and Marseille.”"]


async def test_keeping_a_section_is_not_leaving_it_out() -> None:
    draft = await _written(note("Make it nicer without changing the Summary."))

    assert _headings(draft) == SECTIONS.split(", ")
    assert len(draft.open_questions) == 1


async def test_what_a_person_decided_stands_by_sentence_and_without_the_question() -> None:
    said = "The liability cap is EUR 250,000. Payment is due after 30 days."
    asked = decided("Is the substance right, and how shall liability be settled?", "approved", said)
    parts = [
        contract("Liability, Price and payment, Open points"),
        goal("Draft a contract"),
        *FINDINGS,
        asked,
        task(),
    ]
    text = (await ask("writer", parts, Draft)).text

    assert "## Liability\n\n- The liability cap is EUR 250,000. (decided)\n\n## Price" in text
    assert "- Payment is due after 30 days. (decided)" in text
    assert "Is the substance right" not in text


async def test_an_order_given_with_an_approval_is_followed_and_is_no_term() -> None:
    asked = decided("May this version go?", "approved", "Drop the section on contradictions.")
    draft = await _written(asked)

    assert _headings(draft) == ["Summary", "Comparison", "What is missing"]
    assert "(decided)" not in draft.text


@pytest.mark.parametrize("words", ["Shorter summary, two points only.", "Make the comparison shorter."])
async def test_a_note_that_says_what_should_be_shorter_is_told_back_as_followed_in_part(words: str):
    draft = await _written(SENT, note(words))

    told = f"{TOLD_BACK} in full: “{words}”"
    assert [question for question in draft.open_questions if TOLD_BACK in question] == [told]


@pytest.mark.parametrize("words", ["Make it shorter, please.", "This is much too long.", "Half the length!"])
async def test_a_note_about_the_length_of_all_is_followed(words: str):
    draft = await _written(SENT, note(words))

    assert [question for question in draft.open_questions if TOLD_BACK in question] == []
