"""A plain answer: the sentences of the given sources that speak of the question, and nothing else."""

from __future__ import annotations

from typing import Final

from agents.models.offline.brief import Brief
from agents.models.offline.material import NOT_ATTACHED, nothing_given
from agents.models.offline.passages import passages
from agents.models.offline.ranking import distinct, scores
from agents.models.offline.topics import stems

MOST: Final = 8  # sentences of an answer
NOTHING_SAID: Final = "Nothing in the given sources speaks of this."


def answer(brief: Brief) -> str:
    """Return the best sentences with their sources, or what would be needed to answer."""
    if not brief.documents:
        return nothing_given(brief) or NOT_ATTACHED
    found = passages(brief.documents)
    asked = stems(brief.request)
    value = scores(found, brief.request)
    order = sorted(
        (i for i, one in enumerate(found) if stems(one.text) & asked),
        key=lambda i: (-_fit(found[i].text, asked), -value[i], i),
    )
    best = _fit(found[order[0]].text, asked) if order else 0
    chosen = sorted(distinct(found, [i for i in order if _fit(found[i].text, asked) * 5 >= best * 3])[:MOST])
    names = ", ".join(dict.fromkeys(part.source.split(", ")[0] or part.id for part in brief.documents))
    if not chosen:
        return f"{NOTHING_SAID} Looked in {names}."
    lines = [
        f"- {' '.join(found[i].text.split())} ({found[i].part.source or found[i].part.id})" for i in chosen
    ]
    return "\n".join([*lines, "", "These are the words of the given sources. No conclusions are drawn."])


def _fit(text: str, asked: frozenset[str]) -> int:
    return len(stems(text) & asked)
