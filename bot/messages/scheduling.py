"""The form a schedule is made with, and what it holds when it is sent. PURE."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from agents.planning.when import Repeat
from agents.planning.when.instants import instant
from agents.policies.hours import DAYS, available_zones
from bot.messages import blocks
from bot.messages.blocks import Block

FORM: Final = "schedule"
OFTEN: Final = "schedule_often"  # the choice that changes which inputs are there
LONGEST_REQUEST: Final = 3_000  # characters; Slack's most in one input

_CHANNEL, _REQUEST, _HOW, _AT = "channel", "request", "often", "time"
_WEEKDAYS, _DAY, _DATE = "weekdays", "day", "date"
_FIELD: Final = "value"
_WAYS: Final = {
    "day": "Every day", "weekday": "Every weekday", "week": "Every week on …", "month": "Every month on …", "once": "Once",
}  # fmt: skip
_FIRST_WAY: Final = "weekday"
_LAST_DAY: Final = "L"
_CRON_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Filled:
    """What a person filled in. ``wrong`` holds sentences by the id of the input they belong to."""

    channel: str = ""
    request: str = ""
    repeat: Repeat | None = None
    zone: str = "UTC"
    wrong: Mapping[str, str] = field(default_factory=dict)


def form(channel: str, zone: str, way: str = _FIRST_WAY, request: str = "") -> Block:
    """Return the form; ``zone`` is whose clocks count, ``way`` how often, which decides what else is asked."""
    where: Block = {"type": "conversations_select", "action_id": _FIELD}
    what: Block = {"type": "plain_text_input", "action_id": _FIELD, "multiline": True, "max_length": LONGEST_REQUEST}
    where |= {"initial_conversation": channel} if channel else {}
    inputs = [
        _input(_CHANNEL, "Where", where), _input(_REQUEST, "What is to be done", what | _initial(request)),
        _input(_HOW, "How often", _ways(way)) | {"dispatch_action": True}, *_more(way),
        _input(_AT, "At", {"type": "timepicker", "action_id": _FIELD, "initial_time": "07:00"}),
        blocks.context(f"Times are those of {zone}, where you are."),
    ]  # fmt: skip
    return {
        "type": "modal", "callback_id": FORM, "title": blocks.plain_text("New schedule"),
        "submit": blocks.plain_text("Schedule it"), "close": blocks.plain_text("Close"),
        "private_metadata": json.dumps({"zone": zone, "channel": channel}), "blocks": inputs,
    }  # fmt: skip


def again(view: Mapping[str, Any]) -> Block:
    """Return the form for the way that was just chosen; Slack keeps what stands in inputs of the same id."""
    kept, values = _kept(view), dict(view["state"]["values"])
    return form(kept["channel"], kept["zone"], _choice(values, _HOW) or _FIRST_WAY)


def filled(view: Mapping[str, Any], now: datetime) -> Filled:
    """Return what a submitted form holds."""
    values, kept = dict(view["state"]["values"]), _kept(view)
    read = Filled(_plain(values, _CHANNEL), _plain(values, _REQUEST), zone=kept["zone"])
    if not read.request:
        return replace(read, wrong={_REQUEST: "Write what is to be done."})
    try:
        repeat = _repeat(values, ZoneInfo(read.zone))
    except _MissingError as missing:
        return replace(read, wrong={missing.where: str(missing)})
    over = repeat.next_after(now, ZoneInfo(read.zone)) is None
    wrong = {_AT: "That moment has passed. Choose a later one."} if over else {}
    return replace(read, repeat=repeat, wrong=wrong)


class _MissingError(Exception):
    """Something was not filled in; the message is for the person."""

    def __init__(self, where: str, said: str) -> None:
        super().__init__(said)
        self.where = where


def _repeat(values: Mapping[str, Any], zone: ZoneInfo) -> Repeat:
    """Return how often it comes, by the choice that was made."""
    at = time.fromisoformat(_plain(values, _AT) or "07:00")
    way = _choice(values, _HOW) or _FIRST_WAY
    if way == "once":
        return Repeat.at_once(instant(_date(values), at, zone))
    return Repeat.from_cron(f"{at.minute} {at.hour} {_days(values, way)}")


def _days(values: Mapping[str, Any], way: str) -> str:
    """Return the last three fields of a cron line."""
    match way:
        case "week":
            return f"* * {','.join(_several(values, _WEEKDAYS))}"
        case "month":
            return f"{_choice(values, _DAY) or 1} * *"
        case "day":
            return "* * *"
        case _:
            return "* * mon-fri"


def _date(values: Mapping[str, Any]) -> date:
    if not (chosen := _plain(values, _DATE)):
        raise _MissingError(_DATE, "Choose the day.")
    return date.fromisoformat(chosen)


def _several(values: Mapping[str, Any], name: str) -> list[str]:
    chosen = [str(option["value"]) for option in _said(values, name).get("selected_options") or ()]
    if not chosen:
        raise _MissingError(name, "Choose at least one day.")
    return [day for day in chosen if day in _CRON_DAYS]


def _more(way: str) -> list[Block]:
    """Return the inputs that only one way of repeating needs."""
    match way:
        case "week":
            days = [_option(short, name) for short, name in zip(_CRON_DAYS, DAYS, strict=True)]
            element: Block = {"type": "multi_static_select", "action_id": _FIELD, "options": days}
            return [_input(_WEEKDAYS, "On", element | {"initial_options": days[:1]})]
        case "month":
            days = [*(_option(str(day), f"Day {day}") for day in range(1, 32)), _option(_LAST_DAY, "Last day")]
            element = {"type": "static_select", "action_id": _FIELD, "options": days, "initial_option": days[0]}
            return [_input(_DAY, "On", element)]
        case "once":
            return [_input(_DATE, "On", {"type": "datepicker", "action_id": _FIELD})]
        case _:
            return []


def _ways(way: str) -> Block:
    options = [_option(key, words) for key, words in _WAYS.items()]
    chosen = next((option for option in options if option["value"] == way), options[1])
    return {"type": "static_select", "action_id": OFTEN, "options": options, "initial_option": chosen}


def _option(value: str, words: str) -> Block:
    return {"text": blocks.plain_text(words), "value": value}


def _input(block_id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": blocks.plain_text(label), "element": element}


def _initial(words: str) -> Block:
    return {"initial_value": words[:LONGEST_REQUEST]} if words else {}


def _kept(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form carried; a zone nobody knows counts as UTC."""
    carried = json.loads(str(view.get("private_metadata") or "{}"))
    zone = str(carried.get("zone") or "")
    return {"zone": zone if zone in available_zones() else "UTC", "channel": str(carried.get("channel") or "")}


def _said(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what one input says, whatever its action is called."""
    return dict(next(iter((values.get(name) or {}).values()), {}))


def _choice(values: Mapping[str, Any], name: str) -> str:
    return str((_said(values, name).get("selected_option") or {}).get("value") or "")


def _plain(values: Mapping[str, Any], name: str) -> str:
    said = _said(values, name)
    kinds = ("value", "selected_conversation", "selected_time", "selected_date")
    return next((str(said[kind]).strip() for kind in kinds if said.get(kind)), "")
