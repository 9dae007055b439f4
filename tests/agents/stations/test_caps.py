"""A thousand conversations with models that want ever more: none goes beyond its calls, and each comes to an end."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from agents.contracts import Draft
from agents.errors import ModelError
from agents.models.client import Door
from agents.planning.plan import Limits
from agents.stations.assignment import Source
from agents.stations.brief import Brief
from agents.stations.conversation import Conversation
from agents.stations.recording import Make, Most, Spent
from agents.tools.documents import Parsed
from agents.tools.toolbox import Toolbox
from storage.words import CallKind
from tests.storage.voting import seeded

RUNS = [pytest.param(40, id="some"), pytest.param(1_000, id="all", marks=pytest.mark.long)]
MOST_CALLS, MOST_EQUAL = 20, 3
IDS = {"fast": "claude-haiku-5-5", "strong": "claude-sonnet-5-5", "best": "claude-opus-5-5"}


@dataclass
class Greedy(httpx2.AsyncBaseTransport):
    """A model that wants one to eight tools at a time, some of them again, and seldom gives what it is asked for."""

    chance: random.Random
    stubborn: float = 0.5  # how often it goes on although it was told to finish
    said: int = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to one call."""
        self.said += 1
        told = "You have reached the limit" in (await request.aread()).decode()
        blocks, stop = self._wish() if not told or self.chance.random() < self.stubborn else self._answer()
        usage = {"input_tokens": self.chance.randint(1, 4_000), "output_tokens": self.chance.randint(1, 2_000)}
        about = {"id": f"msg_{self.said}", "type": "message", "role": "assistant", "model": IDS["fast"], "content": blocks}
        return httpx2.Response(200, json={**about, "stop_reason": stop, "stop_sequence": None, "usage": usage})

    def _wish(self) -> tuple[list[dict[str, Any]], str]:
        match self.chance.randrange(12):
            case 0:
                return [{"type": "text", "text": "Let me think."}], "pause_turn"
            case 1:
                return [{"type": "text", "text": '{"text": "cut'}], "max_tokens"
            case 2:
                return [{"type": "text", "text": "I am done."}], "end_turn"
            case 3:
                return self._answer()
        parts = [self.chance.randint(1, 4) for _ in range(self.chance.randint(1, 8))]
        asked = [{"document": "d1", "part": part} for part in parts]
        uses = [
            {"type": "tool_use", "id": f"toolu_{self.said}_{n}", "name": "read_document", "input": one}
            for n, one in enumerate(asked)
        ]
        return uses, "tool_use"

    def _answer(self) -> tuple[list[dict[str, Any]], str]:
        return [{"type": "text", "text": json.dumps({"text": "A draft.", "summary": "A draft."})}], "end_turn"


@dataclass
class Kept:
    """A record in memory that counts."""

    spent: Spent = field(default_factory=Spent)
    made: Counter[str] = field(default_factory=Counter)
    seq: int = 0
    documents: tuple[Source, ...] = ()

    def next(self) -> int:
        self.seq += 1
        return self.seq

    async def record(
        self, seq: int, kind: CallKind, name: str, asked: Mapping[str, Any], make: Make, most: Most | None = None
    ) -> Mapping[str, Any]:
        result = await make()
        self.made[json.dumps(asked) if kind is CallKind.TOOL else kind.value] += 1
        self.spent.calls += 1
        self.spent.tokens += result.tokens
        self.spent.usd += result.usd
        return result.value

    async def lost(self, seq: int, most: Most) -> None:
        raise AssertionError("nothing is lost here")

    async def keep(self, brief: Brief) -> Brief:
        return brief

    async def add_document(self, origin: str, parsed: Parsed, problem: str = "") -> Source:
        raise AssertionError("nothing is read here")


async def _read(_asked: Any) -> str:
    return "A page."


@pytest.mark.parametrize("runs", RUNS)
async def test_no_conversation_goes_beyond_its_calls_or_asks_the_same_four_times(runs: int):
    chance, ends, most = seeded(), Counter[str](), 0
    for _ in range(runs):
        model, kept = Greedy(random.Random(chance.random())), Kept()
        limits = Limits(calls=chance.randint(1, MOST_CALLS), tokens=chance.choice([5_000, 20_000, 200_000]), usd=1.0)
        door = Door.open(api_key="k", base_url="http://model.invalid", transport=model, **IDS)
        toolbox = Toolbox(("read_document",), {"read_document": _read}, {})
        talk = Conversation(door, kept, toolbox, IDS["fast"], limits)
        try:
            said = await talk.hold(Brief("work", "writer", "role: writer", "Write.", ()), Draft)
            ends["limit" if said.limit else "answer"] += 1
        except ModelError as failed:
            ends[type(failed).__name__] += 1
        await door.close()
        most = max(most, kept.spent.calls)

        assert kept.spent.calls <= limits.calls
        assert all(count <= MOST_EQUAL for asked, count in kept.made.items() if asked != CallKind.MODEL.value)
    print(f"{runs} conversations: {dict(ends)}; at most {most} calls")

    assert {"limit", "answer", "RequestError"} <= {*ends} and sum(ends.values()) == runs
