"""Pictures in blocks: only uploaded ones the author may see, and whoever sees the blocks may see them."""

import struct
import zlib
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.bot.workspace.scene import BOT, Scene, modal
from tests.bot.workspace.test_chat import refused
from tests.bot.workspace.test_files import fetch
from tests.bot.workspace.test_views import trigger

Json = dict[str, Any]


def png(width: int = 2, height: int = 2, colour: tuple[int, int, int] = (23, 89, 124)) -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


async def uploaded(scene: Scene, name: str = "chart.png", token: str = BOT) -> Json:
    """Upload a picture that is shared with nobody."""
    answer = await scene.client(token).files_upload_v2(filename=name, content=png(), title=name)
    return dict(answer["files"][0])


def showing(**source: Any) -> list[Json]:
    return [{"type": "image", "alt_text": "Spend", "slack_file": source}]


@pytest.mark.parametrize("by", ["id", "url"])
async def test_a_picture_in_a_message_is_seen_by_its_channel_and_nobody_else(scene: Scene, by: str):
    file = await uploaded(scene)
    source = {by: file["id"] if by == "id" else file["url_private"]}
    before = (await fetch(file["url_private"], "xoxp-bob")).status
    posted = await scene.bot.chat_postMessage(channel="C0LEGAL", text="Spend", blocks=showing(**source))
    after = [(await fetch(file["url_private"], f"xoxp-{name}")).status for name in ("bob", "dave")]

    assert (before, after) == (404, [200, 404])
    assert posted["message"]["blocks"][0]["slack_file"] == source
    assert (await scene.bob.files_info(file=file["id"]))["file"]["channels"] == []


async def test_an_edit_and_an_ephemeral_show_pictures_too(scene: Scene):
    late, quiet = await uploaded(scene, "late.png"), await uploaded(scene, "quiet.png")
    posted = await scene.bot.chat_postMessage(channel="C0LEGAL", text="Spend")
    await scene.bot.chat_update(
        channel="C0LEGAL", ts=posted["ts"], text="Spend", blocks=showing(id=late["id"])
    )
    await scene.bot.chat_postEphemeral(
        channel="C0LEGAL", user="U0BOB", text="Spend", blocks=showing(id=quiet["id"])
    )
    found = [
        (await fetch(file["url_private"], f"xoxp-{name}")).status
        for file in (late, quiet)
        for name in ("bob", "carol")
    ]

    assert found == [200, 200, 200, 404]


async def test_home_and_modals_show_pictures_to_their_person_alone(scene: Scene):
    home, form = await uploaded(scene, "home.png"), await uploaded(scene, "form.png")
    element = {"type": "image", "alt_text": "Spend", "slack_file": {"id": home["id"]}}
    context = {"type": "context", "elements": [element]}
    await scene.bot.views_publish(user_id="U0BOB", view={"type": "home", "blocks": [context]})
    await scene.bot.views_open(trigger_id=await trigger(scene), view=modal(blocks=showing(id=form["id"])))
    found = [
        (await fetch(file["url_private"], f"xoxp-{name}")).status
        for file in (home, form)
        for name in ("bob", "carol")
    ]

    assert found == [200, 404, 200, 404]


async def test_a_file_that_is_missing_no_picture_or_anothers_is_refused_with_its_place(scene: Scene):
    theirs = await uploaded(scene, token="xoxp-alice")
    words = (await scene.bot.files_upload_v2(filename="a.txt", content="x"))["files"][0]
    announced = await scene.bot.files_getUploadURLExternal(filename="b.png", length=3)
    for source in ({"id": "F0NONE"}, {"id": theirs["id"]}, {"id": words["id"]}, {"id": announced["file_id"]}):
        with pytest.raises(SlackApiError) as found:
            await scene.bot.chat_postMessage(channel="C0LEGAL", text="x", blocks=showing(**source))

        assert found.value.response["error"] == "invalid_blocks"
        assert found.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert await scene.texts("C0LEGAL") == []


async def test_a_view_with_a_wrong_picture_is_refused_and_changes_nothing(scene: Scene):
    published = scene.bot.views_publish(
        user_id="U0BOB", view={"type": "home", "blocks": showing(id="F0NONE")}
    )

    assert await refused(published) == "invalid_arguments"
    assert (await scene.person("bob").does("home", tab="home"))["view"] is None


async def test_two_sources_for_one_picture_are_refused(scene: Scene):
    file = await uploaded(scene)
    both = showing(id=file["id"], url=file["url_private"])
    far = [{**showing(id=file["id"])[0], "image_url": "https://far.example/p.png"}]

    assert (
        await refused(scene.bot.chat_postMessage(channel="C0LEGAL", text="x", blocks=both))
        == "invalid_blocks"
    )
    assert (
        await refused(scene.bot.chat_postMessage(channel="C0LEGAL", text="x", blocks=far)) == "invalid_blocks"
    )
