"""Choices of earlier tasks that cannot both hold: a person says which does, before anybody builds on them. PURE."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from agents.questions import LONGEST_OPTION, Question
from agents.stations.assignment import Asked, Assignment, Received
from storage.words import AnswerKind, CheckpointKind

MOST: Final = 5  # asked about at once; the rest is asked about next
QUESTION: Final = "Parts of this work chose differently. Which choice holds?"
_LONGEST_SLUG: Final = 40

Said = tuple[str, str]  # who chose, and what


def asked(given: Assignment) -> Asked | None:
    """Return the question to people, or None where what was handed over agrees, or people said what holds."""
    open_ = [(key, said) for key, said in conflicts(given.received).items() if not _is_settled(given, name(key))]
    fields = tuple(_question(key, said).plain() for key, said in open_[:MOST])
    return Asked(CheckpointKind.QUESTION, QUESTION, fields) if fields else None


def conflicts(received: Sequence[Received]) -> Mapping[str, Sequence[Said]]:
    """Return the keys for which different values were chosen, each value once with who chose it first."""
    found: dict[str, dict[str, Said]] = {}
    for one in received:
        for choice in one.decisions:
            key, value = _plain(str(choice["key"])), str(choice["value"])
            found.setdefault(key, {}).setdefault(_plain(value), (one.title, " ".join(value.split())))
    return {key: list(values.values()) for key, values in found.items() if len(values) > 1}


def name(key: str) -> str:
    """Return the name of the field that asks about a key, such as ``price-model-5d41402a``; equal keys have one name."""
    slug = re.sub(r"[^a-z0-9]+", "-", key)[:_LONGEST_SLUG].strip("-") or "choice"
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _is_settled(given: Assignment, field: str) -> bool:
    return any(line.startswith(f"{field}: ") for _, text in given.decisions for line in text.splitlines())


def _question(key: str, said: Sequence[Said]) -> Question:
    told = " ".join(f"{who}: “{value}”." for who, value in said)
    short = all(len(value) <= LONGEST_OPTION for _, value in said)
    kind, options = (AnswerKind.CHOICE, tuple(value for _, value in said)) if short else (AnswerKind.TEXT, ())
    return Question(name(key), f"On “{key}”: {told} Which one holds?", kind=kind, options=options)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".;, ")
