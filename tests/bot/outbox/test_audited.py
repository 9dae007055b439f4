"""A decided card names the line of the audit log that closed it, and always the same one."""

import re

from bot.outbox.reading import View
from storage import anchors, checkpoints, events
from storage.words import CheckpointKind, CheckpointState, MessageKind
from tests.bot.messages import sample
from tests.bot.outbox.conftest import CHANNEL, Shop

STAMP = re.compile(r" · (audit \d+ · [0-9a-f]{16})$")


async def shown(shop: Shop, seq: int) -> list[str]:
    """Return what the last words of a row's card, its smallest print, say of the audit log."""
    async with shop.database.read() as session:
        written = await View(session).written(seq)
    return STAMP.findall(written.said.blocks[-1]["elements"][0]["text"])


async def test_a_decided_card_names_the_line_that_closed_it_whenever_it_is_written(shop: Shop):
    rows = [sample.run(channel=CHANNEL, thread_ts="1.0"), sample.artifact(), *sample.tasks()]
    await shop.add(*rows, sample.checkpoint(CheckpointKind.DRAFT, artifact_id="art-1"))
    await shop.say(MessageKind.CHECKPOINT, thread_ts="1.0", run_id="run-1", checkpoint_id="chk-1")
    [row] = await shop.rows()
    asked = await shown(shop, row.seq or 0)
    async with shop.database.write() as session:
        asked_about = await checkpoints.get(session, "chk-1")
        await checkpoints.close(session, asked_about, CheckpointState.APPROVED, by="U0BOB")
        closed_by = await events.head(session)
        await events.add(session, "task began", run_id="run-1")
    decided = await shown(shop, row.seq or 0)
    async with shop.database.write() as session:
        await events.add(session, "vote refused", run_id="run-1", checkpoint="chk-1")
    again = await shown(shop, row.seq or 0)

    assert asked == []
    assert decided == again == [f"audit {closed_by[0]} · {closed_by[1][:16]}"]
    assert closed_by[1].startswith(anchors.parse(decided[0]).hash)
