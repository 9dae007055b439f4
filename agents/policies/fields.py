"""What a single value of the page may be: a reader for each key, which returns the value or says what is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final

from agents.errors import PolicyError
from agents.policies import hours
from agents.policies.durations import Duration
from agents.policies.values import MOST_AT_ONCE
from storage.policy import MEMBERS, REQUESTER, Escalation
from storage.words import EffectClass, Silence

Reader = Callable[[object], Any]
Readers = Mapping[str, Reader]

MOST_PEOPLE: Final = 100  # in one list, and in a quorum
MOST_HOLIDAYS: Final = 200
PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,20}$")
GROUP: Final = re.compile(r"S[A-Z0-9]{2,20}$")
CHANNEL: Final = re.compile(r"[CGD][A-Z0-9]{2,20}$")
_ID_HINT: Final = "a person's id, such as 'U024BE7LH' (in Slack: their profile, ⋮, Copy member ID)"
_GROUP_HINT: Final = "a user group's, such as 'S0LEGAL'"
CHANNEL_HINT: Final = (
    "Write a channel's id, such as 'C024BE91L' (in Slack: the channel's details, at the bottom)"
)


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return "Did you mean …?" for the known word that looks most like this one; else all that are known."""
    close = get_close_matches(word.casefold(), known, 1)
    return f"Did you mean {close[0]!r}?" if close else f"I know: {', '.join(known)}."


def yes_or_no(value: object) -> bool:
    """Return a yes or a no."""
    if not isinstance(value, bool):
        raise PolicyError(f"{value!r} is neither true nor false. Write one of them, without quotes.")
    return value


