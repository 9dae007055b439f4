"""Readers that work on a field each, such as "people" or "size and growth": which words of a document are whose."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from agents.checks.markdown import spans
from agents.models.offline import rows
from agents.models.offline.brief import Brief
from agents.models.offline.passages import Passage
from agents.models.offline.subjects import mentions
from agents.models.offline.topics import attributes, stems

_FIELD: Final = re.compile(r"^(?P<name>[A-Z][^:.;]{2,60}): (?P<words>\S.*)$", re.DOTALL)
_LONGEST: Final = 8  # words of a field's name
_OWN: Final = 3.0  # a word of the field's name counts so much of what one of its description counts
_SAYS_NOTHING: Final = stems(
    "number numbers figure figures file files value values name names point points day days"
)
_HEADING: Final = 0.6  # share that a heading counts of what the words below it count


def is_field(brief: Brief, found: Sequence[Passage]) -> bool:
    """Whether the task's item is a field to be read for, and not somebody whom the documents name."""
    if not brief.item:
        return False
    described = brief.item.casefold() in {name.casefold() for name in fields(brief.instructions)}
    return described or (brief.item.islower() and not any(mentions(one.text, brief.item) for one in found))


def fields(instructions: str) -> dict[str, str]:
    """Return the fields a station's page describes, by name: "People: number, key people, contracts." is one."""
    text = " ".join(instructions.split())
    told = (_FIELD.match(text[start:end]) for start, end in spans(text, 0, len(text)))
    return {m["name"]: m["words"] for m in told if m and len(m["name"].split()) <= _LONGEST}


def share(brief: Brief, found: Sequence[Passage]) -> list[bool]:
    """Return for each passage whether it belongs to the task's field: to the one of all its page describes that fits best.

    Rows of one table stay together, and words that fit no field go where the words before them went.
    """
    described = _with_inputs(fields(brief.instructions), brief.inputs)
    mine = next((name for name in described if name.casefold() == brief.item.casefold()), brief.item)
    weights = _weights(described if mine in described else {**described, mine: ""})
    told: list[bool] = []
    table: dict[tuple[str, str], str] = _tables(found, weights)
    whole = _documents(found, weights)
    last = ("", "")
    for one in found:
        best = table.get(_table(one), "") if one.is_row else _best(_points(one, weights))
        followed = last[1] if last[0] == f"{one.document} {one.heading}" else ""
        best = best or followed or _best(_of(one.heading, weights)) or whole[one.document]
        last = (f"{one.document} {one.heading}", best)
        told.append(best == mine)
    return told


def _with_inputs(described: Mapping[str, str], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with what people gave on them: the audience is who they said it is."""
    return {
        name: " ".join([words, *(value for given, value in inputs.items() if stems(given) & stems(name))])
        for name, words in described.items()
    }


def _weights(described: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return what each word says for each field: much where few fields have it, more where it names one."""
    named = {name: _words(name) for name in described}
    whole = {name: named[name] | _words(words) for name, words in described.items()}
    common = Counter(word for words in whole.values() for word in words)
    rare = {word: math.log(1 + len(whole) / count) for word, count in common.items()}
    return {
        name: {word: rare[word] * (_OWN if word in named[name] else 1.0) for word in sorted(words)}
        for name, words in whole.items()
    }


def _words(text: str) -> frozenset[str]:
    """Return the stems of a text and, as ``=price``, what it is about."""
    return (stems(text) - _SAYS_NOTHING) | {f"={name}" for name in attributes(text)}


def _of(text: str, weights: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    words = sorted(_words(text))
    return {name: sum(known.get(word, 0.0) for word in words) for name, known in weights.items()}


def _points(one: Passage, weights: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    own, above = _of(one.text, weights), _of(one.heading, weights)
    return {name: own[name] + _HEADING * above[name] for name in weights}


def _documents(found: Sequence[Passage], weights: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """Return the field of each document as a whole: where words of it go that fit none by themselves."""
    words: dict[str, list[str]] = {}
    for one in found:
        named = one.part.source.split(", ")[0].rsplit(".", 1)[0]
        words.setdefault(one.document, [re.sub(r"[\W_]+", " ", named)]).append(f"{one.heading} {one.text}")
    return {name: _best(_of("\n".join(told), weights)) or next(iter(weights)) for name, told in words.items()}


def _tables(
    found: Sequence[Passage], weights: Mapping[str, Mapping[str, float]]
) -> dict[tuple[str, str], str]:
    """Return the field of each table: the one that its name and all its rows together fit best."""
    words: dict[tuple[str, str], list[str]] = {}
    for one in found:
        if one.is_row:
            named = one.part.source.split(", ")[0].rsplit(".", 1)[0]
            words.setdefault(_table(one), [re.sub(r"[\W_]+", " ", named)]).append(one.text)
    return {table: _best(_of("\n".join(told), weights)) for table, told in words.items()}


def _table(one: Passage) -> tuple[str, str]:
    """Return what rows of one table have in common: their document and the label of their first cell."""
    cells = rows.labelled(one.text, "")
    return one.document, cells[0].label if cells else ""


def _best(points: Mapping[str, float]) -> str:
    most = max(points.values(), default=0.0)
    return next((name for name, value in points.items() if value == most), "") if most > 0 else ""
