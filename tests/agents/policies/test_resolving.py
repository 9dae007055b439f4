"""What counts where: what is said replaces what is shipped, and of what several say the stricter."""

from datetime import time

import pytest

from agents.policies import AskFirst, Hours, Rules, Settings, Spend, resolve, settings_for
from storage.policy import ASKS_MEMBERS, SHIPPED, Escalation, Policy
from storage.words import CheckpointKind, EffectClass, Silence
from tests.agents.policies.writing import accepted

DRAFT = CheckpointKind.DRAFT
EVERYWHERE = """
[draft]
deciders = ["members"]
requester = true
deadline = "2 working days"
remind = ["1 working day", "4 working hours"]
break_glass = true
silence = "skip"
direct = 3
"""
SALES = """
[channels.C0SALES.draft]
deciders = ["U0BOB", "U0CAROL", "S0LEADS"]
requester = false
quorum = 2
deadline = "1 working day"
remind = ["1 working hour", "4 working hours"]
escalate = [{ after = "6 working hours", to = ["S0LEADS"] }]
"""
FINAL = """
[lines.legal-document.stations."Final check".draft]
deciders = ["S0LEGAL"]
silence = "stop"
direct = 8
break_glass = false
"""


@pytest.mark.parametrize("kind", CheckpointKind)
def test_what_nobody_says_is_as_shipped(kind):
    assert resolve(Rules(), kind, channel="C0SALES", line="legal-document", station="Draft") == SHIPPED[kind]


def test_another_default_may_be_handed_in():
    assert resolve(Rules(), CheckpointKind.ESCALATION, shipped=ASKS_MEMBERS) == ASKS_MEMBERS


def test_what_is_said_replaces_what_is_shipped():
    policy = resolve(accepted(EVERYWHERE), DRAFT, channel="C0OTHER")

    assert policy == Policy(
        requester=True, deadline="2 working days", remind=("4 working hours", "1 working day"), break_glass=True,
        silence=Silence.SKIP, direct=3,
    )  # fmt: skip


def test_of_what_several_say_the_stricter_counts():
    rules = accepted(EVERYWHERE + SALES + FINAL)
    policy = resolve(rules, DRAFT, channel="C0SALES", line="legal-document", station="Final check")

    assert policy == Policy(
        deciders=(("members",), ("U0BOB", "U0CAROL", "S0LEADS"), ("S0LEGAL",)),
        requester=False,
        quorum=2,
        deadline="1 working day",
        remind=("1 working hour", "4 working hours"),
        escalate=(Escalation(after="6 working hours", to=("S0LEADS",)),),
        silence=Silence.STOP,
        direct=8,
        break_glass=False,
    )
    assert resolve(rules, DRAFT, line="legal-document", station="Draft") == resolve(rules, DRAFT)


def test_an_effect_keeps_its_floor_whatever_is_said_of_effects():
    rules = accepted('[effect]\ndeciders = ["requester"]\nrequester = true\nquorum = 1\n')
    low, outside, final = (
        resolve(rules, CheckpointKind.EFFECT, effect=EffectClass(name)) for name in ("R2", "R3", "R4")
    )

    assert (low.deciders, low.requester, low.quorum) == ((("requester",),), True, 1)
    assert (outside.deciders, outside.requester, outside.quorum) == ((("members",),), False, 1)
    assert (final.deciders, final.requester, final.quorum, final.opened_first) == (
        (("members",),),
        False,
        2,
        True,
    )


def test_a_class_of_effects_has_a_table_of_its_own():
    rules = accepted(
        '[effect]\nquorum = 2\n[effect.R1]\nsilence = "proceed"\ndeadline = "1 day"\n[effect.R3]\nquorum = 3\n'
    )
    found = {each: resolve(rules, CheckpointKind.EFFECT, effect=each) for each in EffectClass}

    assert [policy.quorum for policy in found.values()] == [2, 2, 2, 3, 2]
    assert [policy.silence for policy in found.values()] == [
        Silence.WAIT,
        Silence.PROCEED,
        *[Silence.WAIT] * 3,
    ]


def test_a_policy_carries_the_hours_that_count_there():
    rules = accepted("""
        time_zone = "Europe/Berlin"
        working_hours = "Mon-Fri 9-17"
        holidays = ["2026-12-25"]
        [channels.C0NYC]
        time_zone = "America/New_York"
        holidays = ["2026-11-26", "2026-12-25"]
        [lines.night-watch]
        working_hours = "Mon-Sun 18-23"
        quiet_hours = ""
    """)
    policy = resolve(rules, DRAFT, channel="C0NYC", line="night-watch")

    assert (policy.zone, policy.work, policy.quiet) == ("America/New_York", "Mon-Sun 18-23", "")
    assert policy.holidays == ("2026-12-25", "2026-11-26")


def test_without_a_page_the_settings_are_those_shipped():
    assert settings_for(Rules(), "C0SALES", "legal-document") == Settings()


def test_of_settings_the_lowest_cap_the_earliest_question_and_the_nearest_clock_count():
    rules = accepted("""
        brief = "07:00"
        weekly = ""
        night = "21:30"
        at_once = 4
        admins = ["U0ALICE"]
        report_channel = "C0OPS"
        [spend]
        run_usd = 5
        run_calls = 300
        run_minutes = 90
        month_usd = 300
        [ask_first]
        plan = false
        times_one_agent = 5
        [channels.C0SALES]
        brief = ""
        at_once = 6
        quiet_hours = "18-9"
        [channels.C0SALES.spend]
        run_usd = 9
        run_tokens = 1_000_000
        run_calls = 200
        channel_month_usd = 50.5
        [channels.C0SALES.ask_first]
        effects = "R2"
        above_usd = 2
        [lines.legal-document]
        at_once = 2
        [lines.legal-document.ask_first]
        plan = true
        effects = "R3"
    """)

    assert settings_for(rules, "C0SALES", "legal-document") == Settings(
        hours=Hours("UTC", "Mon-Fri 09:00-17:00", "18-9"),
        brief=None,
        weekly=None,
        night=time(21, 30),
        spend=Spend(5.0, 1_000_000, 200, run_minutes=90, channel_month_usd=50.5, month_usd=300.0),
        ask_first=AskFirst(plan=True, above_usd=2.0, times_one_agent=5.0, effects=EffectClass.R2),
        at_once=2,
        admins=("U0ALICE",),
        report_channel="C0OPS",
    )
    assert settings_for(rules).ask_first == AskFirst(plan=False, times_one_agent=5.0)
