"""Reviews by rules: what they can judge they judge with evidence; the rest is for a person."""

from __future__ import annotations

import pytest

from agents.contracts import Criterion, Part, PartKind, Verdict
from tests.agents.offline.asking import FINDINGS, REQUEST, SUBJECTS, ask, contract, task

GOOD = (
    "## Summary\n\nThe Starter plan of Acme costs EUR 29 per month [F101]. Globex employs 120 people [F201].\n\n"
    "## What is missing\n\nNothing was found in the given sources about Initech.\n"
)


async def _judged(text: str, *done_when: str, words: int = 0, more: tuple[Part, ...] = ()) -> list[Criterion]:
    parts = [
        contract("Summary, What is missing", words, done_when),
        *more,
        REQUEST,
        SUBJECTS,
        *FINDINGS,
        Part("artifact", PartKind.ARTIFACT, text, source="brief"),
        task(station="Brief"),
    ]
    return (await ask("reviewer", parts, Verdict)).criteria


@pytest.mark.parametrize(
    ("criterion", "bad", "evidence"),
    [
        (
            "every claim cites its finding, such as [F3]",
            GOOD.replace(" [F201]", ""),
            "Globex employs 120 people.",
        ),
        (
            "every number stands in a finding or in the request",
            GOOD.replace("120", "130"),
            "Globex employs 130 people [F201].",
        ),
        ("no placeholder is left", GOOD + "\nTODO: prices\n", "TODO: prices"),
        ("all sections are there, in this order", GOOD.replace("## What is missing", "## Other"), ""),
        ("every competitor is named", GOOD.replace("Initech", "others"), ""),
        ("sums and percentages are right", GOOD + "\n29 + 35 = 66\n", "29 + 35 = 66"),
        ("no absolute claims", GOOD + "\nAcme is the best choice.\n", "Acme is the best choice."),
    ],
)
async def test_a_fault_fails_its_criterion_with_the_words_that_show_it(
    criterion: str, bad: str, evidence: str
) -> None:
    good, wrong = await _judged(GOOD, criterion), await _judged(bad, criterion)

    assert [one.verdict for one in good] == ["pass"]
    assert [(one.verdict, one.evidence) for one in wrong] == [("fail", evidence)]
    assert wrong[0].fix
    assert evidence in bad


async def test_the_length_is_counted() -> None:
    short = await _judged(GOOD, "the text has at most 10 words", words=10)
    long = await _judged(GOOD, "the text has at most 900 words", words=900)

    assert [short[0].verdict, long[0].verdict] == ["fail", "pass"]
    assert "at most 10 are wanted" in short[0].fix


async def test_what_only_a_mind_can_judge_is_left_to_a_person() -> None:
    judged = await _judged(GOOD, "the words suit the audience", "no placeholder is left and the tone is warm")

    assert [one.verdict for one in judged] == ["not_judged", "not_judged"]
    assert judged[0].fix == "Rules cannot judge this; a person has to."


async def test_each_criterion_gets_exactly_one_verdict_in_its_order() -> None:
    judged = await _judged(GOOD, "one", "no placeholder is left", "three")

    assert [one.id for one in judged] == ["W1", "W2", "W3"]


async def test_what_the_checks_by_code_found_in_the_sources_counts() -> None:
    told = "- name-unsupported: 'Globex' is named in no source. “Globex employs 120 people” Take it out."
    found = Part("checks", PartKind.REVIEW, told, source="checks by code")
    number = Part(
        "checks",
        PartKind.REVIEW,
        told.replace("name-unsupported", "number-unsupported"),
        source="checks by code",
    )

    by_name = await _judged(GOOD, "every number stands in a finding", more=(found,))
    by_number = await _judged(GOOD, "every number stands in a finding", more=(number,))

    assert [by_name[0].verdict, by_number[0].verdict] == ["pass", "fail"]


async def test_an_empty_artifact_fails() -> None:
    judged = await _judged("", "no placeholder is left")

    assert [(one.verdict, one.fix) for one in judged] == [("fail", "There is no artifact to judge.")]


async def test_a_constraint_that_rules_cannot_judge_leaves_its_criterion_open() -> None:
    kept = Part("C1", PartKind.CONSTRAINT, "under 900 words")
    vague = Part("C2", PartKind.CONSTRAINT, "no pricing of our own")

    one = await _judged(GOOD, "every constraint of the request is kept", more=(kept,))
    two = await _judged(GOOD, "every constraint of the request is kept", more=(kept, vague))

    assert [one[0].verdict, two[0].verdict] == ["pass", "not_judged"]
