"""What a task is shown of the effects it proposed before, and whose words may say where one is done. PURE."""

from __future__ import annotations

from agents.contracts import Part, PartKind
from agents.stations.assignment import Assignment
from storage.words import Route


def parts(given: Assignment) -> list[Part]:
    """Return the effects this task proposed before, and what people said of each: material, not instructions."""
    told = "\n".join(f"- {said}: {payload}" for said, payload in given.proposed)
    if not told:
        return []
    about = "Effects this task proposed before. What was approved is done: propose it no more."
    return [Part("proposed", PartKind.HANDOFF, f"{about}\n{told}", source="what people decided")]


def trusted(given: Assignment) -> list[str]:
    """Return what people and pages say: the request, inputs, notes, the line and the role. No agent's words."""
    page = given.catalog.role(given.task.role).instructions
    station = given.task.instructions if given.course.route is Route.LINE else ""
    notes = (text for _, text in given.notes)
    return [given.request, *given.inputs.values(), *notes, given.background, station, page, given.sent_back]
