"""Figures in words: eight lines at most, unknown is called unknown, and effort is never called success."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messages import outcomes
from storage.outcomes import Amount, Figures, Period, RubberStamp, Slower, Steadiness, Waiting
from tests.storage.outcomes.scribe import BOB, END, START, Scribe
from tests.storage.outcomes.test_three_logs import calm, crowded, office, second_thoughts

MINUTE = timedelta(minutes=1)
SIGNALS = (
    RubberStamp(BOB, 40, 39, timedelta(seconds=2)),
    Waiting(BOB, 11),
    Slower(31, 50 * MINUTE, 20 * MINUTE),
)


def said(given: Figures) -> list[str]:
    return outcomes.sentences(given, str)


def whole(**figures: object) -> Figures:
    return Figures(Period(START, END, **figures), ())  # type: ignore[arg-type]


def test_a_calm_month_in_words():
    assert said(calm().figures(working=office)) == [
        "3 results were accepted; 1 of them may still be reopened, for 7 days.",
        "Accepted at the first pass: 2 of 3 judged results (67 %).",
        "Sent back or reopened: once, 0.3 for each accepted result.",
        "Half of 6 decisions took no longer than 17 min, or 17 min of working time.",
        "People spent at least 9 min for each accepted result. Not known for 2 of 7 looks.",
        "Each accepted result cost $0.83, counting what was not accepted.",
        "Nobody has judged 1 delivered result.",
    ]


def test_what_was_taken_back_is_told():
    assert said(second_thoughts().figures())[-2:] == [
        "Each accepted result cost at least $0.92, counting what was not accepted.",
        "Reopened or turned down after delivery: 3 times. Nobody has judged 1 delivered result.",
    ]


def test_a_price_that_is_not_known_makes_a_cost_no_more_than_a_bound():
    assert "Each accepted result cost at most $0.75, counting what was not accepted." in said(
        crowded().figures()
    )


@pytest.mark.parametrize("figures, sentence", [
    ({"minutes": Amount(0, 0, 3)}, "How long people looked is unknown, and nothing was accepted."),
    ({"minutes": Amount(12, 3, 0)}, "People spent 12 min, and nothing was accepted."),
    ({"usd": Amount(0, 0, 2)}, "What it cost is unknown."),
    ({"usd": Amount(2.5, 2, 0)}, "It cost $2.50, and nothing was accepted."),
    ({"usd": Amount(2.5, 2, 1), "priced": False}, "It cost about $2.50, and nothing was accepted."),
    ({"judged": 2, "accepted": 0}, "No result was accepted."),
    ({"accepted": 1, "judged": 1, "provisional": 0}, "1 result was accepted."),
])  # fmt: skip
def test_it_says_what_is_not_known_and_what_came_to_nothing(figures, sentence):
    assert sentence in said(whole(**figures))


def test_decisions_without_an_accepted_result_are_no_success():
    log = Scribe().on(3, "09:00").run("A").draft("A", "A-1", "10:00", "10:01", "10:02", day=3, answer="stop")

    assert said(log.say("run stopped", "A", usd=1.0).figures()) == [
        "No result was accepted.",
        "Accepted at the first pass: 0 of 1 judged result (0 %).",
        "Half of 1 decision took no longer than 2 min.",
        "People spent 1 min, and nothing was accepted.",
        "It cost $1.00, and nothing was accepted.",
    ]


def test_nothing_is_said_in_one_sentence():
    assert said(Scribe().figures()) == ["Nothing was delivered, and nothing was decided."]


def test_signals_name_people_and_say_why():
    assert said(Figures(Period(START, END), (), SIGNALS))[1:] == [
        "U0BOB approved 39 of 40 times, mostly within 2.0 s of opening: too fast to read.",
        "11 decisions wait on U0BOB: too many for one person.",
        "Decisions have become slower: half of them take 50 min or longer; in the four weeks before it was 20 min.",
    ]


def test_there_are_eight_lines_at_most():
    full = second_thoughts().figures()
    crowd = Figures(full.whole, full.weeks, SIGNALS * 5)

    assert (len(said(full)), len(said(crowd)), said(crowd)[-1]) == (7, 8, "And 15 more things to look at.")
    assert said(Figures(full.whole, full.weeks, SIGNALS[:1]))[7].startswith("U0BOB approved")


def test_each_line_tells_how_steadily_its_results_are_accepted_one_and_several_in_a_row():
    lines = (Steadiness("legal-document", 12, 9), Steadiness("market-analysis", 4, 4), Steadiness("due-diligence", 1, 0))

    assert outcomes.steadiness(replace(calm().figures(), lines=lines)) == [
        # 9·8·7·6 / (12·11·10·9) and 9! / 1! · 4! / 12! = 9 / 495
        "legal-document: 9 of 12 judged results accepted at the first pass (75 %); all of 4: 25 %; all of 8: 2 %.",
        "market-analysis: 4 of 4 judged results accepted at the first pass (100 %); all of 4: 100 %.",
        "due-diligence: 0 of 1 judged result accepted at the first pass (0 %).",
    ]
