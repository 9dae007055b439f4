"""Where the sources of what was handed over disagree: compared by code, so that no agent has to notice. PURE.

What people said of it since settles it: they may choose a value, the agents may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from agents.checks import Disagreement, Side, limits_of
from agents.checks.disagreement import same
from agents.contracts import Part, PartKind
from agents.models.offline.brief import Fact, subjects
from agents.models.offline.claims import Claim
from agents.models.offline.differing import told_apart
from agents.models.offline.tables import contradictions, heads, topic_of
from agents.models.offline.topics import attributes, stems
from agents.stations.assignment import Assignment

LONGEST_TOPIC: Final = 80  # characters
MOST: Final = 300  # findings that are compared with each other: more take seconds
_SAY: Final = "Sources disagree. Where you give one of these values, give all, with their sources; average and choose none:"
_CHOOSING: Final = re.compile(
    r"\b(?:leave|omit|without|no|not|drop|remove|cut|take|use|go with|holds?|counts?|agreed?|settled?|decided?|prefer|keep|"
    r"stands?|right|wrong|correct|applies)\b",
    re.IGNORECASE,
)
_NAMES: Final = ("contradict", "differ", "disagree")  # words by which a page asks for what sources disagree about


def of(given: Assignment) -> tuple[Disagreement, ...]:
    """Return what the findings handed to this task disagree about, and nobody settled."""
    facts = [_fact(finding) for received in given.received for finding in received.findings]
    known = list({fact.id: fact for fact in facts}.values())[:MOST]
    named = [name for name in subjects(given.inputs) if name] or heads(known)
    found = [(group, _disagreement(group)) for group in contradictions(known, named)]
    all_ = [one for _, one in found]
    return tuple(one for group, one in found if len(one.sides) > 1 and not _is_settled(given, group, one, all_))


def parts(given: Assignment) -> list[Part]:
    """Return the disagreements as whoever writes is shown them: one part, or none."""
    told = [one.short for one in of(given)]
    return [Part("disagreements", PartKind.HANDOFF, "\n".join([_SAY, *told]), source="compared by code")] if told else []


def ids(given: Assignment) -> frozenset[str]:
    """Return the ids of the findings that disagree: they are handed on, whatever the text makes of them."""
    return frozenset(id for one in of(given) for side in one.sides for id in side.ids)


def is_told(given: Assignment) -> bool:
    """Return whether a text has to name them: the result has, and whatever its page asks to say what differs."""
    wanted = " ".join((*given.task.sections, *given.task.done_when)).casefold()
    return not given.is_proved and (not given.serves or any(word in wanted for word in _NAMES))


def _fact(finding: Mapping[str, Any]) -> Fact:
    return Fact(
        str(finding["id"]), str(finding["quote"]), str(finding["label"]), str(finding.get("key", "")),
        str(finding.get("as_of", "")), offset=int(finding["start"]),
    )  # fmt: skip


def _disagreement(group: Sequence[Claim]) -> Disagreement:
    topic = " ".join(topic_of(group).split())[:LONGEST_TOPIC].strip()
    sides: list[Side] = []
    for value, fact in _values(group):
        before = next((at for at, side in enumerate(sides) if same(side.value, value)), None)
        if before is None:
            sides.append(Side(value, (fact.id,), fact.source))
        else:
            sides[before] = replace(sides[before], ids=(*sides[before].ids, fact.id))
    return Disagreement(topic, tuple(sides))


def _values(group: Sequence[Claim]) -> Iterator[tuple[str, Fact]]:
    """Yield the value each claim gives in its words, where others of the group give another."""
    for claim in group:
        values = (told_apart(claim, other) for other in group if other is not claim)
        if value := next(filter(None, values), ""):
            yield " ".join(value.split()), claim.fact


def _is_settled(given: Assignment, group: Sequence[Claim], one: Disagreement, found: Sequence[Disagreement]) -> bool:
    """Whether people chose one of the values, decided on the thing or the document since, or want it not named at all."""
    said = [words for words in given.said if words not in given.inputs.values()]
    written = [*said, *(text for _, text in given.notes), given.sent_back]
    asked = [given.request, *given.inputs.values(), *written]
    if any(_chooses(text, group, one, found) for text in asked) or any(_decides(text, group) for text in written):
        return True
    forbidden = limits_of(given.constraints).forbidden
    return any(word.casefold() in one.told.casefold() for word in forbidden)


def _chooses(text: str, group: Sequence[Claim], one: Disagreement, found: Sequence[Disagreement]) -> bool:
    """Whether people's words name some of the values; one that another disagreement has too, only with what it is of."""
    named = [side for side in one.sides if same(text, side.value)]
    others = [side.value for other in found if other is not one for side in other.sides]
    shared = any(same(value, side.value) for side in named for value in others)
    return bool(named) and len(named) < len(one.sides) and (not shared or _names(text, group))


def _decides(text: str, group: Sequence[Claim]) -> bool:
    """Whether people's words choose or leave out, and name what is measured or a document that says it."""
    return _CHOOSING.search(text) is not None and _names(text, group)


def _names(text: str, group: Sequence[Claim]) -> bool:
    words = stems(text)
    named = [group[0].attribute, *(claim.document.rpartition(".")[0] for claim in group)]
    things = (stems(re.sub(r"[-_]", " ", name)) for name in named)
    return group[0].attribute in attributes(text) or any(thing and thing <= words for thing in things)
