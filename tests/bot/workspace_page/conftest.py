"""A workspace in a process of its own, a Bolt app connected to it, and a page in a real browser."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.desk import Desk

ROOT = Path(__file__).parents[3]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOP = "session"  # the browser and the Bolt app live on one loop for all tests of this folder


@dataclass(frozen=True)
class Site:
    """Where the workspace is and what opens it."""

    url: str
    api_url: str
    bot_token: str
    app_token: str
    start_token: str

    def client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=self.api_url, retry_handlers=[])

    def person(self, name: str) -> AsyncWebClient:
        return self.client(f"xoxp-{name}")


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("workspace")
    command = [sys.executable, "-m", "bot.workspace", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        yield Site(**{name: facts[name] for name in Site.__dataclass_fields__})
        process.terminate()


@pytest.fixture(scope="package")
def bot(site: Site) -> AsyncWebClient:
    return site.client(site.bot_token)


@pytest_asyncio.fixture(scope="package", loop_scope=LOOP)
async def desk(site: Site, bot: AsyncWebClient) -> AsyncIterator[Desk]:
    desk = Desk(bot)
    handler = await desk.start(site.app_token)
    yield desk
    await handler.close_async()


@pytest_asyncio.fixture(scope="package", loop_scope=LOOP)
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


async def opened(
    browser: Browser, site: Site, *, width: int = 1280, height: int = 800, scheme: str = "light"
) -> Page:
    """Return a page of its own, opened by the printed address; its `problems` list what the browser complained of."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    await page.goto(f"{site.url}/?token={site.start_token}")
    await page.get_by_label("You are").wait_for()
    return page


@pytest_asyncio.fixture(scope="package", loop_scope=LOOP)
async def still(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """One page for tests that only draw: nobody writes there, so it need not be opened anew."""
    page = await opened(browser, site)
    yield page
    await page.context.close()


@pytest_asyncio.fixture(loop_scope=LOOP)
async def page(browser: Browser, site: Site, desk: Desk) -> AsyncIterator[Page]:
    """Alice's page; at the end no script failed and nothing broke the page's own rules."""
    page = await opened(browser, site)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield page
    await page.context.close()

    assert problems == []
