"""A schedule's plan that was approved once: the same is not asked about again, and whatever differs is."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.catalog import SHIPPED, read
from agents.tools.toolbox import EFFECTS
from storage import schedules
from storage.agenda import Schedule
from storage.tables import Checkpoint, Event, OutboxMessage, Task
from storage.words import CheckpointKind, CheckpointState, MessageKind, TaskState, VoteAnswer
from tests.servers.model import scripted_model
from tests.watch import Watch, at, watch
from tests.workshop import ALICE, BOB, COMPETITORS, REQUEST, Page, Workshop, reopened, triage, workshop

ASKED = f"{REQUEST}: {COMPETITORS}"
SALES = {"name": "audience", "value": "the sales team"}
NAMED = [SALES, {"name": "competitors", "value": COMPETITORS}]
MONDAY, TUESDAY = "2026-11-23 06:00", "2026-11-24 06:00"
LATER = at("2026-12-31 06:00")  # until then no task begins, and the script needs no agents


@asynccontextmanager
async def approved(home: Path, page: Page, *more: dict[str, Any]) -> AsyncIterator[tuple[Workshop, Watch]]:
    """Let Alice approve the plan of a schedule's first run; it is Tuesday then."""
    script = [triage(inputs=NAMED), *(more or (triage(inputs=NAMED, reason="Competitors again."),))]
    with watch(MONDAY) as now:
        async with workshop(home, script, policy=page) as shop:
            await approve(shop)
            now.show(TUESDAY)
            yield shop, now


async def keep_schedule(shop: Workshop) -> None:
    about = {"team": "T0JIDOKA", "channel": "C0GENERAL", "by": ALICE.id, "request": ASKED, "zone": "Europe/Berlin"}
    async with shop.database.write() as session:
        session.add(Schedule(id="sch-1", **about, repeat="0 7 * * *", next_at=at(MONDAY)))


async def approve(shop: Workshop) -> None:
    """Let the schedule's first run come to its plan, and Alice say yes to it."""
    await keep_schedule(shop)
    plan = await shop.open(await ask(shop), CheckpointKind.PLAN)
    await shop.decide(plan, ALICE, VoteAnswer.APPROVE)


async def ask(shop: Workshop, ts: str = "1.000100", request: str = ASKED, **other: Any) -> str:
    return await shop.ask(request, ts=ts, schedule_id="sch-1", begin_at=LATER, **other)


async def is_asked(shop: Workshop, run_id: str) -> bool:
    """Return whether people are asked about a run's plan, once that is settled."""

    async def settled() -> str:
        plan = (await shop.tasks(run_id)).get("plan")
        return plan.state if plan and plan.state in (TaskState.DONE, TaskState.ASKING) else ""

    return bool(await shop.until(settled) == TaskState.ASKING)


async def test_the_same_plan_is_not_asked_about_again_and_the_thread_says_who_approved_it(tmp_path: Path):
    async with approved(tmp_path, Page()) as (shop, _):
        run_id = await ask(shop, "1.000200")
        asked = await is_asked(shop, run_id)
        said = [row.text for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.NOTICE]
        [event] = [row for row in await shop.rows(Event, run_id) if row.kind == "plan known"]
        tasks = await shop.rows(Task, run_id)
        none = await shop.rows(Checkpoint, run_id)

    when = "Mon 23 November 2026, 07:00 (Europe/Berlin)"
    assert not asked and none == []
    assert said == [f"The plan is the one <@{ALICE.id}> approved on {when}, so nobody was asked again."]
    assert event.payload["approved_by"] == [ALICE.id]
    assert {task.state for task in tasks} == {TaskState.DONE, TaskState.BLOCKED}


async def strict(shop: Workshop, page: Page) -> None:
    page.text = "[ask_first]\nsame_plan = true\n"


async def other_deciders(shop: Workshop, page: Page) -> None:
    page.text = f'[plan]\ndeciders = ["{BOB.id}"]\n'


async def other_thresholds(shop: Workshop, page: Page) -> None:
    page.text = "[ask_first]\nabove_usd = 5000\n"


async def edited(shop: Workshop, page: Page) -> None:
    async with shop.database.write() as session:
        await schedules.edit(session, await schedules.get(session, "sch-1"), ALICE.id, line="competitive-intelligence")


async def cheaper_before(shop: Workshop, page: Page) -> None:
    async with shop.database.write() as session:
        schedule = await schedules.get(session, "sch-1")
        schedule.approved = {**schedule.approved, "usd": schedule.approved["usd"] - 0.0001}


DIFFERENCES: list[Callable[[Workshop, Page], Any]] = [strict, other_deciders, other_thresholds, edited, cheaper_before]


@pytest.mark.parametrize("differs", DIFFERENCES, ids=lambda one: one.__name__)
async def test_what_differs_is_asked(tmp_path: Path, differs: Callable[[Workshop, Page], Any]):
    page = Page()
    async with approved(tmp_path, page) as (shop, _):
        await differs(shop, page)

        assert await is_asked(shop, await ask(shop, "1.000200"))


@pytest.mark.parametrize("other", [
    {"inputs": [SALES, {"name": "competitors", "value": "Haulwren, Ternway"}]},
    {"inputs": NAMED, "constraints": ["no pricing of our own"]},
])  # fmt: skip
async def test_another_plan_or_other_constraints_are_asked_about(tmp_path: Path, other: dict[str, Any]):
    async with approved(tmp_path, Page(), triage(**other)) as (shop, _):
        assert await is_asked(shop, await ask(shop, "1.000200"))


async def test_a_run_that_the_schedule_did_not_ask_for_is_asked_about(tmp_path: Path):
    async with approved(tmp_path, Page()) as (shop, _):
        run_id = await shop.ask(ASKED, ts="1.000200", begin_at=LATER)

        assert await is_asked(shop, run_id)


async def test_a_page_that_was_edited_since_is_asked_about(tmp_path: Path):
    role = (SHIPPED / "roles" / "researcher.md").read_text(encoding="utf-8")
    (tmp_path / "pages" / "roles").mkdir(parents=True)
    (tmp_path / "pages" / "roles" / "researcher.md").write_text(f"{role}\nRead the small print too.\n", encoding="utf-8")
    edited = read([SHIPPED, tmp_path / "pages"], EFFECTS)
    script = [triage(inputs=NAMED), triage(inputs=NAMED)]
    with watch(MONDAY):
        async with scripted_model(script, tmp_path, check=False, outlives=False) as model:
            async with reopened(tmp_path, model) as shop:
                await approve(shop)
            async with reopened(tmp_path, model, catalog=edited) as again:
                assert await is_asked(again, await ask(again, "1.000200"))


async def test_what_came_of_silence_is_nobodys_yes(tmp_path: Path):
    page = Page('[plan]\ndeadline = "1 hour"\nsilence = "proceed"\n')
    with watch(MONDAY) as now:
        async with workshop(tmp_path, [triage(inputs=NAMED)], policy=page) as shop:
            await keep_schedule(shop)
            plan = await shop.open(await ask(shop), CheckpointKind.PLAN)
            now.show("2026-11-23 18:00")
            await shop.engine.work_off()
            async with shop.database.read() as session:
                schedule = await schedules.get(session, "sch-1")
            [closed] = await shop.rows(Checkpoint, plan.run_id)

    assert (closed.state, schedule.approved) == (CheckpointState.EXPIRED, {})
