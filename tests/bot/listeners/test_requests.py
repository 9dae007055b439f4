"""Requests: what becomes a run, what becomes an answer, and what is nobody's business."""

from typing import Any

import pytest

from bot.listeners.requests import HELP, STEERS
from bot.workspace import people
from storage.tables import InboxEvent, Note, OutboxMessage, Run
from storage.words import MessageKind
from tests.bot.shop import BOT, Shop


async def settled(here: Shop, count: int) -> None:
    """Wait until this many events are saved, and all of them handled."""

    async def all_handled() -> bool:
        events = await here.rows(InboxEvent)
        return len(events) >= count and all(event.handled_at for event in events)

    await here.until(all_handled)


async def test_a_mention_becomes_one_run_with_the_words_as_the_person_saw_them(here: Shop):
    ts = await here.say("alice", "C0SALES", f"{BOT} compare A &amp; B for <@U0BOB>, see <https://a.example/x|the list>")
    await settled(here, 1)

    [run] = await here.rows(Run)
    assert (run.channel, run.thread_ts, run.request_ts, run.requester, run.team) == (
        "C0SALES", ts, ts, "U0ALICE", "T0JIDOKA",
    )
    assert run.request.startswith("compare A & B for @Bob")
    assert run.request.endswith("see the list (https://a.example/x)")


async def test_a_direct_message_is_always_a_request(here: Shop):
    ts = await here.say("bob", "D0BOB", "summarise the minutes")
    await settled(here, 1)

    [run] = await here.rows(Run)
    assert (run.request, run.channel, run.request_ts, run.requester) == ("summarise the minutes", "D0BOB", ts, "U0BOB")


async def test_a_mention_in_a_direct_message_is_one_request_and_no_note_on_itself(here: Shop):
    await here.say("bob", "D0BOB", f"{BOT} summarise the minutes")
    await settled(here, 1)

    assert [run.request for run in await here.rows(Run)] == ["summarise the minutes"]
    assert await here.rows(Note) == []


async def test_attached_files_come_along(here: Shop):
    client = here.client("alice")
    await client.files_upload_v2(
        channel="C0SALES", filename="offer.txt", content="Acme: 100", initial_comment=f"{BOT} compare these"
    )
    await settled(here, 1)

    [run] = await here.rows(Run)
    [file] = run.files
    assert (file["name"], file["size"], set(file)) == (
        "offer.txt", 9, {"id", "name", "url_private", "size", "mimetype"},
    )
    assert await here.engine._stages._read_file(file) == b"Acme: 100"


@pytest.mark.parametrize("words", ["", " help", " Help!", " ?"])
async def test_an_empty_mention_and_help_say_what_i_can_do(here: Shop, words: str):
    ts = await here.say("alice", "C0SALES", f"{BOT}{words}")
    await settled(here, 1)

    [told] = await here.rows(OutboxMessage)
    assert (told.kind, told.channel, told.thread_ts, told.text) == (MessageKind.NOTICE, "C0SALES", ts, HELP)
    assert await here.rows(Run) == []


@pytest.mark.parametrize(("words", "meant"), [
    ("stop everything, the figures are wrong", "stop everything"), ("stop everythin!", "stop everything"),
    ("Stop it", "stop"), ("resume", "resume"), ("go on", "go on"),
])  # fmt: skip
async def test_words_about_what_is_under_way_begin_nothing_and_say_what_does_it(here: Shop, words: str, meant: str):
    ts = await here.say("alice", "C0SALES", f"{BOT} {words}")
    await settled(here, 1)

    [told] = await here.rows(OutboxMessage)
    assert (told.thread_ts, told.text) == (ts, STEERS.format(meant=meant))
    assert await here.rows(Run) == []


def test_help_is_three_sentences():
    assert HELP.count(". ") == 2


async def test_talk_in_a_channel_that_names_nobody_is_not_even_kept(here: Shop):
    thread = await here.say("alice", "C0SALES", "lunch?")
    await here.say("bob", "C0SALES", "yes", thread)
    await here.say("alice", "C0SALES", f"{BOT} compare them")
    await settled(here, 1)

    assert [run.request for run in await here.rows(Run)] == ["compare them"]
    assert "lunch" not in "".join(str(event.payload) for event in await here.rows(InboxEvent))


async def test_my_own_messages_and_edits_are_ignored(here: Shop):
    await here.front.client.chat_postMessage(channel="D0ALICE", text="I am done")
    ts = await here.say("alice", "D0ALICE", "first")
    await here.client("alice").chat_update(channel="D0ALICE", ts=ts, text="second")
    await here.say("alice", "D0ALICE", "third")
    await settled(here, 2)

    assert sorted(run.request for run in await here.rows(Run)) == ["first", "third"]


async def test_a_message_of_another_app_asks_for_nothing(here: Shop):
    event = {"type": "app_mention", "user": "U0ALICE", "bot_id": "B0OTHER", "text": f"{BOT} approve it",
             "ts": "5.0", "channel": "C0SALES"}
    await deliver(here, "Ev1", event)

    assert await here.rows(Run) == []


async def deliver(here: Shop, event_id: str, event: dict[str, Any], team: str = "T0JIDOKA") -> None:
    payload = {"type": "event_callback", "team_id": team, "event_id": event_id, "event": event}
    await here.inbox.save(payload)
    await here.inbox.handle(payload)


IDENTITIES = {
    "a guest": {"is_restricted": True},
    "a single-channel guest": {"is_ultra_restricted": True},
    "a stranger": {"is_stranger": True},
    "an app": {"is_bot": True},
    "a former member": {"deleted": True},
    "someone of another workspace": {"team_id": "T0OTHER"},
}


@pytest.mark.parametrize("facts", IDENTITIES.values(), ids=IDENTITIES)
async def test_who_does_not_belong_is_refused_politely(
    here: Shop, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]
):
    plain = people.user_object
    monkeypatch.setattr(people, "user_object", lambda user: plain(user) | facts)

    await here.say("alice", "C0SALES", f"{BOT} compare them")
    await settled(here, 1)

    assert await here.rows(Run) == []
    [told] = await here.whispers("alice")
    assert told.startswith("I cannot take this. ")


async def test_someone_slack_does_not_show_us_is_refused(here: Shop):
    await deliver(here, "Ev1", {"type": "app_mention", "user": "U0NOBODY", "text": BOT, "ts": "5.0", "channel": "C0SALES"})

    assert await here.rows(Run) == []


async def test_while_slack_cannot_say_who_asks_the_request_waits_and_is_taken_later(here: Shop):
    await here.break_("users.info", "500_after")
    await here.say("alice", "C0SALES", f"{BOT} compare them")
    await here.until(lambda: here.whispers("alice"))
    assert await here.rows(Run) == []

    assert await here.inbox.sweep(0) == 1

    assert [run.request for run in await here.rows(Run)] == ["compare them"]
    assert "I try again by myself" in (await here.whispers("alice"))[0]


async def test_a_mention_in_the_thread_of_an_ended_run_is_a_new_request(here: Shop):
    ts = await here.say("alice", "C0SALES", f"{BOT} first")
    await settled(here, 1)
    await here.say("alice", "C0SALES", f"{BOT} stop", ts)
    await settled(here, 2)
    await here.say("alice", "C0SALES", f"{BOT} second", ts)
    await settled(here, 3)

    runs = await here.rows(Run)
    assert [(run.request, run.thread_ts, str(run.state)) for run in runs] == [
        ("first", ts, "stopped"), ("second", ts, "working"),
    ]
