"""Work of a night goes through message batches at half price, where there is time for it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.engine.nights import MORNING, tasks_after, wanted_by
from agents.models.overnight import WAIT
from agents.policies.resolving import settings_for
from agents.policies.values import Rules
from bot.outbox.reading import View
from storage.tables import Call, OutboxMessage, Run
from storage.words import CallKind, CallState, CheckpointKind, MessageKind, RunState, VoteAnswer
from tests.agents.engine.nightly import EVENING, NIGHT, QUICK, approved, draft, line, spent
from tests.watch import at, watch
from tests.workshop import ALICE, BOB, Page, triage, workshop


async def test_a_whole_line_at_night_goes_through_batches_and_costs_half(tmp_path: Path):
    (tmp_path / "night").mkdir()
    (tmp_path / "day").mkdir()
    with watch(EVENING):
        async with workshop(tmp_path / "night", line(polls=3), patience=QUICK) as shop:
            run_id = await draft(shop, **NIGHT)
            calls, at_night = await shop.rows(Call, run_id), await spent(shop, run_id)
            direct, batched = shop.model.calls(), shop.model.batches()
            shop.model.check()
        async with workshop(tmp_path / "day", line(), patience=QUICK) as shop:
            day_id = await draft(shop)
            by_day, day_calls = await spent(shop, day_id), await shop.rows(Call, day_id)
            made_by_day = shop.model.batches()

    planning = sum(row.usd for row in calls if row.task_key in {"triage", "plan"})
    assert [call.schema for call in direct] == ["Triage"]
    assert sorted(call.task for call in batched) == ["brief", "brief", "comparison", *(f"research-{n}" for n in (1, 2, 3))]
    assert made_by_day == [] and len(day_calls) == len(calls)
    assert at_night - planning == pytest.approx((by_day - planning) / 2, rel=0.02)
    assert all(row.state is CallState.DONE for row in calls)
    assert all("custom_id" not in row.result for row in calls)


async def test_what_a_night_should_cost_counts_half_price_in_and_the_card_says_so(tmp_path: Path):
    near = {"night": True, "due_at": at(EVENING) + timedelta(hours=5, minutes=59)}
    with watch(EVENING):
        async with workshop(tmp_path, [triage()] * 3) as shop:
            asked = [(await shop.ask(ts=f"{n}.000100", **when)) for n, when in enumerate(({}, NIGHT, near), start=1)]
            day, night, partly = [(await shop.to_plan(run_id)).payload["receipt"] for run_id in asked]
            [row] = [one for one in await shop.rows(OutboxMessage, asked[1]) if one.kind is MessageKind.CHECKPOINT][1:]
            async with shop.database.read() as session:
                card = str((await View(session).written(row.seq)).said.blocks)

    assert night["chosen"]["usd"] == pytest.approx(day["chosen"]["usd"] / 2, rel=0.01)
    assert night["chosen"]["tokens"] == day["chosen"]["tokens"]
    assert night["one_agent"]["usd"] == pytest.approx(day["one_agent"]["usd"] / 2, rel=0.01)
    assert [receipt["halved"] for receipt in (day, night, partly)] == [0, 5, 2]
    assert night["chosen"]["usd"] < partly["chosen"]["usd"] < day["chosen"]["usd"]
    assert "half price for 5 tasks that can wait for message batches" in card


async def test_a_deadline_that_is_too_near_for_a_task_lets_it_be_called_directly(tmp_path: Path):
    with watch(EVENING):
        async with workshop(tmp_path, line(), patience=QUICK) as shop:
            # three tasks one after the other need six hours: the last two can wait, the first cannot
            await draft(shop, night=True, due_at=at(EVENING) + timedelta(hours=5, minutes=59))
            direct, batched = shop.model.calls(), shop.model.batches()

    assert sorted(call.task for call in direct if call.task != "triage") == ["research-1", "research-2", "research-3"]
    assert sorted({call.task for call in batched}) == ["brief", "comparison"]


async def test_a_night_that_somebody_begins_by_day_is_not_made_to_wait(tmp_path: Path):
    with watch("2026-11-23 15:00"):
        async with workshop(tmp_path, line(), patience=QUICK) as shop:
            run_id = await approved(shop, night=True, begin_at=at(EVENING))
            await shop.engine.controls.begin_now(run_id, ALICE)
            await shop.open(run_id, CheckpointKind.DRAFT)
            batched = shop.model.batches()

    assert batched == []


@pytest.mark.parametrize("fault", [{"status": 404}, {"status": 400}])
async def test_a_server_without_batches_is_asked_once_and_called_directly_from_then_on(tmp_path: Path, fault: Any):
    script = line(create={**fault, "times": "*"})
    script[1]["when"]["task"] = "research-*"  # whichever comes first
    with watch(EVENING):
        async with workshop(tmp_path, [script[0], {**script[1], "times": 3}, *script[4:]], patience=QUICK) as shop:
            await draft(shop, **NIGHT)
            speaks, tried = shop.door.batches.speaks, shop.model.batches()

    assert not speaks
    assert 1 <= len(tried) <= 3 and {call.task.partition("-")[0] for call in tried} == {"research"}


async def test_a_run_whose_calls_came_by_batches_is_delivered_like_any_other(tmp_path: Path):
    with watch(EVENING):
        async with workshop(tmp_path, line(), patience=QUICK) as shop:
            run_id = await approved(shop, **NIGHT)
            await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
            run = await shop.ended(run_id)

    assert run.state is RunState.DONE


async def test_waiting_for_half_price_uses_up_none_of_a_tasks_minutes(tmp_path: Path):
    reading = {"blocks": [{"type": "tool_use", "name": "read_document", "input": {"document": "d1", "part": 1}}]}
    looks = {"when": {"task": "research-1", "call": 1}, "reply": reading, "batch": {"polls": 25}}
    with watch(EVENING):
        async with workshop(tmp_path, [triage(), looks, *line()[1:]], patience=QUICK) as shop:
            run_id = await shop.ask(**NIGHT)
            asked_plan = await shop.to_plan(run_id)
            plan = asked_plan.payload["plan"]
            tasks = [{**task, "limits": {**task["limits"], "seconds": 1}} for task in plan["tasks"]]
            await shop.decide(asked_plan, ALICE, VoteAnswer.APPROVE, edited={"plan": {**plan, "tasks": tasks}})
            await shop.open(run_id, CheckpointKind.DRAFT)
            calls = [row for row in await shop.rows(Call, run_id) if row.task_key == "research-1"]

    lasted = max(row.ended_at or row.began_at for row in calls) - min(row.began_at for row in calls)
    assert lasted == timedelta(0)  # the watch stands still; the machine's own clock went on for more than a second
    assert [row.kind for row in sorted(calls, key=lambda row: row.seq)] == [CallKind.MODEL, CallKind.TOOL, CallKind.MODEL]


def test_a_task_leaves_the_time_of_all_that_comes_after_it_on_the_longest_way():
    needs = {"a": (), "b": ("a",), "c": ("a", "b"), "d": ("c",), "aside": ("a",)}

    after = {key: tasks_after(needs, key) for key in needs}

    assert after == {"a": 3, "b": 2, "c": 1, "d": 0, "aside": 0}


@pytest.mark.parametrize(("policy", "run", "wanted"), [
    ("", {"due_at": at("2026-11-25 01:00")}, "2026-11-25 01:00"),
    ("", {}, "2026-11-24 07:30"),
    ('time_zone = "Europe/Berlin"\nbrief = "06:00"\n', {}, "2026-11-24 05:00"),
    ('brief = ""\n', {}, "2026-11-24 07:30"),
    ("", {"begin_at": at("2026-11-24 22:00")}, "2026-11-25 07:30"),
])  # fmt: skip
def test_the_result_is_wanted_when_people_said_or_at_the_morning_brief(policy: str, run: dict[str, Any], wanted: str):
    about = {"id": "r", "team": "T", "channel": "C", "thread_ts": "1", "request_ts": "1", "requester": "U", "tag": "t"}
    settings = settings_for(Page(policy).rules(), "C")

    due: datetime = wanted_by(Run(**about, request="x", created_at=at("2026-11-23 19:00"), **run), settings)

    assert due == at(wanted)
    assert settings_for(Rules()).brief == MORNING
    assert timedelta(hours=2) == WAIT
