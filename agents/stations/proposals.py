"""What a task is shown of the effects it proposed before, and whose words may say where one is done. PURE."""

from __future__ import annotations

import re

from agents.contracts import Part, PartKind
from agents.stations.assignment import Assignment
from agents.trust import Trusted, of_page, of_people
from storage.words import Route


def parts(given: Assignment) -> list[Part]:
    """Return the effects this task proposed before, and what people said of each: material, not instructions."""
    told = "\n".join(f"- {said}: {payload}" for said, payload in given.proposed)
    if not told:
        return []
    about = "Effects this task proposed before. What was approved is done: propose it no more."
    return [Part("proposed", PartKind.HANDOFF, f"{about}\n{told}", source="what people decided")]


def trusted(given: Assignment) -> list[Trusted]:
    """Return what people and pages say: the request, inputs, notes, the line and the role. No agent's words."""
    page = of_page(given.catalog.role(given.task.role).instructions)
    notes = (text for _, text in given.notes)
    return [given.request, *_inputs(given), *notes, given.background, *_stations(given), page, given.sent_back]


def _inputs(given: Assignment) -> list[Trusted]:
    """Return the inputs that people gave. What triage took from the name of a file, a stranger may have written."""
    names = [source.name for source in given.documents]
    return [of_people(value) for value in given.inputs.values() if not any(_shares(value, name) for name in names)]


def _shares(value: str, name: str) -> bool:
    """Whether a file's name holds a word of an input that could name a place."""
    words = re.findall(r"[^\W_]{3,}", value.casefold())
    return any(word in name.casefold() for word in words if any(sign.isdigit() for sign in word))


def _stations(given: Assignment) -> list[Trusted]:
    """Return what the line's page says of this station, as long as nobody planned it anew: then an agent wrote it."""
    line = given.catalog.lines.get(given.course.line) if given.course.route is Route.LINE else None
    said = [station.instructions for station in line.stations] if line else []
    return [of_page(text) for text in said if text == given.task.instructions]
