"""What goes into a section, told by its title: extracts with citations and given facts; never a claim of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.checks.markdown import spans
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import Claim, subject_of
from agents.models.offline.placing import OPEN_POINTS, clause, home, on, same_topic, unsettled
from agents.models.offline.rows import split
from agents.models.offline.standing import document_of, standing
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
from agents.models.offline.topics import attributes, slug

NO_CONCLUSIONS: Final = "No conclusions are drawn."
NOTHING: Final = "Nothing was found in the given sources about {what}."
LEFT_OUT: Final = "What the sources say about {what} is left out here."
NOTHING_OPEN: Final = "Nothing is open, as far as rules can tell."
_SUMMARY: Final = 5  # extracts of a summary
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|may|can|must|shall|[a-z]{2,}(?:s|ed)|came|bought|sold)\b"
)
_CELLS: Final = 3  # of a row in a summary
_EACH: Final = 6  # extracts a subject


@dataclass(frozen=True)
class Shown:
    """The findings a text shows, and all there are: what is left out for length is not called missing."""

    facts: Sequence[Fact]
    everything: Sequence[Fact]
    decisions: Sequence[str] = ()  # what people decided, and no rule made into a change of the text


Fill = Callable[[Brief, Shown, str], list[str]]


def fill(title: str, brief: Brief, shown: Shown) -> list[str]:
    """Return the lines of a section."""
    for words, filler in _FILLERS:
        if re.search(words, title, re.IGNORECASE):
            return filler(brief, shown, title)
    return topic(brief, shown, title)


def extract(fact: Fact, subjects: Sequence[str] = (), under: str = "", cells: int = 0) -> str:
    """Return a finding as a bullet: its words as they stand, their citation, and their subject where they do not name it.

    Args:
        fact: A sentence, or a row of a table.
        subjects: Whom findings may be about.
        under: The subject whose heading the bullet stands under: it is not named again.
        cells: How many cells of a row are enough; 0 for all.
    """
    if fact.by:
        return f"- {fact.by}: {plain(fact.quote)} {fact.cite}"
    who = under or subject_of(fact, subjects)
    words = plain(_of_row(fact.quote, who, cells) if "|" in fact.quote else fact.quote)
    whose = f"{who} – " if who and not under and not mentions(words, who) else ""
    told = [f"{words[start:end]} {fact.cite}" for start, end in spans(words, 0, len(words))]
    return f"- {whose}{' '.join(told)}"


def _of_row(row: str, who: str, most: int) -> str:
    """Return the cells of a row with their labels, without the one that only names whom it is about."""
    found = [
        cell
        for cell in split(row)
        if cell and not (who and slug(cell.partition(":")[2] or cell) == slug(who))
    ]
    return " · ".join(found[:most] if most else found)


def topic(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what was given and what was found on a section's topic, or that nothing was.

    Where the text has a section for open points, values that differ stand there and are not settled here.
    """
    open_points = next((name for name in brief.sections if OPEN_POINTS.search(name)), "")
    differing = unsettled(brief, shown.everything) if open_points else set()
    fitting = clause(brief, shown.everything, title) if open_points else on(shown.everything, title)
    order = shown.everything if open_points else shown.facts  # a clause reads as its document does
    told = [
        extract(fact, brief.subjects)
        for fact in order
        if fact in shown.facts and fact in fitting and fact not in differing
    ]
    lines = [*given(brief, shown, title), *told]
    if any(fact in differing for fact in fitting):
        lines.append(f"- The sources differ here; the values stand under {open_points}.")
    return lines or [_none(bool(fitting), title.lower())]


def _none(some: bool, what: str) -> str:  #  whether there is something that is not shown
    return (LEFT_OUT if some else NOTHING).format(what=what)


