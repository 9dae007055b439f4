"""One task at work: the maker's rounds, checks by code and another role's review, and the handoff that comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from agents.checks import cited
from agents.contracts import Decided, Draft, Findings, Part
from agents.errors import ModelError, RefusalError, RequestError
from agents.models.client import label_of
from agents.planning.standstill import stands_still
from agents.stations import brief as briefs
from agents.stations import charting, disagreement, evidence, proving, testrun
from agents.stations.assignment import Assignment, Made, Round
from agents.stations.brief import Brief
from agents.stations.means import Means, calls_of_a_round
from agents.stations.review import Problem, by_code, by_role, lines

MOST_ROUNDS: Final = 3  # drafts and reviews; two automatic returns
UNREVIEWED: Final = "review"  # the rule of a review that could not be had: another draft would not mend it


@dataclass(frozen=True)
class _Try:
    """One round's artifact and what is wrong with it."""

    made: Made
    problems: tuple[Problem, ...]


async def make(given: Assignment, means: Means) -> Made:
    """Return what one task makes: the best of at most three rounds, with what nobody mended.

    Raises:
        ModelError: No usable answer came.
        PersonNeeded: The agent asked for a person.
    """
    means = replace(means, raised=given.raised)
    await asyncio.to_thread(disagreement.of, given)  # many findings take a while, and what came of it is kept
    best = await _round(given, means, _first(given))
    rounds, texts, raised = [best.made.rounds[-1]], [best.made.text], 0
    proposals = best.made.proposals
    latest = best
    for number in range(2, MOST_ROUNDS + 1):
        if not _mendable(latest) or not _has_room(given, means):
            break
        if not means.raised and means.raises(given, given.task.role):
            means, raised = replace(means, raised=True), number
        try:
            latest = await _round(given, means, _next(given, latest, number), number)
        except (RefusalError, RequestError) as failed:
            best = _left_as_it_is(best, failed)
            break
        rounds.append(latest.made.rounds[-1])
        texts.append(latest.made.text)
        proposals = latest.made.proposals or proposals
        best = min(best, latest, key=_faults) if latest.problems else latest
    problems = tuple(problem.row() for problem in best.problems)
    still = stands_still(texts, len(problems)) and not best.made.label  # rules say the same each time
    made = replace(best.made, problems=problems, rounds=tuple(rounds), proposals=proposals)
    return replace(made, stalled=still, raised=raised)


def _mendable(latest: _Try) -> bool:
    return any(problem.rule not in {UNREVIEWED, proving.NOT_RUN} for problem in latest.problems)


def _faults(one: _Try) -> tuple[bool, int]:
    """Return what makes a version worse than another: tests that fail first, then how much is wrong."""
    return any(problem.rule.startswith(proving.TESTS) for problem in one.problems), len(one.problems)


def _left_as_it_is(best: _Try, failed: ModelError) -> _Try:
    """What was made stands, whatever becomes of mending it."""
    said = Problem("round", f"Another version could not be made: {failed}", "", "")
    return replace(best, problems=(*best.problems, said))


def _has_room(given: Assignment, means: Means) -> bool:
    """Whether another round fits into the calls that are left, and tokens, money and time are."""
    spent, most = means.recorder.spent, given.task.limits
    left = spent.tokens < most.tokens and spent.usd < most.usd and spent.worked_s < most.seconds
    return left and spent.calls + calls_of_a_round(given) <= most.calls


def _first(given: Assignment) -> Brief:
    return _brief(given, "work", briefs.of_work(given))


def _next(given: Assignment, latest: _Try, number: int) -> Brief:
    parts = briefs.of_revision(given, latest.made.text, lines(latest.problems))
    return _brief(given, f"revision-{number - 1}", parts)


def _brief(given: Assignment, name: str, parts: list[Part]) -> Brief:
    return briefs.write(
        name, given.task.role, given.catalog.roles[given.task.role].instructions, given.tag, parts
    )


async def _round(given: Assignment, means: Means, brief: Brief, number: int = 1) -> _Try:
    made, wrong = await (_gather if given.gathers else _draft)(given, means, brief)
    made = testrun.plain(made) if given.is_proved else made
    read = replace(given, documents=means.recorder.documents)  # what was opened meanwhile is a source too
    found = (*wrong, *(await by_code(read, made)), *proving.told_otherwise(given, made.text))
    made, untrue = await proving.proved(given, means, made)
    found = (*found, *untrue)
    criteria: tuple[Mapping[str, Any], ...] = ()
    if given.task.review:
        failed, criteria = await _reviewed(given, means, made, found, number)
        found = (*found, *failed)
    this = Round(given.task.review, tuple(problem.row() for problem in found), criteria, made.text)
    return _Try(replace(made, rounds=(this,)), found)


async def _reviewed(
    given: Assignment, means: Means, made: Made, found: Iterable[Problem], number: int
) -> tuple[tuple[Problem, ...], tuple[Mapping[str, Any], ...]]:
    """Return the reviewer's verdict. One that cannot be had is an open point for people: what was made stands."""
    try:
        return await by_role(given, means, made, found, number)
    except (RefusalError, RequestError) as failed:
        return (Problem(UNREVIEWED, f"Nobody could review this: {failed}", "", ""),), ()


async def _gather(given: Assignment, means: Means, brief: Brief) -> tuple[Made, tuple[Problem, ...]]:
    said = await means.conversation(given, given.task.role, given.task.tools).hold(brief, Findings)
    answer = said.answer
    sorted_ = evidence.sort(given, means.recorder.documents, answer.findings)
    summary = evidence.placed(answer.summary, means.recorder.documents)
    made = Made(
        text=evidence.told(sorted_.rows, summary),
        summary=summary,
        made_by=given.task.role,
        label=label_of(said.model),
        findings=sorted_.rows,
        decisions=_chosen(answer.decisions),
        open_questions=(*_cut(said.limit), *answer.open_questions),
        proposals=said.proposals,
    )
    return made, tuple(
        Problem("quote", wrong, "", "Quote word for word from a part, and name that part.")
        for wrong in sorted_.wrong
    )


async def _draft(given: Assignment, means: Means, brief: Brief) -> tuple[Made, tuple[Problem, ...]]:
    said = await means.conversation(given, given.task.role, given.task.tools).hold(brief, Draft)
    answer = said.answer
    charts = charting.used(answer.text, charting.known(given, means.recorder.spent.told.values()))
    made = Made(
        text=evidence.placed(answer.text, means.recorder.documents),
        summary=evidence.placed(answer.summary, means.recorder.documents),
        made_by=given.task.role,
        label=label_of(said.model),
        findings=_cited(given, charting.in_words(answer.text, charts)),
        decisions=_chosen(answer.decisions),
        open_questions=(*_cut(said.limit), *proving.outdated(given), *answer.open_questions),
        proposals=said.proposals,
        charts=charts,
    )
    return made, ()


def _cited(given: Assignment, text: str) -> tuple[Mapping[str, Any], ...]:
    """Return the findings a text cites, so that whoever reads it next can cite them too; those that disagree in any case."""
    named = {*cited(text), *disagreement.ids(given)}
    known = {finding["id"]: finding for received in given.received for finding in received.findings}
    return tuple(finding for id, finding in known.items() if id in named)


def _chosen(decisions: list[Decided]) -> tuple[Mapping[str, Any], ...]:
    return tuple(decided.model_dump() for decided in decisions)


def _cut(limit: str) -> tuple[str, ...]:
    """Return what to say of a limit: before what the agent leaves open, for a long list is cut at its end."""
    return (f"The work was cut short at its limit: {limit}.",) if limit else ()
