"""Shares that sentences give to the largest of many, held against the table that lists them all. PURE."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from agents.checks.figures import figures
from agents.models.offline import rows
from agents.models.offline.brief import Fact
from agents.models.offline.standing import document_of
from agents.models.offline.topics import attributes, stem

_SHARE: Final = re.compile(
    r"\b(?:largest|biggest|main|top|most important) (?P<what>[a-z]+)\b[^.;]*?(?P<percent>\d{1,2}(?:\.\d+)?) ?%\s+of "
    r"(?:the |our |its |all |total )?(?P<whole>[a-z]+)",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(r"\b(?:others?|rest|remaining|misc\w*|various|sundry)\b", re.IGNORECASE)
_ROUGH: Final = Decimal(3)  # percentage points within which a share may be rounded or of another month


def against(fact: Fact, facts: Sequence[Fact]) -> list[Fact]:
    """Return the largest row and the total of another document's table, where the share of a sentence does not follow."""
    said = _SHARE.search(" ".join(fact.quote.split())) if "|" not in fact.quote else None
    if said is None:
        return []
    others = [one for one in facts if "|" in one.quote and document_of(one) != document_of(fact)]
    table = [(one, rows.labelled(one.quote, "")) for one in others]
    what, whole = stem(said["what"].lower()), set(attributes(said["whole"]))
    named = [(one, cells) for one, cells in table if cells and stem(cells[0].label.lower()) == what]
    sized = [(one, cells[0].value, value) for one, cells in named if (value := _amount(cells, whole)) is not None]
    parts = [(value, one) for one, name, value in sized if not (rows.TOTAL.match(name) or _OTHERS.search(name))]
    totals = [(value, one) for one, name, value in sized if rows.TOTAL.match(name) and value > 0]
    if len(totals) != 1 or len(parts) < 2 or sum(value for value, _ in parts) > totals[0][0]:
        return []
    largest = max(parts, key=lambda one: one[0])
    share = 100 * largest[0] / totals[0][0]
    return [largest[1], totals[0][1]] if abs(share - Decimal(said["percent"])) > _ROUGH else []


def _amount(cells: Sequence[rows.Cell], whole: set[str]) -> Decimal | None:
    """Return a row's amount in the column for the whole, such as revenue."""
    cell = next((one for one in cells if whole & set(attributes(one.label))), None)
    found = figures(cell.value) if cell else []
    return found[0].value if len(found) == 1 else None
