"""Files: the three steps of an upload by a real Slack client, and downloads with a token."""

from typing import Any

import aiohttp

from bot.workspace import samples
from tests.bot.workspace.scene import BOT, Scene
from tests.bot.workspace.test_chat import newest, refused


async def upload(scene: Scene, name: str, content: bytes, **more: Any) -> dict[str, Any]:
    answer = await scene.alice.files_upload_v2(
        filename=name, content=content, title=name, channel="C0GENERAL", **more
    )
    found = await scene.bot.files_info(file=answer["files"][0]["id"])
    return found["file"]


async def fetch(url: str, token: str = "") -> aiohttp.ClientResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session:
        answer = await session.get(url, headers=headers)
        await answer.read()
    return answer


async def test_a_person_uploads_with_a_comment_and_the_bot_hears_and_reads_it(scene: Scene):
    file = await upload(scene, "brief & notes.md", b"# Brief", initial_comment="@jidoka read <this>")
    async with scene.socket() as socket:
        message, mention = [(await socket.receive_json(timeout=5))["payload"]["event"] for _ in range(2)]
    answer = await fetch(file["url_private"], BOT)

    assert (message["type"], message["subtype"], mention["type"]) == ("message", "file_share", "app_mention")
    assert message["text"] == mention["text"] == "<@U0JIDOKA> read &lt;this&gt;"
    assert message["files"][0]["id"] == mention["files"][0]["id"] == file["id"]
    assert (file["name"], file["mimetype"], file["size"]) == ("brief & notes.md", "text/markdown", 7)
    assert (answer.status, await answer.read()) == (200, b"# Brief")
    assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_the_bot_uploads_into_a_thread_and_finds_its_file_there(scene: Scene):
    root = await scene.alice.chat_postMessage(channel="C0GENERAL", text="root")
    answer = await scene.bot.files_upload_v2(
        filename="result.csv",
        content=b"a,b\n",
        channel="C0GENERAL",
        thread_ts=root["ts"],
        initial_comment="Here",
    )
    thread = await scene.bot.conversations_replies(channel="C0GENERAL", ts=root["ts"])
    reply = thread["messages"][1]

    assert (reply["user"], reply["text"]) == ("U0JIDOKA", "Here")
    assert reply["files"][0]["id"] == answer["files"][0]["id"]


async def test_a_file_without_a_channel_is_its_owners_alone(scene: Scene):
    answer = await scene.alice.files_upload_v2(filename="a.txt", content="x")
    url = answer["files"][0]["url_private"]

    assert (await fetch(url, "xoxp-alice")).status == 200
    assert (await fetch(url, BOT)).status == 404
    assert await refused(scene.bot.files_info(file=answer["files"][0]["id"])) == "file_not_found"


async def test_a_wrong_token_gets_a_login_page_under_200(scene: Scene):
    file = await upload(scene, "a.txt", b"secret")
    for token in ("", "xoxb-9"):
        answer = await fetch(file["url_private"], token)

        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "secret" not in await answer.text()


async def test_a_guest_cannot_read_a_file_of_another_channel(scene: Scene):
    answer = await scene.bob.files_upload_v2(filename="a.txt", content="x", channel="C0LEGAL")
    url = answer["files"][0]["url_private"]

    assert (await fetch(url, "xoxp-dave")).status == 404
    assert (await fetch(url, "xoxp-carol")).status == 200


async def test_what_was_never_uploaded_or_is_anothers_cannot_be_completed(scene: Scene):
    announced = await scene.alice.files_getUploadURLExternal(filename="a.txt", length=3)
    place = {"files": [{"id": announced["file_id"], "title": "a"}], "channel_id": "C0GENERAL"}
    early = await refused(scene.alice.files_completeUploadExternal(**place))
    async with scene.session.post(announced["upload_url"], data=b"four") as answer:
        wrong_length = answer.status
    async with scene.session.post(announced["upload_url"], data=b"abc") as answer:
        right = await answer.text()
    async with scene.session.post(f"{scene.url}/upload/forged", data=b"abc") as answer:
        forged = answer.status

    assert (early, wrong_length, right, forged) == ("file_not_found", 400, "OK - 3", 400)
    assert await refused(scene.bob.files_completeUploadExternal(**place)) == "file_not_found"
    assert (await scene.alice.files_completeUploadExternal(**place))["ok"]
    assert (await newest(scene.alice))["files"][0]["size"] == 3


async def test_a_file_the_browser_could_run_is_never_handed_out_as_such(scene: Scene):
    page = await upload(scene, "x.html", b"<script>alert(1)</script>")
    drawing = await upload(scene, "x.svg", b"<svg/>")
    picture = await upload(scene, "x.png", b"png")
    found = [
        await scene.person("alice").gets(f"/files/{one['id']}/x?inline=1") for one in (page, drawing, picture)
    ]

    assert [one.content_type for one in found] == [
        "application/octet-stream",
        "application/octet-stream",
        "image/png",
    ]
    assert [one.headers["Content-Disposition"].split(";")[0] for one in found] == [
        "attachment",
        "attachment",
        "inline",
    ]
    assert {one.headers["X-Content-Type-Options"] for one in found} == {"nosniff"}
    assert all("sandbox" in one.headers["Content-Security-Policy"] for one in found)


async def test_the_page_reads_files_with_its_cookie(scene: Scene):
    file = await upload(scene, "a.txt", b"text")
    async with scene.session.get(file["url_private"]) as answer:
        assert await answer.read() == b"text"


def test_samples_say_what_their_request_needs():
    assert {one["folder"]: one["needs"] for one in samples.listed() if one["needs"]} == {
        "feature": "Needs a language model and bubblewrap",
    }  # fmt: skip


async def test_every_sample_can_be_fetched_and_nothing_beside_them(scene: Scene):
    alice = scene.person("alice")
    for one in samples.listed():
        answer = await alice.gets(f"/page/samples/{one['folder']}/{one['name']}")

        assert (answer.status, len(await answer.read())) == (200, one["size"])
    for path in ("/page/samples/legal/..%2Fsamples.json", "/page/samples/..%2F..%2Fworkspace/server.py"):
        assert (await alice.gets(path)).status == 404


async def test_an_owner_deletes_a_file(scene: Scene):
    file = await upload(scene, "a.txt", b"text")

    assert await refused(scene.bot.files_delete(file=file["id"])) == "cant_delete_file"
    assert [one["id"] for one in (await scene.bot.files_list(channel="C0GENERAL"))["files"]] == [file["id"]]
    await scene.alice.files_delete(file=file["id"])

    assert (await fetch(file["url_private"], BOT)).status == 404
