"""Of when a finding is, in its own words."""

from __future__ import annotations

import pytest

from agents.models.offline.dating import as_of


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("The pool had 1,900 members at the end of 2025.", "2025"),
        ("Turnover in 2025 was GBP 4.1 million, up from GBP 3.9 million in 2024.", "2025"),
        ("The list price is CHF 12, valid from 1 March 2026.", "1 March 2026"),
        ("The studio was founded in 2009 and had 14 staff in May 2026.", "May 2026"),
        ("tool: lathe | price: EUR 900 | seen on: 2 June 2026 | lease until: 31 May 2029", "2 June 2026"),
        ("dealer: Brem | contract until: 2027-03-31 | year: 2025", "2025"),
        ("31 December 2024 (EUR): 12000", "31 December 2024"),
    ],
)
def test_a_date_is_of_the_fact(words: str, told: str) -> None:
    assert as_of(words) == told


@pytest.mark.parametrize(
    "words",
    [
        "The lease runs until 30 September 2027.",
        "The first delivery is due on 1 April 2027.",
        "The grant ends on 31 December 2026.",
        "The studio was founded in 2009.",
        "Production is to start in April 2027.",
        "The panel expects 47,000 installations in 2027.",
        "A second hall is planned for autumn 2026.",
        "From July 2027 every bus carries a ramp.",
        "The agreement applies from 1 March 2027 for 24 months.",
        "customer: Olm | contract until: 2027-03-31",
    ],
)
def test_a_term_a_plan_or_a_beginning_is_no_date_of_the_fact(words: str) -> None:
    assert as_of(words) == ""
