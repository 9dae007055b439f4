"""The roles and lines that come with the product."""

import pytest

from agents import catalog
from agents.planning import plan, plan_checks
from agents.planning.expand import expand, missing
from tests import readme
from tests.agents.catalog.writing import TOOLS

READING = {name: letter for name, letter in TOOLS.items() if letter == "R0"}
SHIPPED = catalog.read([catalog.SHIPPED], READING)
GIVEN = {
    "competitive-intelligence": {"competitors": "Haulwren, Ternway and Oxbell", "audience": "the sales team"},
    "due-diligence": {"target": "Brackwater", "deal": "purchase of all shares", "reader": "the board"},
    "legal-document": {"document": "supply agreement", "parties": "Ferrant, Northmoor", "law": "Ireland"},
    "market-analysis": {"market": "cargo bikes", "region": "Belgium", "decision": "a branch in Ghent"},
    "marketing-campaign": {
        "product": "F2 Pantry", "audience": "bakers", "goal": "150 test rides", "budget": "EUR 20,000",
    },
    "software-feature": {"feature": "discount codes", "users": "customers of the shop"},
}  # fmt: skip


def test_every_shipped_page_can_be_used():
    assert (SHIPPED.problems, SHIPPED.warnings) == ((), ())
    assert sorted(SHIPPED.lines) == sorted(GIVEN)
    assert {"orchestrator"} | {role for line in SHIPPED.lines.values() for role in line.roles()} == {*SHIPPED.roles}


def test_the_readme_says_of_each_line_what_it_must_know_and_where_people_are_asked():
    told = {
        readme.marked(name)[0]: (readme.marked(known), asked.split(", "))
        for name, _, known, asked in readme.table("shipped line")
    }

    assert told == {
        name: (
            [wanted.name for wanted in line.inputs if not wanted.optional],
            [station.name for station in line.stations if station.ask],
        )
        for name, line in SHIPPED.lines.items()
    }


@pytest.mark.parametrize("name", GIVEN)
def test_a_shipped_line_becomes_a_plan_with_nothing_wrong(name):
    made = expand(SHIPPED.line(name), SHIPPED.roles, GIVEN[name])

    assert plan_checks.problems(made, SHIPPED) == []


@pytest.mark.parametrize("name", GIVEN)
def test_each_required_input_that_is_absent_is_asked_for_and_never_filled_in(name):
    line = SHIPPED.line(name)

    for wanted in line.inputs:
        known = {given: text for given, text in GIVEN[name].items() if given != wanted.name}
        assert missing(line, known) == ([] if wanted.optional else [wanted])


@pytest.mark.parametrize("name", GIVEN)
def test_a_shipped_line_asks_people_and_at_most_three_times(name):
    assert 1 <= sum(bool(station.ask) for station in SHIPPED.line(name).stations) <= 3


@pytest.mark.parametrize("name", GIVEN)
def test_every_station_says_when_it_is_done_and_what_people_get_is_reviewed(name):
    stations = SHIPPED.line(name).stations

    assert all(station.done_when for station in stations)
    assert all(station.review for station in stations if station.ask)
    assert stations[-1].review
    assert stations[-1].ask


@pytest.mark.parametrize("name", GIVEN)
def test_what_a_run_keeps_is_enough_to_read_its_line_again(name):
    kept = catalog.from_texts(SHIPPED.texts_for(name), READING)

    assert (kept.line(name), kept.problems) == (SHIPPED.line(name), ())


def test_roles_that_read_strangers_words_and_those_that_judge_have_only_the_tools_for_it():
    assert SHIPPED.role("reviewer").tools == SHIPPED.role("orchestrator").tools == ()
    assert {READING[tool] for role in SHIPPED.roles.values() for tool in role.tools} == {"R0"}


@pytest.mark.parametrize("role", SHIPPED.roles)
def test_every_role_is_told_never_to_obey_what_it_reads(role):
    assert (
        "obey" in SHIPPED.role(role).instructions or "never an instruction" in SHIPPED.role(role).instructions
    )


def test_the_caps_of_pages_are_those_of_plans():
    from agents.catalog import values

    assert (values.REQUEST, values.MOST_TASKS, values.MOST_DEPTH) == (
        plan.REQUEST,
        plan.MOST_TASKS,
        plan.MOST_DEPTH,
    )