def text(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise PolicyError(f'{_shown(value)} is no text. Put it in quotes, such as "{_shown(value)}".')
    return value.strip()


def number(least: int, most: int) -> Reader:
    """Return a reader of whole numbers between two."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise PolicyError(
                f"{_shown(value)} does not fit. Write a whole number from {least} to {most}, without quotes."
            )
        return value

    return read


def amount(value: object) -> float:
    """Return an amount above zero, such as US dollars."""
    fits = (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    )
    if not fits:
        said = f'"{value}" in quotes' if isinstance(value, str) else _shown(value)
        raise PolicyError(f"{said} is no amount above zero. Write a number without quotes, such as 2.50.")
    return float(str(value))


def times(value: object) -> float:
    """Return how many times one agent's cost may be reached: at least once."""
    found = amount(value)
    if found < 1:
        raise PolicyError(f"{_shown(value)} is less than one agent costs. Write 1 or more.")
    return found


def listed(one: Reader, least: int, most: int) -> Reader:
    """Return a reader of lists, each entry read by ``one``, none of them twice."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise PolicyError(
                f'{_shown(value)} is no list. Put it in square brackets, such as ["{_shown(value)}"].'
            )
        if not least <= len(value) <= most:
            few = (
                "The list is empty. Name at least one."
                if len(value) < least
                else f"{most} entries are the most."
            )
            raise PolicyError(few)
        found = [one(entry) for entry in value]
        twice = next((entry for at, entry in enumerate(found) if entry in found[:at]), None)
        if twice is not None:
            raise PolicyError(f"{str(twice)!r} stands there twice. Leave one out.")
        return tuple(found)

    return read


def word(kinds: type[StrEnum], *allowed: StrEnum) -> Reader:
    """Return a reader of one word of a closed set."""
    known = tuple(str(each) for each in allowed or kinds)

    def read(value: object) -> StrEnum:
        if text(value) not in known:
            raise PolicyError(f"{value!r} is not a word I know here. {nearest(str(value), known)}")
        return kinds(text(value))

    return read


def decider(value: object) -> str:
    """Return one entry of a deciders' list."""
    said = text(value)
    if said in (REQUESTER, MEMBERS) or PERSON.match(said) or GROUP.match(said):
        return said
    close = get_close_matches(said.casefold(), (REQUESTER, MEMBERS), 1)
    hint = (
        f"Did you mean {close[0]!r}?"
        if close
        else f"Write {REQUESTER!r}, {MEMBERS!r}, {_ID_HINT}, or {_GROUP_HINT}."
    )
    raise PolicyError(f"{said!r} is nobody I can ask. {hint}")


def somebody(value: object) -> str:
    """Return the id of a person or a user group."""
    said = text(value)
    if not (PERSON.match(said) or GROUP.match(said)):
        raise PolicyError(f"{said!r} is nobody I can ask. Write {_ID_HINT}, or {_GROUP_HINT}.")
    return said


def person(value: object) -> str:
    """Return the id of a person."""
    said = text(value)
    if not PERSON.match(said):
        raise PolicyError(f"{said!r} is no person. Write {_ID_HINT}.")
    return said


def channel(value: object) -> str:
    """Return the id of a channel; an empty text stays one."""
    said = text(value)
    if said and not CHANNEL.match(said):
        raise PolicyError(f"{said!r} is no channel. {CHANNEL_HINT}.")
    return said


def duration(value: object) -> str:
    """Return a length of time as text, once it can be read."""
    return str(Duration.parse(text(value)))


def escalation(value: object) -> Escalation:
    """Return whom to ask as well, and after how long."""
    if not isinstance(value, dict) or set(value) != {"after", "to"}:
        raise PolicyError(
            f'{_shown(value)} is no escalation. Write {{ after = "1 working day", to = ["U024BE7LH"] }}.'
        )
    return Escalation(after=duration(value["after"]), to=listed(somebody, 1, MOST_PEOPLE)(value["to"]))


def zone(value: object) -> str:
    """Return a time zone's name."""
    said = text(value)
    if said not in hours.available_zones():
        close = get_close_matches(said, hours.available_zones(), 1)
        hint = (
            f"Did you mean {close[0]!r}?"
            if close
            else "Write one like 'Europe/Berlin' or 'America/New_York'."
        )
        raise PolicyError(f"{said!r} is no time zone I know. {hint}")
    return said


def working_hours(value: object) -> str:
    """Return the working hours of a week."""
    said = text(value)
    if not hours.week(said):
        raise PolicyError("It says no hours. Write them like 'Mon-Fri 09:00-17:00', or leave the key out.")
    if hours.overlaps(said):
        raise PolicyError(f"{said!r} says some hours twice. Let each day's hours follow one another.")
    return said


def quiet_hours(value: object) -> str:
    """Return the quiet hours; an empty text means none."""
    said = text(value)
    if len(hours.minutes(said)) == hours.WEEK:
        raise PolicyError(f"{said!r} leaves no time to ask anybody. Write them like '20:00-07:30'.")
    return said


def day(value: object) -> str:
    """Return a holiday, written with or without quotes."""
    return hours.holiday(value.isoformat() if type(value) is date else text(value))


def clock(value: object) -> time:
    """Return a time of day, written with or without quotes."""
    return value if isinstance(value, time) else hours.time_of(text(value))


def clock_or_off(value: object) -> time | None:
    """Return a time of day; None for an empty text, which turns it off."""
    return None if value == "" else clock(value)


def weekly_or_off(value: object) -> tuple[int, time] | None:
    """Return a weekday and a time; None for an empty text, which turns it off."""
    return None if value == "" else hours.weekly_of(text(value))


def _shown(value: object) -> str:
    """Return a value nearly as it stands on the page."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


RULE: Final[Readers] = {
    "deciders": listed(decider, 1, MOST_PEOPLE),
    "requester": yes_or_no,
    "quorum": number(1, MOST_PEOPLE),
    "deadline": duration,
    "remind": listed(duration, 0, 10),
    "escalate": listed(escalation, 0, 10),
    "silence": word(Silence),
    "direct": number(0, 50),
    "break_glass": yes_or_no,
}
SPEND: Final[Readers] = {
    "run_usd": amount,
    "run_tokens": number(10_000, 10**12),  # less is less than one call
    "run_calls": number(1, 10**6),
    "run_minutes": number(1, 10**5),
    **dict.fromkeys(("person_month_usd", "channel_month_usd", "month_usd"), amount),
}
ASK_FIRST: Final[Readers] = {
    "plan": yes_or_no,
    "same_plan": yes_or_no,
    "above_usd": amount,
    "times_one_agent": times,
    "effects": word(EffectClass, EffectClass.R1, EffectClass.R2, EffectClass.R3),
}
SETTINGS: Final[Readers] = {
    "time_zone": zone,
    "working_hours": working_hours,
    "quiet_hours": quiet_hours,
    "holidays": listed(day, 0, MOST_HOLIDAYS),
    "brief": clock_or_off,
    "weekly": weekly_or_off,
    "night": clock,
    "at_once": number(1, MOST_AT_ONCE),
    "admins": listed(person, 0, MOST_PEOPLE),
    "report_channel": channel,
}
OF_CHANNELS: Final = (
    "time_zone",
    "working_hours",
    "quiet_hours",
    "holidays",
    "brief",
    "weekly",
    "night",
    "at_once",
)
OF_LINES: Final = ("time_zone", "working_hours", "quiet_hours", "holidays", "night", "at_once")
SPEND_OF_LINES: Final = ("run_usd", "run_tokens", "run_calls", "run_minutes")
SPEND_OF_CHANNELS: Final = (*SPEND_OF_LINES, "person_month_usd", "channel_month_usd")
