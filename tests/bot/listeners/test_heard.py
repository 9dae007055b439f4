"""Messages as people wrote them, out of Slack's own form."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.identity import Identity, _app
from bot.listeners.heard import Heard, plain

ME = Identity("T0JIDOKA", "U0JIDOKA", "B0JIDOKA", "A0JIDOKA")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0JIDOKA> compare them", "compare them"),
        ("<@U0JIDOKA|jidoka>: compare them", "compare them"),
        ("please <@U0JIDOKA>, compare", "please  compare"),
        ("ask <@U0BOB> and <@U0EVE|eve>", "ask @Bob and @eve"),
        ("in <#C0SALES|sales> or <#C0LEGAL>", "in #sales (C0SALES) or #C0LEGAL"),
        ("<!here> <!subteam^S1|@team> <!channel|channel>", "@here @team @channel"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<https://a.example/x|a.example/x>", "https://a.example/x"),
        ("<https://a.example|the list>", "the list (https://a.example)"),
        ("<mailto:b@a.example|b@a.example>", "b@a.example"),
        ("5 &lt; 6 &amp;&amp; 7 &gt; 6", "5 < 6 && 7 > 6"),
        ("a <|> b", "a | b"),
        ("&amp;lt;", "&lt;"),
        ("one\ntwo  \n  three", "one\ntwo\n  three"),
    ],
)
def test_words_are_what_the_person_saw(written: str, read: str):
    assert plain(written, ME, {"U0BOB": "Bob"}) == read


@given(some.text(some.sampled_from("<>@#!|&;abU0 \n"), max_size=60))
def test_nothing_a_person_writes_breaks_the_reading(written: str):
    assert "<@U0JIDOKA>" not in plain(written + "<@U0JIDOKA>", ME, {})


def payload(**event: Any) -> dict[str, Any]:
    written = {"type": "message", "user": "U0ALICE", "text": "hello", "ts": "2.0", "channel": "C0SALES"}
    return {"event_id": "Ev1", "event": {**written, **event}}


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B0OTHER"}, {"subtype": "message_changed"}, {"subtype": "channel_join"}, {"user": ""},
        {"user": "U0JIDOKA"}, {"edited": {"user": "U0ALICE", "ts": "3.0"}}, {"hidden": True},
    ],
)
def test_what_nobody_wrote_is_nothing(event: dict[str, Any]):
    assert Heard.read(payload(**event), ME) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_what_a_person_shares_or_broadcasts_is_heard(subtype: str):
    assert Heard.read(payload(subtype=subtype), ME) is not None


def test_a_reply_is_answered_in_its_thread_and_a_message_in_its_own():
    reply, root = Heard.read(payload(thread_ts="1.0"), ME), Heard.read(payload(), ME)

    assert reply is not None
    assert root is not None
    assert (reply.thread_ts, reply.is_reply, reply.reply_to()) == ("1.0", True, "1.0")
    assert (root.thread_ts, root.is_reply, root.reply_to()) == ("2.0", False, "")


def test_files_that_are_gone_are_left_out_and_the_rest_keeps_only_what_is_needed():
    there = {"id": "F1", "name": "a", "url_private": "/a", "size": 1, "mimetype": "text/plain", "thumb": "x"}
    heard = Heard.read(payload(files=[there, {"id": "F2", "mode": "tombstone"}]), ME)

    assert heard is not None
    assert heard.files == ({"id": "F1", "name": "a", "url_private": "/a", "size": 1, "mimetype": "text/plain"},)


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ({"team_id": "T0JIDOKA", "api_app_id": "A0JIDOKA"}, True),
        ({"team": {"id": "T0JIDOKA"}}, True),
        ({"team": None}, True),
        ({"team_id": "T0OTHER"}, False),
        ({"team": {"id": "T0OTHER"}}, False),
        ({"team_id": "T0JIDOKA", "api_app_id": "A0OTHER"}, False),
        ({"team_id": "T0OTHER", "authorizations": [{"team_id": "T0JIDOKA"}]}, True),
    ],
)
def test_only_envelopes_for_this_app_and_workspace_are_ours(body: dict[str, Any], ours: bool):
    assert ME.is_ours(body) is ours


@pytest.mark.parametrize(("token", "app"), [("xapp-1-A0123-456-abc", "A0123"), ("xapp-1-abcdef", ""), ("x", "")])
def test_the_app_token_says_which_app(token: str, app: str):
    assert _app(token) == app
