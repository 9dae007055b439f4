"""The Home tab: its buttons and menus open modals, a new one replaces it, and an old press still counts."""

import asyncio
from typing import Any

from tests.bot.workspace.scene import Scene, card, modal
from tests.bot.workspace.test_chat import refused

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def menu(*values: str) -> Json:
    """Return a section with an overflow menu."""
    options = [{"text": plain(value.title()), "value": value} for value in values]
    more = {"type": "overflow", "action_id": "more", "options": options}
    return {"type": "section", "block_id": "row", "text": plain("A run"), "accessory": more}


async def chosen(scene: Scene, view: Json, value: str, name: str = "bob") -> Json:
    """Choose from the overflow menu of a Home tab."""
    place = {"container": {"type": "view", "view_id": view["id"]}, "block_id": "row"}
    return await scene.person(name).does(
        "action", **place, action={"action_id": "more", "selected_option": {"value": value}}
    )


async def test_a_choice_on_home_opens_a_modal(scene: Scene):
    app, heard = scene.app(), []

    @app.action("more")
    async def picked(ack: Any, body: Json, client: Any) -> None:
        heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    view = (await scene.bot.views_publish(user_id="U0BOB", view=home(menu("retry", "stop"))))["view"]
    async with scene.connected(app), scene.person("bob").watching() as watch:
        told = await chosen(scene, view, "stop")
        shown = (await watch.until("view_opened"))["view"]
    body = heard[0]

    assert told == {"ok": True}
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert (body["view"]["type"], body["view"]["id"], body["view"]["hash"]) == (
        "home",
        view["id"],
        view["hash"],
    )
    assert not {"message", "channel", "response_url"} & set(body)
    assert body["actions"][0]["selected_option"] == {"text": plain("Stop"), "value": "stop"}
    assert (shown["type"], shown["previous_view_id"]) == ("modal", None)


async def test_a_trigger_of_home_pushes_nothing_and_home_is_no_form(scene: Scene):
    view = (await scene.bot.views_publish(user_id="U0BOB", view=home(menu("retry"))))["view"]
    async with scene.socket() as socket:
        pressing = asyncio.create_task(chosen(scene, view, "retry"))
        envelope = await socket.receive_json(timeout=5)
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await pressing
    trigger, bob = envelope["payload"]["trigger_id"], scene.person("bob")

    assert await refused(scene.bot.views_push(trigger_id=trigger, view=modal())) == "not_found"
    for deed in ("submit", "close"):
        assert await bob.does(deed, view_id=view["id"], state={}) == {"ok": False, "error": "not_found"}
    assert (await bob.does("home", tab="home"))["view"] == view


async def test_a_new_home_replaces_the_old_live_and_minds_the_hash(scene: Scene):
    first = (await scene.bot.views_publish(user_id="U0BOB", view=home(menu("retry"))))["view"]
    async with scene.person("bob").watching() as watch:
        second = (await scene.bot.views_publish(user_id="U0BOB", view=home(*card("go")), hash=first["hash"]))[
            "view"
        ]
        frame = await watch.until("home")
    late = scene.bot.views_publish(user_id="U0BOB", view=home(menu("retry")), hash=first["hash"])

    assert frame["view"] == second
    assert (second["id"], second["hash"] != first["hash"]) == (first["id"], True)
    assert await refused(late) == "hash_conflict"


async def test_a_press_on_what_was_just_replaced_reaches_the_bot(scene: Scene):
    app, heard = scene.app(), []

    @app.action("more")
    async def picked(ack: Any, body: Json) -> None:
        heard.append(body["actions"][0]["selected_option"]["value"])
        await ack()

    view = (await scene.bot.views_publish(user_id="U0BOB", view=home(menu("retry"))))["view"]
    await scene.bot.views_publish(user_id="U0BOB", view=home(*card("go")))
    async with scene.connected(app):
        late = await chosen(scene, view, "retry")
        never = await chosen(scene, view, "burn")
        other = await chosen(scene, view, "retry", name="carol")

    assert (late, heard) == ({"ok": True}, ["retry"])
    assert (never["error"], other["error"]) == ("invalid_action", "not_found")
