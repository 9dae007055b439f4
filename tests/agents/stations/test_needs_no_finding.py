"""A page may let a text put forward what no source says; a plan's own words may not."""

from __future__ import annotations

from typing import Final

from agents.catalog import SHIPPED, read
from agents.planning.expand import expand
from agents.planning.plan import PlanTask
from agents.stations.assignment import Assignment, Course, Made, Received
from agents.stations.review import by_code
from agents.tools.toolbox import EFFECTS
from agents.trust import of_people
from storage.words import Route, TaskKind
from tests.agents.stations import feature

CATALOG: Final = read([SHIPPED], EFFECTS)
LINE: Final = CATALOG.line("software-feature")
PLAN: Final = expand(LINE, CATALOG.roles, {"feature": "discount codes", "users": "customers"})
NEW: Final = "A second field would be needed for 500 euros off, by 3 May 2027."
FOUND: Final = {
    "id": "F101", "claim": "c", "quote": "def total", "document": "d1", "sha256": "", "start": 0, "end": 9, "label": "l",
}  # fmt: skip
READ: Final = Received("reading", "Reading", "facts", findings=(FOUND,))


async def rules(task: PlanTask) -> set[str]:
    """Return the rules that a design with something new in it breaks."""
    given = Assignment(
        run_id="run-1", team="T", tag="tag", task=task, kind=TaskKind.WORK, attempt=1, request=of_people("Build it."),
        catalog=CATALOG, course=Course(Route.LINE, LINE.name), received=(READ,),
    )  # fmt: skip
    text = feature.ARCHITECTURE.replace("Whoever calls", f"{NEW} Whoever calls").replace("F106", "F101")
    return {problem.rule for problem in await by_code(given, Made(text, "", "architect"))}


async def test_a_design_may_hold_what_is_new_where_the_page_says_so_and_only_there():
    task = PLAN.task("architecture")
    reworded = tuple(f"{one} (which needs no finding)" for one in task.done_when)

    assert await rules(task) == set()
    assert await rules(task.model_copy(update={"done_when": reworded})) == {
        "citation-missing", "number-unsupported", "date-unsupported",
    }  # fmt: skip
