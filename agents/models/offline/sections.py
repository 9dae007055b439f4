"""What goes into a section, told by its title: extracts with citations and given facts; never a claim of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from agents.models.offline import reporting
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.claims import subject_of
from agents.models.offline.extracts import LEFT_OUT, Shown, extract, extracts, none
from agents.models.offline.judged import judged
from agents.models.offline.missing import differing, differing_in_short, disputed, lacking
from agents.models.offline.placing import OPEN_POINTS, clause, of_field, on, same_topic, unsettled
from agents.models.offline.reliance import is_head, is_label
from agents.models.offline.rows import labelled, split
from agents.models.offline.standing import document_of
from agents.models.offline.subjects import mentions
from agents.models.offline.tables import dated, names_of, plain, says_something, side_by_side, timeline

NO_CONCLUSIONS: Final = "No conclusions are drawn."
_SUMMARY: Final = 5  # extracts of a summary
_CELLS: Final = 3  # of a row in a summary
_EACH: Final = 6  # extracts a subject
_BROAD: Final = ("market", "target", "deal", "product")  # inputs that the whole text is about
_LONG_ROW: Final = 4  # cells
_ENOUGH: Final = 60  # characters of a sentence that show that it stands in a text
_SEVERAL, _MANY = 2, 5  # documents and findings from which each document has a line of its own


Fill = Callable[[Brief, Shown, str], list[str]]


def fill(title: str, brief: Brief, shown: Shown) -> list[str]:
    """Return the lines of a section."""
    if not _is_clause(brief, title):
        for words, filler in _FILLERS:
            if re.search(words, title, re.IGNORECASE):
                return filler(brief, shown, title)
        if judged(title) and not of_field(shown.everything, title):
            own = given(brief, shown, title)
            return [*own, *([""] if own else []), *reporting.for_a_person(brief, shown, title)]
    return topic(brief, shown, title)


def _is_clause(brief: Brief, title: str) -> bool:
    """Whether a section is a clause: the text has a section for open points, and this is not it."""
    known = "|".join(words for words, _ in _ALWAYS)
    return any(OPEN_POINTS.search(name) for name in brief.sections) and not re.search(
        known, title, re.IGNORECASE
    )


def topic(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what was given and what was found on a section's topic, or that nothing was."""
    if any(OPEN_POINTS.search(name) for name in brief.sections):
        return _clause(brief, shown, title)
    everything = of_field(shown.everything, title) or on(shown.everything, title)
    told = [fact for fact in shown.facts if fact in everything and (says(fact.quote) or fact.by)]
    own, found = given(brief, shown, title), _by_document(brief, told) if told else []
    gap = [""] if own and found and found[0].endswith(":") else []
    return [*own, *gap, *found] or [none(bool(everything), title.lower())]


def _by_document(brief: Brief, facts: Sequence[Fact]) -> list[str]:
    """Return findings in reading order, below the name of their document where there are several: it says who says it."""
    names = dict.fromkeys(
        document_of(fact) for fact in sorted(facts, key=lambda fact: _place_of(fact, brief))
    )
    if len(names) < _SEVERAL or brief.subjects or len(facts) < _MANY:
        return extracts(facts, brief.subjects, brief.facts)
    lines: list[str] = []
    for name in names:
        own = sorted((fact for fact in facts if document_of(fact) == name), key=lambda fact: fact.offset)
        found = extracts(own, brief.subjects, brief.facts)
        lines += [*([""] if lines else []), *([] if found[0].endswith(":") else [f"{name}:", ""]), *found]
    return lines


def _place_of(fact: Fact, brief: Brief) -> int:
    """Return where a finding stands among all of the brief, as its readers brought them."""
    return next((place for place, one in enumerate(brief.facts) if one.id == fact.id), len(brief.facts))


