"""What a handoff says first: what was found, in the words of the sources; how it was made comes last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.models.offline.brief import Brief, Fact
from agents.models.offline.extracts import Shown, extract
from agents.models.offline.placing import OPEN_POINTS, unsettled
from agents.models.offline.revising import Changes
from agents.models.offline.sections import NO_CONCLUSIONS, homeless, leading
from agents.models.offline.tables import contradictions, names_of, topic_of

_LONGEST: Final = 420  # characters of extracts: a card shows 600 characters of a summary
_LONGEST_SUMMARY: Final = 4_000  # characters


def of_draft(brief: Brief, shown: Shown, wanted: Changes, text: str) -> str:
    """Return the summary of a text: its first findings, what the sources differ on, what was changed and left out."""
    open_points = any(OPEN_POINTS.search(name) for name in brief.sections)
    differing_facts = unsettled(brief, shown.everything) if open_points else set()
    cited = [fact for fact in shown.facts if fact.cite in text and fact not in differing_facts]
    groups = contradictions(shown.everything, names_of(brief))
    topics = ", ".join(dict.fromkeys(topic_of(group).replace(", ", " ") for group in groups))
    differing = [f"The sources differ on {topics}."] if groups else []
    told = [f"In headings, {old!r} is now {new!r}." for old, new in wanted.renames]
    sections = {name.casefold() for name in brief.sections}
    told += [f"{_named(words, sections)} was left out." for words in wanted.dropped]
    left_out = len(list(homeless(shown.everything, [text])))
    told += [f"{_counted(left_out)} left out, for the length or because not wanted."] if left_out else []
    lines = [*first_lines(brief, cited), "", " ".join([*differing, *told, *wanted.undone, NO_CONCLUSIONS])]
    return "\n".join(lines).strip()[:_LONGEST_SUMMARY]


def first_lines(brief: Brief, facts: Sequence[Fact]) -> list[str]:
    """Return the first findings as bullets, each with the document it stands in, as many as a card has room for."""
    lines: list[str] = []
    for fact in leading(brief, facts):
        line = extract(fact, brief.subjects, cells=3).replace(f" {fact.cite}", "") + f" ({fact.place})"
        if sum(map(len, lines)) + len(line) <= _LONGEST:
            lines.append(line)
    return lines


def _named(words: str, sections: set[str]) -> str:
    return f"The section {words!r}" if words.casefold() in sections else f"What says {words!r}"


def _counted(findings: int) -> str:
    return f"{findings} finding{' was' if findings == 1 else 's were'}"
