"""What is read of time comes with its exact words, the request without them, and a sentence where people need one."""

from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planning import when
from tests.agents.planning import test_when_more_sentences as more
from tests.agents.planning.test_when_sentences import BERLIN, NOW, SAID, SILENT

NEW_YORK: Final = ZoneInfo("America/New_York")
NO_WORK: Final = "You wrote when, but not what: write the request and the time in one message."
EVERY_SENTENCE: Final = [text for text, _ in (*SAID, *more.SAID)] + [*SILENT, *more.SILENT]


def read(text, now=NOW, zone=BERLIN):
    return when.read(text, now, zone)


@pytest.mark.parametrize(("text", "rest", "phrases"), [
    ("compare A and B tonight.", "compare A and B.", ("tonight",)),
    ("<@U024BE7LH> compare A and B, tonight", "<@U024BE7LH> compare A and B", ("tonight",)),
    ("@jidoka tonight: compare A and B", "@jidoka compare A and B", ("tonight",)),
    ("every weekday at 7 send me  the news", "send me  the news", ("every weekday at 7",)),
    ("*every weekday at 7:* see <https://x.test|X> & Y", "see <https://x.test|X> & Y", ("every weekday at 7",)),
    ("schedule every Friday at 4pm a summary", "a summary", ("every Friday at 4pm",)),
    ("Send me every Friday at 4pm a summary", "Send me a summary", ("every Friday at 4pm",)),
    ("Bitte fasse den Vertrag über Nacht zusammen", "Bitte fasse den Vertrag zusammen", ("über Nacht",)),
    ("compare A and B by 8 tomorrow", "compare A and B by 8 tomorrow", ("by 8 tomorrow",)),
    ("Read this tonight, by 8 tomorrow", "Read this, by 8 tomorrow", ("tonight", "by 8 tomorrow")),
    ("Read this by 8 tomorrow, tonight.", "Read this by 8 tomorrow.", ("by 8 tomorrow", "tonight")),
    ("tonight: read this by 8 tomorrow", "read this by 8 tomorrow", ("tonight", "by 8 tomorrow")),
    ("cron `0 7 * * 1-5`: competitor news", "competitor news", ("cron `0 7 * * 1-5`",)),
    ("cron 0 7 * * 1-5 competitor news", "competitor news", ("cron 0 7 * * 1-5",)),
    ("Mon-Fri at 9: status", "status", ("Mon-Fri at 9",)),
    ("every 1st of the month at 8: status", "status", ("every 1st of the month at 8",)),
    ("by tomorrow 8 o'clock compare A and B", "by tomorrow 8 o'clock compare A and B", ("by tomorrow 8 o'clock",)),
    ("compare A and B by tomorrow (Wednesday) noon", "compare A and B by tomorrow (Wednesday) noon", ()),
    ("<@U1> cron 0 7 * * 1-5\nnews of the day", "<@U1> news of the day", ("cron 0 7 * * 1-5",)),
    ("Compare A and B tonight, please!", "Compare A and B, please!", ("tonight",)),
    ("Compare these tonight:\n- Acme\n- Globex", "Compare these:\n- Acme\n- Globex", ("tonight",)),
])  # fmt: skip
def test_the_words_that_only_say_when_go_and_deadlines_stay(text, rest, phrases):
    timing = read(text)

    assert (timing.rest, timing.phrases, timing.unclear) == (rest, phrases, "")


@pytest.mark.parametrize(("text", "assumed"), [
    ("check the site, at 8", "I read 'at 8' as Wed 25 November 2026, 08:00 (Europe/Berlin)."),
    ("compare A and B by Friday", "I read 'Friday' as Fri 27 November 2026, 18:00 (Europe/Berlin)."),
    ("compare A and B by 5 today", "I read '5 today' as Tue 24 November 2026, 17:00 (Europe/Berlin)."),
    ("compare A and B by 9:00 on Tuesday", "I read '9:00 on Tuesday' as Tue 1 December 2026, 09:00 (Europe/Berlin)."),
    ("every Monday: status of Acme", "I read 'every Monday' as every Monday at 09:00."),
    ("every month at 8: status of Acme", "I read 'every month at 8' as on the 1st of each month at 08:00."),
    ("compare A and B at 9:00", "I read 'at 9:00' as Wed 25 November 2026, 09:00 (Europe/Berlin)."),
    ("compare A and B by 18:00 today", ""),
    ("every month on the 31st at 8: news", "Months that have no such day are left out."),
    ("compare A and B by Friday noon", ""),
    ("every weekday at 7 send me the news", ""),
    ("draft it by Friday noon; final text by Thursday noon", "I take the earlier of your deadlines."),
])  # fmt: skip
def test_what_was_assumed_is_said(text, assumed):
    assert (read(text).assumed, read(text).unclear) == (assumed, "")


