"""Views that are closed: one, or all that lie under it, and who is told."""

from typing import Any

import pytest

from tests.bot.workspace.scene import Scene, modal
from tests.bot.workspace.test_chat import refused
from tests.bot.workspace.test_forms import opened

Json = dict[str, Any]


async def stacked(scene: Scene, **changes: Any) -> tuple[Json, Json, list[Json]]:
    """Open a view and one over it, both wanting to know when they are closed; close as the arguments say."""
    heard: list[Json] = []
    app = scene.app()

    @app.view_closed("back")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    @app.view("back")
    async def pushes(ack: Any) -> None:
        how = {name: changes[name] for name in ("clear_on_close",) if name in changes}
        await ack(response_action="push", view=modal(notify_on_close=True, **how))

    first = await opened(scene, modal(notify_on_close=True))
    bob = scene.person("bob")
    async with scene.connected(app):
        state = {"values": {"why": {"reason": {"value": "x"}}}}
        second = (await bob.does("submit", view_id=first["id"], state=state))["view"]
        await bob.does("close", view_id=second["id"], all=changes.get("all", False))
    return first, second, heard


@pytest.mark.parametrize("how", [{"all": True}, {"clear_on_close": True}])
async def test_closing_all_views_tells_of_each_the_top_one_first(scene: Scene, how: Json):
    first, second, heard = await stacked(scene, **how)

    assert [(one["view"]["id"], one["is_cleared"]) for one in heard] == [
        (second["id"], True),
        (first["id"], True),
    ]
    assert await refused(scene.bot.views_update(view_id=first["id"], view=modal())) == "not_found"


async def test_closing_the_top_view_leaves_the_one_under_it(scene: Scene):
    first, second, heard = await stacked(scene)

    assert [(one["view"]["id"], one["is_cleared"]) for one in heard] == [(second["id"], False)]
    assert (await scene.bot.views_update(view_id=first["id"], view=modal()))["ok"]
