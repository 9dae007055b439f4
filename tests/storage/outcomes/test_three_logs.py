"""Three logs whose figures were computed by hand; the arithmetic stands beside them."""

from datetime import datetime, timedelta

import pytest

from storage.outcomes import Amount, Line, Steadiness
from tests.storage.outcomes.scribe import ALICE, BOB, CAROL, DAVE, Scribe, counted

MINUTE = timedelta(minutes=1)


def calm() -> Scribe:
    """Four weeks in which most things are accepted as they come."""
    log = Scribe()
    # Run A, week 1. The plan: 3 min, of which Alice has it open 2. The draft: 34 min, of which Bob has it open 4.
    log.on(3, "09:00").run("A").ask("A", "A-plan", "plan", "plan").on(3, "09:01").see("A", "A-plan", ALICE)
    log.on(3, "09:03").decide("A", "A-plan", by=ALICE)
    log.draft("A", "A-1", "10:00", "10:30", "10:34", day=3).say("run done", "A", usd=0.5, priced=True)
    # Run B, week 2. The plan: 10 min, and Alice presses without opening it. Drafts: 25 min, open 20, which count 10, and
    # sent back; then 2 min, open 1.5, and approved.
    log.on(10, "09:00").run("B").ask("B", "B-plan", "plan", "plan").on(10, "09:10").decide(
        "B", "B-plan", by=ALICE
    )
    log.draft("B", "B-1", "11:00", "11:05", "11:25", day=10, answer="send_back")
    log.draft("B", "B-2", "12:00", "12:00:30", "12:02", day=10).say("run done", "B", usd=1.25, priced=True)
    # Run C, week 4. The draft: 60 min, open all that time, which count 10. Six days before the end: provisional.
    log.on(24, "14:00").run("C").draft("C", "C-1", "15:00", "15:00", "16:00", day=24)
    log.say("run done", "C", usd=0.25, priced=True)
    # Run D is answered without a checkpoint and nobody says a word. Run E fails.
    log.on(25, "09:00").run("D", "answer").say("run done", "D", usd=0.125, priced=True)
    return log.on(26, "09:00").run("E").say("run failed", "E", usd=0.375, priced=True)


def test_a_calm_month():
    whole = calm().figures().whole

    assert (whole.accepted, whole.provisional, whole.first_pass) == (3, 1, 2)  # A, B, C; C; A, C
    assert (whole.judged, whole.unjudged, whole.rounds, whole.escaped) == (
        3,
        1,
        1,
        0,
    )  # A, B, C; D; B's; none
    assert whole.first_pass_share == 2 / 3
    assert whole.rounds_each == 1 / 3
    # 3, 34, 10, 25, 2 and 60 min: in order 2, 3, 10, 25, 34, 60; the middle of 10 and 25
    assert (whole.decisions, whole.wall, whole.working) == (6, 17.5 * MINUTE, None)
    # 2 + 4 + 10 + 1.5 + 10; unknown: the plan of B, and whoever read D
    assert whole.minutes == Amount(27.5, 5, 2)
    assert whole.minutes_each == Amount(27.5 / 3, 5, 2)
    # 0.5 + 1.25 + 0.25 + 0.125 + 0.375
    assert (whole.usd, whole.usd_each, whole.priced) == (Amount(2.5, 5, 0), Amount(2.5 / 3, 5, 0), True)


def test_each_line_is_counted_by_itself():
    log = calm()
    routes = ("A", "market-analysis"), ("B", "market-analysis"), ("C", "due-diligence"), ("D", ""), ("E", "legal-document")
    for run, line in routes:
        log.say("routed", run, route="line" if line else "answer", line=line)
    log.run("F").say("routed", "F", route="line", line="market-analysis")
    log.say("run done", "F", label="offline mode: no language model").say("run accepted", "F", ALICE)
    lines = log.figures().lines

    # A and C were accepted as they came, B after a round; D was judged by nobody, E failed, F was made by rules
    assert lines == (Steadiness("market-analysis", 2, 1), Steadiness("due-diligence", 1, 1))
    assert [[one.all_of(count) for count in (1, 2, 4)] for one in lines] == [[0.5, 0.0, None], [1.0, None, None]]


def test_a_calm_month_week_by_week():
    weeks = calm().figures().weeks

    assert [week.accepted for week in weeks] == [1, 1, 0, 1]
    assert [week.first_pass for week in weeks] == [1, 0, 0, 1]
    assert [week.provisional for week in weeks] == [0, 0, 0, 1]
    assert [week.rounds for week in weeks] == [0, 1, 0, 0]
    # week 1: the middle of 3 and 34; week 2: the middle one of 2, 10 and 25; week 4: 60
    assert [week.wall for week in weeks] == [18.5 * MINUTE, 10 * MINUTE, None, 60 * MINUTE]
    assert [week.minutes for week in weeks] == [
        Amount(6, 2, 0),
        Amount(11.5, 2, 1),
        Amount(),
        Amount(10, 1, 1),
    ]
    assert [week.usd.known for week in weeks] == [0.5, 1.25, 0, 0.75]
    assert weeks[2].minutes_each is None


