"""Decides what each request gets: by the script, by what was answered before, by how conversations go on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from tests.servers import faults, strict
from tests.servers.asked import Asked, tokens
from tests.servers.faults import Said
from tests.servers.filling import fill
from tests.servers.modes import MODES
from tests.servers.script import Line, Script
from tests.servers.strict import RefusedError


@dataclass(frozen=True)
class Served:
    """What goes out for one request."""

    status: int
    body: Any  # JSON; None when nothing is sent
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""  # a name of ``faults.TRANSPORT`` or of ``faults.CONTENT``, or the status
    line: int = 0
    latency_ms: int = 0


@dataclass(frozen=True)
class Numbered:
    """How a request stands among those before it."""

    call: int
    sent: int
    repeat: bool


class Desk:
    """What one server knows of its requests; every method is called from one loop."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._numbers: defaultdict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        self._sent: Counter[str] = Counter()
        self._answered: dict[str, Served] = {}
        self._pinned: dict[str, Line] = {}
        self._faulted: Counter[tuple[str, int]] = Counter()
        self._through: defaultdict[str, set[int]] = defaultdict(set)
        self._threads: dict[tuple[str, str, str], tuple[dict[str, Any], dict[str, Any]]] = {}

    def number(self, asked: Asked, digest: str) -> Numbered:
        """Return the request's number; the same bytes keep theirs."""
        numbers = self._numbers[asked.kind]
        numbers.setdefault(digest, len(numbers) + 1)
        self._sent[digest] += 1
        return Numbered(numbers[digest], self._sent[digest], digest in self._answered)

    def serve(self, asked: Asked, digest: str, call: int) -> Served:
        """Return what the request gets.

        Raises:
            RefusedError: The conversation does not go on as conversations must.
            ScriptError: The script has no answer.
        """
        if digest in self._answered:
            return self._answered[digest]
        self._check_thread(asked)
        line = self._line(asked, digest, call)
        if self._fault_due(line, digest):
            self._faulted[digest, line.number] += 1
            return self._faulty(line, asked, digest, call)
        if line.reply is None and not line.mode and self._is_transport(line):
            self._through[digest].add(line.number)
            del self._pinned[digest]
            return self.serve(asked, digest, call)
        return self._answer(line, asked, digest, call)

    def line(self, asked: Asked, digest: str, call: int) -> Line:
        """Return the line that answers a request, used once; the same bytes keep theirs.

        Raises:
            RefusedError: The conversation does not go on as conversations must.
            ScriptError: The script has no answer.
        """
        if digest not in self._answered:
            self._check_thread(asked)
        return self._line(asked, digest, call)

    def was_answered(self, digest: str) -> bool:
        """Return whether these bytes were answered before: then they are paid twice."""
        return digest in self._answered

    def _line(self, asked: Asked, digest: str, call: int) -> Line:
        if digest not in self._pinned:
            self._pinned[digest] = self._script.choose(asked, call, self._through[digest])
        return self._pinned[digest]

    def _fault_due(self, line: Line, digest: str) -> bool:
        left = line.fault_times is None or self._faulted[digest, line.number] < line.fault_times
        return self._is_transport(line) and left

    @staticmethod
    def _is_transport(line: Line) -> bool:
        return line.fault is not None and ("status" in line.fault or line.fault["type"] in faults.TRANSPORT)

    def _faulty(self, line: Line, asked: Asked, digest: str, call: int) -> Served:
        fault = line.fault or {}
        if "status" in fault:
            status, headers, body = faults.error_of(fault)
            return Served(status, body, headers, str(status), line.number, line.latency_ms)
        made = self._answer(line, asked, digest, call, keep=fault["type"] == "lost")
        return replace(
            made,
            fault=fault["type"],
            body=made.body if fault["type"] in {"lost", "broken", "stall"} else None,
        )

    def _answer(self, line: Line, asked: Asked, digest: str, call: int, *, keep: bool = True) -> Served:
        message = _message(line, asked, digest, self._said(line, asked, call), self._before(asked))
        name = "" if line.fault is None or self._is_transport(line) else line.fault["type"]
        served = Served(200, message, {}, name or line.mode, line.number, line.latency_ms)
        if keep:
            self._answered[digest] = served
            self._threads[asked.thread] = (asked.body, message)
        return served

    @staticmethod
    def _said(line: Line, asked: Asked, call: int) -> Said:
        said = MODES[line.mode](asked, call) if line.mode else _scripted(line.reply, asked, call)
        fault = (line.fault or {}).get("type", "")
        return faults.CONTENT[fault](said, asked) if fault in faults.CONTENT else said

    def _before(self, asked: Asked) -> dict[str, Any]:
        return self._threads.get(asked.thread, ({}, {}))[0] if len(asked.body["messages"]) > 1 else {}

    def _check_thread(self, asked: Asked) -> None:
        body, answer = self._threads.get(asked.thread, ({}, {}))
        messages = asked.body["messages"]
        paused = answer.get("stop_reason") == "pause_turn" and messages[-1]["content"] == answer["content"]
        if messages[-1]["role"] == "assistant" and not paused:
            raise RefusedError("messages: prefilling the assistant's answer is not accepted")
        if not asked.run or len(messages) == 1 or not answer:
            return
        if not _continues(body, answer, asked.body):
            raise RefusedError(
                f"messages: task {asked.task!r} of role {asked.role!r} must go on from its last request and "
                "answer, byte for byte, or begin afresh with one message"
            )


