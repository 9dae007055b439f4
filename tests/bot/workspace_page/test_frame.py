"""The frame: a phone's width, the keyboard alone, dark and light, the connection."""

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP, ROOT, Site, opened
from tests.bot.workspace_page.desk import Desk, Json, card

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


def wide() -> list[Json]:
    cells = [{"type": "raw_text", "text": f"a rather long heading {n}"} for n in range(12)]
    return [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "w" * 300 + " <https://example.com/" + "long" * 60 + ">"},
        },
        {"type": "table", "rows": [cells, cells]},
        {"type": "markdown", "text": "```\n" + "x" * 400 + "\n```"},
        *card("Does it fit?"),
    ]


async def overflow(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))


async def test_nothing_is_wider_than_a_phone(browser: Browser, site: Site, bot: AsyncWebClient, desk: Desk):
    root = await bot.chat_postMessage(channel="C0GENERAL", text="wide", blocks=wide())
    await bot.chat_postMessage(channel="C0GENERAL", thread_ts=root["ts"], text="wide", blocks=wide())
    page = await opened(browser, site, width=360, height=740)
    widths = [await overflow(page)]
    await page.get_by_role("button", name="1 reply").last.click()
    await expect(page.get_by_role("textbox", name="Reply to thread")).to_be_in_viewport()
    await expect(page.get_by_role("textbox", name="Message #general")).to_be_hidden()
    widths.append(await overflow(page))
    form = page.get_by_role("complementary").get_by_role("button", name="Edit and approve").last
    await form.click()
    await expect(page.get_by_role("dialog", name="Change the draft")).to_be_visible()
    widths.append(await overflow(page))
    await page.context.close()

    assert widths == [0, 0, 0]


async def test_channels_are_behind_a_button_on_a_phone(browser: Browser, site: Site, desk: Desk):
    page = await opened(browser, site, width=390, height=800)
    link = page.get_by_role("navigation").get_by_role("link", name="legal")
    await expect(link).to_have_count(0)
    await page.get_by_role("button", name="Channels and people").click()
    await link.click()

    await expect(page.get_by_role("textbox", name="Message #legal")).to_be_visible()
    await expect(link).to_have_count(0)
    await page.context.close()


async def test_the_keyboard_alone_opens_a_thread_and_presses_a_button(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    await page.get_by_role("navigation").get_by_role("link", name="legal").click()
    root = await bot.chat_postMessage(channel="C0LEGAL", text="By keyboard")
    await bot.chat_postMessage(
        channel="C0LEGAL", thread_ts=root["ts"], text="card", blocks=card("By keyboard?")
    )
    await (
        page.get_by_role("article")
        .filter(has_text="By keyboard")
        .get_by_role("button", name="1 reply")
        .focus()
    )
    await page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article", name="jidoka").last).to_contain_text("By keyboard?")
    for _ in range(30):
        if await page.evaluate("document.activeElement.textContent") == "Approve":
            break
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")

    await expect(thread.get_by_text("Approved by @Alice")).to_be_visible()


async def test_focus_is_always_to_be_seen(page: Page):
    rings = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        rings.append(
            await page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement);
                    const holder = document.activeElement.closest(".composer");
                    return style.outlineStyle !== "none" || Boolean(holder && holder.matches(":focus-within"));
                }"""
            )
        )

    assert all(rings)


async def test_text_has_contrast_in_light_and_dark(
    browser: Browser, site: Site, bot: AsyncWebClient, desk: Desk
):
    await bot.chat_postMessage(channel="C0GENERAL", text="contrast", blocks=card("Is it readable?"))
    for scheme in ("light", "dark"):
        page = await opened(browser, site, scheme=scheme)
        await expect(page.get_by_text("Is it readable?").last).to_be_visible()
        weak = await page.evaluate(CONTRAST)
        await page.context.close()

        assert weak == [], scheme


CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgb = (color, below) => {
        canvas.fillStyle = below ? `rgb(${below.join(" ")})` : "#888888";
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const ground = node => {
        const chain = [];
        for (let at = node; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
        return chain.reduce((below, color) => rgb(color, below), [255, 255, 255]);
    };
    const channel = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = color => [0.2126, 0.7152, 0.0722].reduce((sum, part, i) => sum + part * channel(color[i] / 255), 0);
    const weak = [];
    for (const node of document.querySelectorAll("#app *")) {
        const text = [...node.childNodes].filter(child => child.nodeType === 3).map(child => child.data.trim()).join("");
        const box = node.getBoundingClientRect();
        const shown = node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
        const hidden = box.width < 2 || !shown || node.disabled || node.tagName === "OPTION";
        if (!text || hidden) continue;
        const below = ground(node);
        const [a, b] = [light(rgb(getComputedStyle(node).color, below)), light(below)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) weak.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
    return weak;
}"""


@asynccontextmanager
async def workspace_process(home: Path, port: int) -> AsyncIterator[Site]:
    command = [sys.executable, "-m", "bot.workspace", "--home", str(home), "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        found = dict(re.findall(r'"(\w+)": "([^"]*)"', (await process.stdout.readline()).decode()))
        yield Site(**{name: found[name] for name in Site.__dataclass_fields__})
    finally:
        process.terminate()
        await process.wait()


async def test_the_page_says_when_the_connection_is_lost_and_catches_up(browser: Browser):
    with tempfile.TemporaryDirectory() as folder:
        async with workspace_process(Path(folder), 0) as site:
            page = await opened(browser, site)
            await expect(page.get_by_text("jidoka is not connected")).to_be_visible()
            port = int(site.url.rsplit(":", 1)[1])
        await expect(page.get_by_text("The connection to the workspace is lost")).to_be_visible()
        async with workspace_process(Path(folder), port) as site:
            await site.person("bob").chat_postMessage(channel="C0GENERAL", text="said meanwhile")

            await expect(page.get_by_role("article", name="Bob")).to_contain_text(
                "said meanwhile", timeout=15_000
            )
            await expect(page.get_by_text("The connection to the workspace is lost")).to_be_hidden()
            await page.context.close()