def second_thoughts() -> Scribe:
    """Four weeks in which people change their minds. Every draft is open for one minute and asked for two."""
    log = Scribe()
    # A: accepted on the 4th, reopened five days later, which takes it back, and accepted on the 10th.
    log.on(4, "09:00").run("A").draft("A", "A-1", "10:00", "10:01", "10:02", day=4).say(
        "run done", "A", usd=1.0
    )
    log.on(9, "09:00").say("run again", "A", ALICE, task="write").say("run reopened", "A", ALICE, note="more")
    log.draft("A", "A-2", "10:00", "10:01", "10:02", day=10).say("run done", "A", usd=1.5)
    # B: accepted on the 3rd, reopened eleven days later, which takes nothing back; still under way.
    log.on(3, "09:00").run("B").draft("B", "B-1", "11:00", "11:01", "11:02", day=3).say(
        "run done", "B", usd=0.5
    )
    log.on(14, "09:00").say("run reopened", "B", ALICE, note="")
    # C: approved as a draft, turned down when delivered.
    log.on(17, "09:00").run("C").draft("C", "C-1", "10:00", "10:01", "10:02", day=17).say(
        "run done", "C", usd=0.5
    )
    log.on(18, "09:00").say("run refused", "C", CAROL)
    # D: delivered without a checkpoint; liked the next day.
    log.on(18, "10:00").run("D", "answer").say("run done", "D", usd=0.0).on(19, "10:00").say(
        "run accepted", "D", ALICE
    )
    # E: stopped at its draft; its end does not say what it cost.
    log.on(20, "09:00").run("E").draft("E", "E-1", "10:00", "10:01", "10:02", day=20, answer="stop")
    log.say("run stopped", "E", why="Stopped.")
    # F: people approve what is read on the way, and nobody is asked about the result.
    log.on(21, "09:00").run("F").ask("F", "F-1", task="read").on(21, "09:01").see("F", "F-1")
    log.on(21, "09:02").decide("F", "F-1").on(21, "10:00").say("run done", "F", usd=0.25)
    # G: sent back, and a task is done anew besides; still under way.
    log.on(23, "09:00").run("G").draft("G", "G-1", "10:00", "10:01", "10:02", day=23, answer="send_back")
    return log.say("run again", "G", ALICE, task="read")


def test_second_thoughts():
    whole = second_thoughts().figures().whole

    assert (whole.accepted, whole.provisional, whole.first_pass) == (3, 0, 1)  # A, B, D; none; D
    assert (whole.judged, whole.unjudged) == (6, 1)  # A, B, C, D, E, G; F
    assert (whole.rounds, whole.escaped) == (
        4,
        3,
    )  # reopened A and B, sent back G, G again; A and B reopened, C refused
    assert (whole.first_pass_share, whole.rounds_each) == (1 / 6, 4 / 3)
    assert (whole.decisions, whole.wall) == (7, 2 * MINUTE)
    assert whole.minutes == Amount(7, 7, 1)  # seven drafts of one minute; whoever read F
    # A 1.0 and 0.5 more, B 0.5, C 0.5, D nothing, F 0.25; E is unknown
    assert whole.usd == Amount(2.75, 6, 1)


def test_acceptance_counts_in_the_week_of_the_last_verdict():
    weeks = second_thoughts().figures().weeks

    assert [week.accepted for week in weeks] == [1, 1, 1, 0]  # B on the 3rd, A on the 10th, D on the 19th
    assert [week.judged for week in weeks] == [1, 1, 3, 1]  # B; A; C, D, E; G
    assert [week.rounds for week in weeks] == [0, 2, 0, 2]
    assert [week.escaped for week in weeks] == [0, 2, 1, 0]


