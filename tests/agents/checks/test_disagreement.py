"""What sources disagree about stands in the text with every value; no average, no choice."""

import pytest

from agents.checks import Contract, Disagreement, Problem, Side, check
from agents.checks.disagreement import RULE, same

SEEN = Side("EUR 5,290", ("F201", "F202"), "survey.csv, row 2")
PRICE = Disagreement("acme, price", (Side("EUR 5,490", ("F101",), "sheet.pdf, page 1"), SEEN))
ENDS = Disagreement(
    "subsidy", (Side("30 June 2027", ("F103",), "federation.docx"), Side("31 December 2026", ("F203",), "clippings.md"))
)


def found(text: str, *disagreements: Disagreement) -> list[Problem]:
    told = check(text, Contract(disagreements=disagreements), {}, {})
    return [one for one in told if one.rule == RULE]


@pytest.mark.parametrize(
    "text",
    [
        "The sheet says EUR 5,490 [F101], the survey EUR 5,290 [F201].",
        "| Price |\n|---|\n| 5.490 € [F101] |\n| EUR 5290 [F202] |\n",
        "Prices differ: 5,490 and 5,290 euros.",
    ],
)
def test_a_text_with_every_value_is_right(text: str):
    assert found(text, PRICE) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It costs about EUR 5,390 [F101][F201].", "It costs about EUR 5,390 [F101][F201]."),
        ("First. It costs EUR 5,490 [F101].", "It costs EUR 5,490 [F101]."),
        ("It costs EUR 5,290 [F202].", "It costs EUR 5,290 [F202]."),
        ("It is a bike.", ""),
    ],
)
def test_an_average_a_choice_and_silence_are_told_with_every_value_and_source(text: str, quote: str):
    [one] = found(text, PRICE)

    assert one.quote == quote
    assert one.message == (
        "Sources disagree on “acme, price”: EUR 5,490 [F101] (sheet.pdf, page 1); EUR 5,290 [F201] (survey.csv, row 2)."
    )


def test_dates_are_values_too_and_each_disagreement_is_told_once():
    assert found("It ends on 30 June 2027 [F103] or on December 31, 2026 [F203].", ENDS) == []
    assert [one.message.split("”")[0] for one in found("It ends on 30 June 2027 [F103].", PRICE, ENDS)] == [
        "Sources disagree on “acme, price",
        "Sources disagree on “subsidy",
    ]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("EUR 4,890", "4.890 €", True),
        ("24 months", "two years", True),
        ("3 May 2027", "2027-05-03", True),
        ("24 months", "18 months", False),
        ("EUR 90", "USD 90", False),
        ("3 May 2027", "4 May 2027", False),
    ],
)
def test_a_value_is_known_in_other_words(one: str, other: str, equal: bool):
    assert same(one, other) is equal
