"""LangGraph with its SQLite saver: the same pipeline with bare functions."""

import operator
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypedDict

from bench.rigs.engine import TEXT, WORKERS
from bench.rigs.measuring import Watch


class State(TypedDict, total=False):
    texts: Annotated[list[str], operator.add]
    draft: str
    final: str


class Graph:
    """The same pipeline in LangGraph."""

    def __init__(self, saver: Any) -> None:
        from langgraph.graph import END, START, StateGraph
        from langgraph.types import Send, interrupt

        graph = StateGraph(State)
        graph.add_node("plan", lambda state: {"texts": []})
        graph.add_node("work", lambda state: {"texts": [TEXT]})
        graph.add_node("draft", lambda state: {"draft": TEXT})
        graph.add_node("review", lambda state: {})
        graph.add_node("ask", lambda state: {"draft": interrupt("go on?") and TEXT})
        graph.add_node("synthesis", lambda state: {"final": TEXT})
        graph.add_edge(START, "plan")
        graph.add_conditional_edges(
            "plan", lambda state: [Send("work", {}) for _ in range(WORKERS)], ["work"]
        )
        for before, after in (
            ("work", "draft"),
            ("draft", "review"),
            ("review", "ask"),
            ("ask", "synthesis"),
            ("synthesis", END),
        ):
            graph.add_edge(before, after)
        self._app: Any = graph.compile(checkpointer=saver)

    async def run(self, number: int) -> dict[str, float]:
        """Return wall and CPU milliseconds of one run."""
        from langgraph.types import Command

        config = {"configurable": {"thread_id": str(number)}}
        watch = Watch()
        await self._app.ainvoke({"texts": []}, config)
        watch.lap()
        await self._app.ainvoke(Command(resume="yes"), config)
        watch.lap()
        return watch.figures()


@asynccontextmanager
async def langgraph() -> AsyncIterator[Graph]:
    """Open LangGraph on a file of its own."""
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    with tempfile.TemporaryDirectory() as folder:
        async with AsyncSqliteSaver.from_conn_string(f"{folder}/g.db") as saver:
            yield Graph(saver)
