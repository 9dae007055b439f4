"""Code that is with its reviewer when the process ends: what its tests said is on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.tables import Artifact, Call
from storage.words import CheckpointKind
from tests.agents.stations import feature
from tests.servers.model import scripted_model
from tests.workshop import Workshop, reopened


async def runs_of(shop: Workshop, run_id: str) -> list[Call]:
    """Return the recorded test runs, oldest first."""
    calls = [call for call in await shop.rows(Call, run_id) if call.name == "run_tests"]
    return sorted(calls, key=lambda call: call.seq)


@pytest.mark.usefixtures("walls")
async def test_after_a_restart_no_test_runs_again_and_the_code_is_the_same(tmp_path: Path):
    handing_over = feature.draft("implementation", feature.code(feature.MODULE))
    slow = feature.passes("implementation", latency_ms=2_000)
    script = [*feature.before_code(), handing_over, slow]
    async with scripted_model(script, tmp_path, check=False) as model:
        async with reopened(tmp_path, model) as shop:
            run_id = await feature.ask(shop)
            await feature.to_code(shop, run_id)
            await shop.until(lambda: reviewing(shop))
            [before] = await runs_of(shop, run_id)
        async with reopened(tmp_path, model) as shop:
            asked = await shop.open(run_id, CheckpointKind.DRAFT)
            [after] = await runs_of(shop, run_id)
            text = (await shop.rows(Artifact, run_id))[-1].text
        repeats = [call.schema for call in model.repeats()]

    assert asked.task_key == "implementation" and after.result["ran"] == 9
    assert (after.ended_at, after.result) == (before.ended_at, before.result)
    assert after.result["output"].strip() in text
    assert set(repeats) <= {"Verdict"}


async def reviewing(shop: Workshop) -> bool:
    """Return whether the code is with its reviewer."""
    return len(shop.model.calls(task="implementation", schema="Verdict")) == 1
