"""Rows as the engine makes them, for the builders' tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from agents.rendering.chart import Chart, Series
from bot.messages.figures import Spend
from bot.messages.rows import CheckpointRows, ResultRows, RunRows
from storage.policy import SHIPPED
from storage.tables import Artifact, Checkpoint, Document, Handoff, Run, Task
from storage.words import CheckpointKind, CheckpointState, Route, RunState, TaskKind, TaskState

BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NOW = BEGAN + timedelta(minutes=12)
SHA = "4f1a9c3e77d0" + "0" * 52
RECEIPT = {
    "route": "line", "reason": "", "one_agent": {"tokens": 9_000, "usd": 0.2, "minutes": 3.2},
    "chosen": {"tokens": 30_000, "usd": 0.61, "minutes": 4.5},
}  # fmt: skip


def run(**other: Any) -> Run:
    """Return a run down a line."""
    usual: dict[str, Any] = {
        "id": "run-1", "team": "T1", "channel": "C1", "thread_ts": "1.1", "request_ts": "1.1", "requester": "U0ALICE",
        "request": "compare", "title": "Three competitors compared", "route": Route.LINE,
        "line": "competitive-intelligence", "reason": "It names three competitors.", "receipt": RECEIPT,
        "state": RunState.WORKING, "created_at": BEGAN, "tag": "t",
    }  # fmt: skip
    return Run(**{**usual, **other})


def task(key: str, state: TaskState, title: str = "", **other: Any) -> Task:
    """Return one task of the plan."""
    spec = {"key": key, "title": title or key.capitalize(), "station": other.pop("station", key.capitalize())}
    usual: dict[str, Any] = {"run_id": "run-1", "key": key, "kind": TaskKind.WORK, "position": 1}
    usual |= {"state": state, "spec": spec}
    return Task(**{**usual, **other})


def tasks() -> tuple[Task, ...]:
    """Return a line under way: two done, one at work, one to come."""
    return (
        task("triage", TaskState.DONE, kind=TaskKind.TRIAGE),
        task("plan", TaskState.DONE, kind=TaskKind.PLAN),
        task("research-1", TaskState.DONE, "Research: Acme"),
        task("research-2", TaskState.FAILED, "Research: Globex", error="The page could not be read."),
        task("compare", TaskState.WORKING, "Compare", attempt=2),
        task("brief", TaskState.BLOCKED, "Write the brief"),
    )


def artifact(text: str = "# Brief\n\nAcme costs 5 € [F1].\n", **other: Any) -> Artifact:
    """Return a draft."""
    usual: dict[str, Any] = {"id": "art-1", "run_id": "run-1", "task_key": "brief", "version": 2, "name": "brief"}
    usual |= {"text": text, "sha256": SHA, "made_by": "writer"}
    return Artifact(**{**usual, **other})


def chart() -> Chart:
    """Return a chart of two numbers."""
    price = Series(name="Price", values=(Decimal(5200), Decimal("4990.5")))
    return Chart(
        title="Price by maker", kind="bar", unit="EUR", labels=("Acme", "Globex"), series=(price,), findings=("F1",)
    )


def chart_row() -> Artifact:
    """Return the artifact that keeps it."""
    made = chart()
    return artifact(made.model_dump_json(), id="art-2", name=made.name, task_key=made.name, version=1)


def plan(count: int = 3) -> dict[str, Any]:
    """Return a plan's JSON."""
    listed = [
        {
            "key": f"task-{n}", "title": f"Task {n}", "station": "S", "role": "writer",
            "needs": [f"task-{n - 1}"] if n > 1 else [], "makes": f"a{n}", "item": "",
            "instructions": f"Do {n}.\n\nThen stop.", "done_when": ["it is done"], "review": "reviewer",
            "ask": "Right?" if n == count else "", "sections": [], "most_words": None, "tools": ["fetch"],
            "limits": {"calls": 20, "tokens": 200_000, "usd": 1.0, "seconds": 1_800},
        }
        for n in range(1, count + 1)
    ]  # fmt: skip
    reason = "Three parts follow from another."
    return {"route": "plan", "line": "", "background": "", "reason": reason, "tasks": listed, "at_once": 3}


PAYLOADS: dict[CheckpointKind, dict[str, Any]] = {
    CheckpointKind.QUESTION: {
        "fields": [
            {"name": "competitors", "question": "Which competitors shall be compared?", "optional": False},
            {"name": "audience", "question": "Who will read it?", "optional": True},
        ],
        "why": "The request names none.",
    },
    CheckpointKind.PLAN: {"plan": plan(), "receipt": RECEIPT, "remark": ""},
    CheckpointKind.DRAFT: {
        "artifact_id": "art-1", "sha256": SHA, "version": 2, "title": "Brief", "summary": "A brief.", "rounds": 2,
        "problems": [{"rule": "length", "message": "It has 940 words; 900 were allowed.", "quote": "", "fix": ""}],
        "changed": "--- the version sent back\n+++ this version\n-old\n+new",
    },
    CheckpointKind.ESCALATION: {"failed": "The model service was not there.", "task": "Compare"},
    CheckpointKind.EFFECT: {"to": "press@example.com", "text": "Hello"},
    CheckpointKind.BUDGET: {"cap": "this run", "spent_usd": 2.01, "cap_usd": 2.0, "more_usd": 1.0},
}  # fmt: skip


def checkpoint(kind: CheckpointKind, **other: Any) -> Checkpoint:
    """Return an open checkpoint of a kind."""
    usual: dict[str, Any] = {
        "id": "chk-1", "run_id": "run-1", "task_key": "brief", "attempt": 1, "kind": kind, "nonce": "nonce123",
        "question": "Is this right?", "payload": PAYLOADS[kind], "digest": "d" * 64, "requester": "U0ALICE",
        "policy": SHIPPED[kind].model_dump(mode="json"), "opened_at": BEGAN, "state": CheckpointState.OPEN,
    }  # fmt: skip
    return Checkpoint(**{**usual, **other})


def seen(kind: CheckpointKind, **other: Any) -> CheckpointRows:
    """Return everything a card of this kind is made from."""
    with_text = kind in {CheckpointKind.DRAFT} or "rounds" in other.get("payload", {})
    made = other.pop("artifact", artifact() if with_text else None)
    about = {name: other.pop(name) for name in ("run", "next", "addresses", "votes") if name in other}
    usual: dict[str, Any] = {"run": run(), "now": NOW, "artifact": made, "spend": Spend(0.42, 12_340), "quotes": 7}
    return CheckpointRows(checkpoint=checkpoint(kind, **other), **{**usual, **about})


def under_way(**other: Any) -> RunRows:
    """Return a run's status rows."""
    usual: dict[str, Any] = {"run": run(), "now": NOW, "tasks": tasks(), "spend": Spend(0.42, 12_340)}
    return RunRows(**{**usual, **other})


def finished(**other: Any) -> ResultRows:
    """Return what a finished run's result is made from."""
    handoff = Handoff(run_id="run-1", task_key="brief", attempt=1, artifact_id="art-1", summary="Acme is dearest.")
    handoff.open_questions = ["When does Globex ship?"]
    unread = Document(run_id="run-1", id="d1", origin="F1", name="prices.pdf", problem="It is encrypted.")
    usual: dict[str, Any] = {
        "run": run(state=RunState.DONE, ended_at=NOW), "now": NOW, "artifact": artifact(), "handoff": handoff,
        "tasks": tasks(), "documents": (unread,),
        "spend": Spend(0.42, 12_340),
    }  # fmt: skip
    return ResultRows(**{**usual, **other})
