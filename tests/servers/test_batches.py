"""Batches of the scripted server, by plain HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.servers import script
from tests.servers.asking import HEADERS, Wire, ask, brief, wired
from tests.servers.batches import FOREIGN, PATH
from tests.servers.filling import ScriptError


def calls_of(*names: str) -> dict[str, Any]:
    """Return a batch of as many different calls."""
    return {"requests": [{"custom_id": name, "params": ask(text=brief(task=name))} for name in names]}


async def get(wire: Wire, path: str) -> tuple[int, str]:
    async with wire._session.get(wire.url + PATH + path, headers=HEADERS) as response:
        return response.status, await response.text()


async def test_results_come_when_the_batch_has_ended_in_any_order_and_from_a_foreign_address(tmp_path: Path):
    lines = [{"reply": "{{task}}", "times": "*", "batch": {"polls": 1}}]
    async with wired(lines, tmp_path) as wire:
        _, made = await wire.post(calls_of("a", "b"), PATH)
        early = await get(wire, f"/{made['id']}/results")
        _, first = await get(wire, f"/{made['id']}")
        _, second = await get(wire, f"/{made['id']}")
        status, text = await get(wire, f"/{made['id']}/results")

    assert (early[0], status) == (404, 200)
    assert '"in_progress"' in first and '"ended"' in second and FOREIGN in second
    assert [line.partition('"custom_id": "')[2][0] for line in text.splitlines()] == ["b", "a"]
    assert '"text": "a"' in text and '"service_tier": "batch"' in text


@pytest.mark.parametrize("requests", [
    [], [{"custom_id": "a:b", "params": ask()}], [{"custom_id": "x" * 65, "params": ask()}],
    [{"custom_id": "a", "params": ask()}] * 2, [{"custom_id": "a", "params": {**ask(), "temperature": 1}}], "none",
])  # fmt: skip
async def test_a_batch_that_breaks_a_rule_is_refused(tmp_path: Path, requests: Any):
    async with wired([{"reply": "x", "times": "*"}], tmp_path) as wire:
        status, _ = await wire.post({"requests": requests}, PATH)
        [call] = wire.calls()

    assert status == 400 and call.refused


async def test_a_call_that_a_batch_answered_is_a_repeat_when_it_is_made_directly(tmp_path: Path):
    async with wired([{"reply": "x", "batch": {"polls": 0}}], tmp_path) as wire:
        _, made = await wire.post(calls_of("a"), PATH)
        await get(wire, f"/{made['id']}")
        await wire.post(ask(text=brief(task="a")))
        repeats = [call.path for call in wire.calls() if call.repeat]

    assert repeats == ["/v1/messages"]


async def test_a_call_that_its_batch_did_not_answer_is_no_repeat(tmp_path: Path):
    async with wired([{"reply": "x", "batch": {"polls": 0, "result": "expired"}}], tmp_path) as wire:
        _, made = await wire.post(calls_of("a"), PATH)
        await get(wire, f"/{made['id']}")
        status, answer = await wire.post(ask(text=brief(task="a")))
        repeats = [call for call in wire.calls() if call.repeat]

    assert (status, answer["content"][0]["text"], repeats) == (200, "x", [])


async def test_a_cancel_ends_it_as_the_script_says_and_never_twice(tmp_path: Path):
    async with wired([{"reply": "x", "batch": {"polls": "*"}}], tmp_path) as wire:
        _, made = await wire.post(calls_of("a"), PATH)
        begun, shown = await wire.post({}, f"{PATH}/{made['id']}/cancel")
        await get(wire, f"/{made['id']}")
        again, _ = await wire.post({}, f"{PATH}/{made['id']}/cancel")
        _, text = await get(wire, f"/{made['id']}/results")

    assert (begun, shown["processing_status"], again) == (200, "canceling", 400)
    assert '{"type": "canceled"}' in text


@pytest.mark.parametrize("batch", [
    {"wait": 1}, {"result": "lost"}, {"cancelled": "never"}, {"look": {"type": "hang"}}, {"read": {"status": 405}},
])  # fmt: skip
def test_a_word_about_batches_that_nobody_knows_is_refused(batch: dict[str, Any]):
    with pytest.raises(ScriptError, match="Line 1"):
        script.read([{"reply": "x", "batch": batch}])