@pytest.mark.parametrize(("text", "unclear"), [
    ("compare A and B by 9:00 today",
     "You wrote '9:00 today', but Tue 24 November 2026, 09:00 (Europe/Berlin) is over: name a time to come."),
    ("on 30 February at 8: compare A and B",
     "'on 30 February at 8' names a day that is not in the calendar: name another."),
    ("every day at 25:00: news", "'25:00' is no time of day: write 00:00 to 23:59."),
    ("at 9:00 PST send me the news",
     "I read times in your time zone, Europe/Berlin: write '9:00 PST' as it is there."),
    ("every 10 minutes check the site",
     "'every 10 minutes' is more often than every 15 minutes: make it rarer."),
    ("every day at 8 and 17:30: news",
     "'every day at 8 and 17:30' has times with different minutes: ask for each of them by itself."),
    ("every Monday at 9", NO_WORK),
    ("tonight", NO_WORK),
    ("on 3/12 at 14:00: compare A and B", "'on 3/12' is not the same day everywhere: write such as 3 December."),
    ("compare A and B by 3/12/2026 at 14:00", "'3/12/2026' is not the same day everywhere: write such as 3 December."),
    ("cron 0 7 * * 1-5", NO_WORK),
    ("on 1 December 2028 at 8: compare A and B",
     "'on 1 December 2028 at 8' is more than a year away: name a time that is nearer."),
    ("compare A and B by Wednesday noon; tomorrow at 13:00",
     "'tomorrow at 13:00' is not before the deadline: name an earlier start."),
    ("send the news every weekday at 7 until Christmas",
     "I cannot read 'until Christmas': name the last day itself, such as until Friday or until 18 December."),
    ("send the news every weekday at 7 until Friday noon",
     "I cannot read 'until Friday noon': name the last day itself, such as until Friday or until 18 December."),
    ("every day at 8 except Friday: news",
     "A repeat has no beginning and no exception yet: leave out 'except Friday'."),
    ("every Monday at 9 until tomorrow: news of Acme",
     "'every Monday at 9 until tomorrow' would not come once: name a later last day."),
    ("every day at 8 until 1 November 2026: news",
     "You wrote '1 November 2026', but that day is over: name one to come."),
    ("every day at 8 until 3/12: news", "'3/12' is not the same day everywhere: write such as 3 December."),
])  # fmt: skip
def test_what_cannot_be_is_said_and_not_taken(text, unclear):
    timing = read(text)

    assert (timing.unclear, timing.rest) == (unclear, text)
    assert (timing.start, timing.repeat, timing.night) == (None, None, False)


@pytest.mark.parametrize(("text", "repeat", "last", "rest"), [
    ("every weekday at 7 until Friday: send me the news", "0 7 * * mon-fri", 27, "send me the news"),
    ("Every weekday until Friday: send me the news", "0 9 * * mon-fri", 27, "send me the news"),
    ("send me the news every weekday until Friday", "0 9 * * mon-fri", 27, "send me the news"),
    ("every weekday until Friday at 8: status of Acme", "0 8 * * mon-fri", 27, "status of Acme"),
    ("every 2 hours through tomorrow, check the status page", "0 */2 * * *", 25, "check the status page"),
    ("jeden Tag um 8 bis zum 30. November: Preise", "0 8 * * *", 30, "Preise"),
    ("Schick mir die Preise jeden Tag um 8 Uhr bis Freitag", "0 8 * * *", 27, "Schick mir die Preise"),
])  # fmt: skip
def test_the_last_day_of_a_repeat_is_one_of_its_own_and_no_deadline(text, repeat, last, rest):
    timing = read(text)

    end = datetime(2026, 11, last, 23, 0, tzinfo=UTC)  # midnight in Berlin
    assert timing.repeat is not None and timing.repeat.to_text() == repeat
    assert (timing.until, timing.due, timing.rest, timing.unclear) == (end, None, rest, "")


