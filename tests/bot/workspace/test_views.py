"""Modals and Home tabs: opened, refused, stacked, changed and closed, by a real Bolt app."""

import asyncio
from typing import Any

from tests.bot.workspace.scene import Scene, card, modal
from tests.bot.workspace.test_chat import refused
from tests.bot.workspace.test_interactions import opens, posted


async def shown_modal(scene: Scene) -> dict[str, Any]:
    """Press `go` as Bob, and return the modal his page shows."""
    message = await posted(scene, "go")
    async with scene.person("bob").watching() as watch:
        assert await scene.person("bob").presses(message, "go") == {"ok": True}
        return (await watch.until("view_opened"))["view"]


async def test_a_modal_is_opened_refused_corrected_and_closed(scene: Scene):
    app, heard = scene.app(), []
    await opens(app, heard, modal(private_metadata="cp1"))

    @app.view("back")
    async def submitted(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        heard.append(view)
        reason = view["state"]["values"]["why"]["reason"]["value"]
        await ack(response_action="errors", errors={"why": "Say more."}) if reason == "no" else await ack()

    async with scene.connected(app):
        view = await shown_modal(scene)
        bob = scene.person("bob")
        empty = await bob.does("submit", view_id=view["id"], state={"values": {}})
        short = await bob.does(
            "submit", view_id=view["id"], state={"values": {"why": {"reason": {"value": "no"}}}}
        )
        good = await bob.does(
            "submit", view_id=view["id"], state={"values": {"why": {"reason": {"value": "later"}}}}
        )
        gone = await bob.does("submit", view_id=view["id"], state={"values": {}})

    assert empty["errors"] == {"why": "Please complete this required field."}
    assert short == {"ok": True, "response_action": "errors", "errors": {"why": "Say more."}}
    assert good == {"ok": True}
    assert gone == {"ok": False, "error": "not_found"}
    assert [one["state"]["values"]["why"]["reason"]["value"] for one in heard[1:]] == ["no", "later"]
    assert heard[1]["private_metadata"] == "cp1"


async def test_a_submitted_modal_may_turn_into_another_or_open_one_over_it(scene: Scene):
    app, answers = scene.app(), ["update", "push", "clear"]
    await opens(app, [], modal())

    @app.view("back")
    async def submitted(ack: Any) -> None:
        action = answers.pop(0)
        view = modal(title={"type": "plain_text", "text": action}) if action != "clear" else None
        await ack({"response_action": action, **({"view": view} if view else {})})

    filled = {"values": {"why": {"reason": {"value": "x"}}}}
    async with scene.connected(app):
        view = await shown_modal(scene)
        bob = scene.person("bob")
        updated = await bob.does("submit", view_id=view["id"], state=filled)
        pushed = await bob.does("submit", view_id=view["id"], state=filled)
        cleared = await bob.does("submit", view_id=pushed["view"]["id"], state=filled)
        gone = await bob.does("close", view_id=view["id"])

    assert (updated["view"]["id"], updated["view"]["title"]["text"]) == (view["id"], "update")
    assert pushed["view"]["previous_view_id"] == pushed["view"]["root_view_id"] == view["id"]
    assert cleared == {"ok": True, "response_action": "clear"}
    assert gone["error"] == "not_found"


async def test_closing_a_modal_is_told_only_when_it_asks_for_it(scene: Scene):
    app, heard = scene.app(), []
    await opens(app, [], modal(notify_on_close=True))

    @app.view_closed("back")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    async with scene.connected(app):
        view = await shown_modal(scene)
        await scene.person("bob").does("close", view_id=view["id"])

    assert (heard[0]["view"]["id"], heard[0]["is_cleared"]) == (view["id"], False)


async def trigger(scene: Scene) -> str:
    """Press a button and return the trigger id the bot gets."""
    message = await posted(scene, "go")
    async with scene.socket() as socket:
        pressing = asyncio.create_task(scene.person("bob").presses(message, "go"))
        while (envelope := await socket.receive_json(timeout=5))["type"] != "interactive":
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await pressing)["ok"]
    return str(envelope["payload"]["trigger_id"])


