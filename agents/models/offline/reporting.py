"""Sections of reports that rules fill in their own way: red flags, documents nobody gave, questions, how sure, claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline import judged, querying, reliance
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.extracts import Shown, extracts, none, of_row
from agents.models.offline.flags import flags, looked_at
from agents.models.offline.missing import differing, place
from agents.models.offline.placing import of_field, on
from agents.models.offline.standing import document_of
from agents.models.offline.tables import contradictions, names_of, plain, row, says_something, topic_of

_NOT_WEIGHED: Final = (
    "*Rules find these places by their words and weigh none of them, and no language model was used: severity, why, "
    "and what "
    "would settle it are for a person to add.*"
)
_NOT_SURE: Final = (
    "*How sure a figure is, rules do not weigh, and no language model was used: strong, fair or weak is for a person to "
    "say.*"
)
_NO_CLAIMS: Final = (
    "*Rules write no claims, and no language model was used. What a claim could rest on, in the words of the sources:*"
)
_NO_DOCUMENTS: Final = "No file speaks of a document that is not there, as far as rules can tell."
_FLAG_CELL: Final = 320  # characters of a quote in a table's cell
_OLD: Final = 5  # figures that are called out of date, whatever the length
_CLAIMS: Final = 14


def red_flags(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return the findings to be looked at as a table: what the words speak of, area, evidence."""
    found = flags(shown.facts, brief.material)
    if not found:
        return [none(bool(flags(shown.everything)), "anything of this kind")]
    above = "above the amount given" if brief.material else ""
    lines = [_NOT_WEIGHED, "", row(["The words speak of", "Area", "Severity", "Evidence"]), row(["---"] * 4)]
    for flag in found:
        speaks = ", ".join([*flag.kinds, *([above] if flag.above and above else [])])
        lines.append(
            row(
                [
                    speaks,
                    flag.fact.reader or document_of(flag.fact),
                    "not judged",
                    _cell(looked_at(flag.fact)),
                ]
            )
        )
    return lines


