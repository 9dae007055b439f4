"""The analyst: findings side by side, what contradicts, a timeline, what is missing. It concludes nothing."""

from __future__ import annotations

from typing import Final

from agents.contracts import Draft
from agents.models.offline.brief import Brief
from agents.models.offline.writing import Form
from agents.models.offline.writing import draft as written

_FORM: Final = Form(("Comparison", "Contradictions", "Timeline", "What is missing"), titled=False, rest=True)


def draft(brief: Brief) -> Draft:
    """Return the synthesis of all findings by subject and attribute; what fits no section stands under its own."""
    return written(brief, _FORM)
