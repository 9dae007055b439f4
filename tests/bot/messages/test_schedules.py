"""What is said of a schedule: foreign words in it stay words, and it says what is so."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import schedules as shown
from storage.agenda import Schedule
from storage.schedules import Due
from tests.bot.messages import hostile
from tests.watch import at

NOW = at("2026-11-22 14:00")
MOMENT = r"<!date\^\d+\^\{date_short_pretty\}, \{time\}\|[\w :,]+>"
OURS = re.compile(rf"<@U0ALICE>|<#C0SALES>|{MOMENT}")  # what is live by our hand


def a_schedule(**other: Any) -> Schedule:
    usual: dict[str, Any] = {
        "id": "sch-1", "team": "T1", "channel": "C0SALES", "by": "U0ALICE", "request": "send the news",
        "repeat": "0 7 * * mon-fri", "zone": "Europe/Berlin", "next_at": at("2026-11-23 06:00"),
    }  # fmt: skip
    return Schedule(**{**usual, **other})


def buttons(schedule: Schedule) -> list[str]:
    rows = [block["elements"] for block in shown.card(schedule, NOW).blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


@pytest.mark.parametrize(("facts", "begins", "labels"), [
    ({"next_at": None}, "Shall I do this *every weekday at 07:00 (Europe/Berlin)*?", ["Schedule it", "Edit", "No"]),
    ({}, "Scheduled by <@U0ALICE>: *every weekday at 07:00 (Europe/Berlin)*.", ["Edit", "Pause", "Delete"]),
    ({"paused": True}, "Paused: <@U0ALICE>'s schedule, ", ["Edit", "Resume", "Delete"]),
    ({"ended_at": NOW}, "Over: <@U0ALICE>'s schedule, ", []),
    ({"ended_at": NOW, "next_at": None}, "Not scheduled: ", []),
])  # fmt: skip
def test_a_card_says_how_the_schedule_stands_and_offers_what_can_be_done(facts: Any, begins: str, labels: list[str]):
    said = shown.card(a_schedule(**facts), NOW)

    assert said.text.startswith(begins)
    assert buttons(a_schedule(**facts)) == labels
    assert blockkit.validate(list(said.blocks), "message", "emit") == []


def test_the_next_three_moments_are_shown():
    coming = shown.moments(a_schedule(), NOW)

    assert coming == (at("2026-11-23 06:00"), at("2026-11-24 06:00"), at("2026-11-25 06:00"))


def test_once_has_one_moment_and_says_its_zone_once():
    once = a_schedule(repeat="once 2026-11-23T06:00Z")

    assert shown.moments(once, NOW) == (at("2026-11-23 06:00"),)
    assert shown.words(once) == "once, on Mon 23 November 2026, 07:00 (Europe/Berlin)"


@pytest.mark.parametrize(("minutes", "is_late"), [(0, False), (15, False), (16, True)])
def test_only_a_request_that_comes_late_says_when_it_was_planned(minutes: int, is_late: bool):
    due = Due("sch-1", NOW)

    assert ("planned for" in shown.request(a_schedule(), due, NOW + timedelta(minutes=minutes)).text) is is_late


@pytest.mark.parametrize("seed", range(150))
def test_nothing_in_a_request_is_live(seed: int):
    schedule = a_schedule(request=hostile.text(random.Random(seed)) or "x")
    card, asked = shown.card(schedule, NOW), shown.request(schedule, Due("sch-1", NOW), NOW)
    entries = shown.listed([schedule], NOW)

    sections = [block["text"]["text"] for block in [*card.blocks, *entries] if block["type"] == "section"]
    said = [asked.text, card.text, *sections]
    assert [left for each in said if set("<>") & set(left := OURS.sub("", each))] == []
    assert hostile.raw_controls([*card.blocks, *entries, {"text": asked.text}]) == []
    assert blockkit.validate(entries, "home", "emit") == []
    assert blockkit.validate(list(card.blocks), "message", "emit") == []


@pytest.mark.parametrize("carried", ["", "x", "[]", "{}", '{"schedule": null}', '{"other": 1}', "9" * 5_000])
def test_what_is_no_button_of_ours_points_at_nothing(carried: str):
    assert shown.pointed(carried) == ""


def test_a_button_points_at_its_schedule():
    assert shown.pointed(shown.value(a_schedule())) == "sch-1"
