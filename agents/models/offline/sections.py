"""What goes into a section, told by its title: extracts with citations and given facts; never a claim of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.checks.markdown import spans
from agents.contracts import PartKind
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import Claim, claims, subject_of
from agents.models.offline.subjects import mentions
from agents.models.offline.tables import (
    contradictions,
    missing,
    names_of,
    plain,
    side_by_side,
    timeline,
    topic_of,
)
from agents.models.offline.topics import attributes, meant, stems

NO_CONCLUSIONS: Final = "No conclusions are drawn."
NOTHING: Final = "Nothing was found in the given sources about {what}."
LEFT_OUT: Final = "What the sources say about {what} is left out here."
_OPEN: Final = re.compile(r"\bopen (?:points?|issues?)\b", re.IGNORECASE)
_SUMMARY: Final = 5  # extracts of a summary
_EACH: Final = 6  # extracts a subject


@dataclass(frozen=True)
class Shown:
    """The findings a text shows, and all there are: what is left out for length is not called missing."""

    facts: Sequence[Fact]
    everything: Sequence[Fact]


Fill = Callable[[Brief, Shown, str], list[str]]


def fill(title: str, brief: Brief, shown: Shown) -> list[str]:
    """Return the lines of a section."""
    for words, filler in _FILLERS:
        if re.search(words, title, re.IGNORECASE):
            return filler(brief, shown, title)
    return topic(brief, shown, title)


def extract(fact: Fact, subjects: Sequence[str] = ()) -> str:
    """Return a finding as a bullet: its words as they stand, their citation, and their subject where they do not name it."""
    who = subject_of(fact, subjects)
    whose = f"{who} – " if who and not mentions(fact.quote, who) else ""
    words = plain(fact.quote)
    told = [f"{words[start:end]} {fact.cite}" for start, end in spans(words, 0, len(words))]
    return f"- {whose}{' '.join(told)}"


def topic(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what was given and what was found on a section's topic, or that nothing was.

    Where the text has a section for open points, values that differ stand there and are not settled here.
    """
    open_points = next((name for name in brief.sections if _OPEN.search(name)), "")
    groups = contradictions(shown.everything, names_of(brief)) if open_points else []
    unsettled = {claim.fact for group in groups for claim in group}
    fitting = [fact for fact in shown.everything if _fits(fact, title)] or [
        fact for fact in shown.everything if _touches(fact, title)
    ]
    told = [
        extract(fact, brief.subjects) for fact in shown.facts if fact in fitting and fact not in unsettled
    ]
    lines = [*given(brief, title), *told]
    if any(fact in unsettled for fact in fitting):
        lines.append(f"- The sources differ here; the values stand under {open_points}.")
    return lines or [_none(bool(fitting), title.lower())]


def _none(some: bool, what: str) -> str:  #  whether there is something that is not shown
    return (LEFT_OUT if some else NOTHING).format(what=what)


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


def _summary(brief: Brief, shown: Shown, title: str) -> list[str]:
    if not shown.facts:
        return [_none(bool(shown.everything), "this request")]
    first: dict[str, Fact] = {}
    for fact in _prose(shown.facts):
        first.setdefault(subject_of(fact, brief.subjects), fact)
    best = _prose(list(dict.fromkeys([*first.values(), *shown.facts])))[:_SUMMARY]
    return [extract(fact, brief.subjects) for fact in best]


def _comparison(brief: Brief, shown: Shown, title: str) -> list[str]:
    table = side_by_side(shown.facts, names_of(brief), shown.everything)
    about = {subject_of(fact, brief.subjects) for fact in shown.facts}
    silent = [_about(brief, shown, name) for name in brief.subjects if name not in about]
    lines = [*table, *([""] if table and silent else []), *(f"- {line}" for line in silent)]
    return lines or topic(brief, shown, title)


def _about(brief: Brief, shown: Shown, name: str) -> str:
    """Return why nothing of a subject is shown."""
    return _none(any(subject_of(fact, brief.subjects) == name for fact in shown.everything), name)


def _contradictions(brief: Brief, shown: Shown, title: str) -> list[str]:
    lines: list[str] = []
    for group in contradictions(shown.everything, names_of(brief)):
        if all(claim.fact in shown.facts for claim in group):
            lines.append(f"- {topic_of(group[0])}: the sources differ:")
            lines += [f"  {_value(claim)}" for claim in group]
        else:
            lines.append(f"- {topic_of(group[0])}: the sources differ; their values are left out here.")
    return lines or ["No two sources give different values for the same thing, as far as rules can tell."]


