"""An agent's session on a thread: how it stands, the Stop button, what the bot suggests."""

import asyncio

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP, Site
from tests.bot.workspace_page.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


async def test_a_working_session_is_shown_and_can_be_stopped(
    page: Page, site: Site, bot: AsyncWebClient, desk: Desk
):
    await page.get_by_role("navigation").get_by_role("link", name="legal").click()
    root = await site.person("alice").chat_postMessage(channel="C0LEGAL", text="Work on this, please")
    session = {"channel_id": "C0LEGAL", "thread_ts": root["ts"], "initiator_user_id": "U0ALICE"}
    await bot.api_call(
        "agents.sessions.setStatus", json={**session, "status": "processing", "title": "The work"}
    )
    article = page.get_by_role("article", name="Alice").filter(has_text="Work on this, please")
    await expect(article).to_contain_text("Working")
    await expect(article).to_contain_text("The work")
    await article.get_by_role("button", name="Stop").click()
    for _ in range(200):
        if desk.stopped:
            break
        await asyncio.sleep(0.02)
    await bot.api_call("agents.sessions.setStatus", json={**session, "status": "suspended"})

    await expect(article).to_contain_text("Waiting for people")
    await expect(article.get_by_role("button", name="Stop")).to_have_count(0)
    assert [event["thread_ts"] for event in desk.stopped] == [root["ts"]]


async def test_what_the_bot_suggests_fills_the_composer(page: Page, bot: AsyncWebClient):
    await page.get_by_label("You are").select_option(index=1)
    await page.get_by_role("navigation").get_by_role("link", name="jidoka").click()
    prompts = [{"title": "Sum up my week", "message": "Sum up what happened this week"}]
    await bot.api_call(
        "assistant.threads.setSuggestedPrompts",
        json={"channel_id": "D0BOB", "title": "Ideas", "prompts": prompts},
    )
    await page.get_by_role("button", name="Sum up my week").click()

    await expect(page.get_by_role("textbox", name="Message jidoka")).to_have_value(
        "Sum up what happened this week"
    )
