"""Attached files: from Slack's hosts only, never too large, never its login page; the token goes nowhere else."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from agents.errors import UnreadableError
from bot import files
from bot.files import Files

TOKEN = "xoxb-1"


@asynccontextmanager
async def site(answer: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    """Serve one answer for every address."""
    app = web.Application()

    async def reply(request: web.Request) -> web.StreamResponse:
        return await answer(request)

    app.router.add_get("/{path:.*}", reply)
    runner = web.AppRunner(app)
    await runner.setup()
    at = web.TCPSite(runner, "127.0.0.1", 0)
    await at.start()
    yield f"http://127.0.0.1:{at._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    await runner.cleanup()


def said(body: bytes, content_type: str = "application/pdf", status: int = 200, **headers: str) -> Callable[..., Any]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=content_type, status=status, headers=headers)

    return answer


def file(url: str, **facts: Any) -> dict[str, Any]:
    return {"id": "F1", "name": "offer.pdf", "url_private": url, "size": 3, "mimetype": "application/pdf", **facts}


async def test_a_file_is_read_with_the_bots_token():
    seen = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.headers["Authorization"])
        return web.Response(body=b"abc", content_type="application/pdf")

    async with site(answer) as url:
        content = await Files(f"{url}/api/", TOKEN).read(file(f"{url}/files/F1/offer.pdf"))

    assert (content, seen) == (b"abc", ["Bearer xoxb-1"])


async def test_a_relative_address_is_on_the_apis_own_host():
    async with site(said(b"abc")) as url:
        assert await Files(f"{url}/api/", TOKEN).read(file("/files/F1/offer.pdf")) == b"abc"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/files/F1", "http://files.slack.com/F1", "https://files.slack.com.evil.example/F1",
        "https://files.slack.com@evil.example/F1", "https://user@files.slack.com/F1", "https://files.slack.com:8443/F1",
        "//evil.example/F1", "ftp://slack.com/F1", "https://slack.com.evil.example/F1", "",
    ],
)
async def test_the_token_is_sent_nowhere_else(elsewhere: str):
    with pytest.raises(UnreadableError, match="is not kept in Slack"):
        await Files("https://slack.com/api/", TOKEN).read(file(elsewhere))


def test_slacks_own_two_hosts_are_where_files_are():
    reader = Files("https://slack.com/api/", TOKEN)

    assert reader._address("x", "https://files.slack.com/F1") == "https://files.slack.com/F1"
    assert reader._address("x", "https://slack.com/F1") == "https://slack.com/F1"


async def test_a_redirect_is_not_followed():
    async with site(said(b"", status=302, Location="https://evil.example/")) as url:
        with pytest.raises(UnreadableError, match=r"does not hand out 'offer.pdf' \(status 302\)"):
            await Files(f"{url}/api/", TOKEN).read(file("/F1"))


async def test_slacks_login_page_is_not_taken_for_the_file():
    async with site(said(b"<html>Sign in</html>", "text/html")) as url:
        with pytest.raises(UnreadableError, match=r"login page instead of 'offer.pdf'.*files:read"):
            await Files(f"{url}/api/", TOKEN).read(file("/F1"))


async def test_an_attached_web_page_is_read_and_a_login_page_in_its_place_is_not():
    page = {"mimetype": "text/html", "name": "page.html"}
    async with site(said(b"<p>", "text/html")) as url:
        reader = Files(f"{url}/api/", TOKEN)

        assert await reader.read(file("/F1", **page, size=3)) == b"<p>"
        with pytest.raises(UnreadableError, match="login page"):
            await reader.read(file("/F1", **page, size=500))


async def test_what_claims_to_be_too_large_is_not_even_asked_for():
    with pytest.raises(UnreadableError, match=r"'offer.pdf' is larger than 20 MB\."):
        await Files("https://slack.com/api/", TOKEN).read(file("https://files.slack.com/F1", size=21 * 1024 * 1024))


async def test_what_turns_out_too_large_is_dropped_on_the_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_BYTES", 100_000)
    async with site(said(b"x" * 100_001)) as url:
        with pytest.raises(UnreadableError, match="is larger than"):
            await Files(f"{url}/api/", TOKEN).read(file("/F1"))


async def test_a_connection_that_breaks_is_a_sentence():
    with pytest.raises(UnreadableError, match=r"could not be downloaded from Slack\. Attach it again\."):
        await Files("http://127.0.0.1:9/api/", TOKEN).read(file("/F1"))
