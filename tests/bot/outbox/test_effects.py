"""Approved effects reach Slack once, exactly as approved, or not at all and people are told."""

import asyncio
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from slack_sdk.errors import SlackApiError

from bot.messages.said import Said
from bot.messages.status import DOING
from bot.outbox.reading import View
from storage import halts
from storage.words import MessageKind, MessageState
from tests.bot.outbox.approved import TEXT, approve, chain_is_whole, executor
from tests.bot.outbox.conftest import CHANNEL, Shop
from tests.bot.outbox.test_kill import Death

CHANGES = {
    "the text": ("UPDATE outboxmessage SET text = replace(text, 'new bike', 'old bike') WHERE kind = 'EFFECT'"),
    "the target": ("UPDATE outboxmessage SET text = replace(text, 'C0GENERAL', 'C0SALES') WHERE kind = 'EFFECT'"),
    "the row's channel": ("UPDATE outboxmessage SET channel = 'C0SALES' WHERE kind = 'EFFECT'"),
    "the row's thread": ("UPDATE outboxmessage SET thread_ts = '1.000001' WHERE kind = 'EFFECT'"),
    "what was asked": ("UPDATE checkpoint SET payload = replace(payload, 'new bike', 'old bike')"),
    "the digest": ("UPDATE checkpoint SET digest = 'f' || substr(digest, 2) WHERE substr(digest, 1, 1) != 'f'"),
    "the version": ("UPDATE checkpoint SET version = 2"),
    "the class": ("UPDATE checkpoint SET effect = 'R2'"),
    "the outcome": ("UPDATE checkpoint SET state = 'SENT_BACK'"),
    "broken JSON": ("UPDATE checkpoint SET payload = '{' || payload"),
}


async def posts(shop: Shop, channel: str = CHANNEL) -> list[dict[str, Any]]:
    """Return the bot's own posts that stand in a channel itself."""
    found = [one for one in await shop.history(channel) if one.get("bot_id") or one.get("user") == "U0JIDOKA"]
    return [one for one in found if "bike" in str(one)]


async def deliver(shop: Shop) -> None:
    shop.outbox = shop.a_new_outbox(executor=executor(shop))
    await shop.settle()


async def told(shop: Shop, message_id: str) -> Said:
    """Return what a message says now."""
    row = await shop.row(message_id)
    async with shop.database.read() as session:
        return (await View(session).written(row.seq or 0)).said


async def notices(shop: Shop) -> list[str]:
    return [row.text for row in await shop.rows() if row.kind is MessageKind.NOTICE]


def _refuses(shop: Shop, monkeypatch: pytest.MonkeyPatch, method: str, code: str) -> None:
    """Let Slack refuse every call of a method with its own word."""
    call = shop.client.api_call

    async def refusing(name: str, **named: Any) -> Any:
        if name == method:
            answer = {"ok": False, "error": code}
            raise SlackApiError("refused", SimpleNamespace(data=answer, status_code=200, headers={}))
        return await call(name, **named)

    monkeypatch.setattr(shop.client, "api_call", refusing)


async def test_what_was_approved_is_posted_once_as_plain_text(shop: Shop):
    effect = await approve(shop)
    await deliver(shop)
    await deliver(shop)

    [post] = await posts(shop)
    row = await shop.row(effect)
    [done] = await shop.events("effect done")
    [call] = [one["arguments"] for one in await shop.calls("chat.postMessage")]
    live = ("unfurl_links", "unfurl_media", "mrkdwn", "link_names")
    assert (row.ts, row.delivered, done["ts"]) == (post["ts"], 1, post["ts"])
    assert TEXT in str(post["blocks"]) and post["text"].startswith("The new bike is here. &lt;!channel&gt; &amp; *more*")
    assert done["permalink"].endswith(post["ts"].replace(".", ""))
    assert ({str(call[name]).lower() for name in live} <= {"0", "false"}, call["parse"]) == (True, "none")


async def test_until_it_is_posted_the_status_says_that_it_is_being_done_and_asks_nobody(shop: Shop):
    status = await shop.say(MessageKind.STATUS, run_id="run-1")
    effect = await approve(shop)
    before = await told(shop, status)
    await deliver(shop)
    after = await told(shop, status)

    assert (await shop.row(effect)).delivered == 1
    assert before.text.startswith("Doing what was approved: ") and before.text.endswith(DOING)
    assert str(before.blocks).count(DOING) == 2  # on its task and among what is next; the other task asks a person
    assert "Waiting for" not in str(before) and DOING not in str(after)


