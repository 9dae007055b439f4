"""What of a run's tokens went into working together: routing, planning, and handing over what others made. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.contracts import PartKind
from storage.words import TaskKind

HANDED: Final = frozenset({PartKind.HANDOFF, PartKind.FINDING, PartKind.DECISION})
INTAKE: Final = (TaskKind.TRIAGE, TaskKind.PLAN)


@dataclass(frozen=True)
class Talked:
    """All that one role was asked in one attempt at a task."""

    kind: TaskKind
    calls: int  # to a model
    tokens: int  # in and out, of all of them
    manifests: tuple[tuple[Mapping[str, Any], ...], ...] = ()  # of the briefs they began with


def share(talked: Iterable[Talked]) -> float:
    """Return the share of all tokens that went into working together, from 0 to 1; 0 where nothing was called.

    Routing and planning count whole. Of the work what earlier tasks handed over counts, each time it was shown.
    """
    known = list(talked)
    spent = sum(one.tokens for one in known)
    return min(1.0, sum(map(_together, known)) / spent) if spent else 0.0


def _together(one: Talked) -> float:
    if one.kind in INTAKE:
        return one.tokens
    if not one.manifests:
        return 0.0
    handed: int = sum(part["tokens"] for manifest in one.manifests for part in manifest if part["kind"] in HANDED)
    return handed * one.calls / len(one.manifests)
