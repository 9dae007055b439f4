"""How calls come over the wire: tokens, bodies, unknown methods."""

import json
from typing import Any

from tests.bot.workspace.scene import APP, BOT, Scene, card
from tests.bot.workspace.test_chat import refused


async def call(scene: Scene, method: str, **how: Any) -> dict[str, Any]:
    async with scene.session.post(f"{scene.url}/api/{method}", **how) as answer:
        assert answer.status == 200
        return await answer.json()


async def test_auth_test_says_whose_token_it_is_and_which_scopes_it_has(scene: Scene):
    bot, alice = await scene.bot.auth_test(), await scene.alice.auth_test()

    assert (bot["user_id"], bot["bot_id"], bot["team_id"]) == ("U0JIDOKA", "B0JIDOKA", "T0JIDOKA")
    assert (alice["user_id"], alice.get("bot_id")) == ("U0ALICE", None)
    assert "chat:write" in bot.headers["x-oauth-scopes"]


async def test_a_token_that_is_missing_unknown_or_of_another_kind_is_refused(scene: Scene):
    app = scene.client(APP)

    assert (await call(scene, "auth.test"))["error"] == "not_authed"
    assert await refused(scene.client("xoxb-9").auth_test()) == "invalid_auth"
    assert await refused(app.chat_postMessage(channel="C0GENERAL", text="x")) == "not_allowed_token_type"
    assert await refused(scene.bot.apps_connections_open(app_token=BOT)) == "not_allowed_token_type"
    assert await refused(scene.alice.views_publish(user_id="U0ALICE", view={})) == "not_allowed_token_type"


async def test_a_persons_token_counts_only_in_the_header(scene: Scene):
    body = {"channel": "C0GENERAL", "text": "x"}

    assert (await call(scene, "chat.postMessage", data={**body, "token": "xoxp-alice"}))[
        "error"
    ] == "not_authed"
    assert (await call(scene, "chat.postMessage", data={**body, "token": BOT}))["ok"] is True


async def test_form_bodies_may_hold_nested_values_as_json_text(scene: Scene):
    body = {
        "channel": "C0GENERAL",
        "text": "x",
        "blocks": json.dumps(card("go")),
        "unfurl_links": "false",
        "team_id": "T1",
    }
    answer = await call(scene, "chat.postMessage", data=body, headers={"Authorization": f"Bearer {BOT}"})

    assert answer["message"]["blocks"][0]["elements"][0]["action_id"] == "go"


async def test_bodies_that_are_no_json_object_are_refused(scene: Scene):
    headers = {"Authorization": f"Bearer {BOT}", "Content-Type": "application/json"}

    assert (await call(scene, "chat.postMessage", data="{", headers=headers))["error"] == "invalid_json"
    assert (await call(scene, "chat.postMessage", data="[]", headers=headers))["error"] == "json_not_object"
    assert (await call(scene, "chat.postMessage", data="{}", headers=headers))["error"] == "invalid_arguments"


async def test_an_unknown_method_is_refused_and_listed_as_a_gap(scene: Scene):
    error = await refused(scene.bot.api_call("canvases.create"))
    boot = await (await scene.person("alice").gets("/page/boot")).json()

    assert error == "unknown_method"
    assert boot["gaps"] == ["canvases.create"]


async def test_blocks_validate_tells_the_broken_constraint(scene: Scene):
    blocks = json.dumps([{"type": "section", "text": {"type": "invalid", "text": "x"}}])
    answer = await call(scene, "blocks.validate", data={"blocks": blocks})

    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        {
            "code": "failed_constraint",
            "message": "unsupported type: invalid",
            "pointer": "/0/text/type",
            "constraint": {"type": "enum", "expected": ["mrkdwn", "plain_text"]},
        }
    ]
    assert (await call(scene, "blocks.validate", data={"blocks": json.dumps(card("go"))}))["ok"] is True
    assert (await call(scene, "blocks.validate"))["error"] == "invalid_arguments"
