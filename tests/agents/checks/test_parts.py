"""What the rules are made of: quotes, citations, limits, dates, numbers, sections, words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from agents.checks import Contract, check, cited, joined, judged, limits_of, not_judged, verify_quote, words
from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.checks.markdown import cells, sentences, tables

_SAID = "Acme [F1] 12 % from 10 to 12 | --- # - EUR 3 never 31 May “ ” \n TODO = + x. 2026"
_WORDS = _SAID.split(" ")
TEXTS = some.one_of(
    some.text(some.characters(exclude_categories=("Cs",)), max_size=200),
    some.lists(some.sampled_from(_WORDS)).map(" ".join),
)


def test_a_quote_is_found_word_for_word_or_with_other_space() -> None:
    text = "The price is\nEUR 20 per month. It is\tfixed."

    assert verify_quote("EUR 20", text) == (13, 19)
    assert verify_quote("The price is EUR 20", text) == (0, 19)
    assert verify_quote("It  is fixed", text) == (31, 42)


@pytest.mark.parametrize("quote", ["EUR 21", "The prices is", "", "   ", "eur 20", "EUR 20 per  annum"])
def test_a_quote_that_is_changed_in_any_letter_is_not_found(quote: str) -> None:
    assert verify_quote(quote, "The price is EUR 20 per month.") is None


def test_citations_are_read_in_every_form() -> None:
    assert cited("A [F1]. B [F2, F3] and [F3][F10] and [F5–F7] and [7].") == [
        "F1",
        "F2",
        "F3",
        "F10",
        "F5",
        "F6",
        "F7",
    ]


@pytest.mark.parametrize(
    ("constraint", "most", "least"),
    [
        ("under 900 words", 899, None),
        ("at most two pages", 1_000, None),
        ("keep it to one page", 500, None),
        ("no more than 1,200 words", 1_200, None),
        ("300 to 500 words", 500, 300),
        ("at least 400 words", None, 400),
        ("a two-page brief", 1_000, None),
        ("max 250 words", 250, None),
        ("500 words max", 500, None),
        ("write 3 slides", None, None),
    ],
)
def test_lengths_are_read_from_the_words_of_a_request(
    constraint: str, most: int | None, least: int | None
) -> None:
    limits = limits_of([("C1", constraint)])

    assert (limits.most_words, limits.least_words) == (most, least)


@pytest.mark.parametrize(
    ("constraint", "forbidden"),
    [
        ("do not mention Globex or Initech", ("Globex", "Initech")),
        ('never use the word "cheap"', ("cheap",)),
        ("no emojis and no exclamation marks", (":emoji:", ":exclamation-mark:")),
        ("without links", (":link:",)),
        ("no pricing of our own", ()),
        ("don't mention our pricing", ()),
    ],
)
def test_forbidden_content_is_read_and_what_needs_a_mind_is_not(
    constraint: str, forbidden: tuple[str, ...]
) -> None:
    assert limits_of([("C1", constraint)]).forbidden == forbidden
    assert judged(constraint) is bool(forbidden)


def test_constraints_that_rules_cannot_judge_are_named() -> None:
    limits = limits_of(
        [("C1", "under 900 words"), ("C2", "no pricing of our own"), ("C3", "keep it friendly")]
    )

    assert not_judged(limits) == ("C2", "C3")


def test_joined_contracts_take_the_tighter_length_and_all_the_rest() -> None:
    one = Contract(sections=("A",), most_words=900, cites=True)
    two = Contract(sections=("A", "B"), most_words=500, least_words=100, forbidden=("x",))

    assert joined(one, two) == Contract(("A", "B"), 500, 100, (), ("x",), cites=True)


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("12,000 users", (Decimal(12_000), Decimal(12)), ""),
        ("12 000 €", (Decimal(12_000),), "EUR"),
        ("1.234,50 EUR", (Decimal("1234.5"),), "EUR"),
        ("$1.2 million", (Decimal(1_200_000),), "USD"),
        ("budget 20k", (Decimal(20_000),), ""),
        ("15 percent", (Decimal(15),), "%"),
        ("three years", (Decimal(3),), ""),
        ("twenty-five thousand euros", (Decimal(25_000),), "EUR"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, values: tuple[Decimal, ...], unit: str) -> None:
    found = figures(text)

    assert [(one.values, one.unit) for one in found] == [(values, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "v4 and 1.2.3",
        "see [F3]",
        "Step 4",
        "§ 12",
        "1. first",
        "GPT-4",
        "https://a.com/12",
        "on 5 May 2026",
        "`12`",
    ],
)
def test_what_only_looks_like_a_number_is_not_read(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It stands in line 22, in lines 17–18 and on pages 30-41.", []),
        ("See rows 4, 15 and 19, row 1204, and page 3.", []),
        ("Lines 17 to 18, columns 2 and 13.", []),
        ("Row 12 and 40 others are empty.", ["40"]),
        ("On page 3, 14 people are named.", ["14"]),
        ("The line 3 million people saw is a line 20 km long.", ["3 million", "20"]),
        ("Line 22 % of them took; line 30 EUR more.", ["22 %", "30 EUR"]),
    ],
)
def test_marks_of_places_are_no_numbers_that_a_source_has_to_hold(text: str, numbers: list[str]) -> None:
    assert [figure.text for figure in figures(text)] == numbers


@pytest.mark.parametrize(("cites", "wrong"), [
    ("[P1]", False), ("[P2, N1]", False), ("[C1]", False), ("[P9]", True), ("[P]", True), ("", True),
])  # fmt: skip
def test_a_sentence_may_rest_on_what_a_person_decided_and_on_nothing_nobody_said(cites: str, wrong: bool) -> None:
    given = Contract(cites=True, said=frozenset({"P1", "P2", "N1", "C1"}))
    found = check(f"The warranty is open until Northmoor has answered {cites}.", given, {}, {})

    assert [one.rule for one in found] == (["citation-missing"] if wrong else [])


def test_length_sections_and_form_bind_the_result_and_forbidden_words_every_text() -> None:
    wanted = ("under 5 words", "no bullet points", "do not mention Globex", "sections: Aim, Plan")
    asked = tuple((f"C{number}", words) for number, words in enumerate(wanted, start=1))
    text = "- One two three four five\n- Globex\n"
    between, result = (check(text, Contract(constraints=asked, is_result=one), {}, {}) for one in (False, True))

    assert [one.quote for one in between] == ["Globex"]
    assert {one.rule for one in result} == {"forbidden", "too-long", "section-missing"}


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("5 May 2026", [(2026, 5, 5)]),
        ("September 9, 2026", [(2026, 9, 9)]),
        ("2026-02-28", [(2026, 2, 28)]),
        ("02/03/2026", [(2026, 3, 2), (2026, 2, 3)]),
        ("31.12.2026", [(2026, 12, 31)]),
        ("March 2026", [(2026, 3, 0)]),
        ("31 April 2026", []),
        ("29 February 2028", [(2028, 2, 29)]),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, readings: list[tuple[int, int, int]]) -> None:
    assert [list(day.readings) for day in dates(text)] == [readings]


def test_sentences_keep_abbreviations_and_the_citation_behind_their_full_stop() -> None:
    text = "Acme Inc. of Cork, e.g. its shop, costs EUR 3.50. [F1] It is new! - Is it?"

    assert [one.text for one in sentences(text)] == [
        "Acme Inc. of Cork, e.g. its shop, costs EUR 3.50. [F1]",
        "It is new!",
        "- Is it?",
    ]


def test_tables_are_taken_apart_into_cells_with_their_places() -> None:
    text = "| Item | Cost |\n|---|---:|\n| Ads | 12 |\n"
    row = tables(text)[0][1]

    assert [(cell.text, text[cell.start : cell.end]) for cell in cells(row)] == [("Ads", "Ads"), ("12", "12")]


def test_words_are_counted_as_a_reader_would() -> None:
    assert words("It's a **2.5 %** rise [F1], see [here](https://a.com/b).") == 6


def test_a_section_may_be_numbered_and_filled_by_its_subsections() -> None:
    contract = Contract(sections=("Summary", "Price and payment", "Risks"))
    text = "# 1. Summary\n\nGood.\n\n## 2) Price & payment\n\n### Price\n\nFair.\n\n## Risks\n\n"

    assert [(one.rule, one.message) for one in check(text, contract, {}, {})] == [
        ("section-empty", "The section 'Risks' says nothing.")
    ]


def test_without_sources_nothing_is_held_against_them() -> None:
    assert check("Acme Ltd sells 1,234 ovens since 3 May 2021 at https://acme.com.", Contract(), {}, {}) == []


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_is_checked_the_same_each_time_and_every_quote_stands_in_it(text: str, source: str) -> None:
    contract = Contract(sections=("Summary",), most_words=20, constraints=(("C1", source),), cites=True)
    found = check(text, contract, {}, {"d1": source})

    assert found == check(text, contract, {}, {"d1": source})
    assert all(text[one.start : one.end] == one.quote and one.fix and one.message for one in found)


@settings(max_examples=200, deadline=None)
@given(some.integers(1, 10_000), some.integers(1, 10_000), some.integers(1, 10_000))
def test_a_sum_is_right_or_caught(a: int, b: int, claimed: int) -> None:
    found = check(f"EUR {a} + EUR {b} = EUR {claimed}", Contract(), {}, {})

    assert [one.rule for one in found] == ([] if a + b == claimed else ["sum-wrong"])


@settings(max_examples=200, deadline=None)
@given(some.integers(1, 1_000), some.integers(1, 1_000))
def test_a_percentage_is_right_or_caught(a: int, b: int) -> None:
    right = abs(Decimal(b - a) / a * 100).quantize(Decimal("0.1"))
    good = check(f"It changed by {right} %, from EUR {a} to EUR {b}.", Contract(), {}, {})
    wrong = check(f"It changed by {right + 5} %, from EUR {a} to EUR {b}.", Contract(), {}, {})

    assert (good, [one.rule for one in wrong]) == ([], ["percent-wrong"])