@pytest.mark.parametrize(("text", "local"), [
    ("compare A and B, at 8 tonight", "2026-11-24 20:00"),
    ("compare A and B, tonight at 10", "2026-11-24 22:00"),
    ("compare A and B, tonight at 2", "2026-11-25 02:00"),
    ("compare A and B, tonight at 12", "2026-11-25 00:00"),
    ("compare A and B, tomorrow afternoon at 4", "2026-11-25 16:00"),
    ("compare A and B, tomorrow at half past eight in the evening", "2026-11-25 20:30"),
    ("compare A and B, tomorrow at quarter to nine", "2026-11-25 08:45"),
    ("compare A and B, next Friday at 9:00", "2026-12-04 09:00"),
    ("compare A and B, on Friday, 27 November 2026 at 9:00", "2026-11-27 09:00"),
    ("compare A and B, on Nov 27th at 12pm", "2026-11-27 12:00"),
    ("compare A and B, on Nov 27th at 12am", "2026-11-27 00:00"),
    ("vergleiche A und B, am 27.11. um Viertel nach acht", "2026-11-27 08:15"),
    ("vergleiche A und B, am 27.11.2026 um 8.30 Uhr", "2026-11-27 08:30"),
    ("vergleiche A und B, heute Abend um 8", "2026-11-24 20:00"),
    ("vergleiche A und B, übermorgen um 7 Uhr früh", "2026-11-26 07:00"),
    ("on the 15th at 9:00 compare A and B", "2026-12-15 09:00"),
    ("on the 31st at 9:00 compare A and B", "2026-12-31 09:00"),
    ("compare A and B at 16:00 CET", "2026-11-24 16:00"),
])  # fmt: skip
def test_a_time_of_day_is_understood_as_people_say_it(text, local):
    start = read(text).start

    assert start is not None
    assert f"{start.astimezone(BERLIN):%Y-%m-%d %H:%M}" == local
    assert start.tzinfo is UTC


def test_the_same_words_mean_another_moment_in_another_zone():
    assert read("at 22:00 compare A and B").start == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    assert read("at 22:00 compare A and B", zone=NEW_YORK).start == datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def test_a_start_in_the_hour_that_clocks_jump_over_is_right_after_it():
    eve = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    assert read("compare A and B, tomorrow at 2:30", eve).start == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_deadline_is_never_more_than_two_weeks_away():
    assert read("compare A and B by 8 December at 15:00").due == NOW + timedelta(days=14)
    assert read("compare A and B by 8 December at 15:01") == when.Timing(
        rest="compare A and B by 8 December at 15:01"
    )


@pytest.mark.parametrize("text", EVERY_SENTENCE)
@pytest.mark.parametrize("dressed", ["<@U024BE7LH> {}", "  {}  ", "Hi @jidoka, {}"])
def test_a_greeting_changes_nothing_that_is_read(text, dressed):
    plain, greeted = read(text), read(dressed.format(text))

    assert [greeted.night, greeted.due, greeted.start, greeted.repeat] == [
        plain.night,
        plain.due,
        plain.start,
        plain.repeat,
    ]


PIECES: Final = """by at on every each tonight overnight tomorrow Friday Mondays weekday month the 1st 8 7:30 30 February
25:99 noon in 2 hours until send me compare : ; , . cron * 0 */15 1-5 bis jeden Tag um Uhr heute Nacht " ` > <@U1> über and
morgen 24.12. PST L"""
WORDS: Final = st.sampled_from([*PIECES.split(), "\n"])


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.lists(WORDS, max_size=14).map(" ".join), st.text(max_size=60)))
def test_any_words_give_a_timing_whose_phrases_were_written(text):
    timing = read(text)

    assert all(phrase in text for phrase in timing.phrases)
    assert timing.due is None or NOW < timing.due <= NOW + timedelta(days=14)
    assert timing.start is None or timing.start > NOW
    assert timing.repeat is None or when.Repeat.from_text(timing.repeat.to_text()) == timing.repeat
    assert bool(timing.phrases) or timing == when.Timing(rest=text)
    assert not timing.unclear or timing.rest == text


def test_a_request_of_sixty_thousand_characters_is_read_within_seconds():
    text = "every by at until 8 tomorrow, " * 2000
    began = process_time()

    assert read(text + "compare A and B").repeat is None
    assert process_time() - began < 8  # seconds of work; 1.7 were measured
