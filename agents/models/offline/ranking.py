"""Which passages matter: central to their documents, about what was asked, with figures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from agents.models.offline.passages import Passage
from agents.models.offline.topics import attributes, stems

_ALIKE: Final = 0.85  # share of equal words at which a second passage of the same document says nothing new


def scores(found: Sequence[Passage], query: str) -> list[float]:
    """Return how much each passage matters, by place: its closeness to all the others, the query, its figures.

    Closeness is the cosine to the centroid of all passages: what TextRank converges to on dense graphs, in one pass.
    """
    words = [stems(passage.text) for passage in found]
    counts = Counter(word for one in words for word in one)
    weight = {word: math.log(1 + len(found) / count) for word, count in counts.items()}
    centroid = {word: count * weight[word] for word, count in counts.items()}
    length = math.sqrt(sum(value * value for value in centroid.values())) or 1.0
    wanted = stems(query)
    central = [_closeness(one, weight, centroid) / length for one in words]
    most = max(central, default=0.0) or 1.0
    return [
        c / most + _asked(one, wanted) + _facts(p) for c, one, p in zip(central, words, found, strict=True)
    ]


def distinct(found: Sequence[Passage], order: Sequence[int]) -> list[int]:
    """Return the places in their order without passages that repeat a better one of the same document."""
    kept: list[int] = []
    seen: dict[str, list[frozenset[str]]] = {}
    for place in order:
        words = stems(found[place].text)
        same = seen.setdefault(found[place].document, [])
        if found[place].is_row or not any(_overlap(words, other) >= _ALIKE for other in same[-100:]):
            same.append(words)
            kept.append(place)
    return kept


def _closeness(words: frozenset[str], weight: dict[str, float], centroid: dict[str, float]) -> float:
    if not words:
        return 0.0
    size = math.sqrt(sum(weight[word] ** 2 for word in sorted(words)))
    return sum(centroid[word] * weight[word] for word in sorted(words)) / size


def _asked(words: frozenset[str], wanted: frozenset[str]) -> float:
    return 1.2 * min(1.0, len(words & wanted) / 3)


def _facts(passage: Passage) -> float:
    return 0.5 * passage.has_figure + 0.3 * bool(attributes(passage.text)) + 0.1 * passage.is_row


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0
