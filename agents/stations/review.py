"""What is wrong with an artifact: first by code, then by a role that did not make it and sees nothing of its making."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from agents import checks
from agents.contracts import Criterion, Verdict
from agents.stations import brief as briefs
from agents.stations import charting, disagreement
from agents.stations.assignment import Assignment, Made
from agents.stations.means import Means
from agents.tools import projects

PICTURE: Final = "picture-unknown"  # the rule of a picture that no tool drew: nothing is loaded from elsewhere
NO_PICTURE: Final = "Draw it with the chart tool and use the line you are told, or leave it out."


FREE: Final = "needs no finding"  # in a criterion: what is new in this text is not held against the sources
_UNSOURCED: Final = frozenset({"citation-missing", "number-unsupported", "date-unsupported"})


@dataclass(frozen=True)
class Problem:
    """One thing to mend: which rule or criterion says so, where, and how."""

    rule: str
    message: str
    quote: str
    fix: str

    def row(self) -> dict[str, str]:
        """Return the problem as plain JSON."""
        return asdict(self)


def lines(problems: Iterable[Problem]) -> list[str]:
    """Return problems as sentences for whoever mends them."""
    return [
        " ".join(filter(None, [f"{p.rule}: {p.message}", f"“{p.quote}”" if p.quote else "", p.fix]))
        for p in problems
    ]


async def by_code(given: Assignment, made: Made) -> tuple[Problem, ...]:
    """Return what the rules find; a gatherer's quotes were checked where they were sorted."""
    if given.gathers:
        return ()
    prose, files = charting.in_words(projects.without_files(made.text), made.charts), projects.read(made.text)
    told = (prose, contract_of(given), _evidence(given), _sources(given))
    found = await asyncio.to_thread(checks.check, *told)  # long drafts take a while
    wrong = [Problem("file", message, "", "Give the whole file again, corrected.") for message in files.problems]
    wrong += [Problem(PICTURE, message, "", NO_PICTURE) for message in charting.strangers(prose)]
    mute = _UNSOURCED if is_free(given) else frozenset[str]()
    return (*wrong, *(Problem(p.rule, p.message, p.quote, p.fix) for p in found if p.rule not in mute))


def is_free(given: Assignment) -> bool:
    """Return whether the line's page lets the maker put forward what no source says: a design, an example, code.

    A plan's own words do not: whoever plans could free everybody of the sources.
    """
    pages = (station.done_when for line in given.catalog.lines.values() for station in line.stations)
    return any(FREE in one.casefold() for page in pages for one in page if one in given.task.done_when)


def contract_of(given: Assignment) -> checks.Contract:
    """Return the deliverable's contract as the rules take it: the task's, narrowed by what people asked for.

    How long the result may be, and in which form, binds whoever makes the result.
    """
    written = [(f"N{number}", text) for number, (_, text) in enumerate(given.notes, start=1)]
    return checks.Contract(
        sections=given.task.sections,
        most_words=given.task.most_words,
        constraints=(*given.constraints, *written),
        cites=bool(_evidence(given)),
        is_result=not given.serves,
        disagreements=disagreement.of(given) if disagreement.is_told(given) else (),
        said=frozenset(id for id, _ in (*given.constraints, *given.decisions, *written)),
    )


def _evidence(given: Assignment) -> dict[str, checks.Evidence]:
    texts = given.texts
    return {
        f["id"]: checks.Evidence(
            f["id"], f["quote"], texts.get(f["document"], f["quote"]), f["start"], f["end"], f.get("as_of", "")
        )
        for received in given.received
        for f in received.findings
    }


def _sources(given: Assignment) -> dict[str, str]:
    """Return every text a claim may rest on: documents, the request, the inputs, and what people wrote."""
    people = [
        given.request,
        *given.inputs.values(),
        *(text for _, text in given.notes),
        *(text for _, text in (*given.decisions, *given.asked)),
    ]
    return {**given.texts, "request": "\n".join([*people, given.sent_back, given.background])}


async def by_role(
    given: Assignment, means: Means, made: Made, found: Iterable[Problem], number: int
) -> tuple[tuple[Problem, ...], tuple[Mapping[str, Any], ...]]:
    """Return what a reviewer with a clean context finds, and its verdict on every criterion."""
    role = given.task.review
    *shown, last = briefs.of_review(given, made.text, lines(found))
    parts = [*shown, *charting.parts(made.charts), last]
    brief = briefs.write(f"review-{number}", role, given.catalog.roles[role].instructions, given.tag, parts)
    said = await means.conversation(given, role).hold(brief, Verdict)
    wanted = {f"W{n}": text for n, text in enumerate(given.task.done_when, start=1)}
    judged = [*said.answer.criteria, *_left_out(said.answer.criteria, wanted)]
    failed = [c for c in judged if c.verdict == "fail" and _stands(c, made.text)]
    problems = tuple(
        Problem(c.id, wanted.get(c.id, "the contract is not met"), c.evidence, c.fix) for c in failed
    )
    return problems, tuple(c.model_dump() for c in judged)


def _left_out(criteria: Iterable[Criterion], wanted: Iterable[str]) -> list[Criterion]:
    """A criterion the reviewer said nothing about was not judged, and the record says so."""
    told = {criterion.id for criterion in criteria}
    return [Criterion(id=id, verdict="not_judged") for id in wanted if id not in told]


def _stands(criterion: Criterion, text: str) -> bool:
    """A verdict that quotes what the artifact does not say is itself rejected."""
    return not criterion.evidence or checks.verify_quote(criterion.evidence, text) is not None
