"""What briefs take beside whole transcripts: what such a transcript holds, and how the lines fare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.contracts import Part, PartKind, written
from bench.briefs import figures, of_transcripts
from bench.rigs.lines import Worked, samples, worked
from storage.tables import Brief, Call, Run, Task
from storage.words import CallKind, RunState, TaskKind

OFFLINE = sorted({*samples()} - {"feature"})  # code needs a language model
OFTEN = "legal"  # its line is the shortest, so a chain of chats carries the least
MOST = 0.30  # of transcripts
GOAL, PAGE = Part("goal", PartKind.GOAL, "g" * 400), Part("d1.1", PartKind.DOCUMENT, "d" * 4_000)
REPEATED = (
    Part("F101", PartKind.FINDING, "> d", "a.pdf, page 1"),
    Part("read", PartKind.HANDOFF, "h" * 800),
    Part("artifact", PartKind.ARTIFACT, "a" * 800),
    Part("checks", PartKind.REVIEW, "none"),
)
READ = ("read", "work", "reader", (GOAL, PAGE))
JUDGED = ("read", "review-1", "judge", (GOAL,))
WRITE = ("write", "work", "writer", (GOAL,))
ROUTE = ("route", "triage", "router", (GOAL,))
Shown = tuple[str, str, str, Sequence[Part]]


def answer(key: str, seq: int, role: str, tokens: int = 100) -> Call:
    said = {"usage": {"output_tokens": tokens}}
    return Call(run_id="r", task_key=key, attempt=1, seq=seq, kind=CallKind.MODEL, name=role, digest="", result=said)


def told(seq: int, text: str) -> Call:
    said = {"content": text}
    return Call(run_id="r", task_key="read", attempt=1, seq=seq, kind=CallKind.TOOL, name="fetch", digest="", result=said)


def chats(briefs: Sequence[Shown], *calls: Call, routing: bool = True) -> int:
    """Return the tokens that a chain of chats would take for a run of these."""
    kinds = {"route": TaskKind.TRIAGE}
    keys = dict.fromkeys(key for key, *_ in briefs)
    tasks = tuple(
        Task(run_id="r", key=key, kind=kinds.get(key, TaskKind.WORK), spec={"needs": ["read"] if key == "write" else []})
        for key in keys
    )
    rows = tuple(
        Brief(run_id="r", task_key=key, attempt=1, name=name, role=role, system="", text=written(parts, "k" * 10))
        for key, name, role, parts in briefs
    )
    mine = sum(len(f"\n{row.text}") // 4 for row in rows if kinds.get(row.task_key) is None)
    found = Worked(Run(id="r", team="T", channel="C", request="", requester="U"), tasks, rows, calls)
    return round(mine / of_transcripts(found, routing=routing))


def test_what_briefs_repeat_is_no_part_of_any_transcript():
    plain = chats([READ, WRITE], answer("read", 1, "reader"))
    repeating = chats([READ, ("write", "work", "writer", (GOAL, *REPEATED))], answer("read", 1, "reader"))

    assert repeating == pytest.approx(plain, abs=3)


def test_a_later_task_carries_what_tools_and_reviewers_said_before_it():
    alone = chats([READ, WRITE], answer("read", 1, "reader"))
    asked = (answer("read", 1, "reader", 20), told(2, "t" * 4_000), answer("read", 3, "reader", 80))
    fetched = chats([READ, WRITE], *asked)
    judged = chats([READ, JUDGED, WRITE], answer("read", 1, "reader"), answer("read", 2, "judge", 50))

    goal = len(written([GOAL], "k" * 10)) // 4
    page = len(written([PAGE], "k" * 10)) // 4
    assert fetched - alone == pytest.approx(1_000, abs=3)
    assert judged - alone == pytest.approx((goal + 50) + (goal + goal + page + 100), abs=5)  # carried on, and its own


def test_only_with_routing_its_conversation_is_carried_along():
    calls = (answer("route", 1, "router", 40), answer("read", 1, "reader"))
    without, carried = (chats([ROUTE, READ, WRITE], *calls, routing=routing) for routing in (False, True))

    assert carried - without == pytest.approx(2 * (len(written([GOAL], "k" * 10)) // 4 + 40), abs=3)


@pytest.mark.parametrize("folder", [OFTEN, *(pytest.param(one, marks=pytest.mark.long) for one in OFFLINE if one != OFTEN)])
async def test_a_lines_briefs_take_about_three_tenths_of_whole_transcripts_and_begin_alike(folder: str, tmp_path: Path):
    found = await worked(tmp_path, folder, samples()[folder])
    said = figures(found)

    print(said)
    assert found.run.state is RunState.DONE
    assert of_transcripts(found) <= MOST
    assert said["shared_prefix"] >= 0.70  # type: ignore[operator]  # a number
    assert said["coordination"] <= 0.35  # type: ignore[operator]  # a number
