"""What a route should cost, beside what one agent should: a receipt, compared with the real cost later.

A rough prediction from a few plain constants, made before anything is spent. What was really spent is counted
from each answer's usage, never from here. The constants are judgements, until receipts of real runs correct
them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from agents.catalog import Role
from agents.planning.plan import PlanTask, RunPlan

ASKS_ABOVE: Final = 3.0  # times the cost of one agent: beyond it a person says yes first
USD_PER_MILLION: Final = {
    "fast": (0.10, 0.50),
    "strong": (2.0, 10.0),
    "best": (4.0, 20.0),
}  # in, out: list prices
USD_A_SEARCH: Final = 0.01  # of the model service's own; list price
SEARCHES: Final = 2  # that a task sends which may search
SEARCHES_WITH: Final = "web_search"  # the tool
BATCHED: Final = 0.5  # of every price: what comes by a message batch
CACHED: Final = 0.1  # of the price of input: what a loop's later calls pay for what they saw before
BRIEF: Final = 3_000  # tokens: role, constraints, contract
HANDOFF: Final = 2_000  # tokens: the most a summary has; a task is shown one for each need
ANSWER: Final = 2_500  # tokens: a deliverable or a set of findings, with thinking
ROUND: Final = 400  # tokens a further call of a loop writes and reads again
VERDICT: Final = 1_200  # tokens a review writes
DRAFTS: Final = 1.5  # drafts a reviewed task takes: every second one comes back once
CALLS_WITH_TOOLS: Final = 5
CALLS_WITHOUT: Final = 1
CALLS_OF_ONE_AGENT: Final = 8  # of 3 to 10: one agent does all the reading and the writing
MINUTES_PER_CALL: Final = 0.4


@dataclass(frozen=True)
class Prediction:
    """What something should cost."""

    tokens: int  # in and out
    usd: float
    minutes: float  # without waiting for people


@dataclass(frozen=True)
class Receipt:
    """Why a run takes its route, and what that should cost; the real cost is put beside it in the end."""

    route: str
    reason: str
    one_agent: Prediction
    chosen: Prediction
    halved: int = 0  # tasks that should go by message batches, at half price

    def plain(self) -> dict[str, Any]:
        """Return the receipt as plain JSON."""
        return asdict(self)

    @property
    def multiple(self) -> float:
        """How many times one agent's cost the route should cost: by money, by tokens where that is free."""
        by_money = self.one_agent.usd > 0
        one = self.one_agent.usd if by_money else self.one_agent.tokens
        return (self.chosen.usd if by_money else self.chosen.tokens) / max(one, 1e-9)


def predict(
    plan: RunPlan,
    roles: Mapping[str, Role],
    *,
    material: int = 0,
    offline: bool = False,
    paid_search: bool = False,
    halved: Collection[str] = (),
) -> Receipt:
    """Return what the plan should cost, beside one agent doing it all.

    Args:
        plan: The plan as it would run, with nothing left for the plan checks to say.
        roles: The roles of the catalog, for their tiers.
        material: Tokens of the documents and pages given with the request.
        offline: The offline engine works: it has the same tokens and costs nothing.
        paid_search: Each search has its price; one agent would have to send them all too.
        halved: Keys of the tasks that should go by message batches. One agent doing it all would have the same time.
    """
    parts = [_halved(_task(task, roles, material), task.key in halved) for task in plan.tasks]
    minutes = _minutes(plan, {task.key: part.minutes for task, part in zip(plan.tasks, parts, strict=True)})
    searches = sum(SEARCHES_WITH in task.tools for task in plan.tasks) * SEARCHES if paid_search else 0
    searched = Prediction(0, searches * USD_A_SEARCH, 0.0)  # never at half price
    spent = Prediction(sum(part.tokens for part in parts), sum(part.usd for part in parts), minutes)
    one_agent = _halved(_loop(CALLS_OF_ONE_AGENT, BRIEF + material, "strong"), bool(halved))
    chosen, alone = _sum(spent, searched), _sum(one_agent, searched)
    one = chosen if len(plan.tasks) == 1 and not plan.tasks[0].review else alone
    count = 0 if offline else len(halved)
    return Receipt(plan.route.value, plan.reason, _shown(one, offline), _shown(chosen, offline), count)


def asks_first(receipt: Receipt, above: float = ASKS_ABOVE) -> bool:
    """Return whether a person must say yes first: the route costs money, and many times one agent."""
    return receipt.chosen.usd > 0 and receipt.multiple > above


def _task(task: PlanTask, roles: Mapping[str, Role], material: int) -> Prediction:
    """Return one task with its reviews; only who starts from the request reads the material whole."""
    shown = BRIEF + (HANDOFF * len(task.needs) if task.needs else material)
    calls = CALLS_WITH_TOOLS if task.tools and not task.needs else CALLS_WITHOUT
    made = _loop(calls, shown, roles[task.role].tier)
    if not task.review:
        return made
    judged = _call(BRIEF + ANSWER + HANDOFF * len(task.needs), VERDICT, roles[task.review].tier)
    return _times(_sum(made, judged), DRAFTS)


def _loop(calls: int, shown: int, tier: str) -> Prediction:
    """Return a loop of calls: the brief is paid once whole, then from the cache."""
    into, out = _prices(tier)
    again = (calls - 1) * (shown + calls * ROUND // 2)
    written = ANSWER + (calls - 1) * ROUND
    usd = (shown * into + again * into * CACHED + written * out) / 1e6
    return Prediction(shown + again + written, usd, calls * MINUTES_PER_CALL)


def _call(shown: int, written: int, tier: str) -> Prediction:
    into, out = _prices(tier)
    return Prediction(shown + written, (shown * into + written * out) / 1e6, MINUTES_PER_CALL)


def _prices(tier: str) -> tuple[float, float]:
    return USD_PER_MILLION.get(tier, USD_PER_MILLION["best"])  # an id of its own: taken for a dear one


def _sum(a: Prediction, b: Prediction) -> Prediction:
    return Prediction(a.tokens + b.tokens, a.usd + b.usd, a.minutes + b.minutes)


def _times(one: Prediction, factor: float) -> Prediction:
    return Prediction(round(one.tokens * factor), one.usd * factor, one.minutes * factor)


def _halved(one: Prediction, is_batched: bool) -> Prediction:
    return Prediction(one.tokens, one.usd * BATCHED, one.minutes) if is_batched else one


def _minutes(plan: RunPlan, each: Mapping[str, float]) -> float:
    """Return the longer of two: the longest row of tasks that wait in turn, and all work spread evenly."""
    ends: dict[str, float] = {}

    def end(key: str) -> float:
        if key not in ends:
            ends[key] = each[key] + max((end(need) for need in plan.task(key).needs), default=0.0)
        return ends[key]

    return max(*(end(key) for key in each), sum(each.values()) / plan.at_once)


def _shown(one: Prediction, offline: bool) -> Prediction:
    return Prediction(one.tokens, 0.0 if offline else round(one.usd, 4), round(one.minutes, 1))
