"""What is wrong with a page: all of it at once, each with its line, its table and what would be right."""

import pytest

from agents.policies import Rules
from tests.agents.policies.writing import accepted, told

WRONG = {
    'time_zone = "Europe/Berln"': "line 1: time_zone: 'Europe/Berln' is no time zone I know. Did you mean 'Europe/Berlin'?",
    'working_hour = "9-17"': "line 1: 'working_hour' is not a word I know here. Did you mean 'working_hours'?",
    "working_hours = 9": 'line 1: working_hours: 9 is no text. Put it in quotes, such as "9".',
    'working_hours = ""': (
        "line 1: working_hours: It says no hours. Write them like 'Mon-Fri 09:00-17:00', or leave the key out."
    ),
    'working_hours = "Mon 9-17, Mon 16-18"': (
        "line 1: working_hours: 'Mon 9-17, Mon 16-18' says some hours twice. Let each day's hours follow one another."
    ),
    'quiet_hours = "0-24"': "line 1: quiet_hours: '0-24' leaves no time to ask anybody. Write them like '20:00-07:30'.",
    'holidays = ["12-25", "25.12."]': (
        "line 1: holidays: '25.12.' is no day. Write it like '2026-12-25', or '12-25' for every year."
    ),
    'holidays = ["12-25", "12-25"]': "line 1: holidays: '12-25' stands there twice. Leave one out.",
    'brief = "early"': "line 1: brief: 'early' is no time of day. Write one like '07:30'.",
    'weekly = "8:00"': "line 1: weekly: '8:00' is no day with a time. Write it like 'Mon 08:00'.",
    "at_once = 7": "line 1: at_once: 7 does not fit. Write a whole number from 1 to 6, without quotes.",
    'admins = ["alice"]': (
        "line 1: admins: 'alice' is no person. Write a person's id, such as 'U024BE7LH' (in Slack: their profile, ⋮, "
        "Copy member ID)."
    ),
    'report_channel = "#ops"': (
        "line 1: report_channel: '#ops' is no channel. Write a channel's id, such as 'C024BE91L' (in Slack: the channel's "
        "details, at the bottom)."
    ),
    "[spend]\nrun_usd = 0": (
        "line 2: [spend]: run_usd: 0 is no amount above zero. Write a number without quotes, such as 2.50."
    ),
    "[spend]\nrun_tokens = 5.5": (
        "line 2: [spend]: run_tokens: 5.5 does not fit. Write a whole number from 10000 to 1000000000000, without quotes."
    ),
    "[spend]\nmonth_usd = nan": (
        "line 2: [spend]: month_usd: nan is no amount above zero. Write a number without quotes, such as 2.50."
    ),
    "[spend]\nrun_usd = true": (
        "line 2: [spend]: run_usd: true is no amount above zero. Write a number without quotes, such as 2.50."
    ),
    "[ask_first]\ntimes_one_agent = 0.5": (
        "line 2: [ask_first]: times_one_agent: 0.5 is less than one agent costs. Write 1 or more."
    ),
    '[ask_first]\neffects = "R4"': "line 2: [ask_first]: effects: 'R4' is not a word I know here. I know: R1, R2, R3.",
    "[draft]\nquorum = 0": "line 2: [draft]: quorum: 0 does not fit. Write a whole number from 1 to 100, without quotes.",
    '[draft]\nrequester = "no"': (
        "line 2: [draft]: requester: 'no' is neither true nor false. Write one of them, without quotes."
    ),
    '[draft]\nsilence = "stpo"': "line 2: [draft]: silence: 'stpo' is not a word I know here. Did you mean 'stop'?",
    '[draft]\ndeciders = "members"': (
        'line 2: [draft]: deciders: members is no list. Put it in square brackets, such as ["members"].'
    ),
    "[draft]\ndeciders = []": "line 2: [draft]: deciders: The list is empty. Name at least one.",
    '[draft]\ndeciders = ["memebers"]': "line 2: [draft]: deciders: 'memebers' is nobody I can ask. Did you mean 'members'?",
    '[draft]\nescalate = ["U0BOB"]': (
        'line 2: [draft]: escalate: U0BOB is no escalation. Write { after = "1 working day", to = ["U024BE7LH"] }.'
    ),
    '[draft]\nescalate = [{ after = "1 day", to = [] }]': (
        "line 2: [draft]: escalate: The list is empty. Name at least one."
    ),
    '[draft]\nescalate = [{ after = "1 day", to = ["members"] }]': (
        "line 2: [draft]: escalate: 'members' is nobody I can ask. Write a person's id, such as 'U024BE7LH' (in Slack: "
        "their profile, ⋮, Copy member ID), or a user group's, such as 'S0LEGAL'."
    ),
    "draft = 3": "line 1: 'draft' is a table. Write [draft] on a line of its own.",
    "quorum = 2": (
        "line 1: 'quorum' does not belong here. It belongs in the table of what is asked: [plan], [draft], [question], "
        "[effect], [budget], [escalation]."
    ),
    '[draft]\nadmins = ["U0BOB"]': (
        "line 2: [draft]: 'admins' does not belong here. It counts for the whole workspace: write it at the top, before "
        "the first table."
    ),
    "[channels.C0SALES.spend]\nmonth_usd = 3": (
        "line 2: [channels.C0SALES.spend]: 'month_usd' does not belong here. It counts for more than this: write it in "
        "[spend] at the top."
    ),
    "[channels.C0SALES]\nrun_usd = 3": "line 2: [channels.C0SALES]: 'run_usd' does not belong here. It belongs in [spend].",
    "above_usd = 3": "line 1: 'above_usd' does not belong here. It belongs in [ask_first].",
    "[channels.sales.draft]\nquorum = 2": (
        "line 1: [channels]: 'sales' is no channel's id. Write a channel's id, such as 'C024BE91L' (in Slack: the channel's "
        "details, at the bottom)."
    ),
    "[lines.a.stations.Draft.draft]\n[lines.a.stations.draft.draft]": (
        "line 2: [lines.a.stations]: 'draft' is named twice. Write one table for it."
    ),
    "[lines.a.stations.Draft]\nat_once = 3": (
        "line 2: [lines.a.stations.Draft]: 'at_once' does not belong here. It counts for the whole workspace, a channel or "
        "a line: write it at the top, or there."
    ),
    '[lines.a]\nbrief = "07:30"': (
        "line 2: [lines.a]: 'brief' does not belong here. It counts for the whole workspace or a channel: write it at the "
        "top, or there."
    ),
    "[effect.R5]\nquorum = 2": "line 1: [effect]: 'R5' is not a word I know here. I know: ",
    "[draft": (
        "line 1: this cannot be read (expected ']' at the end of a table declaration). Text stands in quotes, lists in "
        "square brackets, and nothing is written twice."
    ),
    "brief = 7:30": "line 1: this cannot be read (",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_a_mistake_is_one_sentence_with_its_place(text, said):
    [sentence] = told(text)

    assert sentence.startswith(f"policy.toml, {said}")


def test_all_mistakes_are_told_at_once_in_page_order():
    text = 'brief = "x"\n[draft]\nquorum = 0\nsilence = "x"\n[channels.C0SALES.plan]\ndeadline = "x"\n'

    assert [sentence.split(":")[0] for sentence in told(text)] == [
        f"policy.toml, line {n}" for n in (1, 3, 4, 6)
    ]


@pytest.mark.parametrize(
    "text", ["", "\ufeff# nothing yet\r\n", "[draft]\n", "[channels]\n[lines.a.stations]\n"]
)
def test_everything_is_optional(text):
    found = accepted(text)

    assert (found.top.rules, found.top.settings.said, found.warnings) == ({}, {}, ())


def test_dates_and_times_may_stand_without_quotes():
    quoted = accepted('holidays = ["2026-12-25"]\nbrief = "07:30"\n').top.settings.said

    assert accepted("holidays = [2026-12-25]\nbrief = 07:30:00\n").top.settings.said == quoted


def test_a_station_is_named_by_its_title_or_its_key():
    by_title = accepted('[lines.a.stations."Fact check".draft]\nquorum = 2\n')
    by_key = accepted("[lines.a.stations.fact-check.draft]\nquorum = 2\n")

    for rules in (by_title, by_key):
        assert len(rules.layers("", "a", "Fact check")) == len(rules.layers("", "a", "fact-check")) == 3
        assert rules.layers("", "b", "fact-check") == (Rules().top,)
