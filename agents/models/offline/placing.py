"""Which findings belong under a title, and which may stand in a clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import claims
from agents.models.offline.standing import agreed, document_of
from agents.models.offline.tables import contradictions, names_of
from agents.models.offline.topics import attributes, meant, stems

OPEN_POINTS: Final = re.compile(r"\bopen (?:points?|issues?)\b", re.IGNORECASE)
# What else belongs into a clause on something.
_WIDER: Final = {
    "obligations": ("delivery", "warranty", "support", "training"),
    "parties": ("management", "seat"),
}
_ALSO: Final = {"aim": "goal", "the market": "region period", "channels and budget": "start"}
_PREAMBLE: Final = re.compile(r"^(?:background|recitals?|preamble|whereas)", re.IGNORECASE)
_SAYS_SOMETHING: Final = 6  # words of a sentence that is more than a title
_SAME: Final = {"amount": "price", "total": "price"}
_SIDE: Final = (
    r"(?:supplier|buyer|customer|contractor|client|seller|licensor|licensee|landlord|tenant|lender|borrower|provider|"
    r"agency|consultant|employer|employee|publisher|author|carrier)"
)
_PARTY: Final = re.compile(rf"^(?:the )?{_SIDE}:\s", re.IGNORECASE)  # "Client: Acme Ltd, 8 Mill Lane"
_DUTY: Final = re.compile(rf"^(?:the |each )?{_SIDE} (?!(?:is|was|has|had|does)\b)[a-z]+s\b", re.IGNORECASE)
_BESIDE: Final = (("liability", re.compile(r"\binsur(?:ed|ance)\b", re.IGNORECASE)), ("obligations", _DUTY))
# What binds, beside a price or a date, too.
_BINDING: Final = ("liability", "confidentiality", "law", "termination", "signature")


def on(facts: Sequence[Fact], title: str) -> list[Fact]:
    """Return the findings on what a title means; where there are none, those that touch it."""
    fitting = [fact for fact in facts if _fits(fact, title)]
    return fitting or [fact for fact in facts if _touches(fact, title)]


def of_field(facts: Sequence[Fact], title: str) -> list[Fact]:
    """Return the findings of the reader whose field a title names: "Trends" names "trends and rules"."""
    wanted = stems(title)
    fields = dict.fromkeys(fact.reader for fact in facts if fact.reader)
    named = {field for field in fields if wanted and len(wanted & stems(field)) * 2 >= len(wanted)}
    return [fact for fact in facts if fact.reader in named]


def clause(brief: Brief, facts: Sequence[Fact], title: str) -> list[Fact]:
    """Return the findings that a clause may hold: of documents with terms, each in the one section it fits best."""
    documents = agreed(facts)
    terms = [fact for fact in facts if document_of(fact) in documents]
    titles = tuple(name for name in brief.sections if not OPEN_POINTS.search(name))
    if _PREAMBLE.search(title):
        return [fact for fact in _first_of_all(terms, titles) if len(fact.quote.split()) >= _SAYS_SOMETHING]
    return [fact for fact in terms if home(fact, titles) == title]


def _first_of_all(terms: Sequence[Fact], titles: tuple[str, ...]) -> list[Fact]:
    """Return what each document with terms says before the first of its clauses: what it is, of when, whether it binds."""
    begin = {
        document_of(fact): fact.offset
        for fact in sorted(terms, key=lambda one: -one.offset)
        if home(fact, titles)
    }
    return [fact for fact in terms if fact.offset < begin.get(document_of(fact), 0)]


def unsettled(brief: Brief, facts: Sequence[Fact]) -> set[Fact]:
    """Return the findings whose values others contradict."""
    return {claim.fact for group in contradictions(facts, names_of(brief)) for claim in group}


def same_topic(words: str, title: str) -> bool:
    """Whether words of people, such as an input's name, belong under a title."""
    if stems(words.replace("_", " ")) & (stems(title) | stems(_ALSO.get(title.lower(), ""))):
        return True
    return bool(meant(title) & set(attributes(words.replace("_", " "))[:2]))


@lru_cache(maxsize=8_192)
def home(fact: Fact, titles: tuple[str, ...]) -> str:
    """Return the section that is meant by what a finding says first, else one that its words touch, else none."""
    wanted = {title: meant(title).union(*(_WIDER.get(one, ()) for one in meant(title))) for title in titles}
    for attribute in _order(fact):
        if found := next((title for title in titles if attribute in wanted[title]), ""):
            return found
    if found := next((title for title in titles if not wanted[title] and stems(title) & stems(fact.quote)), ""):
        return found
    also = [one for one, words in _BESIDE if words.search(fact.quote)]
    return next((title for title in titles for one in also if one in wanted[title]), "")


def _order(fact: Fact) -> list[str]:
    """Return what a finding is about, what binds most first; a row with a price is about the price."""
    is_row = "|" in fact.quote
    told = [_SAME.get(claim.attribute, claim.attribute) for claim in claims([fact], ())] if is_row else []
    first = ("price",) if is_row else ("parties", *_BINDING) if _PARTY.match(fact.quote) else _BINDING
    party = ["parties"] if _PARTY.match(fact.quote) else []
    found = dict.fromkeys([*party, *told, *fact.key.split("/"), *attributes(fact.quote)])
    return sorted(found, key=lambda one: first.index(one) if one in first else len(first))


def _fits(fact: Fact, title: str) -> bool:
    """Whether a finding belongs under a title: what it mainly says is meant by it, or its words are the title's."""
    wanted = meant(title)
    if wanted:
        return bool(wanted & _says(fact))
    return len(stems(title) & stems(f"{fact.key} {fact.quote}")) >= min(2, len(stems(title)) or 1)


def _touches(fact: Fact, title: str) -> bool:
    """Whether a finding speaks of what a title means at all, beside other things."""
    return bool(meant(title) & set(attributes(fact.quote)) or stems(title) & stems(fact.quote))


def _says(fact: Fact) -> set[str]:
    """Return what a finding is about: its key, every labelled cell of a row, or what its sentence names first."""
    told = {claim.attribute for claim in claims([fact], ())} | set(fact.key.split("/"))
    return told | set(attributes(fact.quote)[:1])
