"""The bar: every planted error of a listed rule is caught, and nothing is found where nothing is wrong."""

from __future__ import annotations

import pytest

from agents.checks import RULES, Contract, Problem, check
from tests.agents.checks import second
from tests.agents.checks.clean import CLEAN
from tests.agents.checks.planted import PLANTED
from tests.agents.checks.world import SOURCES, evidence

CONSTRAINTS = (("C1", "no emojis"), ("C2", "do not mention Panificio"), ("C3", "Under 900 words"))


def _found(text: str, rule: str = "") -> list[Problem]:
    contract = Contract(
        sections=("Summary", "Prices", "Risks") if rule == "section-missing" else (),
        constraints=CONSTRAINTS,
        cites=rule == "citation-missing" or "[F" in text,
    )
    return check(text, contract, evidence(), SOURCES)


@pytest.mark.parametrize(("rule", "words", "text"), [*PLANTED, *second.PLANTED])
def test_a_planted_error_is_caught_where_it_stands(rule: str, words: str, text: str) -> None:
    found = [one for one in _found(text, rule) if one.rule == rule]

    assert found
    assert any(
        words in (one.quote or one.message)
        or (one.quote and one.quote in words)
        or words in text[one.start : one.end]
        for one in found
    )


@pytest.mark.parametrize("text", [*CLEAN, *second.CLEAN])
def test_a_clean_text_raises_no_alarm(text: str) -> None:
    found = _found(text)

    assert found == []


def test_the_blind_set_has_sixty_of_each_and_covers_the_rules() -> None:
    silent = {"section-empty", "too-short", "sources-disagree"}

    assert (len(PLANTED), len(CLEAN)) == (60, 60)
    assert {rule for rule, _, _ in PLANTED} == set(RULES) - silent
