"""Where things are: direct messages, permalinks, mentions of groups, whispers, and what the clock says there."""

import re

import pytest
from playwright.async_api import Locator, Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace.test_pictures import png
from tests.bot.workspace_page.conftest import LOOP, Site
from tests.bot.workspace_page.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


def nav(page: Page) -> Locator:
    return page.get_by_role("navigation")


async def become(page: Page, name: str) -> None:
    await page.get_by_label("You are").select_option(label=name)
    await expect(page.get_by_label("You are")).to_have_value(name.partition(" ")[0])


async def link_of(bot: AsyncWebClient, channel: str, ts: str) -> str:
    return str((await bot.chat_getPermalink(channel=channel, message_ts=ts))["permalink"])


async def test_a_message_to_a_person_waits_unread_in_their_direct_messages(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    await become(page, "Carol (approver)")
    unread = nav(page).get_by_role("link", name=re.compile("jidoka"))
    before = await bot.conversations_open(users="U0CAROL")
    await bot.chat_postMessage(channel="U0CAROL", text="A decision is yours")

    await expect(unread).to_contain_text(re.compile(r"1 unread, 1 mention"))
    await unread.click()
    await expect(
        page.get_by_role("article", name="jidoka").get_by_text("A decision is yours")
    ).to_be_visible()
    await expect(unread).not_to_contain_text("unread")
    assert f"#/{before['channel']['id']}" in page.url


async def test_people_who_write_to_each_other_see_each_others_names(page: Page, site: Site):
    await site.person("bob").chat_postMessage(channel="U0ALICE", text="Lunch at twelve?")
    await nav(page).get_by_role("link", name="Bob").click()

    await expect(page.get_by_role("heading", name="Bob", exact=True)).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message Bob")).to_be_visible()
    await expect(page.get_by_role("tab", name="Home")).to_be_hidden()
    await expect(nav(page).get_by_role("link", name="jidoka")).to_be_visible()


async def test_a_conversation_begun_while_the_page_catches_up_stays(page: Page, site: Site):
    asked: list[Route] = []
    begun = nav(page).get_by_role("link", name="Carol")

    async def overtaken(route: Route) -> None:
        asked.append(route)
        answer = await route.fetch()
        if len(asked) == 2:  # the one that follows the opened stream
            await site.person("carol").chat_postMessage(channel="U0ALICE", text="Are you there?")
            await begun.wait_for()
        await route.fulfill(response=answer)

    await page.route("**/page/boot", overtaken)
    async with page.expect_response(lambda answer: "/page/boot" in answer.url and len(asked) == 2):
        await page.reload()
    await page.evaluate("() => new Promise(done => setTimeout(done, 100))")

    await expect(begun).to_be_visible()
    await begun.click()
    await expect(begun).not_to_contain_text("unread")


async def test_a_permalink_far_back_jumps_to_its_message(page: Page, bot: AsyncWebClient, site: Site):
    carol = site.person("carol")
    wanted = await carol.chat_postMessage(channel="C0LEGAL", text="The clause from long ago")
    for number in range(90):
        await carol.chat_postMessage(channel="C0LEGAL", text=f"Since then {number}")
    link = await link_of(bot, "C0LEGAL", wanted["ts"])
    await bot.chat_postMessage(channel="C0SALES", text=f"It says so <{link}|here>")
    await nav(page).get_by_role("link", name="sales").click()
    article = page.get_by_role("article").filter(has_text="The clause from long ago")
    for _ in range(2):  # the same link leads there again
        await page.get_by_role("link", name="here").last.click()
        await expect(article).to_be_in_viewport()
        await expect(article).to_be_focused()
        await expect(page.get_by_role("textbox", name="Message #legal")).to_be_visible()
        await nav(page).get_by_role("link", name="sales").click()


async def test_the_address_of_a_reply_opens_its_thread_there(page: Page, bot: AsyncWebClient, site: Site):
    root = await bot.chat_postMessage(channel="C0LEGAL", text="A long thread")
    replies = [
        (
            await bot.chat_postMessage(
                channel="C0LEGAL", thread_ts=root["ts"], text=f"Reply {number}\nmore\nmore"
            )
        )["ts"]
        for number in range(30)
    ]
    await page.goto(await link_of(bot, "C0LEGAL", replies[3]))
    thread = page.get_by_role("complementary", name="Thread")
    article = thread.get_by_role("article").filter(has_text=re.compile("Reply 3more|Reply 3\\s"))

    await expect(article).to_be_in_viewport()
    await expect(article).to_be_focused()


async def test_a_message_with_a_thread_is_jumped_to_and_its_thread_opens(page: Page, bot: AsyncWebClient):
    root = await bot.chat_postMessage(channel="C0GENERAL", text="A root with one answer")
    await bot.chat_postMessage(channel="C0GENERAL", thread_ts=root["ts"], text="The answer")
    await page.goto(await link_of(bot, "C0GENERAL", root["ts"]))
    main, thread = page.get_by_role("main"), page.get_by_role("complementary", name="Thread")

    await expect(main.get_by_role("article").filter(has_text="A root with one answer")).to_be_in_viewport()
    await expect(thread.get_by_text("The answer")).to_be_visible()


async def test_a_permalink_to_nothing_says_so(page: Page, bot: AsyncWebClient, site: Site):
    gone = await bot.chat_postMessage(channel="C0SALES", text="Soon gone")
    link = await link_of(bot, "C0SALES", gone["ts"])
    await bot.chat_delete(channel="C0SALES", ts=gone["ts"])
    await page.goto(link)
    await expect(page.get_by_text("This message is no longer there.")).to_be_visible()
    await page.goto(f"{site.url}/archives/D0BOB/p1503435956000247")

    await expect(page.get_by_text("This channel does not exist, or you may not see it.")).to_be_visible()


async def test_a_group_is_completed_mentioned_and_counted_for_its_members(page: Page, site: Site, desk: Desk):
    await nav(page).get_by_role("link", name="sales").click()
    box = page.get_by_role("textbox", name="Message #sales")
    await box.press_sequentially("@lea")
    await page.get_by_role("option", name="@leads").click()
    await box.press_sequentially("who decides?")
    await box.press("Enter")
    article = page.get_by_role("article", name="Alice").filter(has_text="who decides?")
    mention = article.locator(".mention")
    await expect(mention).to_have_text("@leads")
    await expect(mention).to_have_attribute("title", "Bob, Carol")
    assert "mention-you" not in str(await mention.get_attribute("class"))
    await nav(page).get_by_role("link", name="general").click()
    await become(page, "Bob (approver)")
    await expect(nav(page).get_by_role("link", name="sales")).to_contain_text("1 mention")
    await nav(page).get_by_role("link", name="sales").click()

    await expect(article.locator(".mention-you")).to_have_text("@leads")


async def test_a_whisper_stands_in_its_thread_and_can_be_put_away(
    page: Page, bot: AsyncWebClient, site: Site
):
    root = await site.person("bob").chat_postMessage(channel="C0SALES", text="A thread for a whisper")
    await page.goto(f"{site.url}/#/C0SALES/{root['ts']}")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("A thread for a whisper")).to_be_visible()
    await bot.chat_postEphemeral(
        channel="C0SALES", user="U0ALICE", text="You may not decide this.", thread_ts=root["ts"]
    )
    whisper = thread.get_by_role("article").filter(has_text="You may not decide this.")

    await expect(whisper).to_contain_text("Only visible to you")
    await whisper.get_by_role("button", name="Dismiss").click()
    await expect(whisper).to_have_count(0)


