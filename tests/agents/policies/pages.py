"""Pages of a policy by chance: most of what an office manager could write, right and wrong."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Final

PEOPLE: Final = ("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE")
GROUPS: Final = ("S0LEADS", "S0LEGAL")
DURATIONS: Final = (
    "30 minutes",
    "4 hours",
    "1 day",
    "3 working hours",
    "1 working day",
    "2 working days",
    "1 week",
)
CHANNELS: Final = ("C0SALES", "C0OPS")
LINES: Final = {"legal-document": ("Draft", "Final check"), "market-report": ("Reading",)}
KINDS: Final = ("plan", "draft", "question", "effect", "budget", "escalation")
CLASSES: Final = ("R0", "R1", "R2", "R3", "R4")
WRONG: Final = ("", "soon", -1, True, [], ["x"], 1.5)

Values = dict[str, Any]


def page(chance: Random, mistakes: float = 0.0) -> str:
    """Return a page; a share of ``mistakes`` of its values is of another kind than it should be."""
    tables: dict[str, Values] = {"": _settings(chance, top=True), **_layer(chance, "")}
    for channel in chance.sample(CHANNELS, chance.randint(0, 2)):
        tables |= {f"channels.{channel}": _settings(chance), **_layer(chance, f"channels.{channel}.")}
    for line in chance.sample(list(LINES), chance.randint(0, 2)):
        tables |= _layer(chance, f"lines.{line}.", caps=("run_usd", "run_tokens"))
        for station in chance.sample(LINES[line], chance.randint(0, 1)):
            tables |= _kinds(chance, f'lines.{line}.stations."{station}".')
    return "\n".join(
        _written(chance, name, said, mistakes) for name, said in tables.items() if said or not name
    )


def _layer(
    chance: Random, place: str, caps: tuple[str, ...] = ("run_usd", "run_calls", "run_minutes", "channel_month_usd")
) -> dict[str, Values]:
    amounts = {"run_tokens": (10_000, 2_000_000), "run_calls": (1, 300), "run_minutes": (1, 90)}
    spend = {key: chance.choice(amounts.get(key, (1, 5.5, 100))) for key in caps if chance.random() < 0.2}
    first = {"plan": chance.random() < 0.5, "effects": chance.choice(CLASSES[1:4]), "times_one_agent": 2}
    kept = {key: value for key, value in first.items() if chance.random() < 0.1}
    return {f"{place}spend": spend, f"{place}ask_first": kept, **_kinds(chance, place)}


def _kinds(chance: Random, place: str) -> dict[str, Values]:
    found = {f"{place}{kind}": _rule(chance) for kind in chance.sample(KINDS, chance.choice([0, 1, 1, 2]))}
    if chance.random() < 0.2:
        found[f"{place}effect.{chance.choice(CLASSES)}"] = _rule(chance)
    return found


def _rule(chance: Random) -> Values:
    among = ("requester", "members", "members", *PEOPLE, *GROUPS)
    said = {
        "deciders": list(dict.fromkeys(chance.choices(among, k=chance.randint(1, 3)))),
        "requester": chance.random() < 0.5,
        "quorum": chance.choice([1, 1, 1, 2, 3]),
        "deadline": chance.choice(DURATIONS),
        "remind": chance.sample(DURATIONS, chance.randint(0, 2)),
        "escalate": [{"after": chance.choice(DURATIONS), "to": [chance.choice(PEOPLE)]}],
        "silence": chance.choice(["wait", "wait", "stop", "skip", "proceed"]),
        "direct": chance.randint(0, 9),
        "break_glass": chance.random() < 0.5,
    }
    return {key: value for key, value in said.items() if chance.random() < 0.25}


def _settings(chance: Random, top: bool = False) -> Values:
    said: Values = {
        "time_zone": chance.choice(["Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
        "working_hours": chance.choice(
            ["Mon-Fri 9-17", "Mon-Thu 9-17, Fri 9:00-14:00", "Sun-Thu 8-12, 13-17"]
        ),
        "quiet_hours": chance.choice(["", "20:00-07:30", "18-9", "17-9"]),
        "holidays": chance.sample(["2026-12-25", "01-01", "2027-05-01"], chance.randint(0, 3)),
        "brief": chance.choice(["07:30", ""]),
        "weekly": chance.choice(["Mon 08:00", "Friday 16", ""]),
        "night": "21:00",
        "at_once": chance.randint(1, 6),
    }
    said |= {"admins": [chance.choice(PEOPLE)], "report_channel": "C0OPS"} if top else {}
    return {key: value for key, value in said.items() if chance.random() < 0.2}


def _written(chance: Random, name: str, said: Mapping[str, Any], mistakes: float) -> str:
    rows = [f"[{name}]"] if name else []
    for key, value in said.items():
        wrong = chance.random() < mistakes
        rows.append(f"{key} = {_value(chance.choice(WRONG) if wrong else value)}")
    return "\n".join(rows) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
    return f'"{value}"' if isinstance(value, str) else str(value)
