"""What a tool takes where it calls on a service that is paid for."""

from __future__ import annotations

from dataclasses import dataclass

from agents.errors import ToolError


@dataclass(frozen=True)
class Bill:
    """What one use of a tool took."""

    model: str = ""
    tokens: int = 0  # in and out
    usd: float = 0.0
    priced: bool = True  # whether the price is known

    def __add__(self, other: Bill) -> Bill:
        """Return what both took together."""
        known = self.priced and other.priced
        return Bill(self.model or other.model, self.tokens + other.tokens, self.usd + other.usd, known)


class PaidError(ToolError):
    """A tool cannot do what an agent asked, and finding that out was paid for.

    Args:
        bill: What it took.
    """

    def __init__(self, message: str, bill: Bill) -> None:
        super().__init__(message)
        self.bill = bill


@dataclass(frozen=True)
class Paid:
    """What a tool says, and what it took."""

    text: str
    bill: Bill