async def test_times_are_those_of_the_person_here(page: Page, bot: AsyncWebClient):
    await nav(page).get_by_role("link", name="general").click()
    date = "<!date^1798761600^{date_num} {time}|then>"  # 2027-01-01 00:00 UTC
    await bot.chat_postMessage(channel="C0GENERAL", text=f"It ends {date}")
    shown = page.get_by_role("article").filter(has_text="It ends").last
    people = nav(page).get_by_role("listitem").filter(has_text="Carol")

    await expect(shown).to_contain_text("2027-01-01 01:00")
    await expect(people.locator("time")).to_have_attribute("title", "India Standard Time (Asia/Kolkata)")
    await expect(people.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    await become(page, "Bob (approver)")
    await expect(shown).to_contain_text("2026-12-31 19:00")
    await become(page, "Carol (approver)")
    await expect(shown).to_contain_text("2027-01-01 05:30")


async def test_a_picture_the_bot_uploaded_is_shown_in_a_block(page: Page, bot: AsyncWebClient):
    await nav(page).get_by_role("link", name="general").click()
    file = (await bot.files_upload_v2(filename="line.png", content=png(80, 20)))["files"][0]
    block = {"type": "image", "alt_text": "The line", "slack_file": {"id": file["id"]}}
    await bot.chat_postMessage(channel="C0GENERAL", text="The line", blocks=[block])
    picture = page.get_by_role("article").get_by_role("img", name="The line").last
    await picture.wait_for()

    assert await picture.evaluate("async node => { await node.decode(); return node.naturalWidth; }") == 80
