"""Direct messages, whispers and permalinks: where a message is, and who is shown it."""

import pytest

from tests.bot.workspace.scene import Scene
from tests.bot.workspace.test_chat import newest, refused


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "dave"])
async def test_a_message_to_a_person_lands_in_their_direct_messages_unread(scene: Scene, name: str):
    user, channel = f"U0{name.upper()}", f"D0{name.upper()}"
    async with scene.person(name).watching() as watch:
        posted = await scene.bot.chat_postMessage(channel=user, text="Yours to decide")
        frame = await watch.until("unread")
    opened = await scene.bot.conversations_open(users=user, return_im=True)

    assert posted["channel"] == opened["channel"]["id"] == channel
    assert (frame["channel"], frame["unread"], frame["mentions"]) == (channel, 1, 1)
    assert (opened["already_open"], opened["channel"]["user"]) == (True, user)


async def test_a_message_to_a_colleague_shows_the_new_conversation_to_both(scene: Scene):
    async with scene.person("carol").watching() as carol, scene.person("alice").watching() as alice:
        posted = await scene.alice.chat_postMessage(channel="U0CAROL", text="Lunch?")
        entries = [(await watch.until("channel"))["channel"] for watch in (carol, alice)]

    assert {entry["id"] for entry in entries} == {posted["channel"]}
    assert [entry["with"] for entry in entries] == ["U0ALICE", "U0CAROL"]


async def test_nobody_is_written_to_under_an_unknown_id(scene: Scene):
    assert await refused(scene.bot.chat_postMessage(channel="U0EVE", text="x")) == "channel_not_found"
    assert await refused(scene.bot.conversations_open(users="U0EVE")) == "user_not_found"
    assert await refused(scene.bot.conversations_open(users="")) == "users_list_not_supplied"
    assert await refused(scene.bot.conversations_open(channel="D0NONE")) == "channel_not_found"


async def test_a_whisper_in_a_thread_is_shown_to_its_person_alone_and_kept_nowhere(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    async with scene.person("bob").watching() as bob:
        told = await scene.bot.chat_postEphemeral(
            channel="C0GENERAL", user="U0BOB", text="Only you", thread_ts=root["ts"]
        )
        frame = await bob.until("ephemeral")
    thread = await scene.alice.conversations_replies(channel="C0GENERAL", ts=root["ts"])

    assert (frame["thread_ts"], frame["message"]["text"]) == (root["ts"], "Only you")
    assert [one["text"] for one in thread["messages"]] == ["root"]
    assert (
        await refused(scene.bot.chat_getPermalink(channel="C0GENERAL", message_ts=told["message_ts"]))
        == "message_not_found"
    )


async def test_a_whisper_needs_a_member_of_the_channel_and_words(scene: Scene):
    async def whisper(**changes: str) -> str:
        return await refused(
            scene.bot.chat_postEphemeral(**{"channel": "C0LEGAL", "user": "U0BOB", "text": "x"} | changes)
        )

    assert await whisper(user="U0DAVE") == "user_not_in_channel"
    assert await whisper(user="U0EVE") == "user_not_in_channel"
    assert await whisper(blocks="nonsense") == "invalid_blocks_format"
    assert await whisper(channel="C0NONE") == "channel_not_found"


async def test_a_permalink_leads_to_the_message_on_the_page(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    reply = await scene.alice.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])
    found = []
    for message in (root, reply):
        link = await scene.bot.chat_getPermalink(channel="C0GENERAL", message_ts=message["ts"])
        async with scene.session.get(link["permalink"], allow_redirects=False) as answer:
            found.append((answer.status, answer.headers["Location"]))

    assert found == [
        (303, f"/#/C0GENERAL/at/{root['ts']}"),
        (303, f"/#/C0GENERAL/{root['ts']}/{reply['ts']}"),
    ]
    assert (await newest(scene.alice))["text"] == "root"


@pytest.mark.parametrize(
    "path",
    ["C0GENERAL/p12", "C0GENERAL/1503435956000247", "..%2F..%2Fx/p1503435956000247", "x/p1503435956000247"],
)
async def test_what_is_no_permalink_leads_nowhere(scene: Scene, path: str):
    async with scene.session.get(f"{scene.url}/archives/{path}", allow_redirects=False) as answer:
        assert (answer.status, answer.headers.get("Location")) == (404, None)


async def test_a_forged_thread_in_a_permalink_is_left_out(scene: Scene):
    link = f"{scene.url}/archives/C0GENERAL/p1503435956000247?thread_ts=/evil.example"
    async with scene.session.get(link, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/#/C0GENERAL/at/1503435956.000247"
