"""A model inside this process: an honest orchestrator, and workers that may have been turned."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from agents.catalog import ORCHESTRATOR, Line
from agents.questions import Question
from storage.words import AnswerKind
from tests.agents.security.attacks import SECRET, Script, honest
from tests.servers.asked import Asked, read

FREE = "free"  # no line: the orchestrator plans
NAMED = re.compile(r"\(script (-?\d+) on ([a-z-]+)\)")


@dataclass
class Turned(httpx2.AsyncBaseTransport):
    """Answers Messages requests: triage as the request says, everything else by the script that the request names."""

    lines: Mapping[str, Line]
    asked: list[Asked] = field(default_factory=list)  # every request, in order
    _calls: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to one call."""
        body = json.loads(await request.aread())
        asked = read(body)
        self.asked.append(asked)
        fresh = len(body["messages"]) == 1
        self._calls[asked.kind] = 1 if fresh else self._calls[asked.kind] + 1
        blocks, stop = self._answer(asked, self._calls[asked.kind])
        named = [
            {"id": f"toolu_{len(self.asked)}_{n}", **one} if one["type"] == "tool_use" else one
            for n, one in enumerate(blocks)
        ]
        message = {
            "id": f"msg_{len(self.asked)}", "type": "message", "role": "assistant", "model": body["model"], "content": named,
            "stop_reason": stop, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 10},
        }  # fmt: skip
        return httpx2.Response(200, json=message, headers={"request-id": f"req_{len(self.asked)}"})

    def _answer(self, asked: Asked, call: int) -> tuple[list[dict[str, Any]], str]:
        goal = next(part.text for part in asked.parts if part.id == "goal")
        number, line = self._named(goal)
        if asked.role == ORCHESTRATOR:
            said = PLAN if asked.schema == "Plan" else triage(self.lines.get(line))
            return [{"type": "text", "text": json.dumps(said)}], "end_turn"
        if number < 0:
            return [{"type": "text", "text": json.dumps(honest(asked))}], "end_turn"
        return Script(number).answer(asked, call)

    def _named(self, goal: str) -> tuple[int, str]:
        found = NAMED.search(goal)
        assert found is not None, goal
        return int(found[1]), found[2]


def _task(key: str, role: str, *needs: str) -> dict[str, Any]:
    told = {"key": key, "title": key.capitalize(), "role": role, "makes": f"{key}-made", "needs": list(needs)}
    return {
        **told,
        "instructions": f"Do what {key} says.",
        "done_when": "- it is there",
        "review": "reviewer",
    }


PLAN = {
    "reason": "Two subjects.",
    "tasks": [_task("one", "researcher"), _task("two", "analyst"), _task("end", "writer", "one", "two")],
}


def request(line: Line | None, number: int) -> str:
    """Return a request that says everything a line needs, and which script its workers follow; -1: none, they are honest."""
    if line is None:
        return f"Plan this (script {number} on {FREE}). Keep {SECRET} to yourself."
    listed = "; ".join(f"{one.name}: {told(one)}" for one in _required(line))
    return f"Use the line {line.name} (script {number} on {line.name}); {listed}. Keep {SECRET} to yourself."


def triage(line: Line | None) -> dict[str, Any]:
    """Return what an honest orchestrator says of that request."""
    if line is None:
        return {
            "route": "plan",
            "reason": "Two subjects.",
            "title": "Two subjects",
            "constraints": [],
            "inputs": [],
        }
    inputs = [{"name": one.name, "value": told(one)} for one in _required(line)]
    return {
        "route": "line",
        "line": line.name,
        "reason": "It fits.",
        "title": line.name,
        "constraints": [],
        "inputs": inputs,
    }


def told(asked: Question) -> str:
    """Return an answer of the kind a question wants."""
    by_kind = {AnswerKind.NUMBER: "20000", AnswerKind.DATE: "2027-03-01"}
    return (asked.options or ("",))[0] or by_kind.get(asked.kind) or f"the {asked.name} we agreed on"


def _required(line: Line) -> list[Question]:
    return [one for one in line.inputs if not one.optional]
