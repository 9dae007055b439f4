"""Whatever happens to a message batch, the night's work is done, and paid once."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agents.engine.durable import STOP_S
from storage import runs
from storage.tables import Call, Run
from storage.words import CheckpointKind, RunState
from tests.agents.engine.nightly import (
    EVENING,
    NEVER,
    NIGHT,
    QUICK,
    approved,
    asked,
    draft,
    first_call,
    later,
    line,
    until_asked,
    waiting,
)
from tests.servers.model import ROOT, ModelServer, scripted_model
from tests.watch import at, watch
from tests.workshop import ALICE, reopened, researches, triage, workshop


def in_the_long_run(*batches: dict[str, Any]) -> list[Any]:
    """Return cases that are like another one, for the long run only."""
    return [pytest.param(batch, marks=pytest.mark.long) for batch in batches]


@pytest.mark.parametrize("batch", [
    {"result": "errored"}, {"result": "missing"}, {"create": {"status": 429, "retry_after": 600, "times": "*"}},
    {"create": {"status": 500, "times": "*"}}, {"look": {"status": 404, "times": "*"}},
    *in_the_long_run({"result": "expired"}, {"result": "canceled"}, {"create": {"status": 403, "times": "*"}}),
])  # fmt: skip
async def test_a_batch_that_gives_no_answer_leads_to_a_direct_call_of_full_price(tmp_path: Path, batch: dict[str, Any]):
    with watch(EVENING):
        async with workshop(tmp_path, line(**batch), patience=QUICK) as shop:
            run_id = await draft(shop, **NIGHT)
            call, others = await first_call(shop, run_id), await first_call(shop, run_id, "research-2")
            direct, repeats = shop.model.calls(task="research-1"), shop.model.repeats()

    assert len(direct) == 1 and repeats == []
    assert call.usd > 1.6 * others.usd


@pytest.mark.parametrize("batch", [
    {"look": {"status": 500, "times": 2}}, {"look": {"status": 429, "retry_after": 600}}, {"read": {"type": "broken"}},
    {"create": {"type": "drop"}}, {"create": {"status": 529}},
    *in_the_long_run(
        {"look": {"type": "drop"}}, {"look": {"type": "html"}}, {"read": {"status": 529, "times": 2}},
        {"read": {"type": "drop"}}, {"create": {"type": "html"}},
    ),
])  # fmt: skip
async def test_passing_trouble_with_a_batch_costs_no_second_call(tmp_path: Path, batch: dict[str, Any]):
    async with workshop(tmp_path, line(**batch), patience=QUICK) as shop:
        run_id = await draft(shop, **later())
        call, others = await first_call(shop, run_id), await first_call(shop, run_id, "research-2")
        direct, repeats = shop.model.calls(task="research-1"), shop.model.repeats()

    assert direct == [] and repeats == []
    assert call.usd < 1.4 * others.usd


async def test_a_batch_whose_making_was_not_answered_is_found_and_not_made_again(tmp_path: Path):
    async with workshop(tmp_path, line(polls=4, create={"type": "lost"}), patience=QUICK) as shop:
        await draft(shop, **later())
        made, direct = shop.model.batches(task="research-1"), shop.model.calls(task="research-1")
        shop.model.check()

    assert (len(made), direct, made[0].fault) == (1, [], "lost")


async def test_a_spend_limit_is_named_and_no_direct_call_goes_around_it(tmp_path: Path):
    with watch(EVENING):
        script = line(create={"status": 402, "times": "*"})
        often = [{**one, "times": "*"} for one in script[4:]]  # what is missing is looked for more than once
        async with workshop(tmp_path, [*script[:4], *often], patience=QUICK) as shop:
            run_id = await draft(shop, **NIGHT)
            task, direct = (await shop.tasks(run_id))["research-1"], shop.model.calls(task="research-1")

    assert "spend or account limit" in task.error
    assert direct == []


async def test_three_batches_lost_at_once_are_each_found_by_the_call_they_hold(tmp_path: Path):
    lost = [{**one, "batch": {"polls": 3, "create": {"type": "lost"}}} for one in researches()]
    async with workshop(tmp_path, [triage(), *lost, *line()[4:]], patience=QUICK) as shop:
        await draft(shop, **later())
        made, direct = shop.model.batches(), shop.model.calls()
        shop.model.check()

    assert sorted(call.task for call in made if call.fault == "lost") == ["research-1", "research-2", "research-3"]
    assert len(made) == 6 and [call.schema for call in direct] == ["Triage"]


async def test_a_stop_while_a_batch_is_being_made_cancels_it_all_the_same(tmp_path: Path):
    slow = [{**one, "latency_ms": 1_500, "batch": NEVER} for one in researches()]
    with watch(EVENING):
        async with workshop(tmp_path, [triage(), *slow, *line()[4:]], patience=QUICK) as shop:
            run_id = await approved(shop, **NIGHT)

            async def one_is_asked_for() -> bool:
                return any(row.task_key == "research-1" for row in await shop.rows(Call, run_id))

            await shop.until(one_is_asked_for)
            await asyncio.sleep(0.5)  # on its way, and not answered yet
            await shop.engine.stop_run(run_id, ALICE)
            await until_asked(shop, "/cancel")
            noted = [row.result for row in await shop.rows(Call, run_id) if row.task_key == "research-1"]

    assert noted == [{}]


async def to_its_wait(home: Path, model: ModelServer, batch: str = "") -> str:
    """Take a run to the wait of its first reader, end the process, and return the run's id."""
    async with reopened(home, model, patience=QUICK) as shop:
        run_id = await approved(shop, **later())
        await waiting(shop, run_id)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < STOP_S  # what only waits is not waited for
    return run_id


