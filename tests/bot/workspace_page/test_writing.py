"""People write: in channels, in threads, to the bot, as each other."""

import re

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP, Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


async def visit(page: Page, channel: str) -> None:
    await page.get_by_role("navigation").get_by_role("link", name=channel).click()


async def test_enter_sends_and_the_message_is_an_article_named_by_its_author(page: Page):
    await visit(page, "general")
    box = page.get_by_role("textbox", name="Message #general")
    await box.fill("The first words")
    await box.press("Enter")

    await expect(page.get_by_role("article", name="Alice").filter(has_text="The first words")).to_be_visible()
    await expect(box).to_have_value("")


async def test_shift_enter_begins_a_line(page: Page):
    await visit(page, "general")
    box = page.get_by_role("textbox", name="Message #general")
    await box.press_sequentially("one line")
    await box.press("Shift+Enter")
    await box.press_sequentially("and another")
    await box.press("Enter")

    article = page.get_by_role("article", name="Alice").filter(has_text="and another")
    await expect(article.locator(".message-body")).to_have_text(re.compile("one line.*and another"))


async def test_a_mention_is_completed_and_reaches_the_bot(page: Page, site: Site):
    await visit(page, "sales")
    box = page.get_by_role("textbox", name="Message #sales")
    await box.press_sequentially("@jid")
    await expect(page.get_by_role("option", name="jidoka")).to_be_visible()
    await box.press("Tab")
    await box.press_sequentially("compare the offers & tell me")
    await box.press("Enter")
    article = page.get_by_role("article", name="Alice").filter(has_text="compare the offers & tell me")
    await article.get_by_role("button", name="1 reply").click()

    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article", name="jidoka")).to_contain_text(
        "@jidoka compare the offers & tell me"
    )
    history = await site.person("alice").conversations_history(channel="C0SALES", limit=1)
    assert history["messages"][0]["text"] == "<@U0JIDOKA> compare the offers &amp; tell me"


async def test_a_mention_typed_by_hand_is_sent_with_one_enter(page: Page, site: Site):
    await visit(page, "legal")
    box = page.get_by_role("textbox", name="Message #legal")
    await box.press_sequentially("ask @jidoka")
    await box.press("Enter")

    await expect(page.get_by_role("article", name="Alice").filter(has_text="ask @jidoka")).to_be_visible()
    history = await site.person("alice").conversations_history(channel="C0LEGAL", limit=1)
    assert history["messages"][0]["text"] == "ask <@U0JIDOKA>"


async def test_replies_are_counted_and_escape_gives_the_focus_back(page: Page, bot: AsyncWebClient):
    root = await bot.chat_postMessage(channel="C0GENERAL", text="A root to reply to")
    for words in ("first", "second"):
        await bot.chat_postMessage(channel="C0GENERAL", thread_ts=root["ts"], text=words)
    await visit(page, "general")
    door = (
        page.get_by_role("article", name="jidoka")
        .filter(has_text="A root to reply to")
        .get_by_role("button", name="2 replies")
    )
    await door.click()
    box = page.get_by_role("textbox", name="Reply to thread")
    await expect(box).to_be_focused()
    await box.fill("third")
    await box.press("Enter")
    counted = page.locator("#messages").get_by_role("button", name="3 replies")
    await expect(counted).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("complementary", name="Thread")).to_be_hidden()
    await expect(page.locator("#messages article", has_text="third")).to_have_count(0)


async def test_people_switch_in_their_order_and_write_as_themselves(page: Page):
    person = page.get_by_label("You are")
    names = await person.locator("option").all_text_contents()
    await person.select_option(index=1)
    await visit(page, "legal")
    box = page.get_by_role("textbox", name="Message #legal")
    await box.fill("Bob was here")
    await box.press("Enter")

    assert [name.split(" ")[0] for name in names] == ["Alice", "Bob", "Carol", "Dave"]
    await expect(page.get_by_role("article", name="Bob").filter(has_text="Bob was here")).to_be_visible()


async def test_a_guest_sees_only_their_channel(page: Page):
    await page.get_by_label("You are").select_option(index=3)

    links = page.get_by_role("navigation").get_by_role("link")
    await expect(links).to_have_count(2)
    await expect(links.first).to_contain_text("general")


