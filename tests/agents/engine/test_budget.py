"""What is set aside before a call, and that no run goes beyond its cap by more than one call, whatever dies."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from agents.engine import recording
from agents.engine.attempt import Attempt
from agents.engine.budget import BudgetError, Purse
from agents.engine.recording import RunRecorder
from agents.errors import RetryError
from agents.models.faults import LostError
from agents.models.retry import patiently
from agents.policies.values import Spend
from agents.stations.recording import Most, Result
from storage import calls, reserves, runs
from storage.database import Database
from storage.reserves import Reserve
from storage.tables import Event, Run, Task
from storage.words import CallKind, CheckpointKind, RunState, TaskKind, TaskState, Unit, VoteAnswer
from tests.agents.engine.test_recording import RUN
from tests.agents.stations.test_limits import edited
from tests.fresh import fresh
from tests.servers.model import scripted_model
from tests.workshop import ALICE, Page, Workshop, comparison, reopened, triage, verdict, written

DEAREST = Most(usd=0.10, tokens=1_000)  # of one try
TASKS = ("a", "b", "c")


@dataclass
class Till:
    """Three tasks of one run that draw on one cap."""

    database: Database
    spend: Spend
    meeting: asyncio.Barrier | None = None  # calls that must be under way together
    paid: list[float] = field(default_factory=list)

    async def worker(self, key: str, token: str, attempt: int = 1) -> RunRecorder:
        """Look at a task as a stage does when it begins."""
        async with self.database.read() as session:
            task = await runs.task(session, "r1", key)
            known = await calls.of(session, "r1", key, attempt)
            purse = Purse(await runs.get(session, "r1"), self.spend)
        return RunRecorder(self.database, Attempt("r1", key, attempt, token, task.token), known, {}, (), purse)

    async def call(self, worker: RunRecorder, usd: float, tokens: int = 10, most: Most = DEAREST) -> None:
        """Make a call that costs this much."""
        seq = worker.next()
        await worker.record(seq, CallKind.MODEL, "reader", {"n": seq}, lambda: self._made(usd, tokens), most)

    async def _made(self, usd: float, tokens: int) -> Result:
        await (self.meeting.wait() if self.meeting is not None else asyncio.sleep(0.002))
        self.paid.append(usd)
        return Result({"said": "yes"}, "a-model", tokens=tokens, usd=usd)

    async def spent(self) -> tuple[float, bool]:
        async with self.database.read() as session:
            usd, _, priced = await runs.spent(session, "r1")
            return usd, priced

    async def held(self, unit: Unit = Unit.USD) -> float:
        async with self.database.read() as session:
            return sum(await reserves.held(session, unit, run_id="r1"))

    async def lost(self) -> int:
        """Return how many calls the audit log says were lost."""
        lines = sa.select(sa.func.count()).select_from(Event).where(Event.kind == reserves.LOST)  # type: ignore[arg-type]
        async with self.database.read() as session:
            return int((await session.execute(lines)).scalar_one())


@asynccontextmanager
async def till(home: Path, cap_usd: float | None = None, **caps: int) -> AsyncIterator[Till]:
    home.mkdir(exist_ok=True)
    database = Database(fresh(home / "jidoka.db"))
    tasks = [Task(run_id="r1", key=key, kind=TaskKind.WORK, position=1, state=TaskState.QUEUED) for key in TASKS]
    async with database.write() as session:
        session.add_all([Run(**RUN), *tasks])
    try:
        yield Till(database, Spend(run_usd=cap_usd, **caps))
    finally:
        await database.close()


@pytest.mark.parametrize("trials", [4, pytest.param(60, marks=pytest.mark.long)])
async def test_three_tasks_side_by_side_go_beyond_their_cap_by_one_call_at_most_and_no_cent_is_left_unused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trials: int
):
    monkeypatch.setattr(recording, "LOOK_S", 0.005)
    monkeypatch.setattr(recording, "LONGEST_LOOK_S", 0.01)
    chance = random.Random(4)
    overshoots = []

    async def spends(desk: Till, key: str) -> None:
        worker = await desk.worker(key, f"token-{key}")
        with pytest.raises(BudgetError):
            while True:
                await desk.call(worker, chance.choice((0.01, 0.04, DEAREST.usd)))
        await worker.settle()

    for trial in range(trials):
        async with till(tmp_path / str(trial), cap_usd=(cap := chance.uniform(0.05, 0.6))) as desk:
            await asyncio.gather(*(spends(desk, key) for key in TASKS))
            spent, priced = await desk.spent()

            assert spent == pytest.approx(sum(desk.paid)) and priced
            assert await desk.held() == 0.0
            overshoots.append(spent - cap)

    print(f"beyond the cap by at most ${max(overshoots):.4f}; a call costs at most ${DEAREST.usd:.2f}")
    assert min(overshoots) >= 0, "each stopped only when the cap was reached"
    assert max(overshoots) < DEAREST.usd


async def test_tokens_of_a_model_that_costs_nothing_are_counted_and_go_beyond_their_cap_by_one_call_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording, "LOOK_S", 0.005)
    monkeypatch.setattr(recording, "LONGEST_LOOK_S", 0.01)
    free, reached = Most(usd=0.0, tokens=1_000), []

    async def spends(desk: Till, worker: RunRecorder) -> None:
        with pytest.raises(BudgetError) as stopped:
            while True:
                await desk.call(worker, 0.0, 700, free)
        reached.append(str(stopped.value))
        await worker.settle()

    async with till(tmp_path, run_tokens=10_000) as desk:
        dying = asyncio.create_task(_hangs(await desk.worker("a", "first"), free))
        while not await desk.held(Unit.TOKENS):
            await asyncio.sleep(0.005)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        workers = [await desk.worker(key, f"second-{key}") for key in TASKS]
        await asyncio.gather(*(spends(desk, worker) for worker in workers))
        async with desk.database.read() as session:
            usd, tokens, _ = await runs.spent(session, "r1")

    assert usd == 0.0 and 10_000 <= tokens < 11_000
    assert tokens == 1_000 + 700 * len(desk.paid), "what the dead worker may have used is counted"
    assert reached == [f"The budget of this run is used up: {tokens:,} of 10,000 tokens."] * len(TASKS)


async def test_calls_never_go_beyond_their_cap_and_one_that_is_made_again_after_a_death_counts_once(tmp_path: Path):
    async with till(tmp_path, run_calls=5) as desk:
        dying = asyncio.create_task(_hangs(await desk.worker("a", "first")))
        while not await desk.held():
            await asyncio.sleep(0.005)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        async with desk.database.write() as session:  # as an attempt that goes on from the calls of the one before
            await calls.inherit(session, "r1", "a", 1)
            (await runs.task(session, "r1", "a")).attempt = 2
        heir, other = await desk.worker("a", "second", 2), await desk.worker("b", "mine")
        for worker in (heir, other, heir, other, heir):
            await desk.call(worker, 0.01)
        with pytest.raises(BudgetError, match=r"5 of 5 calls of models"):
            await desk.call(other, 0.01)

    assert len(desk.paid) == 5


async def test_far_from_the_cap_nobody_waits(tmp_path: Path):
    async with till(tmp_path, cap_usd=1.0) as desk:
        desk.meeting = asyncio.Barrier(len(TASKS))
        async with asyncio.timeout(20):
            await asyncio.gather(*[desk.call(await desk.worker(key, f"token-{key}"), 0.01) for key in TASKS])

    assert desk.paid == [0.01] * len(TASKS)


async def test_calls_of_one_task_side_by_side_wait_for_each_other_before_a_cap_and_none_of_them_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording, "LOOK_S", 0.005)
    monkeypatch.setattr(recording, "LONGEST_LOOK_S", 0.01)
    async with till(tmp_path, cap_usd=0.15) as desk:
        worker = await desk.worker("a", "mine")
        async with asyncio.timeout(20):
            ended = await asyncio.gather(*(desk.call(worker, 0.10) for _ in range(3)), return_exceptions=True)
        await worker.settle()  # as its stage does when it asks
        spent, held, heir = await desk.spent(), await desk.held(), await desk.worker("a", "heir")

    assert [type(one) for one in ended] == [type(None), type(None), BudgetError]
    assert (spent, held) == ((pytest.approx(0.20), True), 0.0)
    assert [heir.known[seq].usd for seq in sorted(heir.known)] == [0.10, 0.10]


async def test_what_a_worker_that_died_had_set_aside_stays_spent_and_is_marked(tmp_path: Path):
    async with till(tmp_path, cap_usd=0.15) as desk:
        dying = asyncio.create_task(_hangs(await desk.worker("a", "first")))
        while not await desk.held():
            await asyncio.sleep(0.005)
        dying.cancel()  # as a process that ends: nothing is written after it
        await asyncio.gather(dying, return_exceptions=True)
        while_gone = await desk.spent()
        heir = await desk.worker("a", "second")
        await desk.call(heir, 0.02)
        with pytest.raises(BudgetError) as reached:
            await desk.call(heir, 0.02)
            await desk.call(heir, 0.02)
            await desk.call(heir, 0.02)
        await heir.settle()
        spent = await desk.spent()

    assert while_gone == (0.0, True)
    assert reached.value.spent == pytest.approx(0.10 + 3 * 0.02)
    assert spent == (pytest.approx(0.16), False), "at most: nobody knows what the lost call cost"
    assert await desk_lost(tmp_path) == 1


async def desk_lost(home: Path) -> int:
    database = Database(home / "jidoka.db")
    try:
        return await Till(database, Spend()).lost()
    finally:
        await database.close()


async def _hangs(worker: RunRecorder, most: Most = DEAREST) -> None:
    async def never() -> Result:
        await asyncio.Event().wait()
        raise AssertionError

    await worker.record(worker.next(), CallKind.MODEL, "reader", {"n": 1}, never, most)


async def test_two_workers_that_died_do_not_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recording, "LOOK_S", 0.005)
    monkeypatch.setattr(recording, "LONGEST_LOOK_S", 0.01)
    async with till(tmp_path, cap_usd=0.25) as desk:
        dying = [asyncio.create_task(_hangs(await desk.worker(key, f"first-{key}"))) for key in ("a", "b")]
        while await desk.held() < 0.2:
            await asyncio.sleep(0.005)
        for one in dying:
            one.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
        heirs = [await desk.worker(key, f"second-{key}") for key in ("a", "b")]

        async def go_on(heir: RunRecorder) -> None:
            await desk.call(heir, 0.01)
            await heir.settle()

        async with asyncio.timeout(5):
            await asyncio.gather(*map(go_on, heirs))
        spent, _ = await desk.spent()

    assert spent == pytest.approx(0.22)


async def test_nobody_waits_for_what_a_run_that_was_paused_had_set_aside(tmp_path: Path):
    async with till(tmp_path, cap_usd=0.15) as desk:
        cut = asyncio.create_task(_hangs(await desk.worker("a", "first")))
        while not await desk.held():
            await asyncio.sleep(0.005)
        cut.cancel()
        await asyncio.gather(cut, return_exceptions=True)
        async with desk.database.write() as session:
            task = await runs.task(session, "r1", "a")
            task.attempt, task.state, task.token = 2, TaskState.BLOCKED, ""  # as a pause leaves it
        other = await desk.worker("b", "mine")
        async with asyncio.timeout(5):
            await desk.call(other, 0.06)
            with pytest.raises(BudgetError) as reached:
                await desk.call(other, 0.06)

    assert reached.value.spent == pytest.approx(0.16)


async def test_each_try_whose_end_nobody_knows_stays_spent_and_one_the_service_refused_costs_nothing(tmp_path: Path):
    async def at_once(_: float) -> None:
        return

    async with till(tmp_path, cap_usd=1.0) as desk:
        worker, tries = await desk.worker("a", "mine"), iter(("lost", "refused", "lost", "made"))

        async def once() -> Result:
            match next(tries):
                case "lost":
                    raise LostError("cut")
                case "refused":
                    raise RetryError("busy")
                case _:
                    return Result({"said": "yes"}, "a-model", tokens=10, usd=0.03)

        async def begins_again(worker: RunRecorder) -> None:
            await worker.record(1, CallKind.MODEL, "reader", {}, lambda: patiently(once, sleep=at_once), DEAREST)

        for token in ("second", "third"):
            with pytest.raises(RetryError):
                await begins_again(worker)
            worker = await desk.worker("a", token)
        await begins_again(worker)
        await worker.settle()
        made, lost = await desk.spent(), await desk.lost()

        async def refused() -> Result:
            raise RetryError("busy")

        with pytest.raises(RetryError):
            await worker.record(2, CallKind.MODEL, "reader", {}, refused, DEAREST)
        after, held = await desk.spent(), await desk.held()

    assert made == (pytest.approx(0.23), False) and lost == 2
    assert (after, held) == (made, 0.0)


async def test_a_call_that_still_waits_in_a_batch_is_not_lost_when_the_process_starts_again(tmp_path: Path):
    async with till(tmp_path, cap_usd=1.0) as desk:
        worker = await desk.worker("a", "first")
        waiting = asyncio.create_task(_hangs(worker))
        while not await desk.held():
            await asyncio.sleep(0.005)
        await worker.note(1, {"batch": "b1", "custom_id": "c1", "at": "2026-11-22T22:00:00+00:00"})
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        heir = await desk.worker("a", "second")
        seen = heir.unfinished[1].batch
        await desk.call(heir, 0.05)
        await heir.settle()
        spent = await desk.spent()

    assert seen == "b1"
    assert spent == (pytest.approx(0.05), True)


async def test_a_run_that_is_stopped_counts_what_its_calls_under_way_may_cost(tmp_path: Path):
    slow = {"when": {"schema": "Triage"}, "fault": {"type": "hang", "times": "*"}, "times": "*"}
    async with scripted_model([slow], tmp_path, check=False) as model, reopened(tmp_path, model) as shop:
        run_id = await shop.ask()

        async def at_work() -> bool:
            return bool(shop.model.calls())

        await shop.until(at_work)
        await shop.engine.stop_run(run_id, ALICE)
        async with shop.database.read() as session:
            usd, tokens, priced = await runs.spent(session, run_id)

    assert usd > 0 and tokens > 8_000 and not priced


@pytest.mark.parametrize(("unit", "cap"), [(Unit.USD, 0.02), (Unit.TOKENS, 60_000)])
async def test_a_greedy_line_keeps_its_cap_over_a_restart_and_delivers_what_there_is(
    tmp_path: Path, unit: Unit, cap: float
):
    script = [
        triage(),
        {"when": {"schema": "Findings"}, "mode": "greedy", "times": "*"},
        comparison(times="*"),
        written(times="*"),
        verdict(times="*"),
    ]
    policy = Page(f"[spend]\nrun_{unit} = {cap}\n")
    async with scripted_model(script, tmp_path, check=False) as model:
        async with reopened(tmp_path, model, policy=policy) as shop:
            run_id = await shop.ask()
            await edited(shop, run_id, findings={"tools": ["read_document"]})

            async def reads() -> bool:
                return len(model.calls(schema="Findings")) >= 4

            await shop.until(reads)
        async with reopened(tmp_path, model, policy=policy) as shop:
            asked = await shop.open(run_id, CheckpointKind.BUDGET)
            await _at_rest(shop, run_id)
            async with shop.database.read() as session:
                usd, tokens, _ = await runs.spent(session, run_id)
                held = sum(await reserves.held(session, unit, run_id=run_id))
            dearest = max(getattr(row, unit) for row in await shop.rows(recording.calls.Call, run_id))
            spent = usd if unit is Unit.USD else tokens
            left = await shop.rows(Reserve, run_id)
            await shop.decide(asked, ALICE, VoteAnswer.FINISH)
            ended = await shop.ended(run_id)

    print(f"cap {cap:,} {unit}, spent {spent:,.4f}, dearest call {dearest:,.4f}")
    assert asked.payload[f"cap_{unit}"] == cap
    assert cap <= spent < cap + dearest
    assert (held, left) == (0.0, [])
    assert ended.state in {RunState.DONE, RunState.STOPPED}


async def _at_rest(shop: Workshop, run_id: str) -> None:
    async def true() -> bool:
        return not any(task.state in {TaskState.QUEUED, TaskState.WORKING} for task in (await shop.tasks(run_id)).values())

    await shop.until(true)


async def test_what_a_task_used_before_its_process_died_counts_on(tmp_path: Path):
    async with till(tmp_path, cap_usd=1.0) as desk:
        worker = await desk.worker("a", "first")
        for _ in range(3):
            await desk.call(worker, 0.02)
        await worker.settle()
        heir = await desk.worker("a", "second")
        for _ in range(3):
            await desk.call(heir, 0.02)
        made = len(desk.paid)

    assert made == 3, "all three came from the record"
    assert (heir.spent.calls, heir.spent.tokens, heir.spent.usd) == (3, 30, pytest.approx(0.06))
    assert heir.spent.worked_s == worker.spent.worked_s >= 3 * 0.002
