"""Sections and length."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.checks.markdown import CITATION, BlockKind, blocks
from agents.checks.shapes import Problem, problem

_DEEPEST: Final = 99  # below every heading with a mark
_WORD: Final = re.compile(r"[^\W_]+(?:[.,'’:/-][^\W_]+)*")


def words(text: str) -> int:
    """Return how many words a reader counts: not citations, link targets or marks."""
    plain = re.sub(r"\]\([^)\s]{0,500}\)", "]", CITATION.sub(" ", text))
    return len(_WORD.findall(plain))


def sections(text: str, wanted: Sequence[str]) -> Iterator[Problem]:
    """Yield each wanted section that is missing or says nothing."""
    titles = [(_title(block.heading), block) for block in blocks(text) if block.kind is BlockKind.HEADING]
    filled = {_title(block.heading) for block in blocks(text) if block.kind is not BlockKind.HEADING}
    parents = _parents(text)
    for name in wanted:
        found = next((block for title, block in titles if _same(title, name)), None)
        if found is None:
            yield problem(
                "section-missing",
                text,
                (0, 0),
                f"The section {name!r} is missing.",
                f"Add the section {name!r}.",
            )
        elif not any(_same(title, name) for title in filled | parents):
            span = (found.start, found.end)
            yield problem(
                "section-empty",
                text,
                span,
                f"The section {name!r} says nothing.",
                "Fill it, or say what is missing.",
            )


def length(text: str, least: int | None, most: int | None) -> Iterator[Problem]:
    """Yield a text that is too long or too short."""
    count = words(text)
    if most is not None and count > most:
        yield problem(
            "too-long",
            text,
            (0, 0),
            f"The text has {count} words; at most {most} are wanted.",
            f"Cut {count - most} words.",
        )
    if least is not None and count < least:
        yield problem(
            "too-short",
            text,
            (0, 0),
            f"The text has {count} words; at least {least} are wanted.",
            f"Add {least - count} words.",
        )


def _parents(text: str) -> set[str]:
    """Return the titles whose next heading lies deeper, a bold line deepest: what stands under that fills them."""
    heads = [
        (len(b.text) - len(b.text.lstrip("# ")) or _DEEPEST, _title(b.heading))
        for b in blocks(text)
        if b.kind is BlockKind.HEADING
    ]
    return {title for (level, title), (below, _) in itertools.pairwise(heads) if level and below > level}


def _title(heading: str) -> str:
    bare = re.sub(r"^\s*(?:\d+(?:\.\d+)*[.):]?|[ivx]+\.|[a-z]\))\s+", "", heading.casefold())
    return " ".join(re.findall(r"\w+", re.sub(r"\band\b|&", " ", bare)))


def _same(title: str, name: str) -> bool:
    wanted = _title(name)
    return title == wanted or (bool(wanted) and re.match(rf"{re.escape(wanted)}\b", title) is not None)
