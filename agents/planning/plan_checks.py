"""What is wrong with a plan, told before anything runs.

Of the twenty rules for plans these are checked, as far as a plan can express them today:

* 1 acyclic · 2 and 4 one last task, and everything flows into it · 3 every need is made, once · 5 caps: 20
  tasks, depth 6, at once 6, 20 calls a task · 6 budgets add up · 7 roles and tools exist · 8 tools are the
  role's · 9 one writer an artifact · 10 a review before every effect · 11 a checkpoint before every effect ·
  14 the Rule of Two, where private data is taken to be in every brief · 18 done-when checks ·
  19 no objective twice · 20 neighbours are merged (in free plans; a page's stations are people's choice).

Also: keys and artifact names are well formed, nobody reviews their own work, people are asked three times
at most, and the route fits. A plan has no approvers, quorums, deadlines and retries yet: rules 12, 13,
16 and 17 have nothing to look at. Rule 15 holds by shape: a plan names roles and tools of the catalog, and
neither hosts nor people.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from agents.catalog import MOST_CHECKPOINTS, ORCHESTRATOR, Catalog, outward, steered
from agents.planning.free import neighbours
from agents.planning.plan import MOST_AT_ONCE, MOST_DEPTH, MOST_TASKS, PlanTask, RunPlan
from storage.words import Route

RUN_USD: Final = (
    20.0  # what a run may spend when no policy says otherwise: each of 20 tasks its default dollar
)
MOST_CALLS: Final = 20  # model and tool calls of one task
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}$")


def problems(plan: RunPlan, catalog: Catalog, *, run_usd: float = RUN_USD) -> list[str]:
    """Return a sentence for everything wrong with the plan; none when it may run.

    Args:
        plan: The plan as it would run.
        catalog: The roles, tools and lines it may name.
        run_usd: The most the whole run may spend.
    """
    if not plan.tasks:
        return ["The plan has no task."]
    checked = _Checked(plan, catalog)
    told = [*_names(checked), *_graph(checked), *_caps(checked, run_usd), *_people(checked), *_work(checked)]
    return list(dict.fromkeys((*told, *_effects(checked), *_route(checked))))


class _Checked:
    """A plan with what several rules look up."""

    def __init__(self, plan: RunPlan, catalog: Catalog) -> None:
        self.plan = plan
        self.tasks = plan.tasks
        self.catalog = catalog
        self.by_key = {task.key: task for task in plan.tasks}
        self.depths = _depths(self.by_key)

    def needs(self, task: PlanTask) -> list[PlanTask]:
        """Return the tasks it needs, as far as there are such tasks."""
        return [self.by_key[key] for key in task.needs if key in self.by_key]

    def behind(self, task: PlanTask) -> list[PlanTask]:
        """Return every task whose work reaches this one; it waits for all of them."""
        found: dict[str, PlanTask] = {}
        near = self.needs(task)
        while near:
            one = near.pop()
            if one.key not in found:
                found[one.key] = one
                near += self.needs(one)
        return list(found.values())


def _depths(by_key: dict[str, PlanTask]) -> dict[str, int]:
    """Return how many tasks wait in a row up to each task; tasks on or behind a cycle are left out."""
    found: dict[str, int] = {}
    left = dict(by_key)
    while left:
        ready = [key for key, task in left.items() if all(need not in left for need in task.needs)]
        if not ready:
            return found
        for key in ready:
            found[key] = 1 + max((found.get(need, 0) for need in left.pop(key).needs), default=0)
    return found


def _names(checked: _Checked) -> Iterator[str]:
    for key, times in Counter(task.key for task in checked.tasks).items():
        if times > 1:
            yield f"{times} tasks have the key {key!r}; every task needs its own."
    for task in checked.tasks:
        for name in (task.key, task.makes):
            if not _NAME.match(name):
                yield f"{task.key!r} uses the name {name!r}; names are lower case, digits and hyphens."
        if not task.title.strip():
            yield f"{task.key!r} has no title."


def _graph(checked: _Checked) -> Iterator[str]:
    circling = [task.key for task in checked.tasks if task.key not in checked.depths]
    if circling:
        yield f"{_listed(circling)} wait for one another in a circle."
    for task in checked.tasks:
        for need, times in Counter(task.needs).items():
            if need not in checked.by_key:
                yield f"{task.key!r} needs {need!r}, but there is no such task."
            elif times > 1:
                yield f"{task.key!r} needs {need!r} {times} times; once is enough."
    needed = {need for task in checked.tasks for need in task.needs}
    ends = [task.key for task in checked.tasks if task.key not in needed]
    if len(ends) > 1:
        yield f"Nobody reads what {_listed(ends[:-1])} makes: all must flow into one last task, {ends[-1]!r}."


def _caps(checked: _Checked, run_usd: float) -> Iterator[str]:
    if len(checked.tasks) > MOST_TASKS:
        yield f"The plan has {len(checked.tasks)} tasks; {MOST_TASKS} is the most."
    deepest = max(checked.depths, key=lambda key: checked.depths[key], default="")
    if deepest and checked.depths[deepest] > MOST_DEPTH:
        yield f"{checked.depths[deepest]} tasks wait in a row up to {deepest!r}; {MOST_DEPTH} is the most."
    if not 1 <= checked.plan.at_once <= MOST_AT_ONCE:
        yield f"{checked.plan.at_once} tasks at once is not allowed; 1 to {MOST_AT_ONCE} are."
    for task in checked.tasks:
        yield from _limits(task)
    total = sum(task.limits.usd for task in checked.tasks)
    if total > run_usd:
        yield f"The tasks may spend ${total:.2f} together; the run may spend ${run_usd:.2f}."


def _limits(task: PlanTask) -> Iterator[str]:
    limits = task.limits
    if not 1 <= limits.calls <= MOST_CALLS:
        yield f"{task.key!r} may make {limits.calls} calls; 1 to {MOST_CALLS} are allowed."
    if limits.tokens < 1 or limits.seconds < 1:
        yield f"{task.key!r} has no tokens or no time to work with."
    if not math.isfinite(limits.usd) or limits.usd < 0:
        yield f"{task.key!r} may spend {limits.usd}; that is no amount."


def _people(checked: _Checked) -> Iterator[str]:
    """Yield what is wrong with who works, who judges and who is asked."""
    roles = checked.catalog.roles
    known = ", ".join(sorted(roles)) or "none"
    for task in checked.tasks:
        for name in filter(None, (task.role, task.review)):
            if name not in roles:
                yield f"{task.key!r} names the role {name!r}, which does not exist. I know: {known}."
        if task.role == ORCHESTRATOR:
            yield f"{task.key!r} is given to {ORCHESTRATOR!r}, who plans and never works."
        if task.review == task.role:
            yield f"{task.key!r} would be reviewed by {task.role!r}, who makes it."
        yield from _tools(checked.catalog, task)
    asks = sum(bool(task.ask) for task in checked.tasks)
    if asks > MOST_CHECKPOINTS:
        yield f"The plan asks people {asks} times; {MOST_CHECKPOINTS} is the most."


def _tools(catalog: Catalog, task: PlanTask) -> Iterator[str]:
    allowed = catalog.roles[task.role].tools if task.role in catalog.roles else task.tools
    for name in task.tools:
        if name not in catalog.tools:
            yield f"{task.key!r} uses the tool {name!r}, which does not exist."
        elif name not in allowed:
            yield f"{task.key!r} uses the tool {name!r}, which {task.role!r} may not use."


def _work(checked: _Checked) -> Iterator[str]:
    """Yield what is wrong with what is made: writers, checks, objectives, tasks that should be one."""
    for makes in dict.fromkeys(task.makes for task in checked.tasks):
        makers = [task for task in checked.tasks if task.makes == makes]
        if not _one_station(makers):
            yield f"{_listed([task.key for task in makers])} all make {makes!r}; an artifact has one writer."
    objectives: dict[tuple[object, ...], str] = {}
    for task in checked.tasks:
        if not (task.done_when or task.sections or task.most_words):
            yield f"{task.key!r} has nothing that says when it is done."
        first = objectives.setdefault(_objective(task), task.key)
        if first != task.key:
            yield f"{task.key!r} has the same objective and the same inputs as {first!r}."
    for first_of, second in neighbours(checked.tasks) if checked.plan.route is Route.PLAN else ():
        yield f"{first_of.key!r} and {second.key!r} are one task: the same role does them in a row."


def _one_station(makers: list[PlanTask]) -> bool:
    """Whether these tasks are one, or one station's tasks, each with an item of its own."""
    items = {task.item.casefold() for task in makers}
    together = len({task.station for task in makers}) == 1 and "" not in items
    return len(makers) == 1 or (together and len(items) == len(makers))


