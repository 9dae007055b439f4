"""Channels, histories and people over the Web API, by a real Slack client."""

from pathlib import Path

from tests.bot.workspace.scene import Scene, opened
from tests.bot.workspace.test_chat import refused


async def test_a_fresh_workspace_holds_the_channels_and_nothing_in_them(scene: Scene):
    found = await scene.bot.conversations_list(types="public_channel,im")
    names = [one.get("name", one["id"]) for one in found["channels"]]
    members = await scene.bot.conversations_members(channel="C0GENERAL")

    assert names == ["general", "sales", "legal", "D0ALICE", "D0BOB", "D0CAROL", "D0DAVE"]
    assert members["members"] == ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0JIDOKA"]
    assert await scene.texts() == []


async def test_a_second_start_changes_nothing(tmp_path: Path):
    async with opened(tmp_path) as scene:
        posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text="kept")
    async with opened(tmp_path) as scene:
        again = await scene.alice.chat_postMessage(channel="C0GENERAL", text="later")
        texts = await scene.texts()
        listed = await scene.bot.conversations_list()

    assert texts == ["later", "kept"]
    assert again["ts"] > posted["ts"]
    assert len(listed["channels"]) == 3


async def test_a_guest_knows_of_general_only(scene: Scene):
    dave = scene.client("xoxp-dave")
    found = await dave.conversations_list(types="public_channel,im")

    assert [one["id"] for one in found["channels"]] == ["C0GENERAL", "D0DAVE"]
    assert await refused(dave.conversations_history(channel="C0LEGAL")) == "channel_not_found"
    assert await refused(dave.conversations_join(channel="C0LEGAL")) == "channel_not_found"
    assert (await scene.bot.users_info(user="U0DAVE"))["user"]["is_restricted"] is True


async def test_histories_page_backwards_and_threads_forwards(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0SALES", text="0")
    for number in range(1, 5):
        await scene.alice.chat_postMessage(channel="C0SALES", text=str(number))
        await scene.bot.chat_postMessage(channel="C0SALES", text=f"r{number}", thread_ts=root["ts"])
    history, cursor = [], ""
    async for page in await scene.bot.conversations_history(channel="C0SALES", limit=2):
        history += [one["text"] for one in page["messages"]]
    thread = await scene.bot.conversations_replies(channel="C0SALES", ts=root["ts"], limit=3)
    cursor = thread["response_metadata"]["next_cursor"]
    rest = await scene.bot.conversations_replies(channel="C0SALES", ts=root["ts"], cursor=cursor)

    assert history == ["4", "3", "2", "1", "0"]
    assert [one["text"] for one in thread["messages"]] == ["0", "r1", "r2", "r3"]
    assert [one["text"] for one in rest["messages"]] == ["r4"]
    assert (thread["has_more"], rest["has_more"]) == (True, False)


async def test_oldest_and_latest_leave_their_own_message_out_unless_inclusive(scene: Scene):
    stamps = [
        (await scene.alice.chat_postMessage(channel="C0SALES", text=str(number)))["ts"] for number in range(4)
    ]
    window = {"channel": "C0SALES", "oldest": stamps[0], "latest": stamps[3]}
    between = await scene.bot.conversations_history(**window)
    around = await scene.bot.conversations_history(**window, inclusive=True)

    assert [one["text"] for one in between["messages"]] == ["2", "1"]
    assert len(around["messages"]) == 4
    assert (
        await refused(scene.bot.conversations_history(channel="C0SALES", oldest="soon"))
        == "invalid_ts_oldest"
    )
    assert await refused(scene.bot.conversations_history(channel="C0SALES", cursor="no")) == "invalid_cursor"


async def test_look_before_post_finds_a_message_by_its_metadata(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0SALES", text="root")
    metadata = {"event_type": "outbox", "event_payload": {"id": "m1"}}
    await scene.bot.chat_postMessage(channel="C0SALES", text="x", thread_ts=root["ts"], metadata=metadata)
    found = await scene.bot.conversations_replies(
        channel="C0SALES", ts=root["ts"], oldest=str(int(scene.clock.time) - 5), include_all_metadata=True
    )

    assert found["messages"][1]["metadata"] == metadata


async def test_people_talk_to_each_other_and_the_bot_does_not_hear(scene: Scene):
    async with scene.person("bob").watching() as bob:
        talk = await scene.alice.conversations_open(users="U0BOB")
        entry = await bob.until("channel")
    again = await scene.bob.conversations_open(users="U0ALICE")
    await scene.alice.chat_postMessage(channel=talk["channel"]["id"], text="psst")
    async with scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="loud")
        event = (await socket.receive_json(timeout=5))["payload"]["event"]

    assert entry["channel"]["with"] == "U0ALICE"
    assert (again["channel"]["id"], again["already_open"]) == (talk["channel"]["id"], True)
    assert event["text"] == "loud"


async def test_whoever_is_invited_joins_and_the_bot_hears_of_it(scene: Scene):
    await scene.alice.conversations_invite(channel="C0SALES", users="U0DAVE")
    async with scene.socket() as socket:
        event = (await socket.receive_json(timeout=5))["payload"]["event"]
    told = (event["type"], event["user"], event["channel"], event["inviter"])

    assert told == ("member_joined_channel", "U0DAVE", "C0SALES", "U0ALICE")
    assert (
        await refused(scene.alice.conversations_invite(channel="C0SALES", users="U0DAVE"))
        == "already_in_channel"
    )
    assert (await scene.alice.conversations_join(channel="C0SALES"))["warning"] == "already_in_channel"


async def test_everybody_is_listed_in_their_order_with_the_bot_last(scene: Scene):
    found = await scene.bot.users_list()
    email = await scene.bot.users_lookupByEmail(email="carol@example.com")

    assert [one["id"] for one in found["members"]] == ["U0ALICE", "U0BOB", "U0CAROL", "U0DAVE", "U0JIDOKA"]
    assert email["user"]["id"] == "U0CAROL"
    assert await refused(scene.bot.users_info(user="U0EVE")) == "user_not_found"
