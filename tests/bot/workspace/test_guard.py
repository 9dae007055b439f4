"""Who is kept out: forged hosts, other sites' pages, browsers without the start token."""

import aiohttp
import pytest

from tests.bot.workspace.scene import BOT, START, Scene

PATHS = ("/", "/api/auth.test", "/page/boot", "/files/F1/x", "/static/page.css", "/faults/calls")


async def status(scene: Scene, path: str, **headers: str) -> int:
    async with scene.session.get(scene.url + path, headers=headers, allow_redirects=False) as answer:
        return answer.status


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Host": "evil.example@127.0.0.1"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_what_another_site_may_have_caused_is_refused(scene: Scene, path: str, forged: dict[str, str]):
    assert await status(scene, path, Authorization=f"Bearer {BOT}", **forged) == 403


async def test_a_form_of_another_site_posts_nothing(scene: Scene):
    form = {"channel": "C0GENERAL", "text": "approve", "token": BOT}
    headers = {"Origin": "https://evil.example"}
    async with scene.session.post(f"{scene.url}/api/chat.postMessage", data=form, headers=headers) as answer:
        refused = answer.status

    assert refused == 403
    assert await scene.texts() == []


async def test_sockets_of_other_sites_are_refused(scene: Scene):
    for path in ("/page/stream?as=U0BOB", "/socket?ticket=x"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await scene.session.ws_connect(scene.url + path, headers={"Origin": "https://evil.example"})

        assert refused.value.status == 403


async def test_only_the_start_token_lets_a_browser_in(scene: Scene):
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        for query in ("", "?token=", "?token=guess"):
            async with browser.get(f"{scene.url}/{query}") as answer:
                assert answer.status == 403
        async with browser.get(f"{scene.url}/?token={START}", allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
        async with browser.get(f"{scene.url}/") as answer:
            assert answer.status == 200
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert START not in cookie


async def test_the_page_needs_a_person_as_well_as_the_cookie(scene: Scene):
    assert await status(scene, "/page/boot") == 401
    assert await status(scene, "/page/boot", Authorization=f"Bearer {BOT}") == 401
    assert await status(scene, "/page/boot", Authorization="Bearer xoxp-bob") == 200


async def test_no_answer_invites_other_sites_in(scene: Scene):
    async with scene.session.options(f"{scene.url}/api/chat.postMessage") as answer:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


async def test_the_pages_own_requests_pass(scene: Scene):
    own = {"Origin": scene.url, "Sec-Fetch-Site": "same-origin", "Authorization": "Bearer xoxp-alice"}

    assert await status(scene, "/api/auth.test", **own) == 200
    assert await status(scene, "/page/boot", **own) == 200
    assert await status(scene, "/", **{"Sec-Fetch-Site": "none"}) == 200
