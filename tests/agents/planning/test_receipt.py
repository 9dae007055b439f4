"""What a route should cost beside one agent."""

import json

import pytest

from agents import catalog
from agents.planning.expand import expand
from agents.planning.free import single
from agents.planning.receipt import SEARCHES, USD_A_SEARCH, Prediction, Receipt, asks_first, predict
from agents.planning.triage import Accepted
from storage.words import Route
from tests.agents.catalog.writing import TOOLS

SHIPPED = catalog.read([catalog.SHIPPED], TOOLS)
LINE = SHIPPED.line("competitive-intelligence")


def compared(*names):
    return expand(
        LINE, SHIPPED.roles, {"competitors": ", ".join(names), "audience": "sales"}, reason="Two rivals."
    )


def receipt(one, chosen):
    return Receipt("line", "", Prediction(1000, one, 1.0), Prediction(1000, chosen, 1.0))


def test_a_receipt_says_route_reason_and_both_costs_as_plain_json():
    told = predict(compared("a", "b"), SHIPPED.roles, material=6_000).plain()

    assert json.loads(json.dumps(told)) == told
    assert (told["route"], told["reason"], sorted(told["chosen"])) == (
        "line",
        "Two rivals.",
        ["minutes", "tokens", "usd"],
    )


def test_searches_that_are_paid_for_cost_the_line_and_one_agent_alike():
    free, paid = (predict(compared("a", "b"), SHIPPED.roles, paid_search=paid) for paid in (False, True))

    assert paid.chosen.usd - free.chosen.usd == pytest.approx(2 * SEARCHES * USD_A_SEARCH), "two readers search"
    assert paid.one_agent.usd - free.one_agent.usd == pytest.approx(2 * SEARCHES * USD_A_SEARCH)


def test_more_items_and_more_material_cost_more():
    few, many = (
        predict(compared(*names), SHIPPED.roles, material=6_000).chosen for names in ("ab", "abcdef")
    )
    thick = predict(compared("a", "b"), SHIPPED.roles, material=60_000).chosen

    assert few.tokens < many.tokens
    assert few.usd < many.usd
    assert few.minutes < many.minutes
    assert few.usd < thick.usd


def test_what_works_side_by_side_takes_no_longer():
    assert (
        predict(compared("a"), SHIPPED.roles).chosen.minutes
        == predict(compared("a", "b"), SHIPPED.roles).chosen.minutes
    )


def test_a_dearer_model_costs_more():
    dear = {name: role if name != "writer" else _with(role, "best") for name, role in SHIPPED.roles.items()}

    assert predict(compared("a"), dear).chosen.usd > predict(compared("a"), SHIPPED.roles).chosen.usd


def _with(role, tier):
    return catalog.Role(
        role.name, role.description, tier, role.tools, role.instructions, role.path, role.text
    )


def test_an_answer_by_one_agent_is_one_agent():
    made = predict(single(Accepted(Route.ANSWER), SHIPPED), SHIPPED.roles, material=2_000)

    assert made.chosen == made.one_agent
    assert made.multiple == 1.0


def test_the_offline_engine_costs_nothing_and_never_asks_first():
    made = predict(compared(*"abcdefghijkl"), SHIPPED.roles, offline=True)

    assert (made.chosen.usd, made.one_agent.usd, asks_first(made)) == (0.0, 0.0, False)
    assert made.chosen.tokens > 0


@pytest.mark.parametrize(("chosen", "asks"), [(0.3, False), (0.31, True)])
def test_a_route_above_three_times_one_agent_asks_first(chosen, asks):
    assert asks_first(receipt(0.1, chosen)) is asks


def test_the_policy_may_set_another_multiple():
    assert asks_first(receipt(0.1, 0.3), above=2.0)
