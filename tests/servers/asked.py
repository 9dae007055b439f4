"""What a Messages request asks: who asks, for which task, in which shape, and which parts it was shown."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from agents.contracts import Part, PartKind, read_parts


@dataclass(frozen=True)
class Asked:
    """One request as the script sees it."""

    run: str
    task: str
    station: str
    attempt: str
    role: str
    schema: str  # title of the wanted shape; empty for prose
    parts: tuple[Part, ...]  # of every user message, tool results included
    last: str  # text of the last user message
    tools: tuple[str, ...]
    body: dict[str, Any]

    @property
    def thread(self) -> tuple[str, str, str]:
        """Return what one conversation is known by."""
        return (self.run, self.task, self.role)

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """Return what requests are counted by."""
        return (self.run, self.role, self.task, self.schema)

    @property
    def wanted(self) -> dict[str, Any]:
        """Return the JSON schema of the answer; empty for prose."""
        return wanted_schema(self.body)


def read(body: dict[str, Any]) -> Asked:
    """Return what the request asks; a request without the marks of a brief has empty names."""
    told = [text_of(message["content"]) for message in body["messages"] if message["role"] == "user"]
    parts = tuple(read_parts("\n".join(told)))
    lines = _lines(next((part.text for part in parts if part.kind is PartKind.TASK), ""))
    return Asked(
        run=lines.get("run", ""),
        task=lines.get("task", ""),
        station=lines.get("station", ""),
        attempt=lines.get("attempt", ""),
        role=_lines(_first_line(body.get("system", ""))).get("role", ""),
        schema=str(wanted_schema(body).get("title", "")),
        parts=parts,
        last=told[-1] if told else "",
        tools=tuple(sorted(tool["name"] for tool in body.get("tools", ()))),
        body=body,
    )


def known_by(body: dict[str, Any]) -> str:
    """Return what a request is known by, whether it comes alone or in a batch: SHA-256 of its fields, in one order."""
    written = json.dumps(dict(sorted(body.items())), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def wanted_schema(body: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON schema the answer must follow; empty for prose."""
    wanted = (body.get("output_config") or {}).get("format") or {}
    return dict(wanted.get("schema") or {})


def text_of(content: object) -> str:
    """Return all text of a message's content, tool results included."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(filter(None, (_block_text(block) for block in content)))
    return ""


def tokens(value: object) -> int:
    """Return an estimate: four characters a token."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return max(1, len(text) // 4)


def _block_text(block: object) -> str:
    if not isinstance(block, dict):
        return ""
    if block.get("type") == "tool_result":
        return text_of(block.get("content"))
    return str(block.get("text", ""))


def _first_line(system: object) -> str:
    return text_of(system).partition("\n")[0]


def _lines(text: str) -> dict[str, str]:
    head = text.partition("\n\n")[0]  # after a blank line comes prose, which may hold colons too
    pairs = [line.partition(":") for line in head.splitlines()]
    return {name.strip(): value.strip() for name, colon, value in reversed(pairs) if colon}