def given(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what people gave themselves on a topic: inputs and decisions, word for word."""
    inputs = [
        f"- {name.replace('_', ' ').capitalize()}: {said}"
        for name, said in brief.inputs.items()
        if same_topic(name, title)
    ]
    return [*inputs, *(f"- {plain(one)} (decided)" for one in shown.decisions if same_topic(one, title))]


def placed(shown: Shown, titles: Sequence[str]) -> list[str]:
    """Return the decisions that found no section of their own."""
    return [
        f"- {plain(one)} (decided)"
        for one in shown.decisions
        if not any(same_topic(one, title) for title in titles)
    ]


def leading(brief: Brief, facts: Sequence[Fact]) -> list[Fact]:
    """Return what to say first, of ranked findings: the first of each subject in their order, then the rest."""
    named = [_first_of(name, facts, brief.subjects) for name in brief.subjects]
    return list(dict.fromkeys([*(fact for fact in named if fact), *_prose(facts)]))[:_SUMMARY]


def _first_of(name: str, facts: Sequence[Fact], subjects: Sequence[str]) -> Fact | None:
    own = _prose([fact for fact in facts if subject_of(fact, subjects) == name])
    return next((fact for fact in own if mentions(fact.quote, name)), None)


def _summary(brief: Brief, shown: Shown, title: str) -> list[str]:
    if not shown.facts:
        return [_none(bool(shown.everything), "this request")]
    return [extract(fact, brief.subjects, cells=_CELLS) for fact in leading(brief, shown.facts)]


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
    lines = [*given(brief, shown, title), *(extract(fact, brief.subjects) for fact in timeline(shown.facts))]
    return lines or [_none(bool(timeline(shown.everything)), "dates")]


def _missing(brief: Brief, shown: Shown, title: str) -> list[str]:
    gaps = [*brief.holes, *brief.open_questions, *missing(shown.everything, brief.subjects)]
    if not OPEN_POINTS.search(title):
        return [f"- {plain(line)}" for line in dict.fromkeys(gaps)] or [NOTHING_OPEN]
    differing = [_differing(group) for group in contradictions(shown.everything, names_of(brief))]
    lines = [f"- {plain(line)}" for line in dict.fromkeys([*differing, *gaps])]
    return [*lines, *_in_no_clause(brief, shown)] or [NOTHING_OPEN]


def _in_no_clause(brief: Brief, shown: Shown) -> list[str]:
    """Return the findings that no clause takes, under what their document is, so that nobody has to miss them."""
    titles = [
        name
        for name in brief.sections
        if not any(re.search(words, name, re.IGNORECASE) for words, _ in _FILLERS)
    ]
    told = unsettled(brief, shown.everything) | {
        fact for name in titles for fact in clause(brief, shown.everything, name)
    }
    by_document: dict[str, list[str]] = {}
    for fact in (fact for fact in shown.everything if fact in shown.facts and fact not in told):
        place = home(fact, titles) if "\n" not in fact.quote else ""  # a list bears on several
        bears_on = f"{place}: " if place else ""
        line = f"  - {bears_on}{extract(fact, brief.subjects).removeprefix('- ')}"
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
    return f"{topic_of(group[0])}: the sources differ: {told}"


def _value(claim: Claim) -> str:
    """Return a claim as a bullet: the row's cell with its label, or the sentence, and where it stands."""
    label = f"{claim.label}: " if claim.label else ""
    where = f" ({claim.fact.source})" if claim.fact.id else ""
    return f"- {_by(claim.fact)}{label}{plain(claim.words)} {claim.fact.cite}{where}"


def _by(fact: Fact) -> str:
    return f"{fact.by}: " if fact.by else ""


def _each(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what is found of each subject: first what no other is compared by, then the rest."""
    names = names_of(brief)
    table = "\n".join(side_by_side(shown.facts, names, shown.everything))
    lines: list[str] = []
    for name in names:
        own = [fact for fact in shown.facts if subject_of(fact, names) == name]
        ordered = sorted(_prose(own), key=lambda fact: (fact.cite in table, _is_label(fact.quote)))
        told = [extract(fact, names, under=name) for fact in ordered[:_EACH]] or [_about(brief, shown, name)]
        lines += [f"### {name}", "", *told, ""]
    return lines[:-1] or topic(brief, shown, title)


def _is_label(words: str) -> bool:
    """Whether words only name a document or somebody: nothing in them that a buyer asks for, and no verb."""
    return not attributes(words) and not _VERB.search(words)


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


def homeless(facts: Sequence[Fact], lines: Sequence[str]) -> Iterator[Fact]:
    """Yield the findings that no line cites."""
    text = "\n".join(lines)
    yield from (fact for fact in facts if fact.cite not in text)