def _timeline(brief: Brief, shown: Shown, title: str) -> list[str]:
    lines = [*given(brief, title), *(extract(fact, brief.subjects) for fact in timeline(shown.facts))]
    return lines or [_none(bool(timeline(shown.everything)), "dates")]


def _missing(brief: Brief, shown: Shown, title: str) -> list[str]:
    gaps = [*brief.holes, *brief.open_questions, *missing(shown.everything, brief.subjects)]
    if _OPEN.search(title):
        gaps = [
            *(_differing(group) for group in contradictions(shown.everything, names_of(brief))),
            *gaps,
            *_unplaced(brief, shown),
        ]
    lines = [f"- {plain(line)}" for line in dict.fromkeys(gaps)]
    return lines or ["Nothing is open, as far as rules can tell."]


def _unplaced(brief: Brief, shown: Shown) -> list[str]:
    """Return the findings that no other section takes, so that nobody has to miss them."""
    titles = [
        name
        for name in brief.sections
        if not any(re.search(words, name, re.IGNORECASE) for words, _ in _FILLERS)
    ]
    groups = contradictions(shown.everything, names_of(brief))
    told = {claim.fact for group in groups for claim in group}
    loose = [
        fact for fact in shown.facts if fact not in told and not any(_fits(fact, name) for name in titles)
    ]
    return [f"Found, and in no section: {extract(fact, brief.subjects).removeprefix('- ')}" for fact in loose]


def _differing(group: Sequence[Claim]) -> str:
    told = "; ".join(f"{plain(claim.words).rstrip('.')} {claim.fact.cite}" for claim in group)
    return f"{topic_of(group[0])}: the sources differ: {told}"


def _value(claim: Claim) -> str:
    """Return a claim as a bullet: the row's cell with its label, or the sentence, and where it stands."""
    label = f"{claim.label}: " if claim.label else ""
    where = f" ({claim.fact.source})" if claim.fact.id else ""
    return f"- {label}{plain(claim.words)} {claim.fact.cite}{where}"


def _each(brief: Brief, shown: Shown, title: str) -> list[str]:
    names = names_of(brief)
    lines: list[str] = []
    for name in names:
        own = _prose([fact for fact in shown.facts if subject_of(fact, names) == name])
        told = [extract(fact) for fact in own[:_EACH]] or [_about(brief, shown, name)]
        lines += [f"### {name}", "", *told, ""]
    return lines[:-1] or topic(brief, shown, title)


def _prose(facts: Sequence[Fact]) -> list[Fact]:
    """Return sentences before rows of tables: rows are for the comparison."""
    return sorted(facts, key=lambda fact: "|" in fact.quote)


def _sources(brief: Brief, shown: Shown, title: str) -> list[str]:
    by_source: dict[str, list[str]] = {}
    for fact in shown.facts:
        by_source.setdefault(fact.source, []).append(fact.cite if fact.id else "")
    lines = [
        f"- {source}: {' '.join(dict.fromkeys(cites))}".rstrip(": ") for source, cites in by_source.items()
    ]
    return lines or [LEFT_OUT.format(what="this request") if shown.everything else "No source was given."]


_FILLERS: Final[tuple[tuple[str, Fill], ...]] = (
    (r"contradict|disagree|conflict|discrepan", _contradictions),
    (r"timeline|chronolog|milestones", _timeline),
    (r"missing|open (?:points?|questions?|issues?)|\bgaps?\b|unknown|not found", _missing),
    (r"\beach\b|profiles?\b|one by one", _each),
    (r"comparison|compared|side by side|at a glance", _comparison),
    (r"^(?:executive )?summary|^overview|key (?:points|findings|facts)|in short|^findings|^answer", _summary),
    (r"^sources|references|evidence", _sources),
)


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


def _same_topic(words: str, title: str) -> bool:
    if stems(words.replace("_", " ")) & stems(title):
        return True
    return bool(meant(title) & set(attributes(words.replace("_", " "))[:2]))


def homeless(facts: Sequence[Fact], lines: Sequence[str]) -> Iterator[Fact]:
    """Yield the findings that no line cites."""
    text = "\n".join(lines)
    yield from (fact for fact in facts if fact.cite not in text)
