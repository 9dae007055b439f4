"""What a reader needs to know before relying on a figure: how old its source is, how it was counted, who differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline.brief import Fact
from agents.models.offline.qualifying import YEAR
from agents.models.offline.standing import document_of

_HEAD: Final = 700  # characters of a document in which it says of when it is
_TOO_OLD: Final = 2  # years, counted from the newest source
_METHOD: Final = re.compile(
    r"\bsurvey\b|\basked\b|\binterviews?\b|\bestimate[sd]?\b|\bmargin\b|\bprovisional\b|\bdraft\b|\bnot audited\b|"
    r"\bunaudited\b|"
    r"\bsample\b|\bcounted\b|\bmethod\b|\bforecasts?\b|\bexpects?\b|\bnot (?:yet )?(?:available|published|recorded|"
    r"counted|finished)\b|"
    r"\breckoning\b|\bstudy\b|\bmeasured\b|\bincluded;|\bmembers\b|prepared by|\bown\b",
    re.IGNORECASE,
)
_COUNTS: Final = re.compile(
    r"\b(?:is|are|was|were) (?:not )?(?:counted|included|covered|defined)\b|\bwithout VAT\b|\bmeans\b|\bdefinition\b|"
    r"\bcomprises?\b|"
    r"\bexcluding\b|^New \w+|\bsold and leased\b|\bsold to\s+companies\b|\bregistered to\b",
    re.IGNORECASE,
)  # fmt: skip
_FORECAST: Final = re.compile(
    r"\bforecasts?\b|\bexpect\w*\b|\bproject(?:ed|ion)\b|\bplan(?:s|ned)?\b|\bwill\b|\bcould\b|\basks?\b",
    re.IGNORECASE,
)
_ESTIMATE: Final = re.compile(
    r"\bestimate\w*\b|\breckoning\b|\babout\b|\bprovisional\b|\bdraft\b|\bstudy\b", re.IGNORECASE
)
_OF_ITSELF: Final = re.compile(
    r"\b(?:edition|statement|report|press (?:kit|release)|memorandum|sheet|minutes|notes?|mails|interviews|clippings|"
    r"version|monitor|as of|dated|"
    r"collected|made by|agreed in principle|in force since)\b",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(
    r"\b(?:sold|bought|installed|registered|shipped|delivered|ordered|worth|turnover|installations|registrations|sales|"
    r"market (?:was|is|had|of)|expects? \d)",
    re.IGNORECASE,
)
_KIND: Final = (
    r"(?:term sheet|heads of terms|letter of intent|memorandum|agreement|contract|statement|report|minutes|notes?|e-?mails?|"
    r"mails?|messages?|extracts?|protocol|transcript|summary|press (?:kit|release)|product (?:sheet|page)|data sheet|survey|"
    r"interviews?|clippings?|guide|polic(?:y|ies)|rules|price list|brochure|copies)"
)
_LABEL: Final = re.compile(
    rf"^(?:these are )?(?:[\w'’-]+ ){{0,2}}?{_KIND}(?:(?:,? (?:on|of|from|about|for|with|as|in|to|between|and|by)\b|:)"
    r"(?:(?!\b(?:is|are|was|were|has|have|had|will|shall|must|may|can|ends?|costs?|runs?|pays?|applies|says?|shows?)\b)"
    r"[^.;|])*)?\.?$|^(?:owner|author|prepared by|made by|contact|client|file|subject|title)\s?:? [^.;]{2,60}\.?$",
    re.IGNORECASE,
)


def dated(facts: Sequence[Fact]) -> dict[str, Fact]:
    """Return the finding that says of when each document is, by its name: a whole date among its first words."""
    found: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda one: one.offset):
        if (
            fact.offset < _HEAD
            and "|" not in fact.quote
            and not fact.by
            and _whole(fact.quote)
            and is_head(fact.quote)
        ):
            found.setdefault(document_of(fact), fact)
    return found


def is_head(quote: str) -> bool:
    """Whether words only say what a document is and of when: few of them, no amount."""
    named = _OF_ITSELF.search(quote) or re.match(r"[A-ZÄÖÜ]\w+, \d", quote)
    return bool(named) and len(quote.split()) <= 18 and not any(one.unit for one in figures(quote))


def is_label(quote: str) -> bool:
    """Whether words only say what a document is called or is about, and neither of when it is nor anything else."""
    if "\n" in quote or "|" in quote or dates(quote) or figures(quote):
        return False
    return bool(_LABEL.match(quote.strip()))


def old(facts: Sequence[Fact], asked: str = "") -> list[tuple[Fact, int]]:
    """Return the figures that are out of date, each with the newest year it names: older than the newest source by years.

    Args:
        facts: What was found.
        asked: The period people asked about, such as ``2023 to 2027``: no year from its first on is out of date.
    """
    first = min(map(int, YEAR.findall(asked)), default=0)
    years = [year for fact in dated(facts).values() for year, _, _ in [_whole(fact.quote)[-1]]]
    newest = max(years, default=0)
    told = [
        (fact, max(int(year) for year in found))
        for fact in facts
        if (found := YEAR.findall(fact.quote)) and figures(fact.quote)
    ]
    past = [(fact, year) for fact, year in told if year + _TOO_OLD < newest and "|" not in fact.quote]
    return [(fact, year) for fact, year in past if not first or year < first]


def measures(fact: Fact) -> bool:
    """Whether a sentence says how large a market was or will be in a year: how many were sold, or what it was worth."""
    amounts = [one for one in figures(fact.quote) if one.unit != "%"]
    return "|" not in fact.quote and bool(amounts and YEAR.search(fact.quote) and _SIZE.search(fact.quote))


def methods(facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings that say how something was counted, asked or estimated."""
    return [fact for fact in facts if "|" not in fact.quote and _METHOD.search(fact.quote)]


def definitions(facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings that say what is counted and what is not."""
    return [fact for fact in facts if "|" not in fact.quote and _COUNTS.search(fact.quote)]


def kind_of(fact: Fact) -> str:
    """Return what a figure is by its words: ``forecast or plan``, ``estimate``, else ``as told``."""
    if _FORECAST.search(fact.quote):
        return "forecast or plan, by its words"
    return "estimate or provisional, by its words" if _ESTIMATE.search(fact.quote) else "as told"


def years(fact: Fact) -> Iterator[str]:
    """Yield the years a finding names, each once, in its order."""
    yield from dict.fromkeys(YEAR.findall(fact.quote))


def _whole(quote: str) -> list[tuple[int, int, int]]:
    return [reading for day in dates(quote) for reading in day.readings[:1] if all(reading)]
