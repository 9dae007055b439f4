"""What a document is to a text that binds: terms, rules to be kept, or what somebody only said. Told by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from agents.models.offline.brief import Fact

_RULE: Final = re.compile(r"polic(?:y|ies)|guideline|playbook|\brules?\b|standards?\b", re.IGNORECASE)
_SAID: Final = re.compile(
    r"(?<![^\W_])(?:e-?mails?|mails?|notes?|chats?|minutes|messages?|correspondence|transcript)(?![^\W_])",
    re.IGNORECASE,
)


class Standing(StrEnum):
    """What the words of a document are worth in a clause, in the words that head them outside of one."""

    TERMS = "Found in {name}, and in no clause:"
    RULE = "Rules of {name}, to be held against the clauses by a person:"
    SAID = "Said in {name}; rules cannot tell what of it was agreed:"


def standing(document: str) -> Standing:
    """Return what a document is, by its name, such as ``term-sheet.docx``."""
    name = document.rsplit(".", 1)[0]
    if _RULE.search(name):
        return Standing.RULE
    return Standing.SAID if _SAID.search(name) else Standing.TERMS


def document_of(fact: Fact) -> str:
    """Return the name of the document a finding stands in."""
    return fact.source.split(", ")[0]


def agreed(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the documents whose words may stand in a clause: those with terms; all of them where none has."""
    names = {document_of(fact) for fact in facts}
    return frozenset(name for name in names if standing(name) is Standing.TERMS) or frozenset(names)
