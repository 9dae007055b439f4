"""What triage may say, held against the request: nothing that was not said, and no line that is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.catalog import ORCHESTRATOR, Catalog, Line
from agents.contracts import Triage
from agents.planning.expand import items
from agents.planning.plan import MAKES_CODE
from storage.words import Route

LONGEST_TITLE: Final = 80  # characters
INSTEAD_OF_CODE: Final = (
    "“Put together what the attached files say about it, what contradicts and what is missing, as a checklist.”"
)
NOTHING_OFF: Final[Mapping[str, str]] = {}
_LIMITING: Final = re.compile(  # at the end of what stands before a clause; a "not" also one word further away
    r"(?<![^\W_])(?:(?:do|does|did|may|can|could|will|would|is|are|must|should|shall)\s+(?=not\s))?"
    r"(?:(?:not|no|never|without|don['’]t|avoid)\s+(?:[\w-]+\s+)?)?"
    r"(?:(?:must|should|shall|not|no|never|without|don['’]t|avoid|only|except|under|over|below|above|before|after|until"
    r"|by|up\s+to|at\s+most|at\s+least|(?:more|less|fewer)\s+than)\s+)*$",
    re.IGNORECASE,
)
CHOSEN: Final = "A person chose this line beforehand."


@dataclass(frozen=True)
class Accepted:
    """Where a request goes, with only what the request itself says."""

    route: Route
    line: str = ""
    reason: str = ""
    title: str = ""
    role: str = ""  # who answers; empty when triage named nobody there is
    constraints: tuple[tuple[str, str], ...] = ()  # (C1, words of the request), in the order of the answer
    inputs: dict[str, str] = field(default_factory=dict)
    refused: str = ""  # a sentence for the person who asked, when the line cannot be used; nothing may start


def accept(
    answer: Triage,
    request: str,
    catalog: Catalog,
    *,
    files: Sequence[str] = (),
    offline: bool = False,
    off: Mapping[str, str] = NOTHING_OFF,
    chosen: str = "",
) -> Accepted:
    """Return the triage as far as it holds.

    A constraint or an input that is not in the request is dropped: people are asked instead. A line nobody
    knows becomes a free plan.

    Args:
        answer: What the orchestrator said.
        request: What the person wrote, word for word.
        catalog: The pages that can be used, and what is wrong with the others.
        files: Names of the files that came with it; an input may be found there.
        offline: The offline engine does the work, so a line that needs a model is refused.
        off: Tools no line can do without, which do not work here, each with a sentence why: a line that has one is
            refused.
        chosen: The line a person chose; empty leaves the choice to the orchestrator.
    """
    if chosen:
        answer = answer.model_copy(update={"route": Route.LINE.value, "line": chosen, "reason": CHOSEN})
    route, refused = _route(answer, catalog, offline, off)
    line = catalog.lines.get(answer.line) if route is Route.LINE else None
    return Accepted(
        route=route,
        line=answer.line if route is Route.LINE else "",
        reason=_reason(answer, route),
        title=_title(answer.title, request),
        role=answer.role if answer.role in catalog.roles and answer.role != ORCHESTRATOR else "",
        constraints=_constraints(answer.constraints, request),
        inputs=_inputs(answer, line, "\n".join((request, *files))) if line else {},
        refused=refused,
    )


def _route(
    answer: Triage, catalog: Catalog, offline: bool, off: Mapping[str, str]
) -> tuple[Route, str]:
    """Return the route, and why the line cannot be used, if it cannot."""
    if answer.route != Route.LINE.value:
        return Route(answer.route), ""
    if answer.line in catalog.lines:
        line = catalog.lines[answer.line]
        without = next((why for tool, why in off.items() if _uses(line, tool, catalog)), "")
        if line.needs_model and offline:
            return Route.LINE, _needs_model(answer.line, makes_code=_uses(line, MAKES_CODE, catalog))
        return Route.LINE, _needs_a_sandbox(answer.line, without) if without else ""
    broken = [str(problem) for problem in catalog.problems if problem.page == f"lines/{answer.line}.md"]
    if broken:
        return (
            Route.LINE,
            f"The line {answer.line!r} cannot be used until its page is mended. {' '.join(broken)}",
        )
    return Route.PLAN, ""


def _uses(line: Line, tool: str, catalog: Catalog) -> bool:
    """Return whether somebody who works on the line has this tool."""
    workers = (catalog.roles[station.role] for station in line.stations if station.role in catalog.roles)
    return any(tool in role.tools for role in workers)


def _needs_model(line: str, *, makes_code: bool) -> str:
    said = f"The line {line!r} needs a language model, and I am working without one."
    if makes_code:
        return (
            f"{said} Rules write no code: set ANTHROPIC_API_KEY for that. What I can do now is put together what a "
            f"specification needs from files you attach, word for word. Ask, for example: {INSTEAD_OF_CODE}"
        )
    return (
        f"{said} Set ANTHROPIC_API_KEY, "
        f"or ask for something I can do by rules: collect, quote and compare what stands in files you attach."
    )


def _needs_a_sandbox(line: str, why: str) -> str:
    return (
        f"The line {line!r} runs the tests of the code it makes in a sandbox, and there is none here, so nothing was "
        f"started. {why} Without it I can still write a specification and a design: ask for those."
    )


def _reason(answer: Triage, route: Route) -> str:
    reason = " ".join(answer.reason.split())
    if answer.route == Route.LINE.value and route is Route.PLAN:
        return f"{reason} No line is called {answer.line!r}, so the work is planned freely.".strip()
    return reason


def _title(title: str, request: str) -> str:
    told = " ".join(title.split()) or " ".join(re.sub(r"<[^>]*>|@\S+", " ", request).split())
    return told if len(told) <= LONGEST_TITLE else told[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _constraints(said: Sequence[str], request: str) -> tuple[tuple[str, str], ...]:
    found = [_uncut(verbatim(text, request), request) for text in said]
    once = list(dict.fromkeys(text for text in found if text))
    return tuple((f"C{number}", text) for number, text in enumerate(once, start=1))


def _uncut(text: str, request: str) -> str:
    """Return the words with the "do not", "at most" or "under" right before them in the request.

    A clause copied without them says the opposite, or something else.
    """
    before = request[: request.find(text)]
    limiting = _LIMITING.search(before) if text else None
    return limiting[0] + text if limiting else text


def verbatim(text: str, request: str, *, ignore_case: bool = False) -> str:
    """Return the words as they stand in the request, whatever its line ends; empty when they do not.

    Words are whole: "AI" does not stand in "said".
    """
    words = [re.escape(word) for word in text.split()]
    if not words:
        return ""
    pattern = r"(?<![^\W_])" + r"\s+".join(words) + r"(?![^\W_])"
    found = re.search(pattern, request, re.IGNORECASE if ignore_case else 0)
    return found[0] if found else ""


def _inputs(answer: Triage, line: Line, said: str) -> dict[str, str]:
    known = {wanted.name for wanted in line.inputs}
    listed = {station.each for station in line.stations}
    found: dict[str, str] = {}
    for given in answer.inputs:
        if given.name in known and given.name not in found:
            told = _listed(given.value, said) if given.name in listed else _said(given.value, said)
            found |= {given.name: told} if told else {}
    return found


def _said(value: str, said: str) -> str:
    return " ".join(verbatim(value, said, ignore_case=True).split())


def _listed(value: str, said: str) -> str:
    """Return the items of a list that were said, each in its own words there."""
    return ", ".join(told for told in (_said(item, said) for item in items(value)) if told)