async def test_unread_and_mentions_are_counted_and_read_when_seen(page: Page, site: Site):
    for channel in ("sales", "legal", "general"):
        await visit(page, channel)
        await expect(page.get_by_role("navigation").get_by_role("link", name=channel)).not_to_contain_text(
            "unread"
        )
    await site.person("bob").chat_postMessage(channel="C0SALES", text="for <@U0ALICE>")
    await site.person("bob").chat_postMessage(channel="C0SALES", text="for all")
    link = page.get_by_role("navigation").get_by_role("link", name="sales")

    await expect(link).to_contain_text("2 unread")
    await expect(link).to_contain_text("1 mention")
    await expect(page).to_have_title(re.compile(r"^\(2 unread, 1 @\)"))
    await link.click()
    await expect(link).not_to_contain_text("unread")
    await expect(page).to_have_title(re.compile(r"^#sales"))


async def test_a_reaction_is_added_counted_and_taken_back(page: Page, bot: AsyncWebClient):
    await bot.chat_postMessage(channel="C0GENERAL", text="React to this")
    await visit(page, "general")
    article = page.get_by_role("article", name="jidoka").filter(has_text="React to this")
    await article.hover()
    await article.get_by_role("button", name="Add reaction").click()
    await page.get_by_role("menuitem", name="rocket").click()
    pill = article.get_by_role("button", name="rocket, 1, Alice")
    await expect(pill).to_have_attribute("aria-pressed", "true")
    await pill.click()

    await expect(pill).to_have_count(0)


async def test_edits_and_deletions_show_at_once(page: Page, bot: AsyncWebClient):
    await visit(page, "general")
    posted = await bot.chat_postMessage(channel="C0GENERAL", text="Before the edit")
    await expect(page.get_by_text("Before the edit")).to_be_visible()
    await bot.chat_update(channel="C0GENERAL", ts=posted["ts"], text="After the edit")
    await expect(page.get_by_text("After the edit")).to_be_visible()
    await bot.chat_delete(channel="C0GENERAL", ts=posted["ts"])

    await expect(page.get_by_text("After the edit")).to_have_count(0)


async def test_a_reader_who_scrolled_up_is_left_where_they_are(page: Page, bot: AsyncWebClient):
    await visit(page, "general")
    await bot.chat_postMessage(channel="C0GENERAL", text="\n".join(f"line {n}" for n in range(120)))
    await expect(page.get_by_text("line 119")).to_be_in_viewport()
    await page.locator("#messages").evaluate("node => { node.scrollTop = 0; }")
    await expect(page.get_by_role("button", name="Newest messages")).to_be_visible()
    await bot.chat_postMessage(channel="C0GENERAL", text="the newest of all")
    newest = page.get_by_text("the newest of all")
    await expect(newest).to_be_attached()
    await expect(newest).not_to_be_in_viewport()
    await page.get_by_role("button", name="Newest messages").click()

    await expect(newest).to_be_in_viewport()


async def test_a_command_is_answered_to_its_person_alone(page: Page):
    await visit(page, "sales")
    box = page.get_by_role("textbox", name="Message #sales")
    await box.fill("/jidoka make a plan")
    await box.press("Enter")
    article = page.get_by_role("article", name="jidoka").filter(has_text="Heard /jidoka make a plan")

    await expect(article).to_contain_text("Only visible to you")
    await article.get_by_role("button", name="Dismiss").click()
    await expect(article).to_have_count(0)


async def test_an_unknown_command_is_refused_in_words_and_stays_in_the_box(page: Page):
    await visit(page, "sales")
    box = page.get_by_role("textbox", name="Message #sales")
    await box.fill("/nothing here")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("There is no command /nothing")
    await expect(box).to_have_value("/nothing here")


async def test_a_mention_in_a_thread_is_counted_until_the_thread_is_seen(page: Page, site: Site):
    await visit(page, "legal")
    root = await site.person("alice").chat_postMessage(
        channel="C0LEGAL", text="A thread with a mention in it"
    )
    bob = site.person("bob")
    await bob.chat_postMessage(channel="C0LEGAL", thread_ts=root["ts"], text="<@U0ALICE> look")
    link = page.get_by_role("navigation").get_by_role("link", name="legal")
    await expect(link).to_contain_text("1 mention")
    article = page.get_by_role("article", name="Alice").filter(has_text="A thread with a mention in it")
    await article.get_by_role("button", name="1 reply").click()
    await expect(link).not_to_contain_text("mention")
    await bob.chat_postMessage(channel="C0LEGAL", thread_ts=root["ts"], text="<@U0ALICE> and here")

    await expect(page.locator("#replies").get_by_text("and here")).to_be_visible()
    await expect(link).not_to_contain_text("mention")
