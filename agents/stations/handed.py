"""What earlier tasks passed on, as briefs show it: each finding once, and no text twice. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from agents.checks.dates import dates
from agents.contracts import Part, PartKind
from agents.planning.plan import PlanTask
from agents.stations.apart import apart, beyond
from agents.stations.assignment import Assignment, Received
from agents.stations.evidence import told as listed_by_code

LONGEST_HANDOFFS: Final = 160_000  # characters of earlier tasks' texts, about 40,000 tokens


def handoffs(given: Assignment) -> list[Part]:
    """Return what earlier tasks passed on: texts whole while they fit, of the others the beginning and where the rest is."""
    room, parts = LONGEST_HANDOFFS, list[Part]()
    for received in _each_question_once(given.received):
        text = "" if received.findings and not _has_own_text(received) else received.text
        whole = len(text) <= room
        shown = text if whole else _beginning(received, text[:room], given.task)
        room -= min(len(text), room)
        parts += [*_handoff(received, shown, whole), *_evidence(received), *_chosen(received)]
    return _once(parts)


def evidence(given: Assignment) -> list[Part]:
    """Return the findings of all handoffs, each with its quote and where it stands."""
    return _once(part for received in given.received for part in _evidence(received))


def measured_by(given: Assignment, artifact: str) -> tuple[list[Part], list[Part]]:
    """Return the handoffs whose text a criterion measures by, such as "nothing differs from the draft".

    First those that are shown whole, alike in every review; then those that lack what the artifact holds word for word.
    """
    whole, rest = list[Part](), list[Part]()
    for received in given.received:
        if _is_measure(received, given.task):
            text = apart(received.text, artifact)
            parts = whole if text == received.text else rest
            parts += [*_handoff(received, text, whole=True), *_chosen(received)]
    return whole, rest


def _is_measure(received: Received, task: PlanTask) -> bool:
    name = re.compile(rf"\b(?:of|from) the {re.escape(received.makes)}\b", re.IGNORECASE)
    named = any(name.search(criterion) for criterion in task.done_when)
    return named and bool(received.text) and (not received.findings or _has_own_text(received))


def _each_question_once(received: Iterable[Received]) -> Iterable[Received]:
    """Yield handoffs without the open questions that an earlier one asks in the same words."""
    known = set[str]()
    for one in received:
        yield replace(one, open_questions=tuple(asked for asked in one.open_questions if asked not in known))
        known.update(one.open_questions)


def _once(parts: Iterable[Part]) -> list[Part]:
    """Return the parts with each finding where it is handed over first; a later task hands on those it cites."""
    kept: dict[tuple[str, PartKind | int], Part] = {}
    for number, part in enumerate(parts):
        kept.setdefault((part.id, part.kind) if part.kind is PartKind.FINDING else (part.id, number), part)
    return list(kept.values())


def _beginning(received: Received, text: str, task: PlanTask) -> str:
    """Return as much of a long text as there is room for, and say that there is more."""
    how = f" Use read_artifact with task {received.task} to read it." if "read_artifact" in task.tools else ""
    left = len(received.text) - len(text)
    return f"{text}\n\n(Not shown here: {left:,} more characters of this text.{how})".strip()


def _handoff(received: Received, text: str, whole: bool) -> list[Part]:
    """Return what an earlier task passed on, or the hole it left. A text that stands there whole needs no summary."""
    if received.hole:
        said = f"Nothing came of this task: {received.hole} Say in the deliverable that this part is missing."
        return [Part(received.task, PartKind.HANDOFF, said, source=received.title)]
    summary = "" if whole and text else beyond(received.summary, [str(one["quote"]) for one in received.findings])
    told = [summary, *(f"Open question: {question}" for question in received.open_questions), text]
    return [Part(received.task, PartKind.HANDOFF, "\n\n".join(filter(None, told)), source=received.title)]


def _has_own_text(received: Received) -> bool:
    listed = received.text == listed_by_code(received.findings, received.summary)  # each is shown anyway
    if not listed and not received.summary:  # a person edited it: its text is all there is of it
        return True
    return not listed and any(f"[{finding['id']}]" in received.text for finding in received.findings)


def _evidence(received: Received) -> list[Part]:
    return [_finding(finding) for finding in received.findings]


def _finding(finding: Mapping[str, Any]) -> Part:
    """Return a finding: the lines of its quote behind ``>``, and whatever the quote does not say itself."""
    claim, quote = str(finding["claim"]), str(finding["quote"])
    by = claim.removesuffix(f": {quote}")
    said = {"claim": claim} if by == claim != quote else {"said by": by} if by != claim else {}
    said |= {"key": finding.get("key", ""), "as_of": "" if _is_dated(quote, finding) else finding.get("as_of", "")}
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in said.items() if value]
    lines += [f"> {line}" for line in quote.split("\n")]
    return Part(
        finding["id"],
        PartKind.FINDING,
        "\n".join(lines),
        finding["label"],
        finding["sha256"],
        finding["start"],
    )


def _is_dated(quote: str, finding: Mapping[str, Any]) -> bool:
    """Return whether a quote says itself of when it is, and names no other date."""
    return [day.text for day in dates(quote)] == [finding.get("as_of")]


def _chosen(received: Received) -> list[Part]:
    """Return what an agent chose: material as all it says, never on a level with what people decided."""
    return [
        Part(
            f"{received.task}-{number}",
            PartKind.HANDOFF,
            f"{choice['key']}: {choice['value']}",
            source=f"{received.title}, what its agent chose",
        )
        for number, choice in enumerate(received.decisions, start=1)
    ]
