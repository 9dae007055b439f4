"""The paragraph that begins "Done when": how a reviewer, and code, know that work is done."""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = re.compile(r"^done when\b[:,]?\s*", re.IGNORECASE)
_ITEM: Final = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+")
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(\[])|;\s+")


def split(prose: str) -> tuple[str, tuple[str, ...]]:
    """Return a station's instructions, and the criteria its "Done when" paragraph lists; none without one."""
    instructions: list[str] = []
    found: list[str] = []
    paragraphs = _paragraphs(prose)
    while paragraphs:
        paragraph = paragraphs.pop(0)
        if not _BEGINS.match(paragraph):
            instructions.append(paragraph)
            continue
        if not _BEGINS.sub("", paragraph) and paragraphs and _ITEM.match(paragraphs[0]):
            paragraph += "\n" + paragraphs.pop(0)  # people leave a line between "Done when:" and its list
        found += criteria(paragraph)
    return "\n\n".join(instructions), tuple(found)


def criteria(text: str) -> tuple[str, ...]:
    """Return the criteria a text lists: one an item of a list; without a list, one a sentence or clause.

    Clauses end at a full stop or a semicolon. The words "Done when" and the marks of a list are left out.
    """
    lines = _BEGINS.sub("", text.strip()).splitlines()
    groups: list[str] = [""]
    for line in lines:
        if _ITEM.match(line):
            groups.append(_ITEM.sub("", line))
        else:
            groups[-1] += " " + line
    lead, *items = (" ".join(group.split()) for group in groups)
    leading = [] if items and lead.endswith(":") else _SENTENCES.split(lead)  # "Done when all of this holds:"
    told = [_tidy(part) for part in (*leading, *items)]
    return tuple(criterion for criterion in told if criterion)


def _tidy(text: str) -> str:
    return text.strip().rstrip(";,.").removesuffix(" and").rstrip(";,").removeprefix("and ").strip()


def _paragraphs(prose: str) -> list[str]:
    """Return the paragraphs; a code fence is never cut."""
    found: list[list[str]] = [[]]
    fenced = False
    for line in prose.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if line.strip() or fenced:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]
