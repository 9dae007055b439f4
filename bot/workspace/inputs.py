"""What people filled in: reported as Slack reports it, and what Slack's own client would not let them send."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from bot.workspace import elements, people
from bot.workspace.elements import REPORTS
from bot.workspace.state import Json
from bot.workspace.store import Loaded

NUMBER: Final = r"-?\d+(\.\d+)?"
_WRITTEN_AS: Final = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
    "number_input": (NUMBER, "Please enter a valid number."),
}
_DAY, _HOUR = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_STATELESS: Final = ("button", "icon_button", "feedback_buttons", "overflow", "workflow_button", "image")


def state(blocks: list[Json], given: object) -> Json:
    """Return `state.values`: every input of the blocks, as the person left it.

    A choice that is not one of the element's is none: the page may be older than the blocks.
    """
    values: Json = {}
    written = _part(given, "values")
    for block, element in elements.each(blocks):
        if element["type"] in _STATELESS:
            continue
        entry = _part(written, block["block_id"]).get(element["action_id"])
        values.setdefault(block["block_id"], {})[element["action_id"]] = _entry(element, entry)
    return values


def problems(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what Slack's own client says of a form before it is sent: block_id to sentence."""
    found = {}
    for block, element in elements.each(blocks):
        if block["type"] != "input":
            continue
        value = values[block["block_id"]][element["action_id"]].get(REPORTS.get(element["type"], "value"))
        sentence = _problem(block, element, value)
        if sentence:
            found[block["block_id"]] = sentence
    return found


def _part(given: object, name: str) -> Json:
    part = given.get(name) if isinstance(given, dict) else None
    return part if isinstance(part, dict) else {}


def _entry(element: Json, given: object) -> Json:
    name = REPORTS.get(element["type"], "value")
    value = _READ[name](element, given.get(name)) if isinstance(given, dict) else _initial(element, name)
    return {"type": element["type"], name: value if value != "" else None}


def _initial(element: Json, name: str) -> Loaded:
    """Return what an untouched element holds."""
    empty: Any = [] if name.endswith("s") else None
    return element.get(name.replace("selected", "initial"), element.get("initial_value", empty))


def _option(element: Json, given: object) -> Json | None:
    """Return the option as the blocks have it; one of an outside source as it came."""
    value = given.get("value") if isinstance(given, dict) else given
    if element["type"].endswith("external_select"):
        return given if isinstance(given, dict) else None
    return next((option for option in elements.listed(element) if option.get("value") == value), None)


def _options(element: Json, given: object) -> list[Json]:
    found = [_option(element, one) for one in given] if isinstance(given, list) else []
    return [option for option in found if option is not None]


def _user(_: Json, given: object) -> str | None:
    return given if isinstance(given, str) and people.exists(given) else None


def _text(_: Json, given: object) -> str | None:
    return given if isinstance(given, str) else None


def _texts(_: Json, given: object) -> list[str]:
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def _matching(pattern: re.Pattern[str]) -> Callable[[Json, object], str | None]:
    return lambda _, given: given if isinstance(given, str) and pattern.fullmatch(given) else None


_READ: Final[Mapping[str, Callable[[Json, object], Loaded]]] = {
    "selected_option": _option,
    "selected_options": _options,
    "selected_user": _user,
    "selected_users": lambda element, given: [one for one in _texts(element, given) if people.exists(one)],
    "selected_conversation": _text,
    "selected_conversations": _texts,
    "selected_channel": _text,
    "selected_channels": _texts,
    "selected_date": _matching(_DAY),
    "selected_time": _matching(_HOUR),
    "selected_date_time": lambda _, given: given if type(given) is int and given > 0 else None,
    "value": _text,
    "rich_text_value": lambda _, given: given if isinstance(given, dict) else None,
    "files": lambda _, given: (
        [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    ),
}


def _problem(block: Json, element: Json, value: Loaded) -> str:
    if value in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "file_input":
        return _of_files(element, value)
    if isinstance(value, list):
        most = element.get("max_selected_items", len(value))
        return f"Please choose at most {most}." if len(value) > most else ""
    return _of_text(element, value) if isinstance(value, str) else ""


def _of_files(element: Json, files: list[Json]) -> str:
    most, kinds = element.get("max_files", 10), element.get("filetypes")
    if len(files) > most:
        return f"Please attach at most {most} file{'' if most == 1 else 's'}."
    if kinds and any(file.get("filetype") not in kinds for file in files):
        return f"Please attach only files of these kinds: {', '.join(kinds)}."
    return ""


def _of_text(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please use at most {element.get('max_length', 3000)} characters."
    pattern, sentence = _WRITTEN_AS.get(element["type"], ("", ""))
    if pattern and not re.fullmatch(pattern, value):
        return sentence
    return _of_number(element, Decimal(value)) if element["type"] == "number_input" else ""


def _of_number(element: Json, value: Decimal) -> str:
    if not element["is_decimal_allowed"] and value != value.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and value < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and value > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""