def _continues(body: dict[str, Any], answer: dict[str, Any], now: dict[str, Any]) -> bool:
    if any(_bytes(body.get(name)) != _bytes(now.get(name)) for name in ("system", "tools", "model")):
        return False
    before = body["messages"]
    added = now["messages"][len(before) :]
    if _bytes(now["messages"][: len(before)]) != _bytes(before):
        return False
    said = _sayable(answer["content"])
    if not added or not said:  # once more with other settings, or nothing was said that could be sent back
        return True
    return bool(added[0]["role"] == "assistant" and _sayable(added[0]["content"]) == said)


def _bytes(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sayable(content: Any) -> Any:
    """Return the content without empty texts, which the API gives and does not take."""
    if not isinstance(content, list):
        return content
    return [block for block in content if block.get("type") != "text" or block.get("text", "").strip()]


def _scripted(reply: dict[str, Any] | None, asked: Asked, call: int) -> Said:
    reply = {"text": ""} if reply is None else fill(reply, asked, call)
    extra = {name: reply[name] for name in ("usage", "stop_details") if name in reply}
    blocks = reply.get("blocks") or [faults.text_block(_text(reply))]
    used = any(block["type"] == "tool_use" for block in blocks)
    return Said(blocks, reply.get("stop_reason", "tool_use" if used else "end_turn"), extra)


def _text(reply: dict[str, Any]) -> str:
    return json.dumps(reply["json"], ensure_ascii=False) if "json" in reply else str(reply.get("text", ""))


def _message(line: Line, asked: Asked, digest: str, said: Said, before: dict[str, Any]) -> dict[str, Any]:
    blocks = [_finished(block, digest, n) for n, block in enumerate(said.blocks)]
    return {
        "id": f"msg_{digest[:24]}",
        "type": "message",
        "role": "assistant",
        "model": asked.body["model"],
        "content": blocks,
        "stop_reason": said.stop_reason,
        "stop_sequence": None,
        "usage": {**_usage(asked, blocks, before), **said.extra.get("usage", {})},
        **{name: value for name, value in said.extra.items() if name != "usage"},
    }


def _finished(block: dict[str, Any], digest: str, n: int) -> dict[str, Any]:
    if block["type"] == "tool_use":
        return {"type": "tool_use", "id": f"toolu_{digest[:20]}_{n}", "input": {}, **block}
    if block["type"] == "thinking":
        return {**block, "signature": strict.signature(block["thinking"])}
    return block


def _usage(asked: Asked, blocks: list[dict[str, Any]], before: dict[str, Any]) -> dict[str, Any]:
    shown = {name: asked.body.get(name) for name in ("system", "tools", "messages")}
    counted, known = tokens(shown), 0
    if "cache_control" in asked.body and before:
        known = min(counted, tokens({name: before.get(name) for name in shown}))
    written = counted - known if "cache_control" in asked.body else 0
    return {
        "input_tokens": counted - known - written,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": known,
        "output_tokens": tokens(blocks) if blocks else 1,
        "service_tier": "standard",
    }
