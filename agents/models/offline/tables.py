"""Findings side by side: by subject and attribute, what contradicts, what is dated, what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import CODES, figures
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import Claim, claims
from agents.models.offline.differing import differ, said
from agents.models.offline.subjects import mentions
from agents.models.offline.topics import KNOWN, attributes, shown, slug

_MOST_IN_CELL: Final = 3  # values
_PHRASES: Final = 2
_WORDS: Final = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_DOES: Final = re.compile(r"^(?:ends?|begins?|starts?|costs?|runs?|sold|bought|made|says?|said|pays?|gives?|takes?|ha[sd])$")
_LABEL: Final = 3  # words before a colon that are a label
_BEGINS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month of each season
_SEASON: Final = re.compile(r"\b(spring|summer|autumn|fall|winter)\s+(?:of\s+)?$", re.IGNORECASE)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|may|can|must|shall|[a-z]{2,}(?:s|ed)|came|bought|sold)\b"
)
_LONGEST_CELL: Final = 110  # characters of a quote in a table's cell


def names_of(brief: Brief) -> list[str]:
    """Return the subjects: those of the inputs, else the heads of the findings' keys."""
    return list(brief.subjects) or heads(brief.facts)


def heads(facts: Sequence[Fact]) -> list[str]:
    """Return whom the keys of findings begin with, where they begin with several."""
    pieces = [fact.key.split("/") for fact in facts]
    found = [
        one[0]
        for one in pieces
        if len(one) > 1 and one[0] not in KNOWN and one[1] in KNOWN and one[0].isalpha()
    ]
    return list(dict.fromkeys(found)) if len(set(found)) > 1 else []


def side_by_side(facts: Sequence[Fact], subjects: Sequence[str], everything: Sequence[Fact]) -> list[str]:
    """Return a Markdown table, an attribute a row and a subject a column, the best known attributes first.

    What is known of one subject alone is no row, unless nothing can be compared. A cell without a finding says "not
    found", or "left out" where there is one among ``everything``.
    """
    found, whole = _cells(facts, subjects), _cells(everything, subjects)
    compared = [what for what in found if len(whole[what]) > 1] or list(found)
    if not compared:
        return []
    order = sorted(compared, key=lambda what: -len(found[what]))
    rows = [
        [shown(what), *(_told(found[what].get(who), who in whole[what]) for who in subjects)]
        for what in order
    ]
    return [row(["", *subjects]), row(["---"] * (len(subjects) + 1)), *(row(one) for one in rows)]


def contradictions(facts: Sequence[Fact], subjects: Sequence[str]) -> list[list[Claim]]:
    """Return groups of claims on one thing, of different documents, whose values differ; no claim is in two."""
    return _contradictions(tuple(facts), tuple(subjects))


@lru_cache(maxsize=32)
def _contradictions(facts: tuple[Fact, ...], subjects: tuple[str, ...]) -> list[list[Claim]]:
    groups: list[list[Claim]] = []
    found = claims(facts, subjects)
    against: dict[int, list[Claim]] = {}
    for (place, claim), (after, one) in combinations(enumerate(found), 2):
        if differ(claim, one):
            against.setdefault(place, []).append(one)
            against.setdefault(after, []).append(claim)
    for place, claim in enumerate(found):
        other = against.get(place, [])
        near = next((group for group in groups if any(one in group for one in [claim, *other])), None)
        if near is not None:
            near += [one for one in [claim, *other] if one not in near]
        elif other:
            groups.append([claim, *other])
    return groups


def topic_of(group: Sequence[Claim]) -> str:
    """Return what claims are about, for people: "Acme, price, starter"; the words they share where nothing else names it."""
    claim = group[0]
    label = next((one.label for one in group if one.label and one.attribute not in KNOWN), "")
    what = shown(claim.attribute) if claim.attribute in KNOWN or not label else label
    which = claim.which or next((one.which for one in group if one.label and not claim.subject), "")
    which = "" if slug(which) in ("total", slug(what)) or claim.attribute in attributes(which) else which
    named = [claim.subject, what, which.replace("/", ", ").replace("-", " ")]
    return ", ".join(name for name in named if name) or _shared(group) or claim.fact.key or "one thing"


def _shared(group: Sequence[Claim]) -> str:
    """Return the longest two phrases of the first claim that another one has too, in their order."""
    others = frozenset[str]().union(*(said(one.words) for one in group[1:]))
    phrases = [[""]]
    for word in _WORDS.findall(group[0].words):
        if said(word) & others and not _DOES.match(word) and word not in CODES:
            phrases[-1].append(word)
        elif phrases[-1][1:]:
            phrases.append([""])
    told = list(dict.fromkeys(" ".join(one[1:]) for one in phrases if one[1:]))
    longest = sorted(told, key=lambda one: (-one.count(" "), not one[0].isupper()))[:_PHRASES]
    return ", ".join(one for one in told if one in longest)


