"""The rules of the API of 2026-10-21, as far as one request shows whether it follows them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

VERSION: Final = "2026-10-21"
ALWAYS_THINKING: Final = frozenset({"claude-opus-5-5", "claude-fable-5-1"})
MODELS: Final = ALWAYS_THINKING | {"claude-haiku-5-5", "claude-sonnet-5-5", "claude-haiku-4-5"}
MOST_TOKENS: Final = 128_000
# fmt: off
_PARAMETERS: Final = frozenset({
    "max_tokens", "messages", "model", "cache_control", "container", "diagnostics", "inference_geo",
    "metadata", "output_config", "service_tier", "speed", "stop_sequences", "system", "thinking",
    "tool_choice", "tools", "stream",
})
_UNSUPPORTED: Final = frozenset({
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "maxItems", "uniqueItems", "default",
})
# fmt: on
_SAMPLING: Final = ("temperature", "top_p", "top_k")
_EFFORTS: Final = frozenset({"low", "medium", "high", "xhigh", "max"})
_TOOL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,128}")

Body = dict[str, Any]


class RefusedError(Exception):
    """A request breaks a rule.

    Args:
        status: The HTTP status of the answer.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise RefusedError unless version and key are sent as the API wants them."""
    if not re.fullmatch(r"Bearer \S+", headers.get("authorization", "")):
        raise RefusedError("authorization: a Bearer token is required", 401)
    if headers.get("anthropic-version") != VERSION:
        raise RefusedError(f"anthropic-version: {headers.get('anthropic-version')!r} is not {VERSION!r}")


def check_body(body: object) -> Body:
    """Return the body when it follows the rules; raise RefusedError with the first it breaks."""
    if not isinstance(body, dict):
        raise RefusedError("the body must be a JSON object")
    for rule in _RULES:
        rule(body)
    return body


def signature(thinking: str) -> str:
    """Return the mark that this server puts on its thinking, and wants back unchanged."""
    return hashlib.sha256(f"thought:{thinking}".encode()).hexdigest()[:32]


def _parameters(body: Body) -> None:
    for name in _SAMPLING:
        if name in body:
            raise RefusedError(f"{name}: sampling parameters are not accepted")
    for name in body:
        if name not in _PARAMETERS:
            raise RefusedError(f"{name}: extra inputs are not permitted")
    if body.get("stream"):
        raise RefusedError("stream: this scripted server answers whole messages only")


def _basics(body: Body) -> None:
    if body.get("model") not in MODELS:
        raise RefusedError(f"model: {body.get('model')}", 404)
    most = body.get("max_tokens")
    if not isinstance(most, int) or not 0 <= most <= MOST_TOKENS:
        raise RefusedError(f"max_tokens: must be a number up to {MOST_TOKENS}, not {most!r}")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(map(_is_message, messages)):
        raise RefusedError("messages: a list of messages with role user or assistant and content is required")
    if messages[0]["role"] != "user":
        raise RefusedError("messages: the first message must be a user's")


def _is_message(message: object) -> bool:
    if not isinstance(message, dict) or message.get("role") not in {"user", "assistant"}:
        return False
    content = message.get("content")
    return isinstance(content, str) or (isinstance(content, list) and all(map(_is_block, content)))


def _is_block(block: object) -> bool:
    return isinstance(block, dict) and isinstance(block.get("type"), str)


def _thinking(body: Body) -> None:
    thinking = body.get("thinking") or {}
    if thinking.get("type") == "enabled" or "budget_tokens" in thinking:
        raise RefusedError("thinking: budget_tokens is not accepted, use type adaptive")
    if thinking.get("type") == "disabled" and body["model"] in ALWAYS_THINKING:
        raise RefusedError(f"thinking: cannot be disabled on {body['model']}")


def _effort(body: Body) -> None:
    effort = (body.get("output_config") or {}).get("effort")
    if effort is not None and effort not in _EFFORTS:
        raise RefusedError(f"output_config.effort: {effort!r} is not one of {sorted(_EFFORTS)}")


def _tools(body: Body) -> None:
    names = [tool.get("name", "") for tool in body.get("tools") or ()]
    if len(set(names)) != len(names):
        raise RefusedError("tools: tool names must be unique")
    for name in names:
        if not _TOOL_NAME.fullmatch(name):
            raise RefusedError(f"tools: {name!r} is not a tool name")
    forced = (body.get("tool_choice") or {}).get("type") in {"any", "tool"}
    if forced and body["model"] in ALWAYS_THINKING:
        raise RefusedError(f"tool_choice: a tool cannot be forced on {body['model']}")


def _format(body: Body) -> None:
    wanted = (body.get("output_config") or {}).get("format")
    if not wanted:
        return
    if wanted.get("type") != "json_schema" or not isinstance(wanted.get("schema"), dict):
        raise RefusedError("output_config.format: type json_schema and a schema are required")
    for schema in _schemas(wanted["schema"]):
        _check_schema(schema)
    if any(
        (block.get("citations") or {}).get("enabled")
        for _, block in _blocks(body)
        if block["type"] == "document"
    ):
        raise RefusedError("output_config.format: cannot be combined with citations")


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for name in ("properties", "$defs"):
        for inner in (schema.get(name) or {}).values():
            yield from _schemas(inner)
    for inner in [schema.get("items"), *(schema.get("anyOf") or ()), *(schema.get("allOf") or ())]:
        yield from _schemas(inner)


def _check_schema(schema: dict[str, Any]) -> None:
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise RefusedError("output_config.format.schema: additionalProperties must be false for every object")
    wrong = sorted(_UNSUPPORTED & set(schema))
    if wrong:
        raise RefusedError(f"output_config.format.schema: {', '.join(wrong)} is not supported")


def _blocks(body: Body) -> Iterator[tuple[str, dict[str, Any]]]:
    for message in body["messages"]:
        if isinstance(message["content"], list):
            yield from ((message["role"], block) for block in message["content"])


def _content(body: Body) -> None:
    for role, block in _blocks(body):
        if role == "assistant" and block["type"] == "document":
            raise RefusedError("messages: a document cannot stand in an assistant message")
        if role == "user" and block["type"] == "text" and block.get("citations"):
            raise RefusedError("messages: citations on a user's text are not accepted")
        if block["type"] == "text" and not block.get("text", "").strip():
            raise RefusedError("messages: text content blocks must be non-empty")
        if block["type"] == "thinking" and block.get("signature") != signature(block.get("thinking", "")):
            raise RefusedError("messages: a thinking block was changed")


def _full(body: Body) -> None:
    for message in body["messages"]:
        if not message["content"]:
            raise RefusedError("messages: all messages must have non-empty content")


def _results(body: Body) -> None:
    messages = body["messages"]
    for number, message in enumerate(messages):
        used = _ids(message, "tool_use", "id")
        before = messages[number - 1] if number else {"content": []}
        given = _ids(message, "tool_result", "tool_use_id")
        after = messages[number + 1] if number + 1 < len(messages) else {"content": []}
        if message["role"] == "assistant" and not set(used) <= set(_ids(after, "tool_result", "tool_use_id")):
            raise RefusedError(f"messages.{number}: tool_use without tool_result in the next message: {used}")
        if message["role"] == "user" and set(given) != set(_ids(before, "tool_use", "id")):
            raise RefusedError(
                f"messages.{number}: tool_result without tool_use in the message before: {given}"
            )
        if given and [block["type"] for block in message["content"]][: len(given)] != ["tool_result"] * len(
            given
        ):
            raise RefusedError(f"messages.{number}: tool_result blocks must come first")


def _ids(message: dict[str, Any], kind: str, key: str) -> list[str]:
    content = message["content"] if isinstance(message["content"], list) else []
    return [str(block.get(key)) for block in content if block["type"] == kind]


_RULES: Final[tuple[Callable[[Body], None], ...]] = (
    _parameters, _basics, _thinking, _effort, _tools, _format, _full, _content, _results,
)  # fmt: skip