async def test_a_trigger_works_once_and_for_three_seconds(scene: Scene):
    fresh = await trigger(scene)
    await scene.bot.views_open(trigger_id=fresh, view=modal())
    late = await trigger(scene)
    scene.clock.time += 3

    assert await refused(scene.bot.views_open(trigger_id=fresh, view=modal())) == "exchanged_trigger_id"
    assert await refused(scene.bot.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await refused(scene.bot.views_open(trigger_id="1.2", view=modal())) == "invalid_trigger_id"


async def test_a_refused_view_does_not_use_up_its_trigger(scene: Scene):
    fresh = await trigger(scene)

    assert (
        await refused(scene.bot.views_open(trigger_id=fresh, view=modal(submit=None))) == "invalid_arguments"
    )
    assert (await scene.bot.views_open(trigger_id=fresh, view=modal()))["ok"]


async def test_views_stack_three_deep_and_updates_mind_the_hash(scene: Scene):
    app, heard = scene.app(), []

    @app.action("deeper")
    async def deeper(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal(blocks=card("deeper")))
        except Exception as error:  # noqa: BLE001
            heard.append(str(error))

    first = (await scene.bot.views_open(trigger_id=await trigger(scene), view=modal(blocks=card("deeper"))))[
        "view"
    ]
    view, bob = first, scene.person("bob")
    async with scene.connected(app), bob.watching() as watch:
        for depth in range(3):
            place = {
                "container": {"type": "view", "view_id": view["id"]},
                "block_id": view["blocks"][0]["block_id"],
            }
            await bob.does("action", **place, action={"action_id": "deeper"})
            if depth < 2:
                view = (await watch.until("view_pushed"))["view"]
    changed = (await scene.bot.views_update(view_id=first["id"], view=modal(), hash=first["hash"]))["view"]

    assert "push_limit_reached" in heard[0]
    assert view["root_view_id"] == first["id"]
    assert changed["hash"] != first["hash"]
    assert (
        await refused(scene.bot.views_update(view_id=first["id"], view=modal(), hash=first["hash"]))
        == "hash_conflict"
    )
    assert await refused(scene.bot.views_update(view_id="V0", view=modal())) == "not_found"


async def test_a_home_tab_is_published_and_opening_it_is_an_event(scene: Scene):
    home = {"type": "home", "blocks": card("go")}
    bob = scene.person("bob")
    async with bob.watching() as watch, scene.socket() as socket:
        view = (await scene.bot.views_publish(user_id="U0BOB", view=home))["view"]
        frame = await watch.until("home")
        answer = await bob.does("home", tab="home")
        event = (await socket.receive_json(timeout=5))["payload"]["event"]

    assert frame["view"] == answer["view"] == event["view"] == view
    assert (event["type"], event["user"], event["channel"], event["tab"]) == (
        "app_home_opened",
        "U0BOB",
        "D0BOB",
        "home",
    )
    conflict = scene.bot.views_publish(user_id="U0BOB", view=home, hash="old")

    assert await refused(conflict) == "hash_conflict"


async def test_a_form_says_what_is_wrong_before_the_bot_is_asked(scene: Scene):
    inputs = {
        "mail": {"type": "email_text_input", "action_id": "a"},
        "link": {"type": "url_text_input", "action_id": "a"},
        "sum": {"type": "number_input", "action_id": "a", "is_decimal_allowed": True},
        "name": {"type": "plain_text_input", "action_id": "a", "min_length": 3, "max_length": 5},
        "note": {"type": "plain_text_input", "action_id": "a"},
    }
    blocks = [
        {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": name}, "element": element}
        for name, element in inputs.items()
    ]
    blocks[-1]["optional"] = True
    view = (await scene.bot.views_open(trigger_id=await trigger(scene), view=modal(blocks=blocks)))["view"]
    written = {"mail": "bob", "link": "javascript:x", "sum": "many", "name": "x" * 6, "note": ""}
    values = {name: {"a": {"value": value}} for name, value in written.items()}
    answer = await scene.person("bob").does("submit", view_id=view["id"], state={"values": values})

    assert answer["errors"] == {
        "mail": "Please enter a valid email address.",
        "link": "Please enter a valid URL.",
        "sum": "Please enter a valid number.",
        "name": "Please use at most 5 characters.",
    }
