"""A requester is alone with the bot in a channel: the thread says so, and a colleague named there decides."""

import sqlite3
from pathlib import Path

from tests.bot.waiting import until
from tests.stories.town import Town, plain, town
from tests.workshop import COMPETITORS, REQUEST, SAMPLES, SHEETS, whole_line

SALES = "C0SALES"
FILES = tuple(SAMPLES / name for name in SHEETS)


def _alone(here: Town) -> None:
    """Let only Alice and the bot be in #sales."""
    connection = sqlite3.connect(here.home / "workspace" / "workspace.db")
    with connection:
        connection.execute("DELETE FROM member WHERE channel = ? AND user NOT IN ('U0ALICE', 'U0JIDOKA')", (SALES,))
    connection.close()


async def test_where_nobody_else_is_a_colleague_who_is_named_decides(tmp_path: Path):
    async with town(tmp_path, whole_line()) as here:
        _alone(here)
        alice, bob = here.alice, here.bob
        ts = await alice.say(SALES, f"<@U0JIDOKA> {REQUEST}", files=FILES)
        await alice.press(SALES, ts, "Answer")
        await alice.fill(which_competitors=COMPETITORS)
        await alice.press(SALES, ts, "Approve", "Shall the work go down the line")
        said = await alice.sees(SALES, ts, "Nobody here may decide on this")
        order = [plain(message) for message in await alice.thread(SALES, ts)]

        await alice.say(SALES, "<@U0BOB> please decide", thread_ts=ts)
        await until(lambda: any("I ask them" in whisper for whisper in alice.whispers))
        named = await alice.sees(SALES, ts, "<@U0BOB>")
        root = await until(lambda: _asked(here))
        await bob.press("D0BOB", root, "Approve", "Is this brief right")
        result = await alice.sees(SALES, ts, "Done: Competitor brief")

    assert "invite a colleague" in plain(said)
    assert "Is this brief right" in order[-2] and "Nobody here may decide" in order[-1]
    assert named and result


async def _asked(here: Town) -> str:
    """Return the message in Bob's direct messages that asks him, once it is there."""
    history = await here.bob.client.conversations_history(channel="D0BOB", limit=10)
    return next((m["ts"] for m in history["messages"] if "Is this brief right" in plain(m)), "")
