"""Requests as people write them, each with what it says about time; half of them say nothing, whatever times they name."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from agents.planning import when

BERLIN: Final = ZoneInfo("Europe/Berlin")
NOW: Final = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # a Tuesday, 15:00 in Berlin

SAID: Final = [
    # The night
    ("compare Acme, Globex and Initech tonight", "night"),
    ("@jidoka compare the three offers overnight.", "night"),
    ("<@U024BE7LH> tonight: compare the prices of Acme and Globex", "night"),
    ("Please write the launch campaign for v4 tonight, thanks!", "night"),
    ("Could you summarise the attached contract tonight?", "night"),
    ("Vergleiche die drei Angebote heute Nacht", "night"),
    ("Bitte fasse den Vertrag über Nacht zusammen", "night"),
    ("Do this overnight: collect the reviews of our app", "night"),
    ("Find five suppliers of cork, tonight", "night"),
    ("Read the report tonight, by 8 tomorrow", "night, due 2026-11-25 08:00"),
    # Deadlines
    ("write the launch campaign for v4; audience CTOs; budget 20k; by 8 tomorrow", "due 2026-11-25 08:00"),
    ("Compare A and B by Friday noon.", "due 2026-11-27 12:00"),
    ("compare the offers by tomorrow 9:30", "due 2026-11-25 09:30"),
    ("I need a summary of these files by 5pm", "due 2026-11-24 17:00"),
    ("Draft the press release by Thursday at 10:00", "due 2026-11-26 10:00"),
    ("Compare A and B by 8 tomorrow, budget 5 dollars", "due 2026-11-25 08:00"),
    ("Translate this by 18:00 today", "due 2026-11-24 18:00"),
    ("By tomorrow noon, please.", "due 2026-11-25 12:00"),
    ("Research the market by Monday", "due 2026-11-30 18:00"),
    ("Get me the figures by tonight", "due 2026-11-25 00:00"),
    ("Make a shortlist by 3 December at 14:00", "due 2026-12-03 14:00"),
    ("Vergleiche die Angebote bis morgen 8 Uhr", "due 2026-11-25 08:00"),
    ("Bitte einen Entwurf bis Freitag 12 Uhr", "due 2026-11-27 12:00"),
    ("Ich brauche die Zusammenfassung bis spätestens Donnerstag um 9", "due 2026-11-26 09:00"),
    ("Erstelle eine Liste der Risiken bis heute Abend", "due 2026-11-24 20:00"),
    # Starts
    ("at 22:00 compare the prices", "start 2026-11-24 22:00"),
    ("in 2 hours: check whether the site is up", "start 2026-11-24 17:00"),
    ("Send me the status in 2 hours", "start 2026-11-24 17:00"),
    ("on 3 December at 14:00 send me the list of open offers", "start 2026-12-03 14:00"),
    ("Tomorrow at 8, summarise the news about Acme", "start 2026-11-25 08:00"),
    ("Start at 22:00. Compare Acme and Globex", "start 2026-11-24 22:00"),
    ("Compare Acme and Globex at 22:00", "start 2026-11-24 22:00"),
    ("Check the competitor's price list at 8", "start 2026-11-25 08:00"),
    ("Summarise the news on Friday at 9:15", "start 2026-11-27 09:15"),
    ("Um 22 Uhr vergleiche die Preise", "start 2026-11-24 22:00"),
    ("In einer Stunde: prüfe die Webseite", "start 2026-11-24 16:00"),
    ("Am 3. Dezember um 14 Uhr schick mir die Liste der Angebote", "start 2026-12-03 14:00"),
    # Repeats
    ("every weekday at 7 send me the competitor news", "repeat 0 7 * * mon-fri"),
    ("every Monday at 9:30: status of Acme", "repeat 30 9 * * mon"),
    ("/jidoka every Monday and Thursday at 9:30: status of Acme", "repeat 30 9 * * mon,thu"),
    ("each month on the 1st at 8 compare our prices with Globex", "repeat 0 8 1 * *"),
    ("cron 0 7 * * 1-5: competitor news", "repeat 0 7 * * mon-fri"),
    ("Send me the competitor news every weekday at 7", "repeat 0 7 * * mon-fri"),
    ("Please send a digest of #sales every day at 17:45.", "repeat 45 17 * * *"),
    ("schedule every Friday at 4pm a summary of the week", "repeat 0 16 * * fri"),
    ("every 2 hours check the status page", "repeat 0 */2 * * *"),
    ("Daily at 6:30: what is new about cork", "repeat 30 6 * * *"),
    ("Compare the prices of cork on the first Monday of each month at 9", "repeat 0 9 * * mon#1"),
    ("Every last day of the month at 17:00, list the open invoices", "repeat 0 17 L * *"),
    ("every weekday at 7 competitor news", "repeat 0 7 * * mon-fri"),
    ("Jeden Werktag um 7 schick mir die Nachrichten zum Wettbewerb", "repeat 0 7 * * mon-fri"),
    ("Jeden Montag um 9:30 Uhr: Stand von Acme", "repeat 30 9 * * mon"),
    ("Schick mir jeden Tag um 8 Uhr die Preise", "repeat 0 8 * * *"),
    ("Schick mir die Preise jeden Tag um 8 Uhr", "repeat 0 8 * * *"),
    ("Am 1. jedes Monats um 8: Preisvergleich", "repeat 0 8 1 * *"),
    # Meant, and impossible
    ("on 30 February at 8 send me the list", "unclear"),
    ("every day at 25:00 send me the list", "unclear"),
    ("cron 0 0 7 * * 1-5: competitor news", "unclear"),
    ("cron */5 * * * *: check the status page", "unclear"),
    ("every 10 minutes check the status page", "unclear"),
    ("every other Monday at 9: status of Acme", "unclear"),
    ("Compare the offers by 9:00 today", "unclear"),
    ("on 3 November 2026 at 14:00: status of Acme", "unclear"),
    ("every year on 30 February at 8: status", "unclear"),
    ("Send me the news every weekday at 7 until Christmas", "unclear"),
]

SILENT: Final = [
    "compare what happened every Monday in Q3",
    "the contract ends by 31 March",
    "Check whether a 30-day notice is in the contract",
    "Every Monday in Q3 we lost orders. Find out why.",
    "Every weekday at 7 the server restarts; find out why",
    "Every day counts: this is our slogan, improve it",
    "Daily active users fell; explain why",
    "Summarise the weekly status report",
    "Find out what suppliers must deliver by Friday noon",
    "The offer is valid until Friday noon. Compare it with ours.",
    "Our shop is open until 8 tomorrow",
    "What does parking cost overnight?",
    "Who is playing tonight?",
    "Compare overnight shipping rates of DHL and UPS",
    "Overnight stays in Berlin: compare the prices",
    "Write an invitation to the dinner tonight",
    "Write the agenda for the meeting at 22:00",
    "Prepare the slides for the call tomorrow at 8",
    "Tomorrow at 8 we meet Acme: write a briefing",
    "Tonight's menu: translate it into French",
    "In 2 hours the meeting starts. Write an agenda.",
    "Write a plan to learn the basics of Python in 2 hours",
    "Explain how to run a marathon in 4 hours",
    "Reduce the costs in this plan by 8",
    "Increase the font size by 12 today's style guide says",
    "List the trains that leave every day at 7",
    "Write a guide about brushing teeth every day",
    "Describe what a nurse does every night",
    "Explain why we release every two weeks",
    "Opening hours are Monday until Friday. Write a sign.",
    "Write a sign with our opening hours: 9:00 until 18:00",
    "Summarise our calls from Monday until Friday",
    'Translate "see you tonight" into German',
    'Translate into German: "send me the news every weekday at 7"',
    "Explain `0 7 * * 1-5` to a beginner",
    "cron jobs fail every Monday at 9: explain why",
    "Compare the weather on 3 December 2024 with 2025",
    "Find out what failed on 3 November at 14:00",
    "Show me the sales of 24 November 2025",
    "Write a report on the outage at 22:00",
    "At 8 stores in Berlin sales fell. Find out why.",
    "List books by Friday Jones",
    "Compare schedules of the trains to Hamburg",
    "Schedule A lists the parties. Check it against Schedule B.",
    "Schedule of payments: check the sums",
    "Draft a clause: the tenant pays each month on the 1st",
    "The rent is due every month on the 3rd at 12:00",
    "Is the shop open tonight?",
    "When does the shop close tonight?",
    "We launch tonight",
    "Book a table for four tomorrow at 20:00",
    "Invite Alice and Bob to lunch tomorrow at noon",
    "Draft a letter that asks for payment by Friday noon",
    "The team works overnight",
    "Which of these films by 8 directors won a prize?",
    "Summarise the 8:00 news",
    "Make it 30 % cheaper by 2030",
    "Der Vertrag endet bis Freitag 12 Uhr",
    "Vergleiche, was jeden Montag passiert ist",
    "Unsere Preise sind überholt; prüfe sie",
    "Was kostet eine Übernachtung heute Nacht?",
    "Öffnungszeiten von 8 bis 18 Uhr: schreib ein Schild",
    "Schreib ein Schild mit den Öffnungszeiten 8 bis 18 Uhr",
    "Morgen um 8 treffen wir Acme. Schreib ein Briefing.",
    "Jeden Montag um 9 fällt der Server aus; finde heraus, warum",
    "Guten Morgen, vergleiche die Preise",
    "Schreib eine Einladung zum Abendessen morgen um 20 Uhr",
    "Wer spielt heute Nacht?",
    "Übersetze: „Bis morgen 8 Uhr“",
    "Jeder Tag zählt: verbessere diesen Slogan",
    "Die Frist läuft bis Donnerstag",
    "Erkläre, warum man jeden Tag um 7 aufstehen soll",
    "> every weekday at 7 send the news\nWhat does this rule do?",
    "Compare the plans of last night and this morning",
    "What is due by tomorrow?",
]


def told(timing: when.Timing) -> str:
    """What was read, in one line, local times."""
    if timing.unclear:
        return "unclear"
    parts = ["night"] if timing.night else []
    for name, instant in (("due", timing.due), ("start", timing.start)):
        parts += [f"{name} {instant.astimezone(BERLIN):%Y-%m-%d %H:%M}"] if instant else []
    parts += [f"repeat {timing.repeat.to_text()}"] if timing.repeat else []
    return ", ".join(parts)


@pytest.mark.parametrize(("text", "said"), SAID)
def test_what_a_request_says_about_time_is_read(text, said):
    assert told(when.read(text, NOW, BERLIN)) == said


@pytest.mark.parametrize("text", SILENT)
def test_times_inside_the_subject_are_not_taken(text):
    timing = when.read(text, NOW, BERLIN)

    assert (told(timing), timing.rest, timing.phrases) == ("", text, ())
