"""Findings checked against the stored bytes. PURE: a quote that does not stand in its source is not a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from agents.checks import verify_quote
from agents.contracts import Finding
from agents.stations.assignment import Assignment, Source
from agents.stations.material import gather
from agents.tools.documents import Span, at

_BULLET: Final = re.compile(r"^\s*(?:[-*]|\d+\.)?\s+")


@dataclass(frozen=True)
class Sorted:
    """Findings that stand, as rows, and sentences about those that do not."""

    rows: tuple[dict[str, Any], ...]
    wrong: tuple[str, ...]


def sort(given: Assignment, documents: Iterable[Source], findings: Iterable[Finding]) -> Sorted:
    """Return which findings stand word for word in a source of this run; each gets its id, its place and its page."""
    by_id = {source.id: source for source in documents}
    rows: list[dict[str, Any]] = []
    wrong: list[str] = []
    for finding in findings:
        place = _place(by_id, finding)
        if place is None:
            wrong.append(
                f"The quote “{finding.quote[:120]}” does not stand in {finding.source or 'any part'!r}, word for word."
            )
        else:
            rows.append(_row(f"F{given.number * 100 + len(rows) + 1}", finding, *place))
    return Sorted(tuple(rows), tuple(wrong))


def _place(by_id: Mapping[str, Source], finding: Finding) -> tuple[Source, int, int] | None:
    """Return where the quote stands; a model may name the wrong part of the right document."""
    source = by_id.get(finding.source.split(".")[0])
    span = verify_quote(finding.quote, source.text) if source and finding.quote.strip() else None
    return (source, *span) if source and span else None


def _row(id: str, finding: Finding, source: Source, start: int, end: int) -> dict[str, Any]:
    where = at(tuple(Span(*span) for span in source.spans), start, end)
    return {
        "id": id,
        "claim": finding.claim,
        "quote": source.text[start:end],
        "key": finding.key,
        "as_of": finding.as_of,
        "document": source.id,
        "sha256": source.sha256,
        "start": start,
        "end": end,
        "label": f"{source.name}, {where}" if where else source.name,
    }


def placed(text: str, documents: Iterable[Source]) -> str:
    """Return a text whose words of documents name their page or row, where it names the stretch that its author was shown.

    Words that do not stand in that stretch keep what stands behind them.
    """
    for source in documents:
        for label, start, end in gather(source.spans):
            named = f"({source.name}, {label})"
            if " to " in label and named in text:
                pattern = re.compile(rf"(?P<words>[^\n]*?)(?P<gap> (?:\| )?){re.escape(named)}")
                text = pattern.sub(partial(_narrowed, source, (start, end)), text)
    return text


def _narrowed(source: Source, shown: tuple[int, int], match: re.Match[str]) -> str:
    pieces = [one for one in re.split(r" · |\|", _BULLET.sub("", match["words"])) if one.strip()]
    wanted = r"[^\n]*?".join(r"\s+".join(map(re.escape, piece.split())) for piece in pieces)
    found = re.compile(wanted).search(source.text, *shown) if pieces else None
    if found is None:
        return match[0]
    where = at(tuple(Span(*span) for span in source.spans), *found.span())
    return f"{match['words']}{match['gap']}({source.name}, {where})"


def told(rows: Iterable[Mapping[str, Any]], summary: str) -> str:
    """Return findings as a text people can read: the artifact of a task that gathers."""
    lines = [f"- {row['claim']} [{row['id']}]\n  > {row['quote']}\n  — {row['label']}" for row in rows]
    return "\n".join([summary, "", *lines]).strip() + "\n"
