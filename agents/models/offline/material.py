"""What there is to work from: without files and without pages, rules can do nothing, and say so at once."""

from __future__ import annotations

import re
from typing import Final

from agents.checks.names import links
from agents.contracts import PartKind
from agents.models.offline.brief import Brief

_NO_FILES: Final = re.compile(r"files that came with it:\s*none\s*$")
_PAGES: Final = ("http://", "https://")
_GIVE: Final = (
    "I work without a language model here: I read attached files and pages whose addresses stand in the request, and quote "
    "and compare what they say. Ask again with files attached or with addresses, or set ANTHROPIC_API_KEY so that a model "
    "works."
)
NOT_ATTACHED: Final = f"Nothing is attached, and the request names no page. {_GIVE}"
NOT_READ: Final = f"Nothing that came with this request could be read. {_GIVE}"


def nothing_to_read(brief: Brief) -> bool:
    """Whether triage was told that no file came, and the request names no page."""
    files = next((part.text for part in brief.parts(PartKind.INPUT) if part.id == "files"), "")
    return bool(_NO_FILES.search(files)) and not any(
        one.text.startswith(_PAGES) for one in links(brief.request)
    )


def nothing_given(brief: Brief) -> str:
    """Return what people can do where a text has nothing to stand on; empty where anything was given or found."""
    people = (PartKind.HANDOFF, PartKind.DECISION)
    if brief.facts or brief.documents or brief.inputs or brief.parts(*people):
        return ""
    return NOT_READ if brief.parts(PartKind.DOCUMENT) or brief.asked.used else NOT_ATTACHED
