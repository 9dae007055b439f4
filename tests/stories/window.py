"""A person's window: the built-in workspace's page in a real browser, by roles and accessible names alone."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

from tests.bot.workspace_page.conftest import ARGUMENTS, CHROMIUM
from tests.stories.town import Town

PATIENCE_MS = 60_000
PHONE = (390, 844)
DESKTOP = (1280, 800)


@dataclass
class Window:
    """One page; whoever is chosen at `You are` sits before it."""

    page: Page
    problems: list[str] = field(default_factory=list)  # what the browser complained of

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    def card(self, words: str) -> Locator:
        """Return the newest message of the bot in the thread that says these words."""
        return self.thread.get_by_role("article", name="jidoka").filter(has_text=words).last

    def button(self, name: str) -> Locator:
        """Return the newest button of the thread with exactly this name."""
        return self.thread.get_by_role("button", name=name, exact=True).last

    async def become(self, name: str) -> None:
        """Let somebody else sit down."""
        choice = self.page.get_by_label("You are")
        names = [option.split()[0] for option in await choice.get_by_role("option").all_inner_texts()]
        await choice.select_option(index=names.index(name))

    async def ask(self, request: str, files: tuple[Path, ...]) -> float:
        """Write a request with files in #general; return how many milliseconds later the reaction to it is seen."""
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("main").get_by_role("button", name="Attach files").click()
        await (await chooser.value).set_files([str(path) for path in files])
        box = self.page.get_by_role("textbox", name="Message #general")
        await box.fill(f"@jidoka {request}")
        began = time.perf_counter()
        await box.press("Enter")
        await self.request().get_by_role("button", name=re.compile("^eyes, 1")).wait_for()
        return (time.perf_counter() - began) * 1_000

    def request(self) -> Locator:
        """Return the request in the channel."""
        return self.page.get_by_role("main").get_by_role("article", name="Alice").last

    async def open_thread(self) -> None:
        await self.request().get_by_role("button", name=re.compile(r"^\d+ repl")).click()
        await expect(self.thread).to_be_visible()

    async def reply(self, words: str) -> Locator:
        """Write into the thread; return the message."""
        box = self.page.get_by_role("textbox", name="Reply to thread")
        await box.fill(words)
        await box.press("Enter")
        return self.thread.get_by_role("article", name="Alice").filter(has_text=words)

    async def fill(self, form: str, label: str, words: str, submit: str) -> None:
        """Fill in the form that is open and hand it in; it closes."""
        dialog = self.page.get_by_role("dialog", name=form)
        await dialog.get_by_label(label).fill(words)
        await dialog.get_by_role("button", name=submit, exact=True).click()
        await expect(dialog).to_be_hidden()

    async def close_dialog(self) -> None:
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def home(self) -> Locator:
        """Open the app's Home tab and return it, once the app has filled it."""
        link = self.page.get_by_role("navigation").get_by_role("link", name="jidoka")
        if not await link.count():  # on a phone they are behind a button
            await self.page.get_by_role("button", name="Channels and people").click()
        await link.click()
        await self.page.get_by_role("tab", name="Home").click()
        tab = self.page.get_by_role("tabpanel", name="Home")
        await expect(tab.get_by_role("heading", name=re.compile("decision", re.IGNORECASE)).first).to_be_visible()
        return tab

    async def schedule(self, request: str) -> None:
        """Schedule a request for every weekday, by the command and its form; ends on Home."""
        await self.page.get_by_role("tab", name="Messages").click()
        box = self.page.get_by_role("textbox", name="Message jidoka")
        await box.fill("/jidoka schedule")
        await box.press("Enter")
        await self.fill("New schedule", "What is to be done", request, "Schedule it")
        await self.page.get_by_role("tab", name="Home").click()

    async def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@asynccontextmanager
async def window(town: Town, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> AsyncIterator[Window]:
    """Open the workspace's page as the newcomer does who follows the printed address; the bot is connected."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
        )
        seen = Window(await context.new_page())
        seen.page.set_default_timeout(PATIENCE_MS)
        seen.page.on("pageerror", lambda error: seen.problems.append(str(error)))
        seen.page.on("console", lambda said: seen.problems.append(said.text) if said.type == "error" else None)
        await seen.page.goto(f"{town.facts['url']}/?token={town.facts['start_token']}")
        await expect(seen.page.get_by_label("You are")).to_be_visible()
        await expect(seen.page.get_by_text("jidoka is not connected")).to_be_hidden()
        yield seen
        await browser.close()
