"""What a question wants to be told: read from a page's words, and checked when it is answered. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from storage.words import AnswerKind

MOST_OPTIONS: Final = 50
LONGEST_OPTION: Final = 75  # characters; Slack's
_LISTED: Final = {"one of": AnswerKind.CHOICE, "any of": AnswerKind.CHOICES}
_PLAIN: Final = {"a number": AnswerKind.NUMBER, "a date": AnswerKind.DATE, "a file": AnswerKind.FILE}
_LIST: Final = re.compile(
    r"\(\s*(?P<head>one of|any of)\b\s*(?P<colon>:?)(?P<listed>[^()]*)\)(?:\s*\([^()]*\))*\s*[.?]?$", re.IGNORECASE
)
_SUFFIX: Final = re.compile(r"\s*\((?P<said>[^()]*)\)\s*[.?]?$")


@dataclass(frozen=True)
class Question:
    """One question of a form."""

    name: str
    question: str  # as people are asked
    optional: bool = False
    kind: AnswerKind = AnswerKind.TEXT
    options: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as a checkpoint's payload keeps it."""
        about = {"name": self.name, "question": self.question, "optional": self.optional}
        return {**about, "kind": self.kind.value, "options": list(self.options)}


def read(name: str, text: str) -> Question:
    """Return the question that a page's line asks.

    Its end may say more in brackets: ``(optional)``, ``(one of: a, b)``, ``(any of: a, b)``, ``(a number)``,
    ``(a date)``, ``(a file)``, in any order. Other brackets belong to the question.
    """
    optional, kind, asked = False, AnswerKind.TEXT, text.strip()
    options: tuple[str, ...] = ()
    while found := _SUFFIX.search(asked):
        said = found["said"].strip()
        head, _, listed = said.partition(":")
        named = _named(listed)
        if said.lower() == "optional":
            optional = True
        elif said.lower() in _PLAIN:
            kind = _PLAIN[said.lower()]
        elif head.strip().lower() in _LISTED and len(named) > 1 and max(map(len, named)) <= LONGEST_OPTION:
            kind, options = _LISTED[head.strip().lower()], named[:MOST_OPTIONS]
        else:
            break
        asked = asked[: found.start()].rstrip()
    return Question(name, asked, optional, kind, options)


def misread(text: str) -> str:
    """Return why the list a question ends in cannot be chosen from, as the rest of a sentence; empty where all is well."""
    found = _LIST.search(text.strip())
    if found is None or not (found["colon"] or "," in found["listed"] or not found["listed"].strip()):
        return ""
    named = _named(found["listed"])
    if len(named) < 2:
        return "offers fewer than two choices. Separate them by commas, such as '(one of: red, blue)'."
    if len(named) > MOST_OPTIONS:
        return f"offers {len(named)} choices, and people can be shown {MOST_OPTIONS}. Ask for less."
    if too_long := next((one for one in named if len(one) > LONGEST_OPTION), ""):
        return f"offers '{too_long[:40]}…', and a choice has at most {LONGEST_OPTION} characters."
    return "" if found["colon"] else f"needs a colon before its choices: '({found['head'].lower()}: {', '.join(named)})'."


def _named(listed: str) -> tuple[str, ...]:
    """Return what a list names, each once."""
    return tuple(dict.fromkeys(part for part in map(str.strip, listed.split(",")) if part))


def wrong(asked: Mapping[str, Any], answer: str) -> str:
    """Return what is wrong with an answer that was given, as a sentence for the person, or an empty text."""
    question, options = str(asked["question"]), list(asked.get("options", ()))
    match AnswerKind(asked.get("kind", AnswerKind.TEXT)):
        case AnswerKind.NUMBER if not _is_number(answer):
            return f"“{answer}” is no number. {question}"
        case AnswerKind.DATE if not _is_date(answer):
            return f"“{answer}” is no date such as 2026-12-24. {question}"
        case AnswerKind.CHOICE if answer not in options:
            return f"“{answer}” is none of: {', '.join(options)}. {question}"
        case AnswerKind.CHOICES if not set(answer.splitlines()) <= set(options):
            return f"Choose from: {', '.join(options)}. {question}"
        case _:
            return ""


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?", text.strip()) is not None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True
