"""CPU and wall time of one run: plan, 8 tasks side by side, review, checkpoint, resume, synthesis; a model that takes 0 ms.

    python -m bench.pipeline [--runs 20] [--at-once 1]     prints one line of JSON

Beside it, LangGraph with its SQLite saver does the same work with bare functions. Two of our figures: with the
Anthropic client in between (what a real run pays), and with the door answering at once (what the engine alone costs).
"""


import argparse
import asyncio
import gc
import json
import logging
import operator
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypedDict

import httpx2
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  fills the metadata
from agents.catalog import SHIPPED, Catalog, from_texts, read
from agents.engine.engine import Asked, Engine
from agents.models.client import Door
from agents.tools.toolbox import EFFECTS
from agents.tools.web import Fetcher
from storage import checkpoints, runs
from storage.checkpoints import Press
from storage.database import Database
from storage.policy import Person
from storage.words import ENDED, VoteAnswer

WORKERS = 8
TEXT = "word " * 400  # 2 KB
ITEMS = ", ".join(f"item{n}" for n in range(1, WORKERS + 1))
LINE = f"""---
name: bench
description: Eight readers, one reviewed draft, one synthesis.
---
## Read
- role: researcher
- each: {ITEMS}
- makes: findings

Read.

## Draft
- role: analyst
- reads: findings
- makes: draft
- review: reviewer
- ask: Go on?

Draft.

Done when the draft is there.

## Synthesis
- role: writer
- reads: draft
- makes: result

Write.
"""
ALICE = Person(id="UA", member=True)
BOB = Person(id="UB", member=True)


def answer(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scripted message for a request."""
    title = params["output_config"]["format"]["schema"]["title"]
    said = {
        "Triage": {"route": "line", "line": "bench", "reason": "bench", "title": "Bench"},
        "Findings": {"findings": [], "summary": TEXT},
        "Draft": {"text": TEXT, "summary": "done"},
        "Verdict": {"criteria": [{"id": "W1", "verdict": "pass"}]},
    }[title]
    block = {"type": "text", "text": json.dumps(said)}
    usage = {"input_tokens": 100, "output_tokens": 100}
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": params["model"], "content": [block],
        "stop_reason": "end_turn", "stop_sequence": None, "usage": usage,
    }  # fmt: skip


class Transport(httpx2.AsyncBaseTransport):
    """The scripted model behind the real client, in this process."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=answer(json.loads(await request.aread())))


class Direct:
    """The scripted model without a client in between."""

    label = ""

    def model_id(self, tier: str) -> str:
        return "claude-haiku-5-5"

    async def call(self, params: dict[str, Any], total_s: float) -> dict[str, Any]:
        return answer(params)

    async def close(self) -> None:
        return None


def catalog() -> Catalog:
    shipped = read([SHIPPED], EFFECTS)
    return from_texts({"lines/bench.md": LINE, **shipped.texts_for()}, EFFECTS)


async def _no_file(file: Mapping[str, Any]) -> bytes:
    raise FileNotFoundError(file)


class Bench:
    """An engine on a database of its own."""

    def __init__(self, home: Path, door: Any) -> None:
        self.database = Database(home / "jidoka.db")
        SQLModel.metadata.create_all(self.database.sync_engine)
        self.engine = Engine(self.database, door, catalog(), fetcher=Fetcher(), read_file=_no_file)
        self.said = asyncio.Event()
        self.engine.changed.append(self.said.set)

    async def until_waiting(self, run_id: str) -> Any:
        """Return the run's open checkpoint, or None when it has ended."""
        while True:
            self.said.clear()
            async with self.database.read() as session:
                run, found = await runs.get(session, run_id), await checkpoints.open_in(session, run_id)
            if found or run.state in ENDED:
                return found[0] if found else None
            await self.said.wait()

    async def press(self, checkpoint: Any, person: Person) -> None:
        pointer = {"checkpoint_id": checkpoint.id, "version": checkpoint.version, "nonce": checkpoint.nonce}
        await self.engine.decide(Press(**pointer, answer=VoteAnswer.APPROVE), person)

    async def run(self, number: int) -> dict[str, float]:
        """Return wall and CPU milliseconds of one run: to its draft's checkpoint, and from there to its end."""
        t, c = time.perf_counter(), time.process_time()
        run_id = await self.engine.open_run(Asked("T", "C", f"{number}.1", f"{number}.1", "UA", "bench"))
        await self.press(await self.until_waiting(run_id), ALICE)
        draft = await self.until_waiting(run_id)
        t1, c1 = time.perf_counter(), time.process_time()
        await self.press(draft, BOB)
        await self.until_waiting(run_id)
        t2, c2 = time.perf_counter(), time.process_time()
        return {
            "cpu_to_pause": (c1 - c) * 1e3, "wall_to_pause": (t1 - t) * 1e3,
            "cpu_resume": (c2 - c1) * 1e3, "wall_resume": (t2 - t1) * 1e3,
        }  # fmt: skip


async def ours(count: int, door: Any) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), door)
        await bench.engine.start()
        for number in range(3):
            await bench.run(number)
        gc.collect()
        rows = [await bench.run(number + 3) for number in range(count)]
        await bench.engine.stop()
        await door.close()
        await bench.database.close()
    return {name: round(statistics.median(row[name] for row in rows), 1) for name in rows[0]}


class State(TypedDict, total=False):
    texts: Annotated[list[str], operator.add]
    draft: str
    final: str


async def langgraph(count: int) -> dict[str, float]:
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import Command, Send, interrupt

    graph = StateGraph(State)
    graph.add_node("plan", lambda state: {"texts": []})
    graph.add_node("work", lambda state: {"texts": [TEXT]})
    graph.add_node("draft", lambda state: {"draft": TEXT})
    graph.add_node("review", lambda state: {})
    graph.add_node("ask", lambda state: {"draft": interrupt("go on?") and TEXT})
    graph.add_node("synthesis", lambda state: {"final": TEXT})
    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", lambda state: [Send("work", {}) for _ in range(WORKERS)], ["work"])
    for before, after in (("work", "draft"), ("draft", "review"), ("review", "ask"), ("ask", "synthesis"), ("synthesis", END)):
        graph.add_edge(before, after)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncSqliteSaver.from_conn_string(f"{folder}/g.db") as saver:
            app = graph.compile(checkpointer=saver)
            for number in range(count + 3):
                config: Any = {"configurable": {"thread_id": str(number)}}
                t, c = time.perf_counter(), time.process_time()
                await app.ainvoke({"texts": []}, config)
                t1, c1 = time.perf_counter(), time.process_time()
                await app.ainvoke(Command(resume="yes"), config)
                t2, c2 = time.perf_counter(), time.process_time()
                rows.append({
                    "cpu_to_pause": (c1 - c) * 1e3, "wall_to_pause": (t1 - t) * 1e3,
                    "cpu_resume": (c2 - c1) * 1e3, "wall_resume": (t2 - t1) * 1e3,
                })  # fmt: skip
    return {name: round(statistics.median(row[name] for row in rows[3:]), 1) for name in rows[0]}


async def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, default=20)
    count = arguments.parse_args().runs
    logging.disable(logging.INFO)
    ids = {"fast": "claude-haiku-5-5", "strong": "claude-sonnet-5-5", "best": "claude-opus-5-5"}
    door = Door.open(api_key="k", base_url="http://127.0.0.1:9", transport=Transport(), **ids)
    found = {"langgraph": await langgraph(count), "direct": await ours(count, Direct()), "client": await ours(count, door)}
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
