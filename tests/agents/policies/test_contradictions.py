"""What cannot hold together is refused, in one table or in several; what merely surprises is said."""

import pytest

from agents.catalog import SHIPPED, read
from agents.policies import stations_of, unknown
from agents.tools.toolbox import EFFECTS
from tests.agents.policies.writing import accepted, doubted, refused

NOBODY = "nobody is in all of the lists"
ALONE = {
    '[draft]\ndeciders = ["requester"]': (
        "line 1: [draft]: only whoever asked is a decider, and they may not decide. Write requester = true, or name others."
    ),
    "[plan]\nquorum = 2": "line 1: [plan]: 2 people must decide, but [requester] leaves 1.",
    '[draft]\ndeciders = ["U0BOB"]\nquorum = 2': (
        "line 1: [draft]: 2 people must decide, but [U0BOB] leaves 1. Name more people, or lower the quorum."
    ),
    '[effect]\ndeciders = ["U0BOB"]': (
        "line 1: [effect]: for effects of class R4, 2 people must decide, but [U0BOB] leaves 1."
    ),
    "[effect.R3]\nrequester = true": (
        "line 2: [effect.R3]: requester: An effect of class R3 is never decided by whoever asked for it."
    ),
    '[effect.R4]\ndeciders = ["requester"]': (
        "line 2: [effect.R4]: deciders: An effect of class R4 is never decided by whoever asked for it."
    ),
    "[effect.R4]\nquorum = 1": "line 2: [effect.R4]: quorum: An effect of class R4 takes two people. Write 2 or more.",
    '[effect]\nsilence = "proceed"': "line 2: [effect]: silence: Silence never lets an effect of class R2 or higher go on.",
    '[effect.R2]\nsilence = "proceed"': "line 2: [effect.R2]: silence: Silence never lets an effect of class R2 or",
    '[budget]\nsilence = "proceed"': "line 2: [budget]: silence: Silence never spends more money. Write 'wait' or 'stop'.",
    '[draft]\ndeadline = "3 hours"\nremind = ["2 hours", "4 hours"]': (
        "line 3: [draft]: remind: '4 hours' is not before the deadline, which is '3 hours'. Shorten it."
    ),
    '[draft]\ndeadline = "1 working day"\nremind = ["1 working day"]': (
        "line 3: [draft]: remind: '1 working day' is not before the deadline"
    ),
    '[draft]\ndeadline = "4 hours"\nescalate = [{ after = "1 working day", to = ["U0BOB"] }]': (
        "line 3: [draft]: escalate: '1 working day' is not before the deadline, which is '4 hours'. Shorten it."
    ),
    'quiet_hours = "8-18"': (
        "line 1: quiet_hours: the quiet hours '8-18' cover all working hours, 'Mon-Fri 09:00-17:00': nobody could be asked."
    ),
}
TOGETHER = {
    '[channels.C0SALES.draft]\ndeciders = ["U0BOB"]\n[lines.a.draft]\ndeciders = ["U0CAROL"]\n'
    "[lines.a.stations.B.draft]\nquorum = 1": (
        f"line 3: [lines.a.draft]: together with [channels.C0SALES.draft]: {NOBODY} [U0BOB] and [U0CAROL]."
    ),
    '[draft]\ndeciders = ["U0BOB", "U0CAROL"]\n[channels.C0SALES.draft]\nquorum = 3': (
        "line 3: [channels.C0SALES.draft]: together with [draft]: 3 people must decide, but [U0BOB, U0CAROL] leaves 2."
    ),
    '[effect]\ndeciders = ["members"]\n[effect.R4]\ndeciders = ["U0BOB"]': (
        "line 3: [effect.R4]: together with [effect]: for effects of class R4, 2 people must decide"
    ),
    'working_hours = "Mon-Fri 18-22"\n[channels.C0SALES]\nquiet_hours = "17-23"': (
        "line 3: [channels.C0SALES]: quiet_hours: together with the top: the quiet hours '17-23' cover all working hours"
    ),
}


@pytest.mark.parametrize(("text", "said"), [*ALONE.items(), *TOGETHER.items()])
def test_a_contradiction_is_one_sentence_with_its_place(text, said):
    [sentence] = refused(text)

    assert sentence.startswith(f"policy.toml, {said}")


@pytest.mark.parametrize("text", [
    '[draft]\ndeciders = ["requester"]\nrequester = true',
    '[draft]\ndeciders = ["requester", "S0LEADS"]',
    '[plan]\ndeciders = ["U0BOB"]\n[channels.C0SALES.plan]\ndeciders = ["requester"]',
    '[draft]\ndeciders = ["U0BOB"]\n[lines.a.draft]\ndeciders = ["S0LEGAL"]\n[channels.C0A.draft]\ndeciders = ["members"]',
    '[effect]\nrequester = true\n[effect.R1]\nsilence = "proceed"\ndeadline = "1 day"',
    '[draft]\ndeadline = "2 working days"\nremind = ["1 working day"]\n[channels.C0SALES.draft]\ndeadline = "1 hour"',
    'quiet_hours = "10-18"',
])  # fmt: skip
def test_what_only_looks_like_a_contradiction_is_accepted(text):
    assert accepted(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[spend]\nmonth_usd = 10\n[channels.C0SALES.spend]\nchannel_month_usd = 20",
            "line 4: [channels.C0SALES]: channel_month_usd: it is above month_usd, which is reached before it.",
        ),
        (
            '[draft]\nsilence = "stop"',
            "line 2: [draft]: silence: there is no deadline, so silence waits for ever. Write a deadline.",
        ),
        (
            '[draft]\ndeadline = "1 day"\nremind = ["4 working hours"]',
            "line 3: [draft]: remind: at some hours of the week '4 working hours' is over after the deadline, '1 day': then "
            "it never comes.",
        ),
        (
            '[draft]\ndeciders = ["U0BOB"]',
            "line 2: [draft]: deciders: when <@U0BOB> asks, too few others are left to decide.",
        ),
    ],
)
def test_what_may_surprise_is_a_warning(text, said):
    assert doubted(text) == [f"policy.toml, {said}"]


def test_a_line_or_station_that_no_catalog_has_is_told_with_the_nearest():
    stations = stations_of(read([SHIPPED], EFFECTS).lines)
    rules = accepted("""
        [lines.legal-documnt.draft]
        quorum = 2
        [lines.legal-document.stations.Finel.draft]
        quorum = 2
        [lines.legal-document.stations.final.draft]
        quorum = 2
        [lines.broken.stations.Anything.draft]
        quorum = 2
    """)

    assert [str(problem) for problem in unknown(rules, stations, ["broken"])] == [
        "policy.toml, line 2: [lines.legal-documnt]: no line is called 'legal-documnt'. Did you mean 'legal-document'?",
        "policy.toml, line 4: [lines.legal-document.stations.Finel]: 'legal-document' has no station 'Finel'. Did you mean "
        "'Final'?",
    ]
