"""The analyst: findings side by side, what contradicts, a timeline, what is missing. It concludes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.contracts import Draft
from agents.models.offline import writing
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.revising import changes
from agents.models.offline.sections import NO_CONCLUSIONS, Shown, fill, homeless
from agents.models.offline.tables import contradictions, names_of, plain

_SECTIONS: Final = ("Comparison", "Contradictions", "Timeline", "What is missing")


def draft(brief: Brief) -> Draft:
    """Return the synthesis of all findings, grouped by subject and key; nothing is dropped but for length."""
    wanted = changes(brief)
    everything = writing.facts_of(brief)
    facts = [fact for fact in everything if wanted.keeps(fact)]
    shown = Shown(facts, everything)
    titles = wanted.ordered(brief.sections or _SECTIONS)
    blocks = [f"## {wanted.heading(title)}\n\n" + "\n".join(fill(title, brief, shown)) for title in titles]
    rest = list(homeless(facts, blocks))
    more = (
        ["## Other findings\n\n" + "\n".join(f"- {plain(fact.quote)} {fact.cite}" for fact in rest)]
        if rest
        else []
    )
    text = "\n\n".join([*blocks, *more, NO_CONCLUSIONS]) + "\n"
    if len(text) > brief.room:
        return writing.draft(brief)
    return Draft(
        text=text,
        summary=_summary(brief, everything),
        open_questions=[*wanted.undone, *brief.open_questions][:20],
    )


def _summary(brief: Brief, facts: Sequence[Fact]) -> str:
    about = ", ".join(names_of(brief)) or "one subject"
    differing = len(contradictions(facts))
    return f"{len(facts)} findings side by side by rules: {about}. {differing} keys have differing values. {NO_CONCLUSIONS}"
