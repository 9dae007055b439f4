"""What an order of the web shop costs, in cents: its articles, sending it, and both together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FREE_SHIPPING_FROM: Final = 15_000  # cents of articles
SHIPPING: Final = 1_490  # cents


class OrderError(ValueError):
    """An order that cannot be priced; the message is for the customer."""


@dataclass(frozen=True)
class OrderLine:
    """One article of an order, with the price of one and how many."""

    article: str
    unit_cents: int
    quantity: int


def subtotal(lines: Sequence[OrderLine]) -> int:
    """Return what the articles cost together."""
    if not lines:
        raise OrderError("Your basket is empty. Put something into it first.")
    for line in lines:
        if line.quantity < 1:
            raise OrderError(f"{line.article}: order at least one.")
    return sum(line.unit_cents * line.quantity for line in lines)


def shipping(goods_cents: int) -> int:
    """Return what sending articles of this worth costs: nothing from 150 euros on."""
    return 0 if goods_cents >= FREE_SHIPPING_FROM else SHIPPING


def total(lines: Sequence[OrderLine]) -> int:
    """Return what the customer pays."""
    goods = subtotal(lines)
    return goods + shipping(goods)
