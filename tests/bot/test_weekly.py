"""The week's figures are posted once, where and when the policy says, as a picture with words."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.policies import pages
from bot.listeners.worked import Worked
from bot.outbox import Outbox
from bot.weekly import Weekly
from storage import clock
from storage.agenda import Timer
from storage.outcomes import Log
from storage.tables import OutboxMessage
from storage.words import MessageKind, TimerKind
from tests.bot.shop import Shop, a_question, shop

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PAGE = 'report_channel = "C0SALES"\nweekly = "Mon 08:00"\ntime_zone = "Europe/Berlin"\n'


class Page:
    """A policy page as its text is now."""

    def __init__(self, text: str) -> None:
        self.text = text

    def rules(self) -> Any:
        found, problems = pages.read(self.text)
        assert problems == []
        return found


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment."""
    clock.follow(lambda: moment)
    try:
        yield
    finally:
        clock.follow(None)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop(tmp_path) as opened:
        opened.engine.policies = Page(PAGE)
        yield opened


def weekly(here: Shop) -> Weekly:
    """Return the deed of a process that has just begun."""
    return Weekly(here.front, Worked(Log(here.home / "jidoka.db"), here.engine.policies))


async def posted(here: Shop, *, outbox: Outbox | None = None) -> list[dict[str, Any]]:
    """Deliver what waits; return the files in the channel as Slack shows them, with what is said beside each."""
    await (outbox or Outbox(here.database, here.front.client)).deliver_due()
    found = (await here.client("bob").conversations_history(channel="C0SALES"))["messages"]
    return [{"said": one["text"], **one["files"][0]} for one in found if one.get("files")]


async def test_they_come_at_the_hour_on_the_clocks_there_once_however_often_one_looks(here: Shop):
    await a_question(here.front)
    with at(SATURDAY):
        await weekly(here).work_off()
        await weekly(here).work_off()
    [timer] = await here.rows(Timer, kind=TimerKind.WEEKLY)
    with at(timer.due_at):
        await weekly(here).work_off()
        await weekly(here).work_off()

        [file] = await posted(here)

    assert (timer.id, timer.due_at) == ("weekly.C0SALES.2026-11-23", datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    assert file["said"].startswith("*The 4 weeks to 23 Nov 2026*")
    assert (file["title"], file["mimetype"]) == ("The 4 weeks to 23 Nov 2026", "image/png")
    [announced] = await here.calls("files.getUploadURLExternal")
    assert announced["alt_txt"].startswith("Weeks that end on ")


async def test_the_next_week_is_planned_across_a_restart_and_three_missed_weeks_are_one_report(here: Shop):
    with at(SATURDAY):
        await weekly(here).work_off()
    with at(SATURDAY + timedelta(days=23)):
        await weekly(here).work_off()

        assert len(await posted(here)) == 1
    ids = [timer.id for timer in await here.rows(Timer, kind=TimerKind.WEEKLY, done_at=None)]
    assert ids == ["weekly.C0SALES.2026-12-21"]


async def test_a_lost_answer_posts_no_second_report(here: Shop):
    await weekly(here).work_off()
    async with here.database.write() as session:
        [timer] = await here.rows(Timer, kind=TimerKind.WEEKLY)
        (await session.get_one(Timer, timer.id)).due_at = clock.now()
    await weekly(here).work_off()
    await here.break_("files.completeUploadExternal")
    outbox = Outbox(here.database, here.front.client, patience_s=0.0)
    await outbox.deliver_due()

    assert len(await posted(here, outbox=outbox)) == 1


async def test_nothing_comes_where_the_policy_wants_none_any_more(here: Shop):
    with at(SATURDAY):
        await weekly(here).work_off()
    here.engine.policies = Page('report_channel = "C0GENERAL"\nweekly = ""\n')
    with at(SATURDAY + timedelta(days=3)):
        await weekly(here).work_off()

    assert await here.rows(OutboxMessage, kind=MessageKind.FIGURES) == []
    assert await here.rows(Timer, kind=TimerKind.WEEKLY, done_at=None) == []
