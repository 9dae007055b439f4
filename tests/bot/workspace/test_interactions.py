"""What people press, fill in and call reaches a real Bolt app, and its answers reach them."""

import asyncio
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp

from tests.bot.workspace.scene import Scene, card
from tests.bot.workspace.test_chat import refused

Heard = list[dict[str, Any]]


async def opens(app: AsyncApp, heard: Heard, view: dict[str, Any] | None = None) -> None:
    """Let the app acknowledge presses of `go`, and open a modal when there is one."""

    @app.action("go")
    async def pressed(ack: Any, body: dict[str, Any], client: Any) -> None:
        heard.append(body)
        await ack()
        if view is not None:
            await client.views_open(trigger_id=body["trigger_id"], view=view)


async def posted(scene: Scene, *buttons: str) -> dict[str, Any]:
    answer = await scene.bot.chat_postMessage(channel="C0GENERAL", text="Decide", blocks=card(*buttons))
    return answer["message"]


async def test_a_press_reaches_the_listener_as_slack_sends_it(scene: Scene):
    app, heard = scene.app(), []
    await opens(app, heard)
    message = await posted(scene, "go", "stop")
    async with scene.connected(app):
        answer = await scene.person("bob").presses(message, "go", value="forged")
    body = heard[0]

    assert answer == {"ok": True}
    assert body["user"] == {"id": "U0BOB", "username": "bob", "name": "bob", "team_id": "T0JIDOKA"}
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": "C0GENERAL",
        "is_ephemeral": False,
    }
    assert (body["channel"]["name"], body["api_app_id"], body["message"]["blocks"]) == (
        "general",
        "A0JIDOKA",
        message["blocks"],
    )
    assert body["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "go",
        "block_id": message["blocks"][0]["block_id"],
        "action_ts": "",
        "text": {"type": "plain_text", "text": "go"},
        "value": "go",
    }


async def test_a_press_nobody_acknowledges_says_so_after_three_seconds(scene: Scene):
    message = await posted(scene, "go")
    async with scene.socket() as socket:
        pressing = asyncio.create_task(scene.person("bob").presses(message, "go"))
        await socket.receive_json(timeout=5)
        envelope = await socket.receive_json(timeout=5)
        scene.clock.time += 3
        answer = await pressing

    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
    assert answer == {"ok": False, "error": "operation_timeout"}


async def test_a_press_while_the_bot_is_away_fails_at_once_and_is_not_kept(scene: Scene):
    message = await posted(scene, "go")
    answer = await scene.person("bob").presses(message, "go")
    async with scene.socket() as socket:
        first = await socket.receive_json(timeout=5)

    assert answer == {"ok": False, "error": "operation_timeout"}
    assert first["type"] == "events_api"


async def test_a_button_that_is_not_in_the_message_cannot_be_pressed(scene: Scene):
    message = await posted(scene, "go")
    container = {"type": "message", "channel": "C0GENERAL", "ts": message["ts"]}
    block = message["blocks"][0]["block_id"]
    bob = scene.person("bob")
    answer = await bob.does("action", container=container, block_id=block, action={"action_id": "forged"})

    assert answer == {"ok": False, "error": "invalid_action"}


