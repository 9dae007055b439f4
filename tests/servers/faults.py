"""What can go wrong on the way to an answer, and inside one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.servers.asked import Asked
from tests.servers.shapes import instance

STATUS_TYPE: Final = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 408: "timeout_error", 409: "conflict_error", 413: "request_too_large",
    422: "invalid_request_error", 429: "rate_limit_error", 500: "api_error", 502: "api_error",
    503: "overloaded_error", 504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip

TRANSPORT: Final = {
    "html": "status 200 with a page of HTML",
    "broken": "status 200 with JSON cut in the middle",
    "not_a_message": "status 200 with JSON of another shape",
    "drop": "the connection closes before the first byte",
    "hang": "nothing comes, for as long as the client waits",
    "stall": "half an answer comes, then nothing",
    "lost": "the answer is made and paid, then the connection closes",
}
NEEDS_REPLY: Final = frozenset({"broken", "stall", "lost", "thinking_first", "unknown_block", "unknown_stop"})


@dataclass(frozen=True)
class Said:
    """The content of an answer before it is put into a message."""

    blocks: list[dict[str, Any]]
    stop_reason: str
    extra: dict[str, Any] = field(default_factory=dict)  # further fields of the message, such as stop_details


def error_body(kind: str, message: str, code: str = "") -> dict[str, Any]:
    """Return an error as the API words it."""
    details = {"details": {"error_code": code}} if code else {}
    return {"type": "error", "error": {"type": kind, "message": message, **details}}


def error_of(fault: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Return status, headers and body of a scripted HTTP fault."""
    status = int(fault["status"])
    headers = {"retry-after": str(fault["retry_after"])} if "retry_after" in fault else {}
    if "should_retry" in fault:
        headers["x-should-retry"] = "true" if fault["should_retry"] else "false"
    kind = fault.get("type", STATUS_TYPE[status])
    return (
        status,
        headers,
        error_body(kind, fault.get("message", f"scripted fault {status}"), fault.get("error_code", "")),
    )


def text_block(text: str) -> dict[str, Any]:
    """Return a block of text."""
    return {"type": "text", "text": text}


def _of_text(said: Said) -> str:
    return (
        "".join(block.get("text", "") for block in said.blocks)
        or "Here is the beginning of what you asked for, and then"
    )


def _cut(said: Said, asked: Asked) -> Said:
    text = _of_text(said)
    return Said([text_block(text[: max(1, len(text) // 2)])], "max_tokens")


def _cut_tool(said: Said, asked: Asked) -> Said:
    name = asked.tools[0] if asked.tools else "fetch"
    tool = {"type": "tool_use", "id": "toolu_cut", "name": name, "input": {}}
    return Said([text_block("I will use a tool."), tool], "max_tokens")


def _out_of_range(said: Said, asked: Asked) -> Said:
    if not asked.wanted:
        return Said([text_block("x" * 400_000)], "end_turn")
    return Said([text_block(json.dumps(instance(asked.wanted, "x", beyond=True)))], "end_turn")


def _refusal(blocks: list[dict[str, Any]]) -> Said:
    details = {"type": "refusal", "category": "general_harms", "explanation": "A scripted refusal."}
    return Said(blocks, "refusal", {"stop_details": details})


def _thinking(said: Said, asked: Asked) -> Said:
    return replace(said, blocks=[{"type": "thinking", "thinking": "Let me see."}, *said.blocks])


def _unknown_block(said: Said, asked: Asked) -> Said:
    return replace(said, blocks=[{"type": "hologram", "depth": 3}, *said.blocks])


def _pause(said: Said, asked: Asked) -> Said:
    search = {
        "type": "server_tool_use",
        "id": "srvtoolu_1",
        "name": "web_search",
        "input": {"query": "still searching"},
    }
    return Said([text_block("Searching."), search], "pause_turn")


CONTENT: Final[dict[str, Callable[[Said, Asked], Said]]] = {
    "bad_json": lambda said, asked: Said([text_block('{"reason": "cut in the mid')], "end_turn"),
    "out_of_range": _out_of_range,
    "refusal": lambda said, asked: _refusal([]),
    "half_refusal": lambda said, asked: _refusal([text_block(_of_text(said)[:20])]),
    "empty": lambda said, asked: Said([], "end_turn"),
    "blank": lambda said, asked: Said([text_block("")], "end_turn"),
    "max_tokens": _cut,
    "max_tokens_tool": _cut_tool,
    "pause_turn": _pause,
    "window": lambda said, asked: Said([text_block("The")], "model_context_window_exceeded"),
    "overlong": lambda said, asked: Said([text_block("word " * 60_000)], "end_turn"),
    "unknown_block": _unknown_block,
    "unknown_stop": lambda said, asked: replace(said, stop_reason="moon_phase"),
    "thinking_first": _thinking,
}
