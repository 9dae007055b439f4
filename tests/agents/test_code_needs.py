"""What code cannot be had without, a language model and a sandbox: told before anything starts, with what works instead."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from agents.planning.triage import INSTEAD_OF_CODE
from storage.tables import Call, Document
from storage.words import RunState
from tests.agents.stations import feature
from tests.agents.test_asks_for_everything import offline
from tests.workshop import Workshop, workshop

UNREAD: Final = "Write the code for a rate limiter and prove it with unit tests"


async def refused(shop: Workshop, run_id: str) -> str:
    """Return why the run ended; nothing but triage was begun."""
    run = await shop.ended(run_id)

    assert run.state is RunState.FAILED
    assert {call.task_key for call in await shop.rows(Call, run_id)} == {"triage"} == {*await shop.tasks(run_id)}
    return run.error


async def test_without_a_model_code_is_refused_at_once_and_what_works_is_offered(tmp_path: Path):
    async with offline(tmp_path) as shop:
        said = await refused(shop, await feature.ask(shop))
        unread = await refused(shop, await shop.ask(UNREAD, samples=(), ts="2.000100"))
        offered = await shop.ask(INSTEAD_OF_CODE.strip("“”"), samples=feature.SAMPLES, ts="3.000100")
        course = await shop.until(lambda: routed(shop, offered))
        await shop.engine.stop_run(offered, feature.ALICE)

    assert said.startswith("The line 'software-feature' needs a language model, and I am working without one.")
    assert "set ANTHROPIC_API_KEY" in said and INSTEAD_OF_CODE in said
    assert unread == said
    assert course not in {"", "line"}


async def routed(shop: Workshop, run_id: str) -> str:
    """Return the run's route once it has one."""
    return (await shop.run(run_id)).route


async def test_where_no_sandbox_works_the_line_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (nothing := tmp_path / "nothing").mkdir()
    async with workshop(tmp_path, [feature.triage()]) as shop:
        monkeypatch.setenv("PATH", str(nothing))
        run_id = await feature.ask(shop)
        said = await refused(shop, run_id)
        read = await shop.rows(Document, run_id)

    assert said.startswith("The line 'software-feature' runs the tests of the code it makes in a sandbox")
    assert "nothing was started. Real Python is off: bubblewrap is not installed." in said
    assert [document.problem for document in read] == [""] * 4
