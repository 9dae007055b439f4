"""Shares of a whole, in words and in digits: which of them contradict each other."""

from __future__ import annotations

import pytest

from agents.models.offline.shares import differ, shares


@pytest.mark.parametrize(("text", "found"), [
    ("Acme has about a third of the market.", ("Acme", 33)),
    ("Acme sold 40 % of all bikes.", ("Acme", 40)),
    ("Every fourth bike in 2025 was an Acme.", ("Acme", 25)),
    ("Six of ten vans were from Acme.", ("Acme", 60)),
    ("In 2024 two thirds of the orders went to Acme.", ("Acme", 67)),
    ("One in five racks is made by Acme.", ("Acme", 20)),
    ("Half of the bikes sold were by Acme.", ("Acme", 50)),
])  # fmt: skip
def test_a_share_is_read_with_whose_it_is(text: str, found: tuple[str, int]):
    [one] = shares(text)

    assert (one.name, round((one.low + one.high) / 2)) == found


@pytest.mark.parametrize(("one", "other"), [
    ("Every fourth bike that was bought in 2025 was an Acme.", "By bikes sold in 2024: Bolt 22 %, Acme 12 %, others 66 %."),
    ("Acme has about a third of the bike market.", "In the bike market Acme has 45 %."),
    ("Half of the bikes were from Acme.", "Acme sold 40 % of the bikes."),
    ("More than half of all bikes were from Acme.", "Acme sold 40 % of all bikes."),
    ("Two thirds of the bikes were from Acme.", "Three out of ten bikes were from Acme."),
])  # fmt: skip
def test_shares_that_cannot_both_hold_contradict_each_other(one: str, other: str):
    assert differ(one, other) and differ(other, one)


@pytest.mark.parametrize(("one", "other"), [
    ("Acme has about a third of the bike market.", "In the bike market Acme has 38 %."),
    ("Every fourth bike was an Acme.", "Acme sold 24 % of the bikes."),
    ("More than half of all bikes were from Acme.", "Acme sold 61 % of all bikes."),
    ("Every fourth bike was an Acme.", "Bolt sold 12 % of the bikes."),
    ("Acme sold 40 % of the bikes in 2019.", "Acme sold 12 % of the bikes in 2025."),
    ("Acme sold 40 % of the bikes.", "Acme pays 12 % of its costs for rent."),
    ("Acme grew by 40 % in bikes.", "Acme sold 12 % of the bikes."),
    ("The third bike was an Acme.", "Acme sold 12 % of the bikes."),
    ("About half a year later bikes were from Acme.", "Acme sold 12 % of the bikes."),
])  # fmt: skip
def test_shares_of_others_of_other_wholes_and_of_other_times_do_not(one: str, other: str):
    assert not differ(one, other) and not differ(other, one)
