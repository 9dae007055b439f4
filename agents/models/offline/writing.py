"""The writer: the contract's sections filled with extracts, tables and given facts, below the length that is wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents import checks
from agents.contracts import Draft, Part
from agents.models.offline import answering, drawing, reliance, wants
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.extracts import Shown, extracts
from agents.models.offline.flags import denials, flags
from agents.models.offline.gathering import gather
from agents.models.offline.material import nothing_given
from agents.models.offline.missing import NO_CONTRADICTIONS, NOTHING_OPEN
from agents.models.offline.placing import unsettled
from agents.models.offline.querying import borne_out_by_nothing, pending
from agents.models.offline.revising import Changes, Scope, changes
from agents.models.offline.sections import NO_CONCLUSIONS, fill, homeless, placed
from agents.models.offline.summing import of_draft
from agents.models.offline.titles import short_title
from agents.models.offline.topics import KNOWN, attributes, meant, stems

_TAKES_REST: Final = re.compile(r"open|missing|finding|summary|other|notes?", re.IGNORECASE)
_FIRST, _SECOND, _LAST = -2, -1, 1_000  # turns before and after those of all other findings
_UNKNOWN: Final = "not known"  # what people answer who cannot say
_ABOUT: Final = ("target", "market", "product")  # inputs that say what the whole text is about
_LONGEST_NAME: Final = 70  # characters
_OWNED: Final = re.compile(r"\b(?:shares|owned|held)\b.*\d ?%|\d ?% of (?:the |all )?shares\b", re.IGNORECASE | re.DOTALL)
_YEAR_CELL: Final = re.compile(r"(?:^|\| )(?:year|period): (?P<year>(?:19|20)\d\d)(?= \||$)", re.IGNORECASE)
_LONGEST_TITLE: Final = 120
_ROWS: Final = 3  # the turn of a table's rows where nothing is compared by them: the table stands in its file
ALL: Final = 1_000  # lines on what is missing: as many as there are
_SOME: Final = 8  # findings that a short text keeps before it tells every gap
_NOTHING_TO_SAY: Final = ([NOTHING_OPEN], [NO_CONTRADICTIONS])  # no section where nobody asked for one
_SPARE: Final = 0.95  # share of the wanted length that is used: people count words differently


@dataclass(frozen=True)
class Form:
    """How a text is put together where the contract does not say."""

    sections: tuple[str, ...] = ("Findings", "Contradictions", "What is missing")
    titled: bool = True
    rest: bool = False  # findings that fit no section get one of their own, also under a contract


def draft(brief: Brief, form: Form = Form()) -> Draft:
    """Return the deliverable: words of sources with what they cite, and nothing that no source says."""
    if nothing := nothing_given(brief):
        return Draft(text=f"{nothing}\n", summary=nothing)
    if _is_question(brief):
        return answering.draft(brief)
    everything = facts_of(brief)
    scope = Scope(tuple(brief.sections or form.sections), tuple(everything))
    wanted = changes(brief, scope)
    facts = ranked(brief, [fact for fact in everything if wanted.keeps(fact) and _usable(fact, brief)])
    decided = tuple(one for one in brief.decisions if one not in wanted.followed)
    kept, gaps = _fitted(brief, Shown(facts, everything, decided), wanted, form)
    shown = Shown(facts[:kept], everything, decided)
    text = compose(brief, shown, wanted, form, gaps)
    return Draft(text=text, summary=of_draft(brief, shown, wanted, text), open_questions=_open(brief, wanted))


def _is_question(brief: Brief) -> bool:
    """Whether the request is a question, asked of documents alone: no form is wanted, and nothing is to be changed yet."""
    formless = not (brief.sections or brief.facts or brief.notes)
    return formless and bool(brief.documents) and wants.question(brief.request)


def facts_of(brief: Brief) -> list[Fact]:
    """Return the findings; without any, sentences of the documents themselves."""
    if brief.facts or not brief.documents:
        return brief.facts
    sources = {part.id: part for part in brief.documents}
    return [
        _straight(finding.quote, sources[finding.source], finding.key) for finding in gather(brief).findings
    ]


def ranked(brief: Brief, facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings, those first that matter most: the first of each key, then what the request speaks of."""
    asked = stems(
        "\n".join([brief.request, brief.inputs.get("question", ""), brief.instructions, *brief.sections])
    )
    seen: dict[str, int] = {}
    weight = _weight(brief, facts)
    order: list[tuple[int, int, int, int]] = []
    for place, fact in enumerate(facts):
        turn = seen.get(fact.key, 0) if "/" in fact.key or fact.key in KNOWN else 1
        seen[fact.key] = turn + 1
        turn = max(turn, _ROWS) if "|" in fact.quote and not brief.subjects else turn
        turn = weight.get(fact, turn)
        fit = len(asked & stems(f"{fact.key} {fact.quote}")) + bool(attributes(fact.quote))
        order.append((turn, -_year_of(fact), -fit, place))
    return [facts[place] for *_, place in sorted(order)]


def _year_of(fact: Fact) -> int:
    """Return the year a row has in a column for it, 0 for anything else: the newest rows are left out last."""
    found = _YEAR_CELL.search(fact.quote)
    return int(found["year"]) if found else 0


