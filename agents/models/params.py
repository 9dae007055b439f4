"""Messages requests, built from plain values: the same values give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache as remembered
from typing import Any, Final, Literal

import anthropic
from pydantic import BaseModel

from agents.errors import RequestError

MOST_TOKENS: Final = 16_000  # output tokens; above it an answer would have to be streamed

Effort = Literal["low", "medium", "high", "xhigh", "max"]


def request(  # noqa: PLR0913  one keyword a field of the request
    *,
    model: str,
    system: str,
    messages: Sequence[dict[str, Any]],
    schema: type[BaseModel] | None = None,
    tools: Sequence[dict[str, Any]] = (),
    use_tools: bool = True,
    max_tokens: int,
    effort: Effort | None = None,
    cache: bool = False,
) -> dict[str, Any]:
    """Return the parameters of one Messages call, its keys and its tools in a fixed order.

    Args:
        model: A model id; ``Door.model_id`` knows those of the tiers.
        system: The role's page; its first line is ``role: <id>``.
        messages: The conversation so far, only ever added to.
        schema: The shape of the answer; its title names it on the wire. None: prose.
        tools: Tool definitions, offered and never forced, in any order.
        use_tools: False ends the use of tools inside a conversation: they stay defined, so that its past stays as
            it was and in the cache.
        max_tokens: The longest answer, at most 16,000 tokens.
        effort: How hard the model works; None leaves it to the model.
        cache: Keep the prompt for a next call within five minutes.

    Raises:
        RequestError: ``max_tokens`` is out of bounds.
    """
    if not 0 < max_tokens <= MOST_TOKENS:
        raise RequestError(f"max_tokens must be from 1 to {MOST_TOKENS}, not {max_tokens}: split the work.")
    optional = {
        "cache_control": {"type": "ephemeral"} if cache else None,
        "output_config": _output_config(schema, effort),
        "tool_choice": {"type": "none"} if tools and not use_tools else None,
        "tools": sorted(tools, key=_tool_name),
    }
    asked = {"model": model, "system": system, "messages": list(messages), "max_tokens": max_tokens}
    return dict(sorted({**asked, **{name: value for name, value in optional.items() if value}}.items()))


@remembered
def wire_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema as the API takes it, its title kept; shared, so do not change it.

    The API does not enforce lengths and ranges: they stand in descriptions; ``reading.parse`` enforces them.
    """
    shape = anthropic.transform_schema(schema)
    return {**shape, "title": shape.get("title", schema.__name__)}


def _output_config(schema: type[BaseModel] | None, effort: Effort | None) -> dict[str, Any]:
    shape = None if schema is None else {"type": "json_schema", "schema": wire_schema(schema)}
    return {name: value for name, value in (("effort", effort), ("format", shape)) if value is not None}


def _tool_name(tool: dict[str, Any]) -> str:
    return str(tool["name"])