def _clause(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what may stand in a clause, as its document orders it: values that differ stand under open points instead."""
    open_points = next(name for name in brief.sections if OPEN_POINTS.search(name))
    different = unsettled(brief, shown.everything)
    fitting = clause(brief, shown.everything, title)
    told = [
        extract(fact, brief.subjects)
        for fact in shown.everything
        if fact in shown.facts and fact in fitting and fact not in different and not is_label(fact.quote)
    ]
    lines = [*given(brief, shown, title), *told]
    if any(fact in different for fact in fitting):
        lines.append(f"- The sources differ here; the values stand under {open_points}.")
    return lines or [none(bool(fitting), title.lower())]


def given(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what people gave themselves on a topic: inputs and decisions, word for word."""
    inputs = [
        f"- {name.replace('_', ' ').capitalize()}: {said}"
        for name, said in brief.inputs.items()
        if same_topic(name, title) and (_is_clause(brief, title) or name not in _BROAD)
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
    readers = dict.fromkeys(fact.reader for fact in facts if fact.reader) if not brief.subjects else ()
    named += [next(fact for fact in _prose(facts) if fact.reader == reader) for reader in readers]
    return list(dict.fromkeys([*(fact for fact in named if fact), *_prose(facts)]))[:_SUMMARY]


def _first_of(name: str, facts: Sequence[Fact], subjects: Sequence[str]) -> Fact | None:
    own = _prose([fact for fact in facts if subject_of(fact, subjects) == name])
    return next((fact for fact in own if mentions(fact.quote, name)), None)


def _summary(brief: Brief, shown: Shown, title: str) -> list[str]:
    if not shown.facts:
        return [none(bool(shown.everything), "this request")]
    short = differing_in_short(brief, shown)
    doubted = disputed(brief, shown) if short else set()
    first = [
        f"{extract(fact, brief.subjects, cells=_CELLS)}{' (the sources differ)' if fact in doubted else ''}"
        for fact in leading(brief, shown.facts)
    ]
    return [*first, *short]


def _comparison(brief: Brief, shown: Shown, title: str) -> list[str]:
    table = side_by_side(shown.facts, names_of(brief), shown.everything)
    about = {subject_of(fact, brief.subjects) for fact in shown.facts}
    silent = [_about(brief, shown, name) for name in brief.subjects if name not in about]
    lines = [*table, *([""] if table and silent else []), *(f"- {line}" for line in silent)]
    return lines or topic(brief, shown, title)


def _about(brief: Brief, shown: Shown, name: str) -> str:
    """Return why nothing of a subject is shown."""
    return none(any(subject_of(fact, brief.subjects) == name for fact in shown.everything), name)


def _contradictions(brief: Brief, shown: Shown, title: str) -> list[str]:
    return differing(brief, shown)


def _missing(brief: Brief, shown: Shown, title: str) -> list[str]:
    titles = [
        name for name in brief.sections if not any(re.search(w, name, re.IGNORECASE) for w, _ in _ALWAYS)
    ]
    return lacking(brief, shown, titles, open_points=bool(OPEN_POINTS.search(title)))


def _timeline(brief: Brief, shown: Shown, title: str) -> list[str]:
    told = [
        f"- {when}: {extract(fact, brief.subjects).removeprefix('- ')}"
        for when, fact in dated(timeline([fact for fact in shown.facts if not is_head(fact.quote)]))
    ]
    return [*given(brief, shown, title), *told] or [none(bool(timeline(shown.everything)), "dates")]


def _each(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what is found of each subject: first what no other is compared by, then the rest."""
    names = names_of(brief)
    table = "\n".join(side_by_side(shown.facts, names, shown.everything))
    lines: list[str] = []
    for name in names:
        own = [fact for fact in shown.facts if subject_of(fact, names) == name]
        ordered = sorted(_prose(own), key=lambda fact: (fact.cite in table, not says_something(fact.quote)))
        told = [_apart(fact, name, table) for fact in ordered[:_EACH]] or [_about(brief, shown, name)]
        lines += [f"### {name}", "", *told, ""]
    return lines[:-1] or topic(brief, shown, title)


def _apart(fact: Fact, name: str, table: str) -> str:
    """Return a finding under its subject's heading; of a long row only what the comparison does not show."""
    cells = split(fact.quote) if "|" in fact.quote else []
    if len(cells) <= _LONG_ROW:
        return extract(fact, [name], under=name)
    fresh = [cell for cell in cells if f"{cell.partition(': ')[2] or cell} {fact.cite}" not in table]
    return extract(replace(fact, quote=" | ".join(fresh)), [name], under=name)


def _prose(facts: Sequence[Fact]) -> list[Fact]:
    """Return sentences before rows of tables, which are for the comparison, and before what only says what a document is."""
    return sorted(
        facts, key=lambda fact: ("|" in fact.quote) + 2 * (is_head(fact.quote) and "|" not in fact.quote)
    )


def _sources(brief: Brief, shown: Shown, title: str) -> list[str]:
    by_source: dict[str, list[str]] = {}
    for fact in shown.facts:
        by_source.setdefault(fact.place, []).append(fact.cite if fact.id else "")
    lines = [
        f"- {source}: {' '.join(dict.fromkeys(cites))}".rstrip(": ") for source, cites in by_source.items()
    ]
    return lines or [LEFT_OUT.format(what="this request") if shown.everything else "No source was given."]


_ALWAYS: Final[tuple[tuple[str, Fill], ...]] = (
    (r"(?:contradict|conflict).*\bgaps?\b", reporting.both),
    (r"contradict|disagree|conflict|discrepan", _contradictions),
    (r"missing documents?|documents? (?:missing|not given)", reporting.missing_documents),
    (r"missing|open (?:points?|questions?|issues?)|\bgaps?\b|unknown|not found", _missing),
)
_FILLERS: Final[tuple[tuple[str, Fill], ...]] = (
    *_ALWAYS,
    (r"^questions?\b|to ask", reporting.asked_of_people),
    (r"red flags?|^risks?\b|warning signs", reporting.red_flags),
    (r"how sure|reliab|confidence|certainty", reporting.how_sure),
    (r"^definitions?\b|^the market$|what is counted", reporting.definitions),
    (r"^sizes?\b|market size", reporting.sizes),
    (r"do not say|not said|may not|off limits", reporting.not_said),
    (r"^claims?\b|^proof|evidence for", reporting.claims),
    (r"timeline|chronolog|milestones|calendar", _timeline),
    (r"\beach\b|profiles?\b|one by one", _each),
    (r"comparison|compared|side by side|at a glance", _comparison),
    (r"^(?:executive )?summary|^overview|key (?:points|findings|facts)|in short|^findings|^answer", _summary),
    (r"^sources|references|evidence", _sources),
)


def homeless(facts: Sequence[Fact], lines: Sequence[str]) -> Iterator[Fact]:
    """Yield the findings that no line shows, but those that only name a document."""
    text = "\n".join(lines)
    yield from (fact for fact in facts if not _stands(fact, text) and (fact.by or says(fact.quote)))


def says(quote: str) -> bool:
    """Whether words say something of a thing, and not only what a document is called."""
    return says_something(quote) and not is_label(quote)


def _stands(fact: Fact, text: str) -> bool:
    """Whether a text cites a finding; one without an id is there where its words or its cells are."""
    if fact.id:
        return fact.cite in text
    told = [cell.value for cell in labelled(fact.quote, "")] if "|" in fact.quote else [plain(fact.quote)[:_ENOUGH]]
    return all(words in text for words in told)