async def test_a_restart_in_the_middle_of_the_wait_goes_on_waiting_for_the_same_batch(tmp_path: Path):
    async with scripted_model(line(polls=40), tmp_path) as model:
        run_id = await to_its_wait(tmp_path, model)
        async with reopened(tmp_path, model, patience=QUICK) as shop:
            await shop.open(run_id, CheckpointKind.DRAFT)
            tasks = await shop.tasks(run_id)
        made, direct = model.batches(task="research-1"), model.calls(task="research-1")
        cancels = asked(model, "/cancel")

    assert (len(made), direct, cancels) == (1, [], [])
    assert tasks["research-1"].attempt == 1


async def test_death_between_making_a_batch_and_its_record_makes_no_second_one(tmp_path: Path):
    async with scripted_model(line(polls=15), tmp_path) as model:
        program = ("-m", "tests.agents.engine.night_victim", tmp_path, model.url)
        victim = await asyncio.create_subprocess_exec(sys.executable, *program, cwd=ROOT)
        died = await asyncio.wait_for(victim.wait(), 60)
        before = [call.task for call in model.batches()]
        async with reopened(tmp_path, model, patience=QUICK) as shop:
            async with shop.database.read() as session:
                [run_id] = await runs.under_way(session)
            await shop.open(run_id, CheckpointKind.DRAFT)
        made, direct = [call.task for call in model.batches()], [call.schema for call in model.calls()]

    assert died == -signal.SIGKILL and before
    assert sorted(made) == ["brief", "brief", "comparison", "research-1", "research-2", "research-3"]
    assert direct == ["Triage"]


@pytest.mark.parametrize("how", ["stop", "pause", "halt"])
async def test_stop_pause_and_halt_cancel_the_batch_and_do_not_wait_for_it(tmp_path: Path, how: str):
    with watch(EVENING):
        async with workshop(tmp_path, line(**NEVER, cancelled="stuck"), patience=QUICK) as shop:
            run_id = await approved(shop, **NIGHT)
            batch, boss = await waiting(shop, run_id), ALICE.model_copy(update={"admin": True})
            deeds = {
                "stop": lambda: shop.engine.stop_run(run_id, ALICE),
                "pause": lambda: shop.engine.controls.pause(run_id, ALICE),
                "halt": lambda: shop.engine.controls.halt(ALICE.team, boss, "Enough."),
            }
            began = asyncio.get_running_loop().time()
            await deeds[how]()
            took = asyncio.get_running_loop().time() - began
            await until_asked(shop, f"{batch}/cancel")
            run = await shop.run(run_id)

    assert took < 5
    assert run.state is {"stop": RunState.STOPPED, "pause": RunState.PAUSED}.get(how, run.state)
    assert shop.model.calls(task="research-1") == []


async def test_a_paused_run_goes_on_with_a_direct_call_where_its_batch_was_cancelled(tmp_path: Path):
    with watch(EVENING):
        async with workshop(tmp_path, line(**NEVER), patience=QUICK) as shop:
            run_id = await approved(shop, **NIGHT)
            batch = await waiting(shop, run_id)
            await shop.engine.controls.pause(run_id, ALICE)
            await until_asked(shop, f"{batch}/cancel")
            await shop.engine.controls.resume(run_id, ALICE)
            await shop.open(run_id, CheckpointKind.DRAFT)
            made, direct = shop.model.batches(task="research-1"), shop.model.calls(task="research-1")

    assert (len(made), len(direct)) == (1, 1)


@pytest.mark.parametrize(("batch", "calls"), [
    ({"cancelled": "canceled"}, 1), ({"cancelled": "succeeded"}, 0), ({"cancelled": "stuck"}, 1),
    ({"cancelled": "canceled", "cancel": {"status": 500, "times": "*"}}, 1),
])  # fmt: skip
async def test_a_batch_that_takes_two_hours_is_cancelled_and_paid_once(tmp_path: Path, batch: dict[str, Any], calls: int):
    with watch(EVENING) as now:
        async with workshop(tmp_path, line(**NEVER, **batch), patience=QUICK) as shop:
            run_id = await approved(shop, **NIGHT)
            waited_for = await waiting(shop, run_id)
            now.forward(hours=1, minutes=59)
            await asyncio.sleep(0.3)  # several looks, none of which may cancel
            early = asked(shop.model, "/cancel")
            now.forward(minutes=1)
            await shop.open(run_id, CheckpointKind.DRAFT)
            direct, late = shop.model.calls(task="research-1"), asked(shop.model, "/cancel")

    assert early == [] and [call.path.split("/")[-2] for call in late] == [waited_for]
    assert len(direct) == calls


async def test_a_deadline_that_is_moved_nearer_ends_the_wait(tmp_path: Path):
    with watch(EVENING):
        async with workshop(tmp_path, line(**NEVER), patience=QUICK) as shop:
            run_id = await approved(shop, **NIGHT)
            await waiting(shop, run_id)
            async with shop.database.write() as session:
                near = {"due": at(EVENING) + timedelta(hours=3), "run": run_id}
                await session.execute(sa.update(Run).where(Run.id == near["run"]).values(due_at=near["due"]))  # type: ignore[arg-type]
            await shop.open(run_id, CheckpointKind.DRAFT)
            direct = shop.model.calls(task="research-1")

    assert len(direct) == 1


