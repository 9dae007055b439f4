"""What goes into a section, told by its title: extracts with citations and given facts; never a claim of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from agents.contracts import PartKind
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.tables import (
    contradictions,
    missing,
    names_of,
    plain,
    side_by_side,
    subject_of,
    timeline,
)
from agents.models.offline.topics import attributes, stems

NO_CONCLUSIONS: Final = "No conclusions are drawn."
NOTHING: Final = "Nothing in the given sources about {what}."
_SUMMARY: Final = 5  # extracts of a summary
_EACH: Final = 6  # extracts a subject

Fill = Callable[[Brief, Sequence[Fact], str], list[str]]


def fill(title: str, brief: Brief, facts: Sequence[Fact]) -> list[str]:
    """Return the lines of a section."""
    for words, filler in _FILLERS:
        if re.search(words, title, re.IGNORECASE):
            return filler(brief, facts, title)
    return topic(brief, facts, title)


def extract(fact: Fact) -> str:
    """Return a finding as a bullet: its words as they stand in the source, and what they cite."""
    return f"- {plain(fact.quote)} {fact.cite}"


def topic(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    """Return what was given and what was found on a section's topic, or that nothing was."""
    lines = [*given(brief, title), *(extract(fact) for fact in facts if _fits(fact, title))]
    return lines or [NOTHING.format(what=title.lower())]


def given(brief: Brief, title: str) -> list[str]:
    """Return what people gave themselves on a topic: inputs and decisions, word for word."""
    inputs = [
        f"- {name.replace('_', ' ').capitalize()}: {said}"
        for name, said in brief.inputs.items()
        if _same_topic(name, title)
    ]
    decided = [
        f"- {plain(part.text)} (decided)"
        for part in brief.parts(PartKind.DECISION)
        if _same_topic(part.text, title)
    ]
    return [*inputs, *decided]


def placed(brief: Brief, titles: Sequence[str]) -> list[str]:
    """Return the decisions that found no section of their own."""
    decisions = [part.text for part in brief.parts(PartKind.DECISION)]
    return [
        f"- {plain(text)} (decided)"
        for text in decisions
        if not any(_same_topic(text, title) for title in titles)
    ]


def _summary(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    if not facts:
        return [NOTHING.format(what="this request")]
    first: dict[str, Fact] = {}
    for fact in facts:
        first.setdefault(subject_of(fact, brief.subjects), fact)
    best = list(dict.fromkeys([*first.values(), *facts]))[:_SUMMARY]
    return [extract(fact) for fact in best]


def _comparison(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    table = side_by_side(facts, names_of(brief))
    silent = [
        name for name in brief.subjects if not any(subject_of(fact, brief.subjects) == name for fact in facts)
    ]
    lines = [
        *table,
        *([""] if table and silent else []),
        *(f"- {NOTHING.format(what=name)}" for name in silent),
    ]
    return lines or topic(brief, facts, title)


def _contradictions(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    lines: list[str] = []
    for group in contradictions(facts):
        lines.append(f"- On {group[0].key.replace('/', ', ').replace('-', ' ')}, the sources differ:")
        lines += [
            f"  - {plain(fact.quote)} {fact.cite} ({fact.source})" if fact.id else f"  {extract(fact)}"
            for fact in group
        ]
    return lines or ["No two sources give different values for the same thing, as far as rules can tell."]


def _timeline(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    lines = [extract(fact) for fact in timeline(facts)]
    return [*given(brief, title), *lines] or [NOTHING.format(what="dates")]


def _missing(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    gaps = [*brief.holes, *brief.open_questions, *missing(facts, brief.subjects)]
    differing = [
        f"The sources differ on {group[0].key.replace('/', ', ').replace('-', ' ')}: {''.join(fact.cite for fact in group)}"
        for group in contradictions(facts)
        if re.search("open", title, re.IGNORECASE)
    ]
    return [f"- {plain(line)}" for line in dict.fromkeys([*differing, *gaps])] or [
        "Nothing is open, as far as rules can tell."
    ]


def _each(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    lines: list[str] = []
    for name in names_of(brief):
        own = [fact for fact in facts if subject_of(fact, names_of(brief)) == name]
        lines += [f"### {name}", ""]
        lines += [extract(fact) for fact in own[:_EACH]] or [NOTHING.format(what=name)]
        lines += [""]
    return lines[:-1] or topic(brief, facts, title)


def _sources(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    by_source: dict[str, list[str]] = {}
    for fact in facts:
        by_source.setdefault(fact.source, []).append(fact.cite if fact.id else "")
    lines = [
        f"- {source}: {' '.join(dict.fromkeys(cites))}".rstrip(": ") for source, cites in by_source.items()
    ]
    return lines or ["No source was given."]


def _parties(brief: Brief, facts: Sequence[Fact], title: str) -> list[str]:
    return topic(brief, facts, title)


_FILLERS: Final[tuple[tuple[str, Fill], ...]] = (
    (r"contradict|disagree|conflict|discrepan", _contradictions),
    (r"timeline|chronolog|milestones", _timeline),
    (r"missing|open (?:points?|questions?|issues?)|\bgaps?\b|unknown|not found", _missing),
    (r"\beach\b|profiles?\b|one by one", _each),
    (r"comparison|compared|side by side|at a glance", _comparison),
    (r"^(?:executive )?summary|^overview|key (?:points|findings|facts)|in short|^findings|^answer", _summary),
    (r"^sources|references|evidence", _sources),
    (r"^parties", _parties),
)


def _fits(fact: Fact, title: str) -> bool:
    """Whether a finding belongs under a title: same attribute, or words of the title in its key or its sentence."""
    wanted = attributes(title)
    told = attributes(f"{fact.key.replace('/', ' ').replace('-', ' ')} {fact.quote}")
    head = told[0] if told else ""
    if wanted and (head in wanted or any(piece in wanted for piece in fact.key.split("/"))):
        return True
    return len(stems(title) & stems(f"{fact.key} {fact.quote}")) >= min(2, len(stems(title)) or 1)


def _same_topic(words: str, title: str) -> bool:
    if stems(words.replace("_", " ")) & stems(title):
        return True
    wanted = set(attributes(title))
    return bool(wanted and wanted & set(attributes(words.replace("_", " "))[:2]))


def homeless(facts: Sequence[Fact], lines: Sequence[str]) -> Iterator[Fact]:
    """Yield the findings that no line cites."""
    text = "\n".join(lines)
    yield from (fact for fact in facts if fact.cite not in text)
