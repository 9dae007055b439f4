"""Questions to people that follow from findings: what differs, what is denied, what is missing, what nothing bears out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.models.offline import absent
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import Claim
from agents.models.offline.flags import denials
from agents.models.offline.standing import document_of
from agents.models.offline.tables import contradictions, names_of, plain, topic_of

MOST: Final = 15
_WHOLLY: Final = re.compile(
    r"\ball\b(?! (?:shares|others|of (?:its|the) shares)\b)|\bevery\b|\bno other\b|\bonly\b|\bnever\b|\bno one\b|"
    r"\bnone\b|\b99\.\d",
    re.IGNORECASE,
)
_PENDING: Final = re.compile(
    r"\bnot (?:yet )?(?:finished|published|available|signed|recorded|reached)\b|\bawaited\b|\bto be brought\b|"
    r"\bis being drafted\b|\bstill needs\b|\bwere not (?:available|counted)\b|\bnot asked\b|\bhas not been asked",
    re.IGNORECASE,
)


def questions(brief: Brief, facts: Sequence[Fact]) -> Iterator[str]:
    """Yield the questions, the most telling first, each with what it comes from."""
    for group in contradictions(facts, names_of(brief)):
        told = "; ".join(f"{_labelled(one)}{plain(one.words)} {one.fact.cite}" for one in group)
        yield f"{topic_of(group)}: which of these holds, and what document shows it? {told}"
    for fact, against in denials(facts):
        cites = " ".join(one.cite for one in against)
        yield f"{document_of(fact)} says: {plain(fact.quote)} {fact.cite} How does that go with {cites}?"
    if wanted := gaps(brief, facts):
        told = "; ".join(
            f"{line.partition(f' {absent.NOT_GIVEN}')[0]} {line.rpartition('”')[2].strip()}".strip()
            for line in wanted
        )
        yield f"Can we have what the files speak of and do not hold? {told}"
    for fact in facts:
        if "|" not in fact.quote and _PENDING.search(fact.quote):
            yield f"How does this stand today, and which document shows it? {plain(fact.quote)} {fact.cite}"
    for fact in facts:
        if borne_out_by_nothing(fact):
            yield f"What bears this out? {plain(fact.quote)} {fact.cite}"


def _labelled(claim: Claim) -> str:
    """Return what stands before a cell's value: its row's name and its label."""
    return "".join(f"{name}: " for name in (claim.which, claim.label) if claim.label and name)


def gaps(brief: Brief, facts: Sequence[Fact]) -> list[str]:
    """Return what earlier tasks said of documents that are spoken of and not there, with the findings that speak of them."""
    lines = dict.fromkeys(plain(line) for line in brief.open_questions if absent.NOT_GIVEN in line)
    return [f"{line} {_cites(line, facts)}".strip() for line in lines]


def _cites(line: str, facts: Sequence[Fact]) -> str:
    words = line.partition("“")[2].rstrip("”")
    return " ".join(fact.cite for fact in facts if words and plain(fact.quote).startswith(words))


def borne_out_by_nothing(fact: Fact) -> bool:
    """Whether a statement holds for all, for none or always: a reader asks for what shows it."""
    return "|" not in fact.quote and not fact.by and bool(_WHOLLY.search(fact.quote))


def pending(facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings that say themselves that something is not there yet or was not to be had."""
    return [fact for fact in facts if _PENDING.search(fact.quote)]
