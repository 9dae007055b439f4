"""A question answered: the sentences of the given sources that speak of it, what they differ on, and nothing else."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from agents.checks.dates import dates
from agents.contracts import Draft
from agents.models.offline import injected, rows
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.extracts import Shown, extracts
from agents.models.offline.gathering import unread
from agents.models.offline.material import NOT_ATTACHED, nothing_given
from agents.models.offline.missing import NO_CONTRADICTIONS, differing
from agents.models.offline.passages import Passage, passages, written_by
from agents.models.offline.ranking import distinct
from agents.models.offline.subjects import key
from agents.models.offline.tables import contradictions, names_of
from agents.models.offline.titles import short_title
from agents.models.offline.topics import attributes, stem, stems

MOST: Final = 8  # sentences of an answer
NOTHING_SAID: Final = "Nothing in the given sources speaks of this."
_CLOSING: Final = "These are the words of the given sources. No conclusions are drawn."
_COMPARED: Final = 400  # passages, the first of the documents, that are held against each other
_LONGEST_TITLE: Final = 110  # characters
_ENOUGH: Final = 0.6  # share of what fits best that a sentence needs
_LEAST: Final = 0.3  # share of what all words of the question would count
_ABOVE: Final = 0.5  # what a word counts that stands in the heading, or in the sentence before "it"
_KIND: Final = 1.0  # what a sentence gains that has the kind of thing asked for: a date, an amount, a name
_GOES_ON: Final = re.compile(r"^(?:It|Its|They|Their|This|These|That|He|She|Both)\b")
_HOW: Final = re.compile(
    r"\bhow (?:long|many|much|often|large|big|high|far|old|soon|well)\b|\bwhat (?:kind|sort)\b", re.IGNORECASE
)
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_KINDS: Final = (
    (r"\bwhen\b|\bwhich (?:day|year|month)\b|\bhow long\b", r"\b(?:days?|weeks?|months?|years?|hours?)\b"),
    (r"\bhow (?:many|much|often|large|big|high|far|old)\b|\bwhat (?:does|do) .* cost\b|\bprices?\b", r"\d"),
    (r"\bwho(?:m|se)?\b", r"(?<=\w )[A-ZÄÖÜ][\w-]+|\bby the \w+"),
)  # fmt: skip


def answer(brief: Brief) -> str:
    """Return the best sentences with their sources as prose, or what would be needed to answer."""
    if not brief.documents:
        return nothing_given(brief) or NOT_ATTACHED
    found = _fitting(brief)
    if not found:
        return f"{NOTHING_SAID} Looked in {_looked(brief)}."
    lines = [f"- {' '.join(one.text.split())} ({one.part.source or one.part.id})" for one in found]
    return "\n".join([*lines, "", _CLOSING])


def draft(brief: Brief) -> Draft:
    """Return the answer as a document: what speaks of the question, what differs in it, of what nothing speaks."""
    found = _fitting(brief)
    facts = [_fact(one, brief) for one in found]
    said = extracts(facts, (), facts) or [NOTHING_SAID]
    apart = _apart(brief, facts)
    open_lines = [*_unspoken(brief, found), *unread(brief), *injected.told(brief.documents)]
    blocks = [
        f"# {_title(brief)}",
        "## Answer\n\n" + "\n".join(said),
        *(["## Where the sources differ\n\n" + "\n".join(apart)] if apart else []),
        *(["## What is missing\n\n" + "\n".join(f"- {line}" for line in open_lines)] if open_lines else []),
        f"*Looked in {_looked(brief)}. {_CLOSING}*",
    ]
    return Draft(text="\n\n".join(blocks) + "\n", summary="\n".join(_short(facts)), open_questions=open_lines[:20])


def _apart(brief: Brief, facts: Sequence[Fact]) -> list[str]:
    """Return what the sources differ on that the answer speaks of, every value below the other."""
    everything = [_fact(one, brief) for one in passages(brief.documents)[:_COMPARED]]
    groups = [[one.fact for one in group] for group in contradictions(everything, names_of(brief))]
    touched = {one for group in groups if set(group) & set(facts) for one in group}
    lines = differing(brief, Shown(told := [one for one in everything if one in touched], told))
    return lines if lines != [NO_CONTRADICTIONS] else []


def _fitting(brief: Brief) -> list[Passage]:
    """Return the passages that speak of the question, in reading order."""
    found = passages(brief.documents)
    value = _values(found, brief.request)
    order = sorted((at for at, points in enumerate(value) if points > 0), key=lambda at: (-value[at], at))
    best = value[order[0]] if order else 0.0
    chosen = [at for at in distinct(found, order) if value[at] >= _ENOUGH * best][:MOST]
    return [found[at] for at in sorted(chosen)]


def _values(found: Sequence[Passage], request: str) -> list[float]:
    """Return how well each passage fits the question; 0 where it has too few of its words.

    A word counts more the fewer passages have it, and half where only the heading has it or the sentence that this goes on.
    """
    said = [stems(one.text) for one in found]
    counts = Counter(word for words in said for word in words)
    weight = {word: math.log(1 + len(found) / max(1, counts[word])) for word in sorted(stems(_HOW.sub(" ", request)))}
    asked, whole = set(attributes(request)), sum(weight.values())
    values = []
    for at, one in enumerate(found):
        above = stems(one.heading) | (said[at - 1] if at and _GOES_ON.match(one.text) else frozenset())
        own = sum(weight[word] for word in weight if word in said[at])
        points = own + _ABOVE * sum(weight[word] for word in weight if word in above - said[at])
        about = bool(asked & set(attributes(one.text)))
        fits = own > 0 and points + about >= _LEAST * whole
        values.append(points + about + _kind(request, one.text) if fits else 0.0)
    return values


def _kind(request: str, text: str) -> float:
    """Return what a passage gains where it has the kind of thing that the question asks for."""
    wanted = [words for question, words in _KINDS if re.search(question, request, re.IGNORECASE)]
    dated = bool(dates(text)) and re.search(r"\bwhen\b|\bhow long\b|\bwhich\b", request, re.IGNORECASE)
    return _KIND if dated or any(re.search(words, text) for words in wanted) else 0.0


def _title(brief: Brief) -> str:
    """Return the question itself; a long one as a phrase."""
    asked = " ".join(brief.request.split()).removeprefix("@jidoka ")
    return f"{asked[:1].upper()}{asked[1:]}" if len(asked) <= _LONGEST_TITLE else short_title(asked, _LONGEST_TITLE)


def _unspoken(brief: Brief, found: Sequence[Passage]) -> Iterator[str]:
    """Yield of which words of the question no passage speaks at all."""
    known = frozenset[str]().union(*(stems(f"{one.heading} {one.text}") for one in passages(brief.documents)))
    spoken = {stem(one) for passage in found for one in attributes(passage.text)}
    words = dict.fromkeys(
        word for word in _WORDS.findall(_HOW.sub(" ", brief.request)) if stems(word) and not stems(word) & (known | spoken)
    )
    if found and words:
        yield f"Nothing in the given sources has the words: {', '.join(words)}."


def _fact(one: Passage, brief: Brief) -> Fact:
    who, _ = written_by(one)
    place = one.part.source or one.part.id
    return Fact("", one.text, place, key(one, brief.subjects), by=who, offset=one.part.offset + one.start)


def _short(facts: Sequence[Fact]) -> Iterator[str]:
    if not facts:
        yield NOTHING_SAID
    for fact in facts[:3]:
        words = " · ".join(rows.split(fact.quote)) if "|" in fact.quote else " ".join(fact.quote.split())
        yield f"- {words[:240]} {fact.cite}"


def _looked(brief: Brief) -> str:
    return ", ".join(dict.fromkeys(part.source.split(", ")[0] or part.id for part in brief.documents))
