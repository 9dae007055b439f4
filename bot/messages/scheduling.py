"""The form a schedule is made and edited with, and what it holds when it is sent. PURE."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from agents.planning.when import Repeat
from agents.planning.when.cron import WEEKDAYS
from agents.planning.when.instants import instant
from agents.policies.hours import DAYS, available_zones
from bot.messages import blocks, text
from bot.messages.blocks import Block

FORM: Final = "schedule"
OFTEN: Final = "schedule_often"  # the choice that changes which inputs are there
LONGEST_REQUEST: Final = 3_000  # characters; Slack's most in one input

_CHANNEL, _REQUEST, _HOW, _AT = "channel", "request", "often", "time"
_WEEKDAYS, _DAY, _DATE = "weekdays", "day", "date"
_LAST, _LINE, _FILES = "last", "line", "files"
_FIELD: Final = "value"
_WAYS: Final = {
    "day": "Every day", "weekday": "Every weekday", "week": "Every week on …", "month": "Every month on …", "once": "Once",
}  # fmt: skip
KEPT: Final = "kept"  # the way of a schedule that repeats as none of the others does: it stays as it is
_FIRST_WAY: Final = "weekday"
_LAST_DAY: Final = "L"
_ANY_LINE: Final = "any"
_LONGEST_OPTION: Final = 75  # characters; Slack's most
_MOST_LINES: Final = 99  # options of a select, with the one that names none
_MOST_FILES: Final = 10  # options of checkboxes, and files of a message


@dataclass(frozen=True)
class Filled:
    """What a person filled in. ``wrong`` holds sentences by the id of the input they belong to."""

    channel: str = ""
    request: str = ""
    repeat: Repeat | None = None
    zone: str = "UTC"
    until: datetime | None = None  # from here on it comes no more
    line: str = ""  # empty: whichever fits
    files: frozenset[str] = frozenset()  # ids of those that stay ticked
    schedule_id: str = ""  # of the schedule that is edited; empty: a new one
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Begun:
    """What a form holds when it opens."""

    zone: str  # whose clocks count, such as Europe/Berlin
    channel: str = ""
    request: str = ""
    way: str = _FIRST_WAY  # how often, which decides what else is asked
    at: str = "07:00"
    weekdays: tuple[str, ...] = ("mon",)
    day: str = "1"  # of the month, or L for its last
    date: str = ""  # of the one moment, such as 2026-12-03
    last: str = ""  # the last day, likewise
    line: str = ""
    files: tuple[Mapping[str, Any], ...] = ()  # that come with it now
    schedule_id: str = ""
    repeat: Repeat | None = None  # what KEPT keeps


def form(begun: Begun, lines: Sequence[str] = ()) -> Block:
    """Return the form; ``lines`` are the names of the lines it may take."""
    where: Block = {"type": "conversations_select", "action_id": _FIELD}
    what: Block = {"type": "plain_text_input", "action_id": _FIELD, "multiline": True, "max_length": LONGEST_REQUEST}
    where |= {"initial_conversation": begun.channel} if begun.channel else {}
    inputs = [
        _input(_CHANNEL, "Where", where), _input(_REQUEST, "What is to be done", what | _initial(begun.request)),
        _input(_HOW, "How often", _ways(begun)) | {"dispatch_action": True}, *_more(begun),
        _input(_LAST, "Last day", _day_input(begun.last)) | {"optional": True},
        *_lines(begun.line, lines), *_files(begun.files), blocks.context(f"Times are those of {begun.zone}."),
    ]  # fmt: skip
    title, submit = ("Edit schedule", "Save") if begun.schedule_id else ("New schedule", "Schedule it")
    return {
        "type": "modal", "callback_id": FORM, "title": blocks.plain_text(title),
        "submit": blocks.plain_text(submit), "close": blocks.plain_text("Close"),
        "private_metadata": _metadata(begun), "blocks": inputs,
    }  # fmt: skip


def again(view: Mapping[str, Any]) -> Block:
    """Return the form for the way that was just chosen; Slack keeps what stands in inputs of the same id."""
    begun = replace(_kept(view), way=_choice(dict(view["state"]["values"]), _HOW) or _FIRST_WAY)
    known = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    inputs = [known[name] for name in (_CHANNEL, _REQUEST)]
    inputs += [known[_HOW] | {"element": _ways(begun)}, *_more(begun)]
    inputs += [known[name] for name in (_LAST, _LINE, _FILES) if name in known]
    same = {key: view[key] for key in ("type", "callback_id", "title", "submit", "close", "private_metadata")}
    return {**same, "blocks": [*inputs, blocks.context(f"Times are those of {begun.zone}.")]}


def filled(view: Mapping[str, Any], now: datetime) -> Filled:
    """Return what a submitted form holds."""
    values, kept = dict(view["state"]["values"]), _kept(view)
    line = _choice(values, _LINE)
    read = Filled(
        _plain(values, _CHANNEL), _plain(values, _REQUEST), zone=kept.zone, until=_until(values, ZoneInfo(kept.zone)),
        line="" if line == _ANY_LINE else line, files=frozenset(_ticked(values, _FILES)), schedule_id=kept.schedule_id,
    )  # fmt: skip
    if not read.request:
        return replace(read, wrong={_REQUEST: "Write what is to be done."})
    try:
        repeat = _repeat(values, kept)
    except _MissingError as missing:
        return replace(read, wrong={missing.where: str(missing)})
    return replace(read, repeat=repeat, wrong=_never(repeat, read, now))


def _never(repeat: Repeat, read: Filled, now: datetime) -> dict[str, str]:
    """Return what is wrong where it would never come."""
    if (first := repeat.next_after(now, ZoneInfo(read.zone))) is None:
        return {_AT: "That moment has passed. Choose a later one."}
    if read.until is not None and first >= read.until:
        return {_LAST: "It would not come once by then. Choose a later day, or none."}
    return {}


class _MissingError(Exception):
    """Something was not filled in; the message is for the person."""

    def __init__(self, where: str, said: str) -> None:
        super().__init__(said)
        self.where = where


def _repeat(values: Mapping[str, Any], begun: Begun) -> Repeat:
    """Return how often it comes, by the choice that was made."""
    at = time.fromisoformat(_plain(values, _AT) or "07:00")
    way = _choice(values, _HOW) or _FIRST_WAY
    if way == KEPT and begun.repeat is not None:
        return begun.repeat
    if way == "once":
        return Repeat.at_once(instant(_date(values), at, ZoneInfo(begun.zone)))
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


def _until(values: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    """Return the end of the last day that was chosen."""
    last = _plain(values, _LAST)
    return instant(date.fromisoformat(last) + timedelta(days=1), time(), zone) if last else None


def _date(values: Mapping[str, Any]) -> date:
    if not (chosen := _plain(values, _DATE)):
        raise _MissingError(_DATE, "Choose the day.")
    return date.fromisoformat(chosen)


def _several(values: Mapping[str, Any], name: str) -> list[str]:
    if not (chosen := _ticked(values, name)):
        raise _MissingError(name, "Choose at least one day.")
    return [day for day in chosen if day in WEEKDAYS]


def _more(begun: Begun) -> list[Block]:
    """Return the inputs that depend on the way of repeating: the days, and the time of day."""
    at = _input(_AT, "At", {"type": "timepicker", "action_id": _FIELD, "initial_time": begun.at})
    match begun.way:
        case "week":
            days = [_option(short, name) for short, name in zip(WEEKDAYS, DAYS, strict=True)]
            element: Block = {"type": "multi_static_select", "action_id": _FIELD, "options": days}
            chosen = [day for day in days if day["value"] in begun.weekdays]
            return [_input(_WEEKDAYS, "On", element | {"initial_options": chosen}), at]
        case "month":
            days = [*(_option(str(day), f"Day {day}") for day in range(1, 32)), _option(_LAST_DAY, "Last day")]
            return [_input(_DAY, "On", _select(days, begun.day)), at]
        case "once":
            return [_input(_DATE, "On", _day_input(begun.date)), at]
        case way:
            return [] if way == KEPT else [at]


def _ways(begun: Begun) -> Block:
    options = [_option(key, words) for key, words in _WAYS.items()]
    options += [_option(KEPT, f"As now: {begun.repeat.words()}")] if begun.repeat else []
    return _select(options, begun.way) | {"action_id": OFTEN}


def _lines(chosen: str, lines: Sequence[str]) -> list[Block]:
    if not lines:
        return []
    known = sorted({*lines, *([chosen] if chosen else [])})
    options = [_option(_ANY_LINE, "Whichever fits"), *(_option(name, name) for name in known[:_MOST_LINES])]
    return [_input(_LINE, "Line", _select(options, chosen or _ANY_LINE))]


def _files(files: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Return the files that come with it, all ticked."""
    options = [_option(str(file["id"]), str(file.get("name") or "A file")) for file in files[:_MOST_FILES]]
    element = {"type": "checkboxes", "action_id": _FIELD, "options": options, "initial_options": options}
    return [_input(_FILES, "Files that come with it", element) | {"optional": True}] if options else []


