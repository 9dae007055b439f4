"""Slack events reach the bot over a real socket, and are kept until it acknowledges them."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from tests.bot.workspace.scene import APP, Clock, Scene, opened


def listening(app: AsyncApp, kind: str) -> "asyncio.Queue[dict[str, Any]]":
    """Let the app put every event of a kind into a queue, whole with its wrapper."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @app.event(kind)
    async def listen(body: dict[str, Any]) -> None:
        await heard.put(body)

    return heard


async def soon(heard: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any]:
    return await asyncio.wait_for(heard.get(), 5)


async def test_a_mention_reaches_bolt_as_two_events_with_one_time(scene: Scene):
    app = scene.app()
    mentions, messages = listening(app, "app_mention"), listening(app, "message")
    async with scene.connected(app):
        posted = await scene.alice.chat_postMessage(channel="C0GENERAL", text="<@U0JIDOKA> compare them")
        mention, message = await soon(mentions), await soon(messages)

    assert mention["event_id"] != message["event_id"]
    assert mention["event"]["ts"] == message["event"]["ts"] == posted["ts"]
    assert mention["event"]["user"] == "U0ALICE"
    assert message["event"]["channel_type"] == "channel"
    assert message["event"]["blocks"][0]["elements"][0]["elements"][0] == {
        "type": "user",
        "user_id": "U0JIDOKA",
    }


async def test_a_direct_message_is_one_event(scene: Scene):
    async with scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="D0ALICE", text="<@U0JIDOKA> hello")
        envelope = await socket.receive_json(timeout=5)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await scene.alice.chat_postMessage(channel="D0ALICE", text="again")
        following = await socket.receive_json(timeout=5)

    assert envelope["payload"]["event"]["channel_type"] == "im"
    assert following["payload"]["event"]["text"] == "again"


async def test_the_bot_hears_its_own_messages_marked_as_its_own(scene: Scene):
    async with scene.socket() as socket:
        await scene.bot.chat_postMessage(channel="C0GENERAL", text="<@U0JIDOKA> is me")
        event = (await socket.receive_json(timeout=5))["payload"]["event"]

    assert (event["type"], event["bot_id"], event["user"]) == ("message", "B0JIDOKA", "U0JIDOKA")


async def test_events_wait_while_nobody_is_connected(scene: Scene):
    for text in ("one", "two"):
        await scene.alice.chat_postMessage(channel="C0GENERAL", text=text)
    async with scene.socket() as socket:
        heard = [(await socket.receive_json(timeout=5))["payload"]["event"]["text"] for _ in range(2)]

    assert heard == ["one", "two"]


async def test_an_event_that_is_not_acknowledged_comes_again_with_rising_attempts(scene: Scene):
    async with scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="hello")
        heard = [await socket.receive_json(timeout=5)]
        for gap in (3, 60, 300):
            scene.clock.time += gap
            heard.append(await socket.receive_json(timeout=5))

    assert [one.get("retry_attempt") for one in heard] == [None, 1, 2, 3]
    assert {one["retry_reason"] for one in heard[1:]} == {"timeout"}
    assert len({one["payload"]["event_id"] for one in heard}) == 1


async def test_after_three_retries_slack_gives_up(scene: Scene):
    async with scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="lost")
        for gap in (0, 3, 60, 300):
            scene.clock.time += gap
            await socket.receive_json(timeout=5)
        scene.clock.time += 3
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="next")
        following = await socket.receive_json(timeout=5)

    assert following["payload"]["event"]["text"] == "next"


async def test_an_acknowledged_event_never_comes_again(scene: Scene):
    async with scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="hello")
        envelope = await socket.receive_json(timeout=5)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await socket.ping()
        scene.clock.time += 3600
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="next")
        following = await socket.receive_json(timeout=5)

    assert following["payload"]["event"]["text"] == "next"


async def test_a_bolt_app_that_fails_before_the_ack_gets_the_event_again(scene: Scene):
    app, headers = scene.app(), []

    @app.middleware
    async def fail_once(req: Any, next: Any) -> None:
        headers.append(req.headers.get("x-slack-retry-num"))
        if len(headers) == 1:
            raise RuntimeError("The database is locked.")
        await next()

    @app.error
    async def quiet(error: Exception) -> None:
        assert "locked" in str(error)

    heard = listening(app, "message")
    async with scene.connected(app):
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="hello")
        async with asyncio.timeout(5):
            while not headers:
                await asyncio.sleep(0.01)
        scene.clock.time += 3
        body = await soon(heard)

    assert body["event"]["text"] == "hello"
    assert headers == [None, ["1"]]


async def test_an_event_outlives_a_restart_of_the_workspace(tmp_path: Path):
    clock = Clock()
    async with opened(tmp_path, clock) as before, before.socket() as socket:
        await before.alice.chat_postMessage(channel="C0GENERAL", text="hello")
        first = await socket.receive_json(timeout=5)
    async with opened(tmp_path, clock) as after, after.socket() as socket:
        again = await socket.receive_json(timeout=5)

    assert again["payload"] == first["payload"]
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")


async def test_a_dropped_connection_brings_its_events_again_at_once(scene: Scene):
    async with scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="hello")
        await socket.receive_json(timeout=5)
    async with scene.socket() as socket:
        again = await socket.receive_json(timeout=5)

    assert (again["payload"]["event"]["text"], again["retry_attempt"]) == ("hello", 1)


async def test_each_event_goes_to_one_of_two_connections(scene: Scene):
    async with scene.socket() as first, scene.socket() as second:
        for number in range(4):
            await scene.alice.chat_postMessage(channel="C0GENERAL", text=str(number))
        heard = [
            (await socket.receive_json(timeout=5))["payload"]["event"]["text"]
            for socket in (first, second)
            for _ in range(2)
        ]

    assert sorted(heard) == ["0", "1", "2", "3"]


async def test_a_ticket_opens_one_socket(scene: Scene):
    opened_ = await scene.client(APP).apps_connections_open(app_token=APP)
    async with scene.session.ws_connect(opened_["url"]):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await scene.session.ws_connect(opened_["url"])

    assert refused.value.status == 403


async def test_pings_are_answered_with_their_payload(scene: Scene):
    opened_ = await scene.client(APP).apps_connections_open(app_token=APP)
    async with scene.session.ws_connect(opened_["url"], autoping=False) as socket:
        await socket.receive_json(timeout=5)
        await socket.ping(b"sdk-ping-pong:12.5")
        answer = await socket.receive(timeout=5)

    assert (answer.type, answer.data) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:12.5")


async def test_a_bolt_app_that_is_asked_to_connect_anew_misses_nothing(scene: Scene):
    app = scene.app()
    heard = listening(app, "message")
    async with scene.connected(app), scene.person("alice").watching() as alice:
        await alice.until("connected")
        await scene.fault("", "disconnect", reason="warning")
        left = await alice.until("connected")
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="meanwhile")
        body = await soon(heard)

    assert left["connected"] is False
    assert body["event"]["text"] == "meanwhile"


async def test_only_events_the_manifest_subscribes_to_are_sent(tmp_path: Path):
    manifest = {"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}}
    async with opened(tmp_path, app_manifest=manifest) as scene, scene.socket() as socket:
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="<@U0JIDOKA> hello")
        await scene.alice.chat_postMessage(channel="C0GENERAL", text="<@U0JIDOKA> again")
        heard = [(await socket.receive_json(timeout=5))["payload"]["event"]["type"] for _ in range(2)]

    assert heard == ["app_mention", "app_mention"]
