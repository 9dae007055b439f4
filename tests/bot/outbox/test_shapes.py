"""What arrives: cards, copies, files, simpler shapes when Slack refuses the rich one, and nothing that unfurls."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.messages import actions
from storage import checkpoints, outbox
from storage.words import CheckpointKind, CheckpointState, MessageKind, MessageState
from tests.bot.messages import sample
from tests.bot.outbox.conftest import CHANNEL, Shop, opened

POSTS = ["chat.postMessage", "chat.update"]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """Return an open shop in which no answer is lost, however busy the machine is."""
    async with opened(tmp_path, timeout_s=30) as shop:
        yield shop


async def test_a_checkpoint_and_its_copy_are_settled_in_one_pass(shop: Shop):
    root = await _asked(shop)
    about = {"run_id": "run-1", "checkpoint_id": "chk-1"}
    await shop.say(MessageKind.CHECKPOINT, thread_ts=root, **about)
    await shop.say(MessageKind.CHECKPOINT, channel="", user="U0BOB", **about)
    await shop.settle()
    both = [(await shop.thread(root))[-1], (await shop.history("D0BOB"))[-1]]
    await _decide(shop)

    await shop.outbox.deliver_due()

    settled = [(await shop.thread(root))[-1], (await shop.history("D0BOB"))[-1]]
    shown = ["Approve", "Edit and approve", "Send back", "Read all", "Stop", "Ask somebody else…"]
    assert [_buttons(message) for message in both] == [shown, [*shown[:-1], "Open thread", shown[-1]]]
    assert [_buttons(message) for message in settled] == [[], []]
    assert [message["text"].startswith("*Approved* by <@U0BOB>") for message in settled] == [True, True]
    assert [message["ts"] for message in settled] == [message["ts"] for message in both]


async def test_a_button_carries_a_pointer_to_the_version_and_nothing_else(shop: Shop):
    root = await _asked(shop)
    await shop.say(MessageKind.CHECKPOINT, thread_ts=root, run_id="run-1", checkpoint_id="chk-1")

    await shop.settle()

    values = {element["value"] for element in _elements((await shop.thread(root))[-1])}
    assert [actions.pointer(value) for value in values] == [actions.Pointer("chk-1", 1, "nonce123")]


async def test_the_result_comes_before_its_file(shop: Shop):
    root = await shop.root()
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root), sample.artifact())
    about = {"run_id": "run-1", "artifact_id": "art-1", "thread_ts": root}
    await shop.say(MessageKind.RESULT, **about)
    await shop.say(MessageKind.FILE, **about)

    await shop.settle()

    result, file = await shop.thread(root)
    assert result["text"].startswith("<@U0ALICE>, “Three competitors compared” is done.")
    assert [one["name"] for one in file["files"]] == ["three-competitors-compared.md"]


async def test_a_file_holds_the_artifact_to_the_byte(shop: Shop):
    root = await shop.root()
    words = "# Größe\r\n\n<!channel> & 👩‍💻\n"
    await shop.add(sample.run(channel=CHANNEL, thread_ts=root), sample.artifact(words))
    await shop.say(MessageKind.FILE, run_id="run-1", artifact_id="art-1", thread_ts=root)

    await shop.settle()

    [message] = await shop.thread(root)
    assert await _downloaded(shop, message["files"][0]["url_private"]) == words.encode()


async def test_a_draft_too_long_for_a_window_goes_up_as_a_file_beside_its_card(shop: Shop):
    root = await _asked(shop, text="A sentence of a very long draft. " * 20_000)
    await shop.say(MessageKind.CHECKPOINT, thread_ts=root, run_id="run-1", checkpoint_id="chk-1")
    await shop.say(MessageKind.CHECKPOINT, channel="", user="U0BOB", run_id="run-1", checkpoint_id="chk-1")

    await shop.settle()

    said = await shop.thread(root)
    assert [len(message.get("files", ())) for message in said] == [0, 1]
    assert len(await shop.history("D0BOB")) == 1


async def test_nothing_posted_or_edited_may_unfurl_or_be_parsed(shop: Shop):
    root = await _asked(shop)
    about = {"run_id": "run-1", "thread_ts": root}
    await shop.say(thread_ts=root, text="https://secret.example/?q=1 <!channel> @here")
    await shop.say(MessageKind.STATUS, **about)
    await shop.say(MessageKind.CHECKPOINT, checkpoint_id="chk-1", **about)
    await shop.say(MessageKind.RESULT, artifact_id="art-1", **about)
    await shop.settle()
    await _decide(shop)

    await shop.settle()

    made = [call["arguments"] for method in POSTS for call in await shop.calls(method)][1:]
    quiet = [(one["unfurl_links"], one["unfurl_media"], one["parse"], one["link_names"]) for one in made]
    assert quiet == [(False, False, "none", False)] * 5
    assert (await shop.thread(root))[0]["text"] == "https://secret.example/?q=1 &lt;!channel&gt; @here"


async def test_every_post_carries_its_id_and_no_content(shop: Shop):
    root = await shop.root()
    said = await shop.say(thread_ts=root, text="hello")

    await shop.settle()

    answer = await shop.client.conversations_replies(channel=CHANNEL, ts=root, include_all_metadata=True)
    assert answer["messages"][1]["metadata"] == {"event_type": "jidoka_message", "event_payload": {"id": said}}


@pytest.mark.parametrize(("refused", "rung", "buttons"), [(1, 2, 6), (2, 3, 0)])
@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])
async def test_blocks_slack_refuses_are_said_more_simply(shop: Shop, error: str, refused: int, rung: int, buttons: int):
    root = await _asked(shop)
    await shop.say(MessageKind.CHECKPOINT, thread_ts=root, run_id="run-1", checkpoint_id="chk-1")
    async with _picky(shop, error, refused) as made:
        await shop.settle()

    cards = [message for message in await shop.thread(root) if not message.get("files")]
    assert len(made) == rung
    assert [len(_buttons(card)) for card in cards] == [buttons]
    assert "Is this right?" in cards[0]["text"]
    assert ("write `stop` in its thread" in cards[0]["text"]) == (rung == 3)
    assert [event["rung"] for event in await shop.events("message simplified")] == [rung]


async def test_a_card_without_buttons_has_its_whole_text_as_a_file(shop: Shop):
    root = await _asked(shop)
    await shop.say(MessageKind.CHECKPOINT, thread_ts=root, run_id="run-1", checkpoint_id="chk-1")
    async with _picky(shop, "invalid_blocks", 2):
        await shop.settle()

    assert [len(message.get("files", ())) for message in await shop.thread(root)] == [0, 1]


async def test_a_message_of_which_slack_takes_no_shape_is_given_up_by_name(shop: Shop):
    root = await _asked(shop)
    said = await shop.say(MessageKind.CHECKPOINT, thread_ts=root, run_id="run-1", checkpoint_id="chk-1")
    async with _picky(shop, "invalid_blocks", 99):
        await shop.settle()

    row = await shop.row(said)
    assert (row.state, row.error) == (MessageState.DEAD, "invalid_blocks")


async def test_a_lost_token_kills_no_message(shop: Shop):
    root = await shop.root()
    said = await shop.say(thread_ts=root, text="hello")
    async with _picky(shop, "token_revoked", 99):
        await shop.outbox.deliver_due()

    row = await shop.row(said)
    assert (row.state, row.delivered, row.attempts) == (MessageState.LIVE, 0, 0)
    assert row.not_before is not None


class _picky:  # noqa: N801  used like a function
    """A door before the workspace that refuses the first posts of the bot with an error of Slack's."""

    def __init__(self, shop: Shop, error: str, refused: int) -> None:
        self._shop, self._error, self._left = shop, error, refused
        self._made: list[dict[str, Any]] = []
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._handle)
        self._server = TestServer(app)

    async def __aenter__(self) -> list[dict[str, Any]]:
        await self._server.start_server()
        self._before = self._shop.client.base_url
        self._shop.client.base_url = str(self._server.make_url("/api/"))
        return self._made

    async def __aexit__(self, *_: object) -> None:
        self._shop.client.base_url = self._before
        await self._server.close()

    async def _handle(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.read()
        if method == "chat.postMessage":
            self._made.append(json.loads(body))
            self._left -= 1
            if self._left >= 0:
                return web.json_response({"ok": False, "error": self._error})
        return await _forwarded(self._before + method, request, body)


async def _forwarded(url: str, request: web.Request, body: bytes) -> web.Response:
    headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
    async with aiohttp.ClientSession() as session, session.request(
        request.method, url, params=request.query, data=body, headers=headers
    ) as answer:
        return web.json_response(await answer.json())


async def _asked(shop: Shop, text: str = "# Brief\n\nAcme costs 5 € [F1].\n") -> str:
    """Return the root of a thread whose run waits for a decision on a draft."""
    root = await shop.root()
    rows = [sample.run(channel=CHANNEL, thread_ts=root), sample.artifact(text)]
    await shop.add(*rows, *sample.tasks(), sample.checkpoint(CheckpointKind.DRAFT, artifact_id="art-1"))
    return root


async def _decide(shop: Shop) -> None:
    async with shop.database.write() as session:
        asked = await checkpoints.get(session, "chk-1")
        await checkpoints.close(session, asked, CheckpointState.APPROVED, by="U0BOB")
        await outbox.refresh(session, MessageKind.CHECKPOINT, checkpoint_id="chk-1")


async def _downloaded(shop: Shop, url: str) -> bytes:
    headers = {"Authorization": f"Bearer {shop.client.token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
        return await answer.read()


def _elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons of a message, and those behind its three dots."""
    rows = [block["elements"] for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [one for row in rows for element in row for one in element.get("options", [element])]


def _buttons(message: dict[str, Any]) -> list[str]:
    return [element["text"]["text"] for element in _elements(message)]
