"""A schedule of Alice's, and a few seconds of the clock and the outbox."""

from typing import Any
from zoneinfo import ZoneInfo

from agents.planning.when import Repeat
from bot import schedules as at_work
from bot.outbox import Outbox
from bot.outbox.pace import Pace
from storage import clock, schedules
from storage.agenda import Schedule
from tests.bot.shop import Shop

NIGHTLY = "0 22 * * *"
DAILY = "0 7 * * *"
SUNDAY = "2026-11-22 14:00"


async def a_schedule(here: Shop, repeat: str = DAILY, zone: str = "Europe/Berlin", **other: Any) -> Schedule:
    """Keep a schedule of Alice's in #sales; its next moment is the first after now."""
    about = {"team": "T0JIDOKA", "channel": "C0SALES", "by": "U0ALICE", "request": "send the competitor news"}
    first = Repeat.from_text(repeat).next_after(clock.now(), ZoneInfo(zone))
    async with here.database.write() as session:
        return await schedules.add(session, **{**about, "next_at": first, **other}, repeat=repeat, zone=zone)


async def deliver(here: Shop) -> None:
    await an_outbox(here).deliver_due()


def an_outbox(here: Shop) -> Outbox:
    usual: dict[str, Any] = {"patience_s": 0.01, "status_every_s": 0, "posts": Pace(1_000, 0.0)}
    return Outbox(here.database, here.front.client, **usual)


async def look(here: Shop) -> None:
    """Do what the clock and the outbox do in a few seconds: ask, post, begin."""
    at_a_look = at_work.Schedules(here.front)
    await at_a_look.work_off()
    await deliver(here)
    await at_a_look.work_off()


async def requests(here: Shop) -> list[str]:
    """Return what schedules posted in #sales, oldest first."""
    told = await here.front.client.conversations_history(channel="C0SALES", limit=900)
    return [message["text"] for message in reversed(told["messages"]) if message["text"].startswith("Scheduled by")]
