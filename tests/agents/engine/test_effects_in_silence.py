"""What silence, spending and a person who stops everything mean for an effect: it is not done, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.words import CheckpointState, RunState, VoteAnswer
from tests.agents.engine.effects_story import catalog, effects_of, script, to_effect, told
from tests.watch import watch
from tests.workshop import BOB, Page, workshop

RULE = '[effect]\ndeadline = "4 working hours"\nsilence = "{silence}"\n'


@pytest.mark.parametrize("silence, state, ends", [
    ("wait", CheckpointState.OPEN, RunState.WAITING),
    ("skip", CheckpointState.EXPIRED, RunState.DONE),
    ("stop", CheckpointState.EXPIRED, RunState.STOPPED),
])  # fmt: skip
async def test_an_effect_nobody_answered_is_not_done(
    tmp_path: Path, silence: str, state: CheckpointState, ends: RunState
):
    with watch("2026-11-23 10:00") as now:
        async with workshop(
            tmp_path, script(), catalog=catalog(), policy=Page(RULE.format(silence=silence))
        ) as shop:
            run_id, asked = await to_effect(shop)
            now.show("2026-11-23 14:01")
            await shop.engine.work_off()
            run = await shop.run(run_id)
            left = await told(shop, run_id, "effect not done")
            queued = await effects_of(shop, run_id)
            closed = [one for one in await shop.rows(type(asked), run_id) if one.id == asked.id]

    assert (run.state, closed[0].state, queued) == (ends, state, [])
    assert [one["why"] for one in left] == (["nobody decided in time"] if silence == "skip" else [])


async def test_sweeps_leave_an_approved_effect_alone_and_every_attempt_is_noted(tmp_path: Path):
    async with workshop(tmp_path, script(), catalog=catalog()) as shop:
        run_id, asked = await to_effect(shop)
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        await shop.engine.sweep()
        await shop.engine.work_off()
        waiting = await shop.run(run_id)
        cleared = await shop.engine.effects.begin(f"eff_{asked.id}")
        again = await shop.engine.effects.begin(f"eff_{asked.id}")
        await shop.engine.effects.done(f"eff_{asked.id}", "5.000100", "")
        run = await shop.ended(run_id)
        begun = await told(shop, run_id, "effect begun")

    assert (waiting.state, run.state) == (RunState.WAITING, RunState.DONE)
    assert cleared is not None and cleared == again
    assert [one["attempt"] for one in begun] == [1, 2]
