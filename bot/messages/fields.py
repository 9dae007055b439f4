"""The inputs of a question's form, each of the kind that is wanted, and what a submitted one holds. PURE."""

from collections.abc import Mapping
from typing import Any, Final

from agents.questions import LONGEST_OPTION
from bot.messages import blocks, text
from bot.messages.blocks import Block
from bot.messages.drafts import FIELD
from storage.words import AnswerKind

LONGEST: Final = 3_000  # characters of an answer in words
_MOST_SHOWN: Final = 6  # options that stand open; more of them are a list to pull down
_MOST_FILES: Final = 10


def element(field: Mapping[str, Any]) -> Block:
    """Return the input that fits what a question wants to be told."""
    shown = len(field.get("options", ())) <= _MOST_SHOWN
    match AnswerKind(field.get("kind", AnswerKind.TEXT)):
        case AnswerKind.CHOICE:
            return _choice("radio_buttons" if shown else "static_select", field)
        case AnswerKind.CHOICES:
            return _choice("checkboxes" if shown else "multi_static_select", field)
        case AnswerKind.NUMBER:
            return {"type": "number_input", "action_id": FIELD, "is_decimal_allowed": True}
        case AnswerKind.DATE:
            return {"type": "datepicker", "action_id": FIELD}
        case AnswerKind.FILE:
            return {"type": "file_input", "action_id": FIELD, "max_files": _MOST_FILES}
        case AnswerKind.TEXT:
            return {"type": "plain_text_input", "action_id": FIELD, "multiline": True, "max_length": LONGEST}


def _choice(kind: str, field: Mapping[str, Any]) -> Block:
    options = [{"text": blocks.plain_text(_shown(str(one))), "value": str(one)} for one in field["options"]]
    return {"type": kind, "action_id": FIELD, "options": options}


def _shown(option: str) -> str:
    """Return an option as people see it: an agent may have worded it, so nothing in it hides or turns other words round."""
    return text.title(option, LONGEST_OPTION, "(nothing)")


def said(state: Mapping[str, Any]) -> str:
    """Return what a submitted input holds, as text: choices a line each, files by name; empty when nothing was given."""
    held = state.get(FIELD) or {}
    one = held.get("selected_option")
    chosen = [str(each["value"]) for each in (*([one] if one else ()), *(held.get("selected_options") or ()))]
    named = [str(file.get("name") or file["id"]) for file in files(state)]
    typed = [str(held.get(key) or "").strip() for key in ("value", "selected_date")]
    return "\n".join(part for part in (*chosen, *named, *typed) if part)


def files(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return Slack's file objects that a submitted input holds."""
    return list((state.get(FIELD) or {}).get("files") or ())