async def test_choices_and_filled_inputs_travel_in_state_and_action(scene: Scene):
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("a", "b")]
    select = {"type": "static_select", "action_id": "pick", "options": options}
    note = {"type": "plain_text_input", "action_id": "note"}
    blocks = [
        {"type": "actions", "block_id": "x", "elements": [select, card("go")[0]["elements"][0]]},
        {"type": "input", "block_id": "y", "label": {"type": "plain_text", "text": "Note"}, "element": note},
    ]
    message = (await scene.bot.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks))["message"]
    place = {"container": {"type": "message", "channel": "C0GENERAL", "ts": message["ts"]}, "block_id": "x"}
    app, heard = scene.app(), []

    @app.action("pick")
    async def picked(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    async with scene.connected(app):
        state = {"values": {"y": {"note": {"value": "hi"}}, "forged": {"x": {"value": "no"}}}}
        bob, chosen = scene.person("bob"), {"action_id": "pick", "selected_option": {"value": "b"}}
        await bob.does("action", **place, action=chosen, state=state)
        unknown = {"action_id": "pick", "selected_option": {"value": "c"}}
        wrong = await bob.does("action", **place, action=unknown)

    assert heard[0]["actions"][0]["selected_option"] == options[1]
    assert heard[0]["state"]["values"] == {
        "x": {"pick": {"type": "static_select", "selected_option": None}},
        "y": {"note": {"type": "plain_text_input", "value": "hi"}},
    }
    assert wrong["error"] == "invalid_action"


async def test_a_slash_command_is_answered_to_its_person_alone(scene: Scene):
    app, heard = scene.app(), []

    @app.command("/jidoka")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack("Which brief?")

    async with scene.connected(app), scene.person("alice").watching() as alice:
        answer = await scene.person("alice").does(
            "command", channel="C0GENERAL", command="/jidoka", text="ask @bob"
        )
        frame = await alice.until("ephemeral")
        unknown = await scene.person("alice").does("command", channel="C0GENERAL", command="/other", text="")

    assert answer == {"ok": True}
    assert (heard[0]["text"], heard[0]["channel_name"], heard[0]["user_id"]) == (
        "ask <@U0BOB>",
        "general",
        "U0ALICE",
    )
    assert heard[0]["is_enterprise_install"] == "false"
    assert frame["message"]["text"] == "Which brief?"
    assert await scene.texts() == []
    assert unknown["error"] == "unknown_command"


async def test_both_kinds_of_shortcut_reach_the_app(scene: Scene):
    app, heard = scene.app(), []

    @app.shortcut("new")
    @app.shortcut("on_this")
    async def shortcut(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    told = await scene.alice.chat_postMessage(channel="C0GENERAL", text="do it")
    async with scene.connected(app):
        bob = scene.person("bob")
        await bob.does("shortcut", callback_id="new")
        await bob.does("shortcut", callback_id="on_this", channel="C0GENERAL", ts=told["ts"])
        wrong = await bob.does("shortcut", callback_id="new", channel="C0GENERAL", ts=told["ts"])

    assert [one["type"] for one in heard] == ["shortcut", "message_action"]
    assert (heard[1]["message"]["text"], heard[1]["message_ts"]) == ("do it", told["ts"])
    assert wrong["error"] == "unknown_shortcut"


async def response_url(scene: Scene, message: dict[str, Any]) -> str:
    """Press `go` in a message as Bob, and return the response URL the bot gets."""
    app, heard = scene.app(), []
    await opens(app, heard)
    async with scene.connected(app):
        await scene.person("bob").presses(message, "go")
    return str(heard[0]["response_url"])


async def answers(scene: Scene, url: str, **body: Any) -> tuple[int, str]:
    async with scene.session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def test_a_response_url_works_five_times_and_for_half_an_hour(scene: Scene):
    message = await posted(scene, "go")
    url, later = await response_url(scene, message), await response_url(scene, message)
    async with scene.person("bob").watching() as bob:
        first = await answers(scene, url, text="only you")
        whisper = await bob.until("ephemeral")
    await answers(scene, url, text="all", response_type="in_channel")
    await answers(scene, url, text="changed", replace_original=True)
    texts = await scene.texts()
    await answers(scene, url, delete_original=True)
    await answers(scene, url, text="fifth")
    sixth = await answers(scene, url, text="sixth")
    scene.clock.time += 30 * 60

    assert first == (200, "ok")
    assert whisper["message"]["text"] == "only you"
    assert texts == ["all", "changed"]
    assert await scene.texts() == ["all"]
    assert (sixth[0], '"used_url"' in sixth[1]) == (404, True)
    assert '"expired_url"' in (await answers(scene, later, text="late"))[1]


async def test_an_ephemeral_with_buttons_is_pressed_and_replaced(scene: Scene):
    bob = scene.person("bob")
    async with bob.watching() as watch:
        await scene.bot.chat_postEphemeral(channel="C0GENERAL", user="U0BOB", text="?", blocks=card("go"))
        message = (await watch.until("ephemeral"))["message"]
        url = await response_url(scene, message)
        await answers(scene, url, text="done", replace_original=True)
        replaced = (await watch.until("ephemeral"))["message"]
        await answers(scene, url, delete_original=True)
        gone = await watch.until("message_deleted")

    assert (replaced["ts"], replaced["text"]) == (message["ts"], "done")
    assert gone["ts"] == message["ts"]


async def test_stop_tells_the_bot_which_thread(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    await scene.bot.api_call("agents.sessions.setStatus", json={
        "channel_id": "C0GENERAL", "thread_ts": root["ts"], "status": "processing", "title": "Campaign"})  # fmt: skip
    kept = (await scene.alice.conversations_history(channel="C0GENERAL"))["messages"][0]
    async with scene.socket() as socket:
        await socket.receive_json(timeout=5)
        await scene.person("alice").does("stop", channel="C0GENERAL", thread_ts=root["ts"])
        event = (await socket.receive_json(timeout=5))["payload"]["event"]
    bad = {"channel_id": "C0GENERAL", "thread_ts": root["ts"], "status": "thinking"}

    assert kept["session"] == {"status": "processing", "title": "Campaign"}
    assert (event["type"], event["user"], event["thread_ts"]) == (
        "agent_session_stopped",
        "U0ALICE",
        root["ts"],
    )
    assert await refused(scene.bot.api_call("agents.sessions.setStatus", json=bad)) == "invalid_arguments"


async def test_what_a_person_does_needs_the_pages_cookie(scene: Scene):
    async with aiohttp.ClientSession() as stranger:
        headers = {"Authorization": "Bearer xoxp-bob"}
        async with stranger.post(f"{scene.url}/page/home", json={"tab": "home"}, headers=headers) as answer:
            assert answer.status == 403
