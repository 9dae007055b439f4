"""A line's page and its inputs become a run's plan: the same page and inputs always give the same plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from agents.catalog import Line, Role, Station
from agents.errors import PlanError
from agents.planning.plan import MOST_TASKS, PlanTask, RunPlan, limits_for
from agents.questions import Question
from storage.words import Route

DONE_WHEN: Final = (
    "what its instructions ask for is there, or is named as missing",
)  # when a page says nothing
_LEGAL_FORMS: Final = re.compile(
    r"(ag|bv|co|corp|gmbh|inc|kg|limited|llc|ltd|nv|oy|plc|pte|pty|sa|sarl|srl)\.?$", re.IGNORECASE
)
_QUOTED: Final = re.compile(r"[\"“”]([^\"“”\n]+)[\"“”]")
_SEPARATORS: Final = re.compile(r"[,;\n]|\s+and\s+|^and\s+", re.IGNORECASE)
_MARK: Final = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


def missing(line: Line, inputs: Mapping[str, str]) -> list[Question]:
    """Return the required inputs that nobody gave yet, in page order: one form asks for them."""
    return [wanted for wanted in line.inputs if not wanted.optional and not _given(wanted, line, inputs)]


def items(text: str) -> tuple[str, ...]:
    """Return what a list names, each once, in order.

    Items end at commas, semicolons, line ends and the word "and". Text in double quotes stays whole, and a
    legal form stays with its name: ``Acme, Inc. and Globex`` gives ``Acme, Inc.`` and ``Globex``.
    """
    kept: list[str] = []
    for part in _parts(text):
        name = " ".join(_MARK.sub("", part).split())
        if kept and _LEGAL_FORMS.match(name):
            kept[-1] += f", {name}"
        elif name:
            kept.append(name)
    once = {name.casefold(): name for name in reversed([_ended(name) for name in kept])}
    return tuple(reversed([name for name in once.values() if name]))


def expand(line: Line, roles: Mapping[str, Role], inputs: Mapping[str, str], reason: str = "") -> RunPlan:
    """Return the plan of a run down this line; an ``each`` station becomes one task an item, side by side.

    Args:
        line: A line of the catalog: its stations fit together.
        roles: The roles of the catalog.
        inputs: What is known, by the input's name.
        reason: Why this line was chosen, for people.

    Raises:
        PlanError: An input is missing, or there are too many items; the message is for the person who asked.
    """
    if absent := missing(line, inputs):
        raise PlanError("Not everything is known yet: " + " ".join(wanted.question for wanted in absent))
    worked = {station.makes: _items_of(station, inputs) for station in line.stations}
    _refuse_too_many(line, worked)
    keys: dict[str, tuple[str, ...]] = {}
    tasks: list[PlanTask] = []
    for station in line.stations:
        needs = tuple(key for name in station.reads for key in keys.get(name, ()))
        made = _tasks(station, roles[station.role], worked[station.makes], needs)
        keys[station.makes] = tuple(task.key for task in made)
        tasks += made
    return RunPlan(
        route=Route.LINE, line=line.name, background=line.background, reason=reason, tasks=tuple(tasks)
    )


def _given(wanted: Question, line: Line, inputs: Mapping[str, str]) -> bool:
    text = inputs.get(wanted.name, "")
    listed = any(station.each == wanted.name for station in line.stations)
    return bool(items(text)) if listed else bool(text.strip())


def _parts(text: str) -> list[str]:
    whole: list[str] = _QUOTED.findall(text)
    marked = _QUOTED.sub("\x00", text.replace("\x00", ""))
    parts = _SEPARATORS.split(marked)
    quoted = iter(whole)
    return [re.sub("\x00", lambda _: next(quoted), part) for part in parts]


def _ended(name: str) -> str:
    """Return the name without the full stop of its sentence; ``Inc.`` keeps its own."""
    return name if _LEGAL_FORMS.match(name.split()[-1]) else name.rstrip(".").strip()


def _items_of(station: Station, inputs: Mapping[str, str]) -> tuple[str, ...]:
    return items(inputs[station.each]) if station.each else station.items


def _refuse_too_many(line: Line, worked: Mapping[str, tuple[str, ...]]) -> None:
    total = sum(max(1, len(found)) for found in worked.values())
    if total <= MOST_TASKS:
        return
    widest = max(line.stations, key=lambda station: len(worked[station.makes]))
    many = len(worked[widest.makes])
    room = (MOST_TASKS - total + many) if many else 0
    raise PlanError(
        f"{widest.name!r} would become {many} tasks and the run has {total}; {MOST_TASKS} is the most. "
        f"Name at most {max(1, room)}, or make two requests."
    )


def _tasks(station: Station, role: Role, found: tuple[str, ...], needs: tuple[str, ...]) -> list[PlanTask]:
    if not found:
        return [_task(station, role, needs)]
    return [_task(station, role, needs, number, item) for number, item in enumerate(found, start=1)]


def _task(station: Station, role: Role, needs: tuple[str, ...], number: int = 0, item: str = "") -> PlanTask:
    return PlanTask(
        key=f"{station.key}-{number}" if number else station.key,
        title=f"{station.name}: {item}" if item else station.name,
        station=station.name,
        role=station.role,
        needs=needs,
        makes=station.makes,
        item=item,
        instructions=station.instructions,
        done_when=station.done_when or DONE_WHEN,
        review=station.review,
        ask=station.ask,
        sections=station.sections,
        most_words=station.most_words,
        tools=role.tools,
        limits=limits_for(role.tools),
    )
