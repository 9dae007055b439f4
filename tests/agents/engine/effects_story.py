"""A small line whose last station proposes posts, over the real engine and the scripted model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from agents.catalog import SHIPPED, Catalog, from_texts, read
from agents.tools.toolbox import EFFECTS
from storage.tables import Checkpoint, Event, OutboxMessage
from storage.words import CheckpointKind, MessageKind, VoteAnswer
from tests.workshop import ALICE, BOB, Workshop

CHANNEL, OTHER = "C0LAUNCH", "C0SALES"
REQUEST: Final = f"announce the new bike <#{CHANNEL}|launch> and <#{OTHER}|sales>, please"
TEXT: Final = "The new bike is here. <!channel> & *more* at https://example.com"
WHY: Final = "The request asks for it to be announced there."
HERALD: Final = "---\nname: herald\ndescription: Announces.\ntools: post_message, ask_person\n---\nPropose the post.\n"
LINE: Final = """\
---
name: announcing
description: Announces something in another channel.
---
We sell bikes.

## Text
- role: writer
- reads: request
- makes: text
- review: reviewer
- ask: May this be announced?

Write it.

Done when it names the bike.

## Post
- role: herald
- reads: request, text
- makes: report

Propose the post.

Done when it is proposed.
"""


def catalog() -> Catalog:
    """Return the shipped roles, the herald, and the line."""
    shipped = read([SHIPPED], EFFECTS)
    return from_texts({**shipped.texts_for(), "roles/herald.md": HERALD, "lines/announcing.md": LINE}, EFFECTS)


def wish(text: str = TEXT, channel: str = CHANNEL, why: str = WHY) -> dict[str, Any]:
    """Return a use of the tool as the model says it."""
    return {"type": "tool_use", "name": "post_message", "input": {"channel": channel, "text": text, "why": why}}


def script(*wishes: dict[str, Any], attempts: int = 1) -> list[dict[str, Any]]:
    """Return the model's lines: a triage, a text that passes review, and a herald who proposes these in each attempt."""
    routed = {
        "route": "line", "line": "announcing", "reason": "It is an announcement.", "title": "The new bike",
        "constraints": [], "inputs": [],
    }  # fmt: skip
    found = {"findings": [], "summary": "The new bike is here."}
    report = {"text": "A post is proposed.\n", "summary": "Proposed."}
    lines = [
        {"when": {"schema": "Triage"}, "reply": {"json": routed}},
        {"when": {"schema": "Findings"}, "reply": {"json": found}, "times": "*"},
        {"when": {"schema": "Verdict"}, "reply": {"json": {"criteria": [{"id": "W1", "verdict": "pass"}]}}, "times": "*"},
    ]
    for attempt in range(1, attempts + 1):
        when = {"role": "herald", "attempt": str(attempt)}
        lines += [
            {"when": when, "reply": {"blocks": list(wishes or (wish(),))}},
            {"when": when, "reply": {"json": report}},
        ]
    return lines


async def to_effect(shop: Workshop, ts: str = "1.000100", request: str = REQUEST) -> tuple[str, Checkpoint]:
    """Open a run, let its plan and its text be approved, and return its id and the first effect's checkpoint."""
    run_id = await shop.ask(request, samples=(), ts=ts)
    await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
    await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
    return run_id, await shop.open(run_id, CheckpointKind.EFFECT)


async def effects_of(shop: Workshop, run_id: str) -> list[OutboxMessage]:
    """Return the run's effects in the outbox, oldest first."""
    rows = [row for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.EFFECT]
    return sorted(rows, key=lambda row: row.seq or 0)


async def told(shop: Workshop, run_id: str, kind: str) -> list[dict[str, Any]]:
    """Return what the audit log holds of a kind, oldest first."""
    events: list[Event] = await shop.rows(Event, run_id)
    return [one.payload for one in sorted(events, key=lambda one: one.seq or 0) if one.kind == kind]


def home(folder: Path, name: str) -> Path:
    """Return a new folder in a folder."""
    made = folder / name
    made.mkdir()
    return made