def crowded() -> Scribe:
    """Forms, nights, several deciders, silence, failures: all in one run, but for forms."""
    log = Scribe()
    # Forms: six minutes; one that was never sent; one whose beginning is not known.
    log.on(3, "08:58").say("form begun", "", ALICE, form="F1").on(3, "09:04").run("A", form="F1")
    log.say("form begun", "", BOB, form="F2").run("B", form="F9")
    # Asked at 22:00, shown at 07:30, decided at 08:00 after ten seconds: 30 min.
    log.on(4, "22:00").ask("A", "A-1", held_until="2026-11-05T07:30:00+00:00").on(5, "07:59:50").see(
        "A", "A-1"
    )
    log.on(5, "08:00").decide("A", "A-1", "send_back")
    # Two must approve: Bob has it open 3 min, Carol 5; Dave looks on for 4 and does not vote. Decided after 6 min.
    log.on(5, "10:00").ask("A", "A-2").see("A", "A-2", BOB).on(5, "10:01").see("A", "A-2", CAROL)
    log.on(5, "10:02").see("A", "A-2", DAVE).see("A", "A-2", BOB).on(5, "10:03").vote("A", "A-2", by=BOB)
    log.on(5, "10:06").decide("A", "A-2", by=CAROL)
    # Nobody answers within two hours; Bob had opened it five minutes before.
    log.on(5, "12:00").ask("A", "A-3", "question").on(5, "13:55").see("A", "A-3").on(5, "14:00").close(
        "A", "A-3", "expire"
    )
    # Something fails; Bob says, after a minute and without opening anything, to try again: that accepts nothing.
    log.on(6, "16:30").ask("A", "A-4", "escalation").on(6, "16:31").decide("A", "A-4")
    # A review comes to no end; Bob lets it go on after 90 min on Friday and 30 on Monday, which he has open for 20 s.
    log.on(6, "15:30").ask("A", "A-5", "escalation", artifact="art-1").on(9, "09:29:40").see("A", "A-5")
    log.on(9, "09:30").decide("A", "A-5")
    # A question is withdrawn when the run ends; Bob had looked at it for a minute.
    log.ask("A", "A-6", "question", "read").see("A", "A-6").on(9, "09:31").close("A", "A-6", "withdraw")
    return log.say("run done", "A", usd=0.75, priced=False)


def office(start: datetime, end: datetime) -> timedelta:
    """Working time from nine to five, Monday to Friday, minute by minute."""
    total, at = timedelta(), start
    while at < end:
        total += MINUTE * (at.weekday() < 5 and 9 <= at.hour < 17)
        at += MINUTE
    return total


def test_a_crowded_run():
    whole = crowded().figures(working=office).whole

    assert (whole.accepted, whole.first_pass, whole.judged, whole.unjudged) == (1, 0, 1, 0)
    assert whole.rounds == 1
    # 30 min, 6 min, 120 min, 1 min, and from Friday 15:30 to Monday 09:30, which is 66 h: the middle is 30 min
    assert (whole.decisions, whole.wall) == (5, 30 * MINUTE)
    # of these in working hours: 0, 6, 120, 1, and 90 + 30: the middle is 6 min
    assert whole.working == 6 * MINUTE
    # 6 for the form, 1/6 in the morning, 3 + 5 + 4, 5 before silence, 1/3 on Monday, 1 withdrawn
    assert whole.minutes.known == pytest.approx(6 + 1 / 6 + 12 + 5 + 1 / 3 + 1, abs=1e-12)
    assert (whole.minutes.parts, whole.minutes.unknown) == (8, 2)  # unknown: form F9, and trying again
    assert (whole.usd, whole.priced) == (Amount(0.75, 1, 0), False)


def test_what_is_long_past_changes_nothing():
    recent = second_thoughts().lines
    past = [_past(line, weeks) for weeks in range(90, 14, -1) for line in recent]
    whole = counted([*past, *recent]).whole

    assert len(past) > 4_000  # enough for the tally to forget, several times
    assert whole == second_thoughts().figures().whole


def _past(line: Line, weeks: int) -> Line:
    """Return a line so many weeks earlier, about a run and a checkpoint of their own."""
    about = {**line.payload, "checkpoint": f"{weeks}-{line.text('checkpoint')}"}
    return line._replace(at=line.at - timedelta(weeks=weeks), run=f"{weeks}-{line.run}", payload=about)


def test_what_a_log_does_not_say_is_unknown_and_never_zero():
    log = (
        Scribe()
        .on(3, "09:00")
        .run("A")
        .ask("A", "A-1")
        .on(3, "09:02")
        .decide("A", "A-1")
        .say("run done", "A")
    )
    whole = log.figures().whole

    assert (whole.minutes.is_unknown, whole.usd.is_unknown) == (True, True)
    assert (whole.minutes_each, whole.usd_each) == (Amount(0, 0, 1), Amount(0, 0, 1))


def test_nothing_is_divided_by_no_accepted_result():
    log = Scribe().on(3, "09:00").run("A").draft("A", "A-1", "10:00", "10:01", "10:02", day=3, answer="stop")
    whole = log.say("run stopped", "A", usd=1.0).figures().whole

    assert (whole.minutes_each, whole.usd_each, whole.rounds_each) == (None, None, None)
    assert whole.first_pass_share == 0


def test_a_clock_that_was_set_back_makes_no_time():
    log = Scribe().on(3, "10:00").run("A").ask("A", "A-1").see("A", "A-1").on(3, "09:00").decide("A", "A-1")
    whole = log.say("run done", "A", usd=0).figures().whole

    assert (whole.wall, whole.minutes) == (timedelta(), Amount(0, 1, 0))
