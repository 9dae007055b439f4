"""Roles and lines, read from the pages people write and checked as a whole."""

from agents.catalog.done_when import criteria
from agents.catalog.explanation import explain, troubles
from agents.catalog.lines import delivered
from agents.catalog.reading import SHIPPED, from_texts, read
from agents.catalog.values import (
    MOST_CHECKPOINTS,
    ORCHESTRATOR,
    Catalog,
    Line,
    Role,
    Station,
    outward,
    steered,
)
from agents.pages import Problem

__all__ = [
    "MOST_CHECKPOINTS",
    "ORCHESTRATOR",
    "SHIPPED",
    "Catalog",
    "Line",
    "Problem",
    "Role",
    "Station",
    "criteria",
    "delivered",
    "explain",
    "from_texts",
    "outward",
    "read",
    "steered",
    "troubles",
]