@pytest.mark.parametrize("change", CHANGES)
async def test_nothing_is_sent_when_anything_was_changed_since(shop: Shop, change: str):
    effect = await approve(shop)
    async with shop.database.write() as session:
        await session.execute(sa.text(CHANGES[change]))
    await deliver(shop)

    row = await shop.row(effect)
    assert (await posts(shop), await posts(shop, "C0SALES")) == ([], [])
    assert (row.state, row.attempts) == (MessageState.DEAD, 0)
    assert [one["checkpoint"] for one in await shop.events("effect refused")] == [effect.removeprefix("eff_")]
    assert "Nothing was sent" in (await notices(shop))[0]


async def test_death_at_any_tick_posts_it_once(shop: Shop):
    for tick in count(1):
        effect = await approve(shop, tick, text=f"bike number {tick}.")
        with Death(shop, tick) as death:
            outbox = shop.a_new_outbox(executor=executor(shop))
            await asyncio.gather(outbox.deliver_due(), return_exceptions=True)
        await deliver(shop)

        row = await shop.row(effect)
        there = [one for one in await posts(shop) if f"bike number {tick}." in str(one["blocks"])]
        assert (row.delivered, row.error, len(there)) == (1, "", 1)
        if not death.came:
            break
    assert tick > 6 and await chain_is_whole(shop)
    assert len(await shop.events("effect done")) == tick


async def test_a_lost_answer_is_looked_for_and_not_posted_again(shop: Shop):
    effect = await approve(shop)
    await shop.breaks("chat.postMessage", "500_after")
    await deliver(shop)

    [post] = await posts(shop)
    assert (await shop.row(effect)).ts == post["ts"]
    assert len(await shop.calls("chat.postMessage")) == 1


async def test_where_it_may_not_look_it_asks_people_to_and_never_posts_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    effect = await approve(shop)
    await shop.breaks("chat.postMessage", "500_after")
    _refuses(shop, monkeypatch, "conversations.history", "not_in_channel")
    await deliver(shop)
    monkeypatch.undo()

    assert (await shop.row(effect)).state is MessageState.DEAD
    assert "it may have been posted" in (await notices(shop))[0]
    assert len(await posts(shop)) == 1


@pytest.mark.parametrize("code, words", [("is_archived", "is archived"), ("not_in_channel", "not a member")])
async def test_where_nobody_may_post_people_are_told_in_a_sentence(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, code: str, words: str
):
    effect = await approve(shop)
    _refuses(shop, monkeypatch, "chat.postMessage", code)
    await deliver(shop)

    assert (await shop.row(effect)).state is MessageState.DEAD
    assert words in (await notices(shop))[0] and "goes on without it" in (await notices(shop))[0]
    assert [one["effect"] for one in await shop.events("effect not done")] == ["post_message"]


async def test_a_channel_there_is_not_is_told_and_nothing_is_posted(shop: Shop):
    await approve(shop, channel="C0NOWHERE")
    await deliver(shop)

    assert "there is no such channel" in (await notices(shop))[0]


async def test_nothing_is_done_while_everything_is_stopped_and_it_is_afterwards(shop: Shop):
    effect = await approve(shop)
    async with shop.database.write() as session:
        await halts.begin(session, "T0JIDOKA", "U0BOB", "stop")
    await shop.a_new_outbox(executor=executor(shop)).deliver_due()
    waiting = await shop.row(effect)
    there = await posts(shop)
    async with shop.database.write() as session:
        await halts.end(session, "T0JIDOKA", "U0BOB")
        await session.execute(sa.text("UPDATE outboxmessage SET not_before = NULL"))
    await deliver(shop)

    assert (there, waiting.attempts, waiting.state, bool(waiting.not_before)) == ([], 0, MessageState.LIVE, True)
    assert len(await posts(shop)) == 1


async def test_without_an_engine_beside_it_an_effect_waits(shop: Shop):
    effect = await approve(shop)
    await shop.outbox.deliver_due()

    assert ((await shop.row(effect)).delivered, await posts(shop)) == (0, [])
