"""The fault door: a call's effect is stored, then its answer breaks, each way a network can break it."""

import asyncio
import errno
from pathlib import Path

import pytest
from aiohttp import ClientOSError, ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace.scene import BOT, Scene, opened

POST = {"channel": "C0GENERAL", "text": "once", "unfurl_links": False}


@pytest.mark.parametrize("kind", ["reset_after", "close_after"])
async def test_a_connection_that_dies_leaves_one_message(scene: Scene, kind: str):
    await scene.fault("chat.postMessage", kind)
    with pytest.raises((ClientOSError, ServerDisconnectedError)):
        await scene.bot.chat_postMessage(**POST)

    assert await scene.texts() == ["once"]


async def test_a_reset_is_seen_as_a_reset(scene: Scene):
    await scene.fault("chat.postMessage", "reset_after")
    with pytest.raises(ClientOSError) as seen:
        await scene.bot.chat_postMessage(**POST)

    assert seen.value.errno == errno.ECONNRESET


async def test_a_timeout_leaves_one_message(scene: Scene):
    client = AsyncWebClient(token=BOT, base_url=f"{scene.url}/api/", retry_handlers=[], timeout=1)
    await scene.fault("chat.postMessage", "timeout_after")
    with pytest.raises(asyncio.TimeoutError):
        await client.chat_postMessage(**POST)

    assert await scene.texts() == ["once"]


async def test_an_internal_error_leaves_one_message(scene: Scene):
    await scene.fault("chat.postMessage", "500_after")
    with pytest.raises(SlackApiError) as failed:
        await scene.bot.chat_postMessage(**POST)
    await scene.fault("chat.postMessage", "fatal_error_after")
    with pytest.raises(SlackApiError) as fatal:
        await scene.bot.chat_postMessage(**POST)

    assert failed.value.response.status_code == 500
    assert fatal.value.response["error"] == "fatal_error"
    assert await scene.texts() == ["once", "once"]


async def test_too_many_requests_posts_nothing_and_says_how_long_to_wait(scene: Scene):
    await scene.fault("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        await scene.bot.chat_postMessage(**POST)

    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    assert await scene.texts() == []


async def test_a_fault_hits_as_often_as_asked_and_only_what_matches(scene: Scene):
    await scene.fault("chat.postMessage", "fatal_error_after", times=2, match="hit")
    await scene.fault("*", "fatal_error_after", match={"channel": "C0SALES", "text": "all"})
    seen = []
    for channel, text in [
        ("C0GENERAL", "miss"),
        *[("C0GENERAL", "hit me")] * 3,
        ("C0SALES", "all"),
        ("C0SALES", "all"),
    ]:
        try:
            seen.append((await scene.bot.chat_postMessage(channel=channel, text=text))["ok"])
        except SlackApiError:
            seen.append(False)

    assert seen == [True, False, False, True, False, True]


async def test_slack_sdks_own_retries_would_post_twice(scene: Scene):
    client = AsyncWebClient(token=BOT, base_url=f"{scene.url}/api/")
    await scene.fault("chat.postMessage", "reset_after")
    await client.chat_postMessage(**POST)

    assert await scene.texts() == ["once", "once"]


async def test_every_call_is_noted_with_its_arguments_and_without_its_token(scene: Scene):
    await scene.fault("chat.postMessage", "fatal_error_after")
    with pytest.raises(SlackApiError):
        await scene.bot.chat_postMessage(**POST)
    await scene.bot.chat_postMessage(channel="C0GENERAL", text="x" * 500)
    async with scene.session.get(f"{scene.url}/faults/calls?method=chat.postMessage") as answer:
        calls = await answer.json()

    assert calls[0]["arguments"] == {"channel": "C0GENERAL", "text": "once", "unfurl_links": False}
    assert [call["fault"] for call in calls] == ["fatal_error_after", ""]
    assert calls[1]["arguments"]["text"].endswith("… (500 characters)")
    assert calls[0]["at"] <= calls[1]["at"]


async def test_faults_can_be_cleared_and_a_wrong_kind_is_refused(scene: Scene):
    await scene.fault("chat.postMessage", "fatal_error_after", times=9)
    async with scene.session.post(f"{scene.url}/faults", json={"clear": True}) as answer:
        assert (await answer.json())["ok"]
    async with scene.session.post(f"{scene.url}/faults", json={"method": "*", "kind": "rain"}) as answer:
        assert answer.status == 400

    assert (await scene.bot.chat_postMessage(**POST))["ok"]


async def test_the_door_is_shut_unless_asked_for(tmp_path: Path):
    async with opened(tmp_path, faults=False) as scene:
        async with scene.session.post(f"{scene.url}/faults", json={"method": "*", "kind": "429"}) as answer:
            refused = answer.status
        async with scene.session.get(f"{scene.url}/faults/calls") as answer:
            hidden = answer.status

    assert (refused, hidden) == (404, 404)
