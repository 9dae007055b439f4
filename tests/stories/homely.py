"""A line of this installation's own, with a form of every kind of input, and what the model says on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage import clock, timers
from storage.database import Database
from storage.words import TimerKind
from tests.stories.town import Town
from tests.workshop import triage, verdict

Json = dict[str, Any]
NAME = "price-note"
PAGE = """\
---
name: price-note
description: Writes a note on prices from a survey. Keywords: price note.
inputs:
  length: How long may it be? (one of: one paragraph, one page)
  budget: What may a bike cost at most, in EUR? (a number)
  day: From which day do the prices hold? (a date)
  survey: Which survey is it to rest on? (a file)
---
Prices are only worth something with the place and the day they were seen.

## Facts
- role: researcher
- reads: request
- makes: facts

Find the prices the survey holds.

Done when:
- every finding quotes its source word for word.

## Note
- role: writer
- reads: request, facts
- makes: note
- sections: Summary
- review: reviewer
- ask: Is this note right?

Write the note.

Done when:
- every sentence that states a fact cites its finding, such as [F3].
"""
SHIP = "write the price note for the shop"
FAIR = "write the price note for the trade fair"
TITLES = {SHIP: "Price note for the shop", FAIR: "Price note for the fair"}
AGAIN = "Say where it was seen."
FIRST = "## Summary\n\nHaulwren delivers in six to eight weeks [F101].\n"
SECOND = "## Summary\n\nSeen in the survey: six to eight weeks [F101].\n"


def own_line(bot_home: Path) -> None:
    """Put the line where this installation keeps its own."""
    folder = bot_home / "lines"
    folder.mkdir(parents=True)
    (folder / f"{NAME}.md").write_text(PAGE, encoding="utf-8")


def script(reading_ms: int = 0) -> list[Json]:
    """Return what the model says for both requests; ``reading_ms`` is how long their reader takes."""
    routes = [_route(request, title) for request, title in TITLES.items()]
    again = _note(SECOND, "Seen in the survey: six to eight weeks.", contains=AGAIN)
    return [*routes, _facts(reading_ms), again, _note(FIRST, "Haulwren delivers in six to eight weeks."), verdict(times="*")]


def _route(request: str, title: str) -> Json:
    route = triage(line=NAME, title=title, reason="A note on prices is asked for.", constraints=[], inputs=[])
    return {**route, "when": {**route["when"], "contains": request}}


def _facts(reading_ms: int) -> Json:
    said = "{{quote:document:Haulwren}}"
    finding = {"claim": said, "quote": said, "source": "{{id:document:Haulwren}}", "key": "haulwren/price"}
    answer = {"findings": [finding], "summary": "Read the survey.", "open_questions": []}
    return {"when": {"schema": "Findings"}, "reply": {"json": answer}, "times": "*", "latency_ms": reading_ms}


def _note(text: str, summary: str, **when: str) -> Json:
    answer = {"text": text, "summary": summary, "open_questions": []}
    return {"when": {"schema": "Draft", "role": "writer", **when}, "reply": {"json": answer}, "times": "*"}


async def morning(here: Town, who: str) -> None:
    """Let somebody's morning brief be due now; the bot's own clock looks within seconds."""
    database = Database(here.home / "bot" / "jidoka.db")
    async with database.write() as session:
        await timers.set_(session, TimerKind.BRIEF, clock.now(), f"{who}.story", about={"who": who})
    await database.close()
