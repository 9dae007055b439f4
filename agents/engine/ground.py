"""What every transition stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from agents.engine.durable import Durable
from agents.policies.values import Rules
from storage.database import Database


class Rulings(Protocol):
    """The rules people made, as they are now."""

    def rules(self) -> Rules:
        """Return the newest good ones."""


class AsShipped:
    """No rules but the product's own."""

    def rules(self) -> Rules:
        """Return a page that says nothing."""
        return Rules()


@dataclass(frozen=True)
class Ground:
    """The database, the durable queue, the rules people made, and which workspaces stand still.

    ``halted`` holds what the table of halts holds: it is changed inside the transaction that changes that.
    """

    database: Database
    durable: Durable
    policies: Rulings
    halted: set[str] = field(default_factory=set)