def _day_input(chosen: str) -> Block:
    return {"type": "datepicker", "action_id": _FIELD, **({"initial_date": chosen} if chosen else {})}


def _select(options: list[Block], chosen: str) -> Block:
    first = next((option for option in options if option["value"] == chosen), options[0])
    return {"type": "static_select", "action_id": _FIELD, "options": options, "initial_option": first}


def _option(value: str, words: str) -> Block:
    return {"text": blocks.plain_text(text.title(words, _LONGEST_OPTION, "Untitled")), "value": value}


def _input(block_id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": blocks.plain_text(label), "element": element}


def _initial(words: str) -> Block:
    return {"initial_value": words[:LONGEST_REQUEST]} if words else {}


def _metadata(begun: Begun) -> str:
    carried = {"zone": begun.zone, "schedule": begun.schedule_id}
    return json.dumps({**carried, "repeat": begun.repeat.to_text() if begun.repeat else ""})


def _kept(view: Mapping[str, Any]) -> Begun:
    """Return what the form carried; a zone nobody knows counts as UTC."""
    carried = json.loads(str(view.get("private_metadata") or "{}"))
    zone, repeat = str(carried.get("zone") or ""), str(carried.get("repeat") or "")
    return Begun(
        zone if zone in available_zones() else "UTC", schedule_id=str(carried.get("schedule") or ""),
        repeat=Repeat.from_text(repeat) if repeat else None,
    )  # fmt: skip


def _ticked(values: Mapping[str, Any], name: str) -> list[str]:
    return [str(option["value"]) for option in _said(values, name).get("selected_options") or ()]


def _said(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what one input says, whatever its action is called."""
    return dict(next(iter((values.get(name) or {}).values()), {}))


def _choice(values: Mapping[str, Any], name: str) -> str:
    return str((_said(values, name).get("selected_option") or {}).get("value") or "")


def _plain(values: Mapping[str, Any], name: str) -> str:
    said = _said(values, name)
    kinds = ("value", "selected_conversation", "selected_time", "selected_date")
    return next((str(said[kind]).strip() for kind in kinds if said.get(kind)), "")
