"""Every message is there once, whatever happens to Slack's answers."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import clock, outbox
from storage.words import MessageKind, MessageState
from tests.bot.messages import sample
from tests.bot.outbox.conftest import CHANNEL, Shop

AMBIGUOUS = ["reset_after", "close_after", "500_after", "fatal_error_after", "timeout_after"]


@pytest.mark.parametrize("kind", AMBIGUOUS)
@pytest.mark.parametrize("looks_lost", [0, 2])
async def test_a_post_whose_answer_is_lost_is_there_once(shop: Shop, kind: str, looks_lost: int):
    root = await shop.root()
    await shop.breaks("chat.postMessage", kind)
    await shop.breaks("conversations.replies", kind, times=looks_lost)
    said = await shop.say(thread_ts=root, text="hello")

    await shop.settle()

    there = await shop.thread(root)
    row = await shop.row(said)
    assert [message["text"] for message in there] == ["hello"]
    assert (row.ts, row.delivered, row.error) == (there[0]["ts"], 1, "")
    assert len(await shop.calls("chat.postMessage")) == 2  # the request, and one post


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_post_outside_threads_whose_answer_is_lost_is_there_once(shop: Shop, kind: str):
    await shop.breaks("chat.postMessage", kind)
    await shop.say(text="hello")

    await shop.settle()

    assert [message["text"] for message in await shop.history()] == ["hello"]


async def test_a_post_whose_answer_is_lost_is_there_once_where_the_clock_was_a_day_ahead(shop: Shop):
    clock.follow(lambda: datetime.now(UTC) + timedelta(days=1))
    try:
        await shop.breaks("chat.postMessage", "reset_after")
        await shop.say(text="hello")
        await shop.settle()
    finally:
        clock.follow(None)

    assert [message["text"] for message in await shop.history()] == ["hello"]


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_direct_message_whose_answers_are_lost_is_there_once(shop: Shop, kind: str):
    await shop.breaks("conversations.open", kind)
    await shop.breaks("chat.postMessage", kind)
    said = await shop.say(channel="", user="U0BOB", text="for you")

    await shop.settle()

    assert [message["text"] for message in await shop.history("D0BOB")] == ["for you"]
    assert (await shop.row(said)).channel == "D0BOB"


@pytest.mark.parametrize("kind", AMBIGUOUS)
@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "files.completeUploadExternal", "conversations.replies"]
)
async def test_a_file_whose_answer_is_lost_is_there_once(shop: Shop, kind: str, method: str):
    root = await shop.root()
    await shop.add(sample.run(thread_ts=root, channel=CHANNEL), sample.artifact("# Brief\n\nAcme.\n"))
    await shop.breaks(method, kind)
    await shop.breaks("files.completeUploadExternal", "reset_after")
    await shop.say(MessageKind.FILE, run_id="run-1", artifact_id="art-1", thread_ts=root)

    await shop.settle()

    files = [file for message in await shop.thread(root) for file in message.get("files", ())]
    assert [(file["name"], file["title"], file["size"]) for file in files] == [
        ("three-competitors-compared.md", "Three competitors compared", 15)
    ]


async def test_every_file_of_a_result_is_there_once_and_in_order(shop: Shop):
    root = await shop.root()
    chart, run = sample.chart(), sample.run(thread_ts=root, channel=CHANNEL)
    await shop.add(run, sample.artifact(f"# Brief\n\n{chart.reference}\n"), sample.chart_row())
    for artifact, text in (("art-1", "markdown"), ("art-1", "word"), ("art-1", "pdf"), ("art-2", "chart")):
        await shop.breaks("files.completeUploadExternal", "reset_after")
        await shop.say(MessageKind.FILE, run_id="run-1", artifact_id=artifact, text=text, thread_ts=root)
        await shop.settle()

    files = [file for message in await shop.thread(root) for file in message.get("files", ())]
    contents = [await shop.content(file) for file in files]
    assert [file["name"].partition(".")[2] for file in files[:3]] == ["md", "docx", "pdf"]
    assert (files[3]["name"], files[3]["title"]) == (chart.name, "Price by maker")
    assert [content[:4] for content in contents] == [b"# Br", b"PK\x03\x04", b"%PDF", b"\x89PNG"]
    assert b"Numbers of the charts" in contents[0]
    described = [call["arguments"].get("alt_txt") for call in await shop.calls("files.getUploadURLExternal")]
    assert described == [None, None, None, chart.alt()]


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_an_edit_whose_answer_is_lost_shows_the_last_state(shop: Shop, kind: str):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root))
    said = await shop.say(MessageKind.STATUS, run_id="run-1", thread_ts=root)
    await shop.settle()
    await shop.breaks("chat.update", kind)
    await _change(shop, said, wanted=2)

    await shop.settle()

    there = await shop.thread(root)
    assert len(there) == 1
    assert (await shop.row(said)).delivered == 2


@pytest.mark.parametrize("kind", AMBIGUOUS)
async def test_a_reaction_whose_answer_is_lost_is_given_once(shop: Shop, kind: str):
    root = await shop.root()
    await shop.breaks("reactions.add", kind)
    said = await shop.say(MessageKind.REACTION, thread_ts=root, text="eyes")

    await shop.settle()

    [message] = await shop.history()
    assert [(one["name"], one["count"]) for one in message["reactions"]] == [("eyes", 1)]
    assert (await shop.row(said)).state == MessageState.LIVE


async def test_a_process_that_died_after_the_post_does_not_post_again(shop: Shop):
    root = await shop.root()
    said = await shop.say(thread_ts=root, text="hello")
    await shop.settle()
    await _change(shop, said, ts="", delivered=0)  # the commit after the post never came

    await shop.a_new_outbox().deliver_due()

    there = await shop.thread(root)
    assert [message["ts"] for message in there] == [(await shop.row(said)).ts]


async def test_a_message_found_after_a_crash_is_edited_to_the_present_state(shop: Shop):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root))
    said = await shop.say(MessageKind.STATUS, run_id="run-1", thread_ts=root)
    await shop.settle()
    await _change(shop, said, ts="", delivered=0, wanted=2)
    async with shop.database.write() as session:
        (await session.get_one(type(sample.run()), "run-1")).state = "done"

    await shop.settle()

    [message] = await shop.thread(root)
    assert message["text"].startswith("Done: Three competitors compared.")


async def test_the_client_never_repeats_a_call_by_itself(shop: Shop):
    assert shop.client.retry_handlers == []


async def _change(shop: Shop, message_id: str, **values: object) -> None:
    async with shop.database.write() as session:
        await outbox.change(session, message_id, **values)