def timeline(facts: Sequence[Fact]) -> list[Fact]:
    """Return the sentences that give a date, oldest first."""
    told = [
        (when, place, fact)
        for place, fact in enumerate(facts)
        if "|" not in fact.quote and (when := _when(fact))
    ]
    return [fact for _, _, fact in sorted(told, key=lambda one: one[:2])]


def dated(facts: Sequence[Fact]) -> Iterator[tuple[str, Fact]]:
    """Yield findings with the first date they give, in their own words."""
    for fact in facts:
        day = next(day for day in dates(fact.quote) if day.readings and day.readings[0][0])
        season = _SEASON.search(fact.quote[: day.start])
        yield plain(f"{season[0] if season else ''}{day.text}"), fact


def missing(facts: Sequence[Fact], subjects: Sequence[str]) -> Iterator[str]:
    """Yield, for each subject, what others have a value for and it has not."""
    found = [claim for claim in claims(facts, subjects) if claim.subject and claim.attribute]
    everything = dict.fromkeys(claim.attribute for claim in found)
    spoken = {claim.subject for claim in claims(facts, subjects)}
    spoken |= {name for name in subjects if any(mentions(fact.quote, name) for fact in facts)}
    for name in subjects:
        own = {claim.attribute for claim in found if claim.subject == name}
        absent = [shown(what) for what in everything if what not in own and _asked(what, found)]
        if name not in spoken:
            yield f"Nothing was found in the given sources about {name}."
        elif absent:
            yield f"Not found for {name}, but for others: {', '.join(absent)}."


def _asked(attribute: str, found: Sequence[Claim]) -> bool:
    """Whether a reader would ask for it of everybody: several have it, or a label names it."""
    told = [claim for claim in found if claim.attribute == attribute]
    named = any(
        claim.label or (claim.words.partition(":")[0].count(" ") < _LABEL and ": " in claim.words)
        for claim in told
    )
    return named or len({claim.subject for claim in told}) > 1


def says_something(words: str) -> bool:
    """Whether words do more than name a document or somebody: something in them that a reader asks for, or a verb."""
    return bool(attributes(words) or _VERB.search(words))


def plain(text: str) -> str:
    """Return words on one line."""
    return re.sub(r"\s+", " ", text).strip()


def _cells(facts: Sequence[Fact], subjects: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[Claim]]] = {}
    for claim in claims(facts, subjects):
        if claim.subject and claim.attribute:
            found.setdefault(claim.attribute, {}).setdefault(claim.subject, []).append(claim)
    return {what: {who: _values(told) for who, told in own.items()} for what, own in found.items()}


def _values(told: Sequence[Claim]) -> list[str]:
    """Return the claims of one cell: those with a figure or a date, where there are any."""
    exact = [claim for claim in told if figures(claim.words) or dates(claim.words)]
    return [_cell(claim) for claim in exact or told]


def _told(found: list[str] | None, some: bool) -> str:
    return (
        "; ".join(list(dict.fromkeys(found))[:_MOST_IN_CELL])
        if found
        else ("left out" if some else "not found")
    )


def _cell(claim: Claim) -> str:
    """Return a claim for a table: a row's cell with its plan, a sentence where it is short, else its numbers."""
    words = plain(claim.words).replace("|", ",")
    label, _, rest = words.partition(": ")
    words = rest if rest and not claim.label and slug(label) == claim.attribute else words
    if not claim.label and len(words) > _LONGEST_CELL:
        places = {one.start: one.text for one in figures(words)} | {
            day.start: day.text for day in dates(words)
        }
        values = dict.fromkeys(places[start] for start in sorted(places))
        words = ", ".join(list(values)[:4]) or "see the finding"
    which = f"{claim.which}: " if claim.label and claim.which else ""
    return f"{which}{words} {claim.fact.cite}"


def row(found: Sequence[str]) -> str:
    """Return the cells of a Markdown table's row as it."""
    return f"| {' | '.join(found)} |"


def _when(fact: Fact) -> tuple[int, int, int] | None:
    found = [(day.start, reading) for day in dates(fact.quote) for reading in day.readings[:1] if reading[0]]
    if not found:
        return None
    start, (year, month, day) = found[0]
    season = _SEASON.search(fact.quote[:start])
    return year, month or (_BEGINS[season[1].lower()] if season else 0), day