def _weight(brief: Brief, facts: Sequence[Fact]) -> dict[Fact, int]:
    """Return which findings come before and after all others: what contradicts, what is to be looked at, what is old."""
    told = {fact: _LAST for fact, _ in reliance.old(facts, brief.inputs.get("period", ""))}
    if any(re.search(r"flag|risk", name, re.IGNORECASE) for name in brief.sections):
        told |= {flag.fact: _SECOND for flag in flags(facts, brief.material)}
        told |= {fact: _SECOND for fact in facts if borne_out_by_nothing(fact)}
    if any("ownership" in meant(name) for name in brief.sections):
        told |= {fact: _SECOND for fact in facts if _OWNED.search(fact.quote)}
    if any(re.search(r"missing|gap", name, re.IGNORECASE) for name in brief.sections):
        told |= dict.fromkeys(pending(facts), _SECOND)
    told |= {fact: _FIRST for denial, against in denials(facts) for fact in (denial, *against)}
    return told | dict.fromkeys(unsettled(brief, facts), _FIRST) if _reports(brief) else told


def _reports(brief: Brief) -> bool:
    """Whether the text has a section on what contradicts."""
    return any(re.search(r"contradict|differ", name, re.IGNORECASE) for name in brief.sections)


def compose(brief: Brief, shown: Shown, wanted: Changes, form: Form, gaps: int = ALL) -> str:
    """Return the text with these findings, in the order of the sections; ``gaps`` lines say what is missing."""
    titles = wanted.ordered(brief.sections or form.sections)
    filled = {title: _cut(title, fill(title, brief, shown), gaps) for title in titles}
    rest = list(homeless(shown.facts, [line for lines in filled.values() for line in lines]))
    loose = placed(shown, titles)
    home = next((title for title in titles if _TAKES_REST.search(title)), titles[-1] if titles else "")
    shows = drawing.homes(brief, filled)
    blocks = [f"# {wanted.heading(_title(brief))}"] if form.titled else []
    for title in titles:
        lines = [*filled[title], *(loose if title == home else [])]
        if not brief.sections and lines in _NOTHING_TO_SAY:
            continue
        pictures = [line for line, place in shows.items() if place == title]
        blocks.append("\n\n".join([f"## {wanted.heading(title)}", "\n".join(lines), *pictures]))
    if rest and (form.rest or not brief.sections):
        ordered = [fact for fact in shown.everything if fact in rest]
        told = "\n".join(extracts(ordered, brief.subjects, shown.everything))
        blocks.append(f"## Other findings\n\n{told}")
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(blocks))
    return f"{text}\n\n*{_closing(some=any(homeless(shown.everything, [text])))}*\n"


def _closing(*, some: bool) -> str:  # whether some of what was found is not shown
    """Return how the text is to be read."""
    more = "More was found than is shown here. " if some else ""
    return f"Extracts stand word for word as in their sources. {more}{NO_CONCLUSIONS}"


def _fitted(brief: Brief, shown: Shown, wanted: Changes, form: Form) -> tuple[int, int]:
    """Return how many findings and lines on gaps fit into the length; gaps give way so that some findings can stay."""
    limits = [most for most in (brief.limits.most_words, wanted.most_words) if most]
    most = int(min(limits) * _SPARE) if limits else 0
    for gaps in (ALL, 6, 3):
        kept = _fitting(brief, shown, wanted, form, gaps, most)
        if kept >= min(len(shown.facts), _SOME):
            return kept, gaps
    return _fitting(brief, shown, wanted, form, 1, most), 1


def _fitting(brief: Brief, shown: Shown, wanted: Changes, form: Form, gaps: int, most: int) -> int:
    """Return how many of the ranked findings fit: the lowest-ranked are left out first."""
    low, high = 0, len(shown.facts)
    while low < high:
        middle = (low + high + 1) // 2
        text = compose(brief, replace(shown, facts=shown.facts[:middle]), wanted, form, gaps)
        fits = (not most or checks.words(text) <= most) and len(text) <= brief.room
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def _cut(title: str, lines: list[str], gaps: int) -> list[str]:
    """Return a section on what is missing with its first lines only, saying how many more there are."""
    if len(lines) <= gaps or not re.search(r"missing|open|gaps", title, re.IGNORECASE):
        return lines
    return [*lines[:gaps], f"- {len(lines) - gaps} more points stand in the open questions of this run."]


def _usable(fact: Fact, brief: Brief) -> bool:
    """Whether an extract may stand in a text: no placeholder of its source, nothing the request rules out."""
    contract = checks.Contract(forbidden=brief.limits.forbidden)
    return not any(
        one.rule in ("placeholder", "forbidden", "date-impossible", "weekday-wrong")
        for one in checks.check(fact.quote, contract, {}, {})
    )


def _straight(quote: str, part: Part, key: str) -> Fact:
    return Fact("", quote, part.source or part.id, key)


def _title(brief: Brief) -> str:
    title = short_title(brief.request, _LONGEST_TITLE) or brief.task.get("title") or "Result"
    about = next((brief.inputs[name] for name in _ABOUT if brief.inputs.get(name, _UNKNOWN) != _UNKNOWN), "")
    known = not about or len(about) > _LONGEST_NAME or stems(about) <= stems(title)
    return title if known else f"{title}: {about}"


def _open(brief: Brief, wanted: Changes) -> list[str]:
    """Return what stays open: earlier questions, holes, and notes that rules cannot follow."""
    return list(dict.fromkeys([*wanted.undone, *brief.holes, *brief.open_questions]))[:20]
