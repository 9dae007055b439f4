"""The Messages API as the offline engine hears and speaks it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.contracts import Part, PartKind, read_parts

MODEL: Final = "jidoka-offline"  # the model of every answer; the label on artifacts follows from it
CHARACTERS_A_TOKEN: Final = 4  # an estimate, used for counting only: nothing is paid
_TAG: Final = re.compile(r"<part-([a-z0-9]+) ")


@dataclass(frozen=True)
class Used:
    """A tool that was used in this conversation, and what it said."""

    name: str
    input: Mapping[str, Any]
    said: str
    failed: bool


@dataclass(frozen=True)
class Asked:
    """One request, read: who is asked, for which shape of answer, shown what, with which tools."""

    role: str
    schema: str  # the title of the answer's schema; empty: prose
    parts: tuple[Part, ...]
    tools: frozenset[str]
    used: tuple[Used, ...]
    most_tokens: int
    digest: str

    def of(self, *kinds: PartKind) -> list[Part]:
        """Return the parts of these kinds, in their order."""
        return [part for part in self.parts if part.kind in kinds]


@dataclass(frozen=True)
class Use:
    """A tool the engine wants used next."""

    name: str
    input: Mapping[str, Any]


class BadRequestError(ValueError):
    """The request cannot be read; the message says what is wrong with it."""


def read(body: bytes) -> Asked:
    """Return the request.

    Raises:
        BadRequestError: It is not a Messages request that this engine can answer.
    """
    asked = _json(body)
    messages = asked.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadRequestError("messages: a list with at least one message is needed.")
    if asked.get("stream"):
        raise BadRequestError("stream: the offline engine answers at once; send the request without it.")
    parts, used = _conversation(messages)
    shape = (asked.get("output_config") or {}).get("format") or {}
    choice = (asked.get("tool_choice") or {}).get("type", "auto")
    tools = frozenset(str(tool.get("name", "")) for tool in asked.get("tools") or () if choice != "none")
    return Asked(
        role=_role(asked.get("system")),
        schema=str((shape.get("schema") or {}).get("title", "")),
        parts=parts,
        tools=tools,
        used=used,
        most_tokens=int(asked.get("max_tokens") or 0),
        digest=hashlib.sha256(body).hexdigest(),
    )


def message(asked: Asked, body: bytes, answer: str | list[Use]) -> dict[str, Any]:
    """Return the answer as a message: text, or the tools to be used. The same request gives the same bytes."""
    content, stop = _content(asked, answer)
    said = json.dumps(content, ensure_ascii=False)
    return {
        "id": f"msg_{asked.digest[:24]}",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": tokens(body.decode()), "output_tokens": tokens(said)},
    }


def error(kind: str, said: str, digest: str = "") -> dict[str, Any]:
    """Return an error in Anthropic's shape, such as ``invalid_request_error``."""
    shape: dict[str, Any] = {"type": "error", "error": {"type": kind, "message": said}}
    return {**shape, "request_id": f"req_{digest[:24]}"} if digest else shape


def tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return len(text) // CHARACTERS_A_TOKEN + 1


def _content(asked: Asked, answer: str | list[Use]) -> tuple[list[dict[str, Any]], str]:
    if isinstance(answer, list):
        ids = (f"toolu_{asked.digest[:20]}{number:04d}" for number in range(len(answer)))
        blocks = zip(ids, answer, strict=False)
        return [
            {"type": "tool_use", "id": id, "name": u.name, "input": dict(u.input)} for id, u in blocks
        ], "tool_use"
    room = asked.most_tokens * CHARACTERS_A_TOKEN
    cut = 0 < room < len(answer)
    return [{"type": "text", "text": answer[:room] if cut else answer}], "max_tokens" if cut else "end_turn"


def _json(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError as wrong:
        raise BadRequestError("The body is not JSON.") from wrong
    if not isinstance(asked, dict):
        raise BadRequestError("The body is not a JSON object.")
    return asked


def _role(system: object) -> str:
    text = "\n".join(_texts(system))
    first = text.split("\n", 1)[0]
    return first.removeprefix("role:").strip() if first.startswith("role:") else ""


def _texts(content: object) -> Iterator[str]:
    """Yield the texts of a message's or a tool result's content, whichever form it has."""
    if isinstance(content, str):
        yield content
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "text":
            yield str(block.get("text", ""))


def _conversation(messages: list[Any]) -> tuple[tuple[Part, ...], tuple[Used, ...]]:
    """Return all parts shown so far, the brief's and those of tool results under its tag, and the tools used."""
    brief = "\n".join(_texts(messages[0].get("content")))
    tag = _TAG.search(brief)
    used = tuple(_used(messages))
    shown = [one.said for one in used if not one.failed]
    found = [*_parts(brief, tag), *(part for said in shown for part in _parts(said, tag))]
    once = {(part.kind, part.id): part for part in reversed(found)}
    return tuple(part for part in dict.fromkeys(found) if once[(part.kind, part.id)] is part), used


def _parts(text: str, tag: re.Match[str] | None) -> list[Part]:
    """Return the parts of a text, when its first tag is the brief's: a page cannot bring parts of its own."""
    first = _TAG.search(text)
    if tag is None or first is None or first[1] != tag[1]:
        return []
    try:
        return read_parts(text)
    except (KeyError, ValueError) as wrong:
        raise BadRequestError(f"A part of the brief cannot be read: {wrong}.") from wrong


def _used(messages: Iterable[Any]) -> Iterator[Used]:
    wanted: dict[str, Mapping[str, Any]] = {}
    for one in messages:
        for block in one.get("content") if isinstance(one.get("content"), list) else ():
            if block.get("type") == "tool_use":
                wanted[str(block.get("id"))] = block
            elif block.get("type") == "tool_result" and str(block.get("tool_use_id")) in wanted:
                use = wanted[str(block["tool_use_id"])]
                said = "\n".join(_texts(block.get("content")))
                yield Used(str(use.get("name")), use.get("input") or {}, said, bool(block.get("is_error")))
