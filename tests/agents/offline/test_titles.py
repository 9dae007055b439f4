"""Titles: a short phrase of the request's own words that ends where a phrase ends."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.offline.titles import is_heading, short_title

LOOSE = [
    *(
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "and",
        "or",
        "nor",
        "but",
        "for",
        "with",
        "by",
        "under",
        "from",
        "on",
        "at",
        "our",
    ),
    *(
        "your",
        "my",
        "its",
        "about",
        "into",
        "as",
        "that",
        "which",
        "this",
        "these",
        "those",
        "any",
        "each",
        "between",
    ),
    *("against", "without", "via", "per", "because", "if", "while"),
]
WORDS = st.lists(
    st.sampled_from([*LOOSE, "Acme", "brief", "prices", "oven", "compare", "write", "attached", "EUR 45"]),
    max_size=40,
)


@pytest.mark.parametrize(
    ("request_text", "title"),
    [
        (
            "@jidoka compare our three competitors Haulwren, Ternway and Oxbell from the attached files and write a "
            "two-page brief for the sales team; keep it under 900 words",
            "Comparison of our three competitors Haulwren, Ternway and Oxbell",
        ),
        (
            "<@U0JIDOKA> draft the supply agreement between Ferrant Cargo Bikes Limited and Northmoor Cells Oy from the "
            "attached files; governing law is the law of Ireland",
            "Supply agreement between Ferrant Cargo Bikes Limited and Northmoor Cells Oy",
        ),
        (
            "Can you please summarise the attached files for the board?",
            "Summary of the attached files for the board",
        ),
        ("We need a contract with Acme, under 900 words", "Contract with Acme"),
        ("What does Acme charge for the Pro plan?", "What does Acme charge for the Pro plan"),
        ("write a report about bread for", "Report about bread"),
        ("", ""),
    ],
)
def test_a_request_becomes_the_thing_it_asks_for(request_text: str, title: str) -> None:
    assert short_title(request_text, 80) == title


def test_what_is_too_long_ends_before_its_last_phrase_and_says_so() -> None:
    request = "Write a report on the prices of bread in every town of the country and in all the villages around them"

    assert short_title(request, 60) == "Report on the prices of bread in every town…"


@given(words=WORDS, longest=st.integers(20, 120))
def test_no_title_ends_in_a_loose_word_or_is_too_long(words: list[str], longest: int) -> None:
    title = short_title(" ".join(["oven", *words]), longest)
    last = re.findall(r"[\w-]+", title)[-1].lower()

    assert last not in LOOSE
    assert len(title) <= longest


@pytest.mark.parametrize(
    ("words", "fit"),
    [
        ("Vendors", True),
        ("Price and payment", True),
        ("Oxbell is bankrupt", False),
        ("EUR 5,900", False),
        ("Why nobody should buy an Oxbell", False),
        ("", False),
    ],
)
def test_a_heading_names_a_thing_and_claims_nothing(words: str, fit: bool) -> None:
    assert is_heading(words) is fit