def _objective(task: PlanTask) -> tuple[object, ...]:
    words = " ".join((task.instructions or task.title).casefold().split())
    return task.role, words, task.item.casefold(), frozenset(task.needs)


def _effects(checked: _Checked) -> Iterator[str]:
    """Yield what is wrong before an effect: nobody asked, nobody reviewed, or read and act in one task."""
    for task in checked.tasks:
        used = [name for name in task.tools if name in checked.catalog.tools]
        acts = outward(used, checked.catalog.tools)
        if not acts:
            continue
        behind = checked.behind(task)
        if not any(other.ask for other in behind):
            yield f"{task.key!r} may use {acts[0]!r}, but nobody is asked before it."
        unread = [other.key for other in checked.needs(task) if not other.review]
        if unread or not behind:
            what = f"what {unread[0]!r} makes" if unread else "anything"
            yield f"{task.key!r} may use {acts[0]!r}, but nobody reviews {what} before it."
        if brings := steered(used, checked.catalog.tools):
            yield f"{task.key!r} may use {brings!r} and {acts[0]!r}: what it reads could steer what it does."


def _route(checked: _Checked) -> Iterator[str]:
    plan = checked.plan
    if plan.line and plan.line not in checked.catalog.lines:
        yield f"The plan follows the line {plan.line!r}, which does not exist or cannot be used."
    if plan.route is Route.LINE and not plan.line:
        yield "The plan follows a line, but does not say which."
    if plan.route is Route.ANSWER and len(plan.tasks) > 1:
        yield f"A simple request is one task; this plan has {len(plan.tasks)}."


def _listed(keys: list[str]) -> str:
    quoted = [repr(key) for key in keys]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
