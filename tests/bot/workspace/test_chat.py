"""Messages over the Web API, by a real Slack client."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace.scene import Scene, card


async def refused(call: Any) -> str:
    """Return the error a call is refused with."""
    with pytest.raises(SlackApiError) as found:
        await call
    return str(found.value.response["error"])


async def newest(client: AsyncWebClient, channel: str = "C0GENERAL", **more: Any) -> dict[str, Any]:
    found = await client.conversations_history(channel=channel, limit=1, **more)
    return found["messages"][0]


async def test_a_message_of_the_bot_is_kept_as_slack_keeps_it(scene: Scene):
    posted = await scene.bot.chat_postMessage(
        channel="C0GENERAL", text="a < b & <https://x.y|c>", blocks=card("go")
    )
    kept = await newest(scene.alice)

    assert kept == posted["message"]
    assert (kept["type"], kept["user"], kept["bot_id"], kept["app_id"]) == (
        "message",
        "U0JIDOKA",
        "B0JIDOKA",
        "A0JIDOKA",
    )
    assert (kept["ts"], kept["team"], kept["bot_profile"]["name"]) == (posted["ts"], "T0JIDOKA", "jidoka")
    assert kept["text"] == "a &lt; b &amp; <https://x.y|c>"
    assert kept["blocks"][0]["block_id"]
    assert "client_msg_id" not in kept


async def test_a_message_of_a_person_is_one_rich_text_block(scene: Scene):
    posted = await scene.alice.chat_postMessage(
        channel="C0GENERAL", text="@bob *now* `@bob` see https://x.y/z, :eyes:"
    )
    elements = posted["message"]["blocks"][0]["elements"][0]["elements"]

    assert posted["message"]["text"] == "<@U0BOB> *now* `@bob` see <https://x.y/z>, :eyes:"
    assert posted["message"]["client_msg_id"]
    assert elements == [
        {"type": "user", "user_id": "U0BOB"},
        {"type": "text", "text": " "},
        {"type": "text", "text": "now", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "text", "text": "@bob", "style": {"code": True}},
        {"type": "text", "text": " see "},
        {"type": "link", "url": "https://x.y/z"},
        {"type": "text", "text": ", "},
        {"type": "emoji", "name": "eyes"},
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://x.y/@bob?a=1&b=2", "<https://x.y/@bob?a=1&amp;b=2>"),
        ("<https://x.y|see @bob>", "<https://x.y|see @bob>"),
        ("mail bob@jidoka.com", "mail bob@jidoka.com"),
        ("@nobody and @here", "@nobody and <!here>"),
        ("```\n@bob https://x.y\n```", "```\n@bob https://x.y\n```"),
        ("<script>&amp;</script>", "&lt;script&gt;&amp;&lt;/script&gt;"),
    ],
)
async def test_what_a_person_types_comes_alive_only_where_slack_would(scene: Scene, typed: str, kept: str):
    posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text=typed)

    assert posted["message"]["text"] == kept


async def test_times_are_unique_and_rise_even_when_the_clock_stands(scene: Scene):
    stamps = [(await scene.bot.chat_postMessage(channel="C0SALES", text="x"))["ts"] for _ in range(5)]

    assert stamps == sorted(set(stamps))


async def test_replies_are_counted_on_the_root_and_kept_out_of_the_channel(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    for client in (scene.bot, scene.bob):
        reply = await client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])
    kept = await newest(scene.alice)
    thread = await scene.bot.conversations_replies(channel="C0GENERAL", ts=root["ts"])

    assert (kept["reply_count"], kept["reply_users"], kept["latest_reply"]) == (
        2,
        ["U0JIDOKA", "U0BOB"],
        reply["ts"],
    )
    assert await scene.texts() == ["root"]
    assert [one["text"] for one in thread["messages"]] == ["root", "reply", "reply"]
    assert thread["messages"][2]["parent_user_id"] == "U0ALICE"


async def test_a_broadcast_reply_stands_in_the_channel_too(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    await scene.bot.chat_postMessage(
        channel="C0GENERAL", text="done", thread_ts=root["ts"], reply_broadcast=True
    )

    assert (await newest(scene.alice))["subtype"] == "thread_broadcast"


async def test_a_reply_to_nothing_is_refused(scene: Scene):
    call = scene.bot.chat_postMessage(channel="C0GENERAL", text="x", thread_ts="1.000001")

    assert await refused(call) == "thread_not_found"
    assert await scene.texts() == []


async def test_an_edit_keeps_the_time_says_by_whom_and_tells_the_bot_both_versions(scene: Scene):
    posted = await scene.bot.chat_postMessage(channel="C0GENERAL", text="before", blocks=card("go"))
    await scene.bot.chat_update(channel="C0GENERAL", ts=posted["ts"], text="after")
    kept = await newest(scene.alice)
    async with scene.socket() as socket:
        await socket.receive_json(timeout=5)
        event = (await socket.receive_json(timeout=5))["payload"]["event"]

    assert (kept["text"], kept["ts"], kept["edited"]["user"]) == ("after", posted["ts"], "U0JIDOKA")
    assert "blocks" not in kept
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("before", "after")
    assert event["ts"] == event["event_ts"] > posted["ts"]


async def test_a_deleted_message_is_gone_and_the_bot_hears_of_it(scene: Scene):
    posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text="oops")
    await scene.alice.chat_delete(channel="C0GENERAL", ts=posted["ts"])
    async with scene.socket() as socket:
        await socket.receive_json(timeout=5)
        event = (await socket.receive_json(timeout=5))["payload"]["event"]

    assert await scene.texts() == []
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", posted["ts"])


async def test_a_deleted_root_leaves_a_tombstone_over_its_replies(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    await scene.bot.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])
    await scene.alice.chat_delete(channel="C0GENERAL", ts=root["ts"])
    thread = await scene.bot.conversations_replies(channel="C0GENERAL", ts=root["ts"])

    assert [one.get("subtype") for one in thread["messages"]] == ["tombstone", None]


async def test_nobody_changes_what_another_wrote(scene: Scene):
    posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text="mine")
    place = {"channel": "C0GENERAL", "ts": posted["ts"]}

    assert await refused(scene.bot.chat_update(**place, text="yours")) == "cant_update_message"
    assert await refused(scene.bot.chat_delete(**place)) == "cant_delete_message"
    assert (
        await refused(scene.bot.chat_update(channel="C0GENERAL", ts="1.000001", text="x"))
        == "message_not_found"
    )


async def test_what_cannot_be_posted_is_refused_in_slacks_words(scene: Scene):
    post, place = scene.bot.chat_postMessage, {"channel": "C0GENERAL"}
    posted = await post(**place, text="x")

    assert await refused(post(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert await refused(scene.bot.api_call("chat.postMessage", json=place)) == "no_text"
    assert await refused(post(**place, markdown_text="# a", text="a")) == "markdown_text_conflict"
    assert await refused(post(**place, text="x", blocks=["no"])) == "invalid_blocks_format"
    assert await refused(post(**place, text="x", metadata={"event_type": "a"})) == "invalid_metadata_schema"
    assert await refused(scene.bot.chat_update(**place, ts=posted["ts"], text="x" * 4001)) == "msg_too_long"
    assert await refused(post(channel=await alices_talk_with_bob(scene), text="x")) == "channel_not_found"


async def alices_talk_with_bob(scene: Scene) -> str:
    talk = await scene.alice.conversations_open(users="U0BOB")
    return str(talk["channel"]["id"])


async def test_refused_blocks_come_with_a_pointer_at_each_problem(scene: Scene):
    text = {"type": "mrkdwn", "text": "x" * 3001}
    with pytest.raises(SlackApiError) as found:
        await scene.bot.chat_postMessage(
            channel="C0GENERAL", text="x", blocks=[{"type": "section", "text": text}]
        )
    answer = found.value.response

    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {answer['errors'][0]}"]
    assert await scene.texts() == []


async def test_too_much_text_in_blocks_has_its_own_error(scene: Scene):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}} for _ in range(5)]

    assert (
        await refused(scene.bot.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks))
        == "msg_blocks_too_long"
    )


async def test_long_text_is_cut_with_a_warning(scene: Scene):
    posted = await scene.bot.chat_postMessage(channel="C0GENERAL", text="x" * 40_001)

    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000


async def test_an_ephemeral_reaches_one_page_and_no_history(scene: Scene):
    async with scene.person("bob").watching() as bob, scene.person("carol").watching() as carol:
        shown = await scene.bot.chat_postEphemeral(channel="C0GENERAL", user="U0BOB", text="only you")
        await scene.bot.chat_postMessage(channel="C0GENERAL", text="all")
        frame, other = await bob.until("ephemeral"), await carol.until("message")

    assert (frame["message"]["text"], frame["message"]["ts"]) == ("only you", shown["message_ts"])
    assert other["message"]["text"] == "all"
    assert await scene.texts() == ["all"]
    assert (
        await refused(scene.bot.chat_postEphemeral(channel="C0SALES", user="U0DAVE", text="x"))
        == "user_not_in_channel"
    )


async def test_metadata_is_shown_only_when_asked_for(scene: Scene):
    metadata = {"event_type": "outbox", "event_payload": {"id": "m1"}}
    posted = await scene.bot.chat_postMessage(channel="C0GENERAL", text="x", metadata=metadata)
    await scene.bot.chat_update(channel="C0GENERAL", ts=posted["ts"], text="y")
    async with scene.socket() as socket:
        event = (await socket.receive_json(timeout=5))["payload"]["event"]
    kept = await newest(scene.bot, include_all_metadata=True)

    assert "metadata" not in await newest(scene.bot)
    assert (kept["text"], kept["metadata"]) == ("y", metadata)
    assert event["metadata"] == metadata

    await scene.bot.chat_update(channel="C0GENERAL", ts=posted["ts"], text="z", metadata={})

    assert "metadata" not in await newest(scene.bot, include_all_metadata=True)


async def test_a_permalink_leads_to_the_thread(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    reply = await scene.bot.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])
    link = await scene.bot.chat_getPermalink(channel="C0GENERAL", message_ts=reply["ts"])

    number = reply["ts"].replace(".", "")
    assert (
        link["permalink"] == f"{scene.url}/archives/C0GENERAL/p{number}?thread_ts={root['ts']}&cid=C0GENERAL"
    )


async def test_a_user_id_as_channel_means_their_direct_messages(scene: Scene):
    posted = await scene.bot.chat_postMessage(channel="U0CAROL", text="for you")

    assert posted["channel"] == "D0CAROL"


async def test_markdown_becomes_a_markdown_block(scene: Scene):
    posted = await scene.bot.chat_postMessage(channel="C0GENERAL", markdown_text="# Title\n* a <b>")

    assert posted["message"]["blocks"][0]["type"] == "markdown"
    assert posted["message"]["blocks"][0]["text"] == "# Title\n* a <b>"


async def test_reactions_are_counted_and_told(scene: Scene):
    posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text="hello")
    place = {"channel": "C0GENERAL", "timestamp": posted["ts"], "name": "eyes"}
    await scene.bot.reactions_add(**place)
    await scene.bob.reactions_add(**place)
    both = (await newest(scene.alice))["reactions"]
    await scene.bob.reactions_remove(**place)
    async with scene.socket() as socket:
        events = [(await socket.receive_json(timeout=5))["payload"]["event"] for _ in range(4)]

    assert both == [{"name": "eyes", "count": 2, "users": ["U0JIDOKA", "U0BOB"]}]
    assert (await newest(scene.alice))["reactions"] == [{"name": "eyes", "count": 1, "users": ["U0JIDOKA"]}]
    assert [one["type"] for one in events[1:]] == ["reaction_added", "reaction_added", "reaction_removed"]
    assert events[1]["item"] == {"type": "message", "channel": "C0GENERAL", "ts": posted["ts"]}
    assert await refused(scene.bot.reactions_add(**place)) == "already_reacted"
    assert await refused(scene.bob.reactions_remove(**place)) == "no_reaction"