def missing_documents(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return the documents that files speak of and nobody gave."""
    return [f"- {line}" for line in querying.gaps(brief, shown.everything)] or [_NO_DOCUMENTS]


def asked_of_people(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return questions that follow from what differs, is missing, or stands alone; numbered, the most telling first."""
    found = islice(dict.fromkeys(querying.questions(brief, shown.everything)), querying.MOST)
    return [f"{number}. {plain(line)}" for number, line in enumerate(found, start=1)] or [
        "Nothing is left to ask, as far as rules can tell."
    ]


def how_sure(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what a reader has to know before relying on the figures: dates of the sources, methods, what is out of date."""
    known = reliance.dated(shown.everything)
    dated = [
        f"- {name}: {plain(fact.quote)} {fact.cite}" for name, fact in known.items() if fact in shown.facts
    ]
    old = [
        f"- Out of date, {year} is the newest year in it: {plain(fact.quote)} {fact.cite}"
        for fact, year in reliance.old(shown.everything, brief.inputs.get("period", ""))[:_OLD]
    ]
    said = [fact for fact in reliance.methods(shown.facts) if fact not in known.values()]
    groups = contradictions(shown.everything, names_of(brief))
    topics = "; ".join(dict.fromkeys(topic_of(group) for group in groups))
    lines = [_NOT_SURE, *_headed("Dates of the sources", dated), *_headed("Out of date", old)]
    lines += _headed("How it was counted, in the words of the sources", extracts(said, (), shown.everything))
    return [
        *lines,
        *_headed(
            "Where the sources differ",
            [f"- {topics}: the values stand side by side in their own section."] if topics else [],
        ),
    ]


def definitions(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what the sources count, in their own words."""
    found = reliance.definitions(shown.facts) or on(shown.facts, title)
    given = [
        f"- {name.replace('_', ' ').capitalize()}: {said}"
        for name, said in brief.inputs.items()
        if name in ("market", "region", "period", "unit")
    ]
    return [*given, *extracts(found, (), shown.everything)] or [none(False, title.lower())]


def sizes(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return figures with their years as a table, oldest first; then the tables of the sources."""
    own = of_field(shown.facts, title) or on(shown.facts, title)
    own = [*own, *(fact for fact in shown.facts if reliance.measures(fact) and fact not in own)]
    told = [
        fact for fact in own if "|" not in fact.quote and list(reliance.years(fact)) and figures(fact.quote)
    ]
    elsewhere = _elsewhere(brief, shown)
    ordered = sorted(told, key=lambda fact: next(reliance.years(fact)))
    lines = [row(["Year", "As the source says it", "What it is", "Source"]), row(["---"] * 4)]
    lines += [
        row([", ".join(reliance.years(fact)), _cell(fact), reliance.kind_of(fact), place(fact)])
        for fact in ordered
    ]
    rest = extracts(
        [fact for fact in own if fact not in (*told, *elsewhere) and says_something(fact.quote)], (), shown.everything
    )
    return [*(lines if ordered else []), *([""] if ordered and rest else []), *rest] or [
        none(bool(of_field(shown.everything, title)), title.lower())
    ]


def _elsewhere(brief: Brief, shown: Shown) -> list[Fact]:
    """Return the findings on what is counted and how, where sections of their own show them."""
    counted = any(re.search(r"^definitions?\b|^the market$|how sure", name, re.IGNORECASE) for name in brief.sections)
    return [*reliance.definitions(shown.facts), *reliance.methods(shown.facts)] if counted else []


def claims(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what could be promised, with what each rests on, and what a source says may not be said."""
    own = [
        fact
        for fact in shown.facts
        if fact in (of_field(shown.everything, "product proof") or shown.everything)
    ]
    found = judged.promises(own)[:_CLAIMS]
    if not found:
        return [none(bool(judged.promises(shown.everything)), title.lower())]
    lines = [row(["What a source says", "Date in it", "Source"]), row(["---"] * 3)]
    lines += [row([_cell(fact), _dates(fact) or "none", place(fact)]) for fact in found]
    return [_NO_CLAIMS, "", *lines]


def _dates(fact: Fact) -> str:
    return ", ".join(dict.fromkeys(plain(day.text) for day in dates(fact.quote) if day.readings))


def not_said(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return what the request rules out and what sources say may not be said, or only under a condition."""
    asked = [f"- {plain(text)} (request)" for text in judged.ruled_out(brief)]
    return [*asked, *extracts(judged.forbids(shown.facts))] or [none(False, title.lower())]


def for_a_person(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return that a section needs a person, and the findings that bear on it."""
    kind = judged.judged(title)
    if kind is None:
        return [none(False, title.lower())]
    earlier = brief.sections[: brief.sections.index(title)] if title in brief.sections else ()
    before = [known for name in earlier if (known := judged.judged(name))]
    found = judged.bearing(kind, shown.facts, before)
    return [
        kind.sentence,
        *(
            ["", "What the sources say that bears on it:", "", *extracts(found, (), shown.everything)]
            if found
            else []
        ),
    ]


def both(brief: Brief, shown: Shown, title: str) -> list[str]:
    """Return contradictions, then what nobody says."""
    return [*differing(brief, shown), *(f"- {plain(line)}" for line in brief.open_questions)]


def _cell(fact: Fact) -> str:
    words = plain(of_row(fact.quote) if "|" in fact.quote else fact.quote).replace("|", ",")
    by = f"{fact.by}: " if fact.by else ""
    if len(words) > _FLAG_CELL:
        words = f"{words[:_FLAG_CELL].rsplit(' ', 1)[0]} …"
    return f"{by}{words} {fact.cite}"


def _headed(heading: str, lines: Sequence[str]) -> list[str]:
    return ["", f"### {heading}", "", *lines] if lines else []
