"""Plans are checked before anything runs: every fault is refused, no right plan is."""

import time
from collections import Counter
from random import Random

import pytest

from agents.catalog import from_texts
from agents.planning.plan import RunPlan
from agents.planning.plan_checks import problems
from storage.words import Route
from tests.agents.planning.faults import FAULTS
from tests.agents.planning.generated import CATALOG, valid

SEED = 20261122
PLANS = 10_000


def some(seed, fits):
    """Return a valid plan that fits."""
    chance = Random(seed)
    return next(plan for plan in iter(lambda: valid(chance), None) if fits(plan))


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_refused_in_a_sentence_that_names_it(rule):
    fault, words = FAULTS[rule]
    plan = some(rule, lambda plan: fault(Random(1), plan) is not None)

    told = problems(fault(Random(1), plan), CATALOG)

    assert problems(plan, CATALOG) == []
    assert [one for one in told if words in one] != [], told
    assert all(one[0] in "'ATENP0123456789" and one.endswith(".") for one in told)


def test_of_ten_thousand_plans_every_fault_is_refused_and_no_right_plan():
    chance = Random(SEED)
    rules = list(FAULTS)
    refused_right: list[str] = []
    passed_wrong: list[str] = []
    tried: Counter[str] = Counter()
    for number in range(PLANS):
        plan = valid(chance)
        refused_right += problems(plan, CATALOG)
        rule = rules[number % len(rules)]
        broken = FAULTS[rule][0](chance, plan)
        if broken is not None:
            tried[rule] += 1
            told = problems(broken, CATALOG)
            passed_wrong += [] if any(FAULTS[rule][1] in one for one in told) else [f"{rule}: {broken}"]

    assert refused_right == [], f"seed {SEED}"
    assert passed_wrong == [], f"seed {SEED}"
    assert min(tried[rule] for rule in rules) >= 20, tried


def test_a_plan_of_twenty_tasks_is_checked_within_twenty_milliseconds():
    chance = Random(SEED)
    plans = [plan for plan in (valid(chance) for _ in range(6_000)) if len(plan.tasks) == 20][:100]
    took = []
    for plan in plans:
        began = time.thread_time()
        problems(plan, CATALOG)
        took.append(time.thread_time() - began)

    assert len(plans) >= 50
    assert sorted(took)[int(len(took) * 0.99)] <= 0.020


def test_an_empty_plan_is_refused():
    assert problems(RunPlan(route=Route.PLAN, tasks=()), CATALOG) == ["The plan has no task."]


def test_the_runs_own_budget_counts():
    plan = some(3, lambda plan: sum(task.limits.usd for task in plan.tasks) == 2.5)

    assert problems(plan, CATALOG, run_usd=2.5) == []
    assert problems(plan, CATALOG, run_usd=2.0) == [
        "The tasks may spend $2.50 together; the run may spend $2.00."
    ]


def test_a_plan_is_refused_when_its_roles_are_gone():
    plan = some(4, lambda plan: plan.route is Route.PLAN)

    assert problems(plan, from_texts({}, CATALOG.tools)) != []
