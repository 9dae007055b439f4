"""A plan where no line fits: research, then one text, then a review. Rules plan nothing freer than that."""

from __future__ import annotations

import re
from typing import Final

from agents.contracts import Part, PartKind, Plan, PlannedTask
from agents.models.offline.brief import Brief
from agents.models.offline.slots import subjects
from agents.models.offline.wire import BadRequestError

MOST_READERS: Final = 6
_FIRST: Final = "No line fits, so the work goes the general way: research, then one text, then a review. Planned by rules."


def plan(brief: Brief) -> Plan:
    """Return the general plan; each subject of the request gets a reader of its own.

    Raises:
        BadRequestError: No role was shown.
    """
    reader, writer, judge = (
        _role(brief, "research|reads"),
        _role(brief, "writ"),
        _role(brief, "review|judg|critic"),
    )
    if not reader or not writer:
        raise BadRequestError("parts: a plan needs at least one part of kind role.")
    readers = _readers(brief, reader)
    text = PlannedTask(
        key="write",
        title="Write the result",
        role=writer,
        instructions=f"Make what the request asks for, from the findings:\n\n{brief.request}"[:4_000],
        needs=[task.key for task in readers],
        makes="result",
        done_when=_done_when(brief),
        review=judge if judge not in (writer, "") else "",
    )
    return Plan(reason=_reason(brief), tasks=[*readers, text])


def _readers(brief: Brief, role: str) -> list[PlannedTask]:
    listed = subjects(brief.request)
    names = [
        name.strip() for name in re.split(r",|\band\b|\bor\b|&|\bvs\b\.?|\bversus\b", listed) if name.strip()
    ]
    if not 1 < len(names) <= MOST_READERS:
        return [
            _reader(
                role,
                "research",
                "Research",
                f"Find what the documents and pages say about this request:\n\n{brief.request}",
            )
        ]
    return [
        _reader(
            role,
            f"research-{number}",
            f"Research: {name}",
            f"Find what the documents and pages say about {name}:\n\n{brief.request}",
        )
        for number, name in enumerate(names, start=1)
    ]


def _reader(role: str, key: str, title: str, instructions: str) -> PlannedTask:
    return PlannedTask(
        key=key,
        title=title[:120],
        role=role,
        instructions=instructions[:4_000],
        makes=key,
        done_when="every finding quotes its source word for word; what was not found is an open question",
    )


def _done_when(brief: Brief) -> str:
    kept = [f"this is kept: {text}" for text in _limits(brief)]
    told = [
        "every fact cites its finding, such as [F3]",
        "every number and date stands in a finding or in the request",
    ]
    return "; ".join([*told, "no placeholder is left", *kept])[:2_000]


def _limits(brief: Brief) -> list[str]:
    return [part.text for part in brief.parts(PartKind.CONSTRAINT) if "\n" not in part.text]


def _reason(brief: Brief) -> str:
    notes = [part.text for part in brief.parts(PartKind.NOTE)]
    if not notes:
        return _FIRST
    told = " ".join(" ".join(notes).split())[:500]
    return f"{_FIRST} Rules cannot change a plan by a note, so this is the same plan again. The note was: “{told}”"[
        :1_000
    ]


def _role(brief: Brief, words: str) -> str:
    """Return the role whose name fits the words, else the one whose description does, else any."""
    roles: list[Part] = brief.parts(PartKind.ROLE)
    by_name = [role.id for role in roles if re.search(words, role.id, re.IGNORECASE)]
    by_text = [role.id for role in roles if re.search(words, role.text, re.IGNORECASE)]
    return next(iter([*by_name, *by_text, *(role.id for role in roles)]), "")
