"""Who approves unread, and who is asked too much: as defined, to the second and to the decision."""

from datetime import timedelta

import pytest

from storage.outcomes import RubberStamp, Slower, Waiting
from tests.storage.outcomes.scribe import ALICE, BOB, CAROL, DAVE, Scribe

MINUTE = timedelta(minutes=1)


def pressing(approved: int, refused: int, seconds: float = 1.0, unopened: int = 0) -> Scribe:
    """Let Bob decide on drafts, each so long after he opened it; some he approves without opening."""
    log = Scribe().on(10, "09:00").run("A")
    for number in range(approved + refused + unopened):
        log.ask("A", f"A-{number}")
        if number < approved + refused:
            log.see("A", f"A-{number}")
            log.now += timedelta(seconds=seconds)
        log.decide("A", f"A-{number}", "send_back" if number < refused else "approve")
        log.now += MINUTE
    return log


@pytest.mark.parametrize("approved, refused", [(30, 0), (39, 1), (96, 4)])
def test_who_approves_nearly_all_of_thirty_at_a_glance_is_named(approved, refused):
    signals = pressing(approved, refused, 4.999).figures().signals

    assert signals == (RubberStamp(BOB, approved + refused, approved, timedelta(seconds=4.999)),)


@pytest.mark.parametrize("approved, refused, seconds, why", [
    (29, 0, 1, "too few"), (38, 2, 1, "95 % are no more than 95 %"), (30, 0, 5, "five seconds are no less than five"),
])  # fmt: skip
def test_at_the_border_nobody_is_named(approved, refused, seconds, why):
    assert pressing(approved, refused, seconds).figures().signals == (), why


def test_decisions_whose_opening_is_not_known_are_evidence_of_nothing():
    assert pressing(29, 0, unopened=40).figures().signals == ()


def test_answers_to_questions_are_no_approvals():
    log = Scribe().on(10, "09:00").run("A")
    for number in range(40):
        log.ask("A", f"A-{number}", "question").see("A", f"A-{number}").decide("A", f"A-{number}", "answer")

    assert log.figures().signals == ()


def test_what_was_before_these_weeks_counts_no_more():
    log = pressing(30, 0)

    assert (len(log.figures(weeks=4).signals), log.figures(weeks=2).signals) == (1, ())


def waiting(count: int, deciders: list[list[str]], **more: str) -> Scribe:
    log = Scribe().on(10, "09:00").run("A")
    for number in range(count):
        log.ask("A", f"A-{number}", deciders=deciders, **more)
    return log


@pytest.mark.parametrize("deciders, on", [
    ([["requester"]], ALICE), ([[BOB]], BOB), ([["members"], [BOB]], BOB), ([[BOB, CAROL], [BOB, DAVE]], BOB),
])  # fmt: skip
def test_more_than_ten_decisions_on_one_person_are_too_many(deciders, on):
    assert waiting(11, deciders).figures().signals == (Waiting(on, 11),)
    assert waiting(10, deciders).figures().signals == ()


@pytest.mark.parametrize("deciders", [[["members"]], [["S0LEADS"]], [[BOB, "S0LEADS"]], []])
def test_what_anybody_of_many_may_decide_waits_on_no_one_person(deciders):
    assert waiting(40, deciders).figures().signals == ()


def test_what_is_decided_waits_no_more():
    assert waiting(11, [[BOB]]).decide("A", "A-3").figures().signals == ()


def test_what_is_held_until_the_morning_does_not_wait_yet():
    log = waiting(11, [[BOB]], held_until="2026-11-11T07:30:00+00:00")

    assert log.figures(log.on(11, "07:29").now).signals == ()
    assert log.figures(log.on(11, "07:30").now).signals == (Waiting(BOB, 11),)


def test_who_is_asked_by_name_and_who_takes_over_is_counted():
    log = waiting(11, [["requester"]]).say("handed over", "A", ALICE, before=ALICE, to=CAROL)
    for number in range(11):
        log.say("people asked", "A", CAROL, checkpoint=f"A-{number}", people=[DAVE])

    assert log.figures().signals == (Waiting(CAROL, 11), Waiting(DAVE, 11))


def deciding(before: int, before_min: float, now: int, now_min: float) -> Scribe:
    """Decide so many checkpoints in so many minutes each, the first ones in the four weeks before the last two."""
    log = Scribe().run("A")
    for number in range(before + now):
        log.on(10 if number < before else 20, "09:00").ask("A", f"A-{number}", "question")
        log.now += MINUTE * (before_min if number < before else now_min)
        log.decide("A", f"A-{number}", "answer")
    return log


def test_decisions_that_take_twice_as_long_are_told():
    signals = deciding(20, 10, 20, 20).figures(weeks=2).signals

    assert signals == (Slower(20, 20 * MINUTE, 10 * MINUTE),)


@pytest.mark.parametrize("given, why", [
    ((20, 10, 20, 19.99), "not twice"), ((19, 10, 20, 40), "too few before"), ((20, 10, 19, 40), "too few now"),
    ((20, 0, 20, 0), "nothing is not twice nothing"),
])  # fmt: skip
def test_slightly_slower_or_seldom_is_not_told(given, why):
    assert deciding(*given).figures(weeks=2).signals == (), why
