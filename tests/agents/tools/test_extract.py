from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.extract import Extracted, ValueKind, extract

# Short texts of many kinds, with every value but plain numbers that a careful reader finds in them: "kind | words | value",
# "?" for what the text does not say for certain. Written after the rules were frozen.
BLIND = Path(__file__).with_name("blind.txt").read_text(encoding="utf-8")
FIELDS = [
    (text, *line.split(" | "))
    for text, expected in (block.split("\n==\n") for block in BLIND.split("\n----\n"))
    for line in expected.strip().splitlines()
]


def told(text: str, *kinds: ValueKind) -> list[tuple[str, str | None]]:
    return [(each.text, each.value) for each in extract(text, kinds or None)]


def at(text: str, kind: str, words: str) -> list[Extracted]:
    start = text.index(words)
    return [e for e in extract(text, [ValueKind(kind)]) if e.start < start + len(words) and start < e.end]


def test_the_blind_set_is_as_large_as_promised():
    assert len({text for text, *_ in FIELDS}) >= 20
    assert len(FIELDS) >= 60


@pytest.mark.parametrize(
    ("text", "kind", "words", "value"), FIELDS, ids=[f"{kind}-{words}" for _, kind, words, _ in FIELDS]
)
def test_a_field_of_the_blind_set_is_found_as_a_reader_finds_it(text: str, kind: str, words: str, value: str):
    found = at(text, kind, words)

    assert [each.value for each in found] == [None if value == "?" else value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("September 9, 2026", "2026-09-09"),
        ("9th of September 2026", "2026-09-09"),
        ("9. September 2026", "2026-09-09"),
        ("2026-09-09T10:00Z", "2026-09-09"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("03/03/2026", "2026-03-03"),
        ("SEPTEMBER 2026", "2026-09"),
        ("29 February 2028", "2028-02-29"),
        ("02/03/2026", None),
        ("02.03.2026", None),
        ("14/03/26", None),
        ("31 February 2026", None),
        ("29 February 2027", None),
        ("2026-13-45", None),
        ("31/02/2026", None),
        ("32/13/2026", None),
        ("Monday, 9 September 2026", None),
        ("9 September", None),
    ],
)
def test_a_date_has_a_value_only_when_it_is_one_day_that_exists(text: str, value: str | None):
    assert told(f"It ends on {text}, he said.", ValueKind.DATE) == [
        (text if "T" not in text or text[0] == "S" else "2026-09-09", value)
    ]


def test_what_a_date_lacks_is_said():
    [swapped] = extract("02/03/2026")
    [impossible] = extract("31 February 2026")
    [weekday] = extract("Monday, 9 September 2026")

    assert swapped.note == "Day and month could be either way round."
    assert impossible.note == "There is no such day."
    assert weekday.note == "2026-09-09 is a Wednesday."


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$20,000", ["USD 20000"]),
        ("$1.5m", ["USD 1500000"]),
        ("20 000 €", ["EUR 20000"]),
        ("1.250.000,50 EUR", ["EUR 1250000.5"]),
        ("EUR 1.250 million", ["EUR 1250000"]),
        ("10 %, from $100k to $150k", ["USD 100000", "USD 150000"]),
        ("forty-two Canadian dollars", ["CAD 42"]),
        ("-$500", ["USD -500"]),
        ("€20.000", [None]),
        ("$100–150k", [None]),
        ("half a million dollars", []),
        ("1/2 million EUR", []),
        ("several hundred euros", []),
        ("twenty thirty dollars", [None]),
    ],
)
def test_money_has_a_value_only_when_figure_and_currency_are_certain(text: str, values: list[str | None]):
    assert [value for _, value in told(text, ValueKind.MONEY)] == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three years", "3 years"),
        ("two-year", "2 years"),
        ("thirty (30) days", "30 days"),
        ("thirty (60) days", None),
        ("one hundred and twenty days", "120 days"),
        ("between three and five years", "3–5 years"),
        ("1 year and 6 months", "1 year 6 months"),
        ("48h", "48 hours"),
        ("one or two weeks", None),
    ],
)
def test_durations_are_read_in_words_and_figures(text: str, value: str | None):
    assert [found for _, found in told(f"within {text} of it", ValueKind.DURATION)] == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "This Agreement is governed by and construed in accordance with the laws of England and Wales.",
            "England and Wales",
        ),
        ("The laws of the State of New York shall govern.", "New York"),
        ("This Deed is governed by English law.", "England and Wales"),
        ("Governing law: Germany\nClient: Acme", "Germany"),
        ("It is governed by the laws of Delaware or Texas.", None),
        ("Governing law: [to be agreed]", None),
    ],
)
def test_the_governing_law_is_found_where_a_clause_names_it(text: str, value: str | None):
    assert [found for _, found in told(text, ValueKind.GOVERNING_LAW)] == [value]


def test_where_a_company_was_set_up_is_no_governing_law():
    text = "Acme, Inc., a corporation organized and existing under the laws of Delaware, is the seller."

    assert told(text, ValueKind.GOVERNING_LAW) == []


def test_parties_are_found_by_clause_by_label_and_by_legal_form():
    text = (
        "Lease between Harbour Estates LLC, a Texas company (“Landlord”), and Mr. Peter O'Neil (“Tenant”).\n"
        "Guarantor of both is Müller & Söhne GmbH & Co. KG.\nContractor: Jane Doe\nThe talk between Alice and Bob went well."
    )

    assert [value for _, value in told(text, ValueKind.PARTY)] == [
        "Harbour Estates LLC",
        "Peter O'Neil",
        "Müller & Söhne GmbH & Co. KG",
        "Jane Doe",
    ]


def test_plain_numbers_are_found_and_labels_marks_and_phones_are_not():
    listed = "1. First\n2) See Section 12.3, v4, F3, 10:30, 1.2.3, +49 30 1234567 and (3) the 3rd."
    text = f"{listed}\nWe sold 1,200 seats, 20k views."

    assert told(text, ValueKind.NUMBER) == [("1,200", "1200"), ("20k", "20000")]


def test_a_value_broken_over_two_lines_of_prose_is_one_and_over_two_rows_is_not():
    prose = "The parties agreed in the course of the summer that on September\n9, 2026 all of it ends."

    assert told(prose) == [("September\n9, 2026", "2026-09-09")]
    assert told("Plan: Pro | Users: 20\nUSD: yes", ValueKind.MONEY) == []


def test_links_are_cut_where_the_sentence_goes_on():
    text = "See (https://a.example/b_(c)), www.d.example. Or write to Jane@EXAMPLE.com."

    assert told(text) == [
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("www.d.example", "www.d.example"),
        ("Jane@EXAMPLE.com", "Jane@example.com"),
    ]


def test_only_the_kinds_asked_for_are_given():
    assert {each.kind for each in extract(BLIND, [ValueKind.DATE, ValueKind.EMAIL])} == {
        ValueKind.DATE,
        ValueKind.EMAIL,
    }


PIECES = [
    "September 9, 2026",
    "02/03/2026",
    " $100k",
    "–",
    "%",
    "three",
    " years",
    "Acme Ltd",
    "\n",
    "(",
    "“X”",
    ")",
    " and ",
    "12",
    ".",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map("".join))
def test_every_value_stands_where_it_says_and_no_two_overlap(text: str):
    found = extract(text)

    assert all(text[each.start : each.end] == each.text != "" for each in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all((each.value is None) == bool(each.note) for each in found)
