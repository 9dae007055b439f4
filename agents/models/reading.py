"""What a model's answer says: how it ended, its text, the tools it wants, and the structured value in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from agents.errors import ModelError

MOST_FAULTS: Final = 12  # findings that one repair turn is told

_FENCE: Final = re.compile(r"\s*```(?:json)?\s*\n(?P<inside>.*)\n\s*```\s*", re.DOTALL)

Shape = TypeVar("Shape", bound=BaseModel)


class Ended(StrEnum):
    """How an answer ended."""

    ANSWER = "answer"  # whole, with text
    TOOLS = "tools"  # the model wants tools to be used
    PAUSED = "paused"  # append it as it is and call again
    CUT = "cut"  # at max_tokens; its tools must not be used, their input may be cut
    REFUSED = "refused"  # never retried, never appended
    WINDOW = "window"  # the brief is too big
    EMPTY = "empty"  # whole, but without a word
    UNKNOWN = "unknown"  # a stop reason that nobody has heard of


@dataclass(frozen=True)
class ToolUse:
    """A tool the model wants, and with what."""

    id: str
    name: str
    input: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer, read."""

    ended: Ended
    text: str  # all text blocks, joined
    tool_uses: tuple[ToolUse, ...]  # empty unless ``ended`` is ``tools``
    raw_content: list[
        dict[str, Any]
    ]  # goes back unchanged, but for empty texts: those are given and not taken
    usage: dict[str, Any]
    model: str
    stop_reason: str
    category: str = ""  # of a refusal, such as "cyber"


class InvalidAnswerError(ModelError):
    """A structured answer does not fit its shape.

    Args:
        findings: One sentence for each thing that is wrong, for the repair turn.
    """

    def __init__(self, message: str, findings: tuple[str, ...]) -> None:
        super().__init__(message)
        self.findings = findings


def read(message: dict[str, Any]) -> Reply:
    """Return what a message says; ``message`` is as ``Door.call`` gives it."""
    blocks = message["content"]
    text = "".join(str(block.get("text", "")) for block in blocks if block.get("type") == "text")
    wanted = tuple(_tool_use(block) for block in blocks if block.get("type") == "tool_use")
    ended = _ended(message["stop_reason"], text, wanted)
    return Reply(
        ended=ended,
        text=text,
        tool_uses=wanted if ended is Ended.TOOLS else (),
        raw_content=[block for block in blocks if not _is_blank(block)],
        usage=message["usage"],
        model=str(message.get("model", "")),
        stop_reason=message["stop_reason"],
        category=str((message.get("stop_details") or {}).get("category") or ""),
    )


def parse(text: str, schema: type[Shape]) -> Shape:
    """Return the structured value that the text is.

    Raises:
        InvalidAnswerError: The text is no JSON, or its value oversteps the shape; lists what is wrong.
    """
    fenced = _FENCE.fullmatch(text)  # servers that do not enforce the shape like to wrap it
    try:
        return schema.model_validate_json(fenced["inside"] if fenced else text)
    except ValidationError as invalid:
        findings = _findings(invalid)
        told = f"The answer is not a valid {schema.__name__}: {' '.join(findings)}"
        raise InvalidAnswerError(told, findings) from invalid


def _ended(stop_reason: str, text: str, wanted: tuple[ToolUse, ...]) -> Ended:
    if stop_reason in {"end_turn", "tool_use"}:
        if wanted:
            return Ended.TOOLS
        return Ended.ANSWER if text.strip() else Ended.EMPTY
    return {
        "pause_turn": Ended.PAUSED,
        "max_tokens": Ended.CUT,
        "refusal": Ended.REFUSED,
        "model_context_window_exceeded": Ended.WINDOW,
    }.get(stop_reason, Ended.UNKNOWN)


def _is_blank(block: dict[str, Any]) -> bool:
    return block.get("type") == "text" and not str(block.get("text", "")).strip()


def _tool_use(block: dict[str, Any]) -> ToolUse:
    given = block.get("input")
    input_ = given if isinstance(given, dict) else {}  # a tool checks its own input and says what it misses
    return ToolUse(str(block.get("id", "")), str(block.get("name", "")), input_)


def _findings(invalid: ValidationError) -> tuple[str, ...]:
    errors = invalid.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{_where(error['loc'])}: {error['msg']}." for error in errors[:MOST_FAULTS]]
    if len(errors) > MOST_FAULTS:
        told.append(f"And {len(errors) - MOST_FAULTS} more.")
    return tuple(told)


def _where(place: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in place) or "the answer"
