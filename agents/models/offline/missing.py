"""What is missing and what stays open: what no source says, what the sources differ on, what fits into no clause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from agents.models.offline import absent
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import Claim
from agents.models.offline.extracts import Shown, extract
from agents.models.offline.flags import denials, looked_at, opposed, shares
from agents.models.offline.placing import clause, home, unsettled
from agents.models.offline.querying import pending
from agents.models.offline.reliance import is_head, is_label
from agents.models.offline.standing import document_of, standing
from agents.models.offline.tables import contradictions, missing, names_of, plain, says_something, topic_of
from agents.models.offline.topics import slug

NOTHING_OPEN: Final = "Nothing is open, as far as rules can tell."
NO_CONTRADICTIONS: Final = (
    "No two sources give different values for the same thing, as far as rules can tell."
)


def differing(brief: Brief, shown: Shown) -> list[str]:
    """Return what the sources differ on, every value below the other; then what one denies and another speaks of."""
    lines: list[str] = []
    for group in contradictions(shown.everything, names_of(brief)):
        if all(claim.fact in shown.facts for claim in group):
            lines.append(f"- {topic_of(group)}: the sources differ:")
            lines += [f"  {_value(claim, topic_of(group))}" for claim in group]
        else:
            lines.append(f"- {topic_of(group)}: the sources differ; their values are left out here.")
    for fact, against in denials(shown.everything):
        lines.append(f"- {document_of(fact)} says {opposed(fact)}:")
        words = ((one, _row_or_words(one, shares=shares(fact))) for one in [fact, *against])
        lines += [f"  - {_by(one)}{told} {one.cite} ({place(one)})" for one, told in words]
    return lines or [NO_CONTRADICTIONS]


def differing_in_short(brief: Brief, shown: Shown) -> list[str]:
    """Return one line on what the sources differ on, where a section of its own says more; nothing where they do not."""
    if brief.subjects or not any(re.search(r"contradict", name, re.IGNORECASE) for name in brief.sections):
        return []
    groups = contradictions(shown.everything, names_of(brief))
    topics = [
        f"{topic_of(group)} {' '.join(dict.fromkeys(claim.fact.cite for claim in group))}" for group in groups
    ]
    denied = [
        f"{plain(fact.quote).rstrip('.')} {' '.join(one.cite for one in [fact, *against])}"
        for fact, against in denials(shown.everything)
    ]
    return [f"- The sources differ: {'; '.join([*topics, *denied])}"] if topics or denied else []


def disputed(brief: Brief, shown: Shown) -> set[Fact]:
    """Return the findings that others contradict, by a value or by speaking of what they deny."""
    denied = {one for fact, against in denials(shown.everything) for one in (fact, *against)}
    return unsettled(brief, shown.everything) | denied


def lacking(
    brief: Brief, shown: Shown, clauses: Sequence[str] = (), *, open_points: bool = False
) -> list[str]:
    """Return what is missing; under open points also what differs, and what no clause takes.

    Args:
        brief: The brief.
        shown: The findings.
        clauses: The sections that are clauses, where open points are wanted.
        open_points: Whether what differs stands here too.
    """
    apart = [] if open_points else missing(shown.everything, brief.subjects)  # parties are not compared
    gaps = [*brief.holes, *brief.open_questions, *apart]
    if not open_points:
        said = [extract(fact, brief.subjects) for fact in pending(shown.facts)]
        told = dict.fromkeys(
            f"- {plain(line)}" for line in gaps if absent.NOT_GIVEN not in line or not _has_ownplace(brief)
        )
        return [*told, *said] or [NOTHING_OPEN]
    different = [_differing(group) for group in contradictions(shown.everything, names_of(brief))]
    lines = [f"- {plain(line)}" for line in dict.fromkeys([*different, *gaps])]
    return [*lines, *_in_no_clause(brief, shown, clauses)] or [NOTHING_OPEN]


def _has_ownplace(brief: Brief) -> bool:
    """Whether missing documents have a section of their own."""
    return any("document" in name.lower() for name in brief.sections)


def _in_no_clause(brief: Brief, shown: Shown, clauses: Iterable[str]) -> list[str]:
    """Return the findings that no clause takes, under what their document is, so that nobody has to miss them."""
    titles = list(clauses)
    told = unsettled(brief, shown.everything) | {
        fact for name in titles for fact in clause(brief, shown.everything, name)
    }
    by_document: dict[str, list[str]] = {}
    for fact in (fact for fact in shown.everything if fact in shown.facts and fact not in told):
        if not says_something(fact.quote) or is_label(fact.quote):
            continue
        alone = "\n" not in fact.quote and not is_head(fact.quote)  # a list bears on several
        place = home(fact, tuple(titles)) if alone else ""
        bears_on = f"{place}: " if place else ""
        words = extract(fact, brief.subjects).removeprefix("- ").replace("\n", "\n  ")
        line = f"  - {bears_on}{words}"
        by_document.setdefault(document_of(fact), []).append(line)
    return [
        line
        for name, lines in by_document.items()
        for line in (f"- {standing(name).format(name=name)}", *lines)
    ]


def _differing(group: Sequence[Claim]) -> str:
    told = "; ".join(
        f"{_by(claim.fact)}{plain(claim.words).rstrip('.')} {claim.fact.cite}" for claim in group
    )
    topic = topic_of(group)
    return f"{topic[:1].upper()}{topic[1:]}: the sources differ: {told}"


def _value(claim: Claim, topic: str) -> str:
    """Return a claim as a bullet: the row's cell with its label, or the sentence, and where it stands."""
    label = f"{claim.label}: " if claim.label else ""
    which = f"{claim.which}, " if claim.label and slug(claim.which) not in slug(topic) else ""
    where = f" ({place(claim.fact)})" if claim.fact.id else ""
    return f"- {_by(claim.fact)}{which}{label}{plain(claim.words)} {claim.fact.cite}{where}"


def _row_or_words(fact: Fact, *, shares: bool) -> str:  # whether it is held against a share: then amounts matter
    return (
        (extract(fact, cells=3) if shares else extract(looked_at(fact))).removeprefix("- ").removesuffix(f" {fact.cite}")
        if "|" in fact.quote
        else plain(fact.quote)
    )


def place(fact: Fact) -> str:
    """Return where a finding stands: its page or row, without a sheet's name; only its document where lines are counted."""
    return re.sub(r", sheet .*?(?=, row|$)|, lines? [\d–-]+$", "", fact.source)


def _by(fact: Fact) -> str:
    return f"{fact.by}: " if fact.by else ""
