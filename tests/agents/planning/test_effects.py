"""No plan has an effect that reaches outside without a checkpoint before it; and no tool does one at all."""

from random import Random

import pytest

from agents.planning.plan import PlanTask, RunPlan
from agents.planning.plan_checks import problems
from agents.tools.effects import KNOWN, Proposal
from agents.tools.toolbox import EFFECTS
from storage.words import EffectClass
from tests.agents.planning.generated import CATALOG, change, valid

SEED = 20261122
PLANS = [pytest.param(1_000, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)]
SENDER = {"role": "sender", "tools": ("send_email",)}


def with_an_effect_anywhere(chance: Random) -> RunPlan:
    """Return a plan in which any task may act outside, and any question and review may be missing."""
    plan = valid(chance)
    tasks = tuple(
        task.model_copy(update={"ask": task.ask if chance.random() < 0.7 else "", "review": task.review})
        for task in plan.tasks
    )
    plan = plan.model_copy(update={"tasks": tasks})
    return change(plan, chance.randrange(len(tasks)), **SENDER) if chance.random() < 0.8 else plan


def asked_before(plan: RunPlan, task: PlanTask) -> bool:
    """Return whether people were asked on some way that this task waits for: it waits for all of them."""
    by_key = {one.key: one for one in plan.tasks}
    return any(by_key[need].ask or asked_before(plan, by_key[need]) for need in task.needs)


@pytest.mark.parametrize("plans", PLANS)
def test_no_plan_that_may_run_acts_outside_without_a_checkpoint(plans: int):
    chance = Random(SEED)
    acting = escaped = refused = 0
    for _ in range(plans):
        plan = with_an_effect_anywhere(chance)
        outward = [task for task in plan.tasks if "send_email" in task.tools]
        if problems(plan, CATALOG):
            refused += bool(outward)
            continue
        acting += bool(outward)
        escaped += sum(not asked_before(plan, task) for task in outward)

    assert escaped == 0, f"seed {SEED}"
    assert min(acting, refused) >= plans // 50, (acting, refused)


def test_every_tool_that_reaches_outside_is_an_effect_that_is_only_proposed():
    outside = {name for name, reach in EFFECTS.items() if EffectClass(reach) not in (EffectClass.R0, EffectClass.R1)}

    assert outside == set(KNOWN)
    assert {EFFECTS[name] for name in KNOWN} == {effect.reach.value for effect in KNOWN.values()}
    assert Proposal.__annotations__.keys() == {"payload"}
