"""People decide: buttons, questions before them, forms, Home; and what they are told when nobody answers."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP, Site
from tests.bot.workspace_page.desk import Desk, card, option, plain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


async def asked(page: Page, bot: AsyncWebClient, question: str) -> Locator:
    """Post a card with buttons; its article, open on the page."""
    await page.get_by_role("navigation").get_by_role("link", name="legal").click()
    await bot.chat_postMessage(channel="C0LEGAL", text=question, blocks=card(question))
    return page.get_by_role("article", name="jidoka").filter(has_text=question)


async def form(page: Page, bot: AsyncWebClient, question: str) -> Locator:
    article = await asked(page, bot, question)
    await article.get_by_role("button", name="Edit and approve").click()
    dialog = page.get_by_role("dialog", name="Change the draft")
    await expect(dialog).to_be_visible()
    return dialog


async def until(desk_list: list[object], count: int) -> None:
    for _ in range(200):
        if len(desk_list) >= count:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"only {len(desk_list)} of {count} arrived: {desk_list}")


async def test_a_button_reaches_the_bot_and_the_card_changes(page: Page, bot: AsyncWebClient):
    article = await asked(page, bot, "May it be sent?")
    await article.get_by_role("button", name="Approve", exact=True).click()

    done = page.get_by_role("article", name="jidoka").filter(has_text="Approved by @Alice")
    await expect(done).to_be_visible()
    await expect(done.get_by_role("button", name="Approve", exact=True)).to_have_count(0)


async def test_a_confirm_asks_first_and_can_be_left(page: Page, bot: AsyncWebClient, desk: Desk):
    article = await asked(page, bot, "Stop this one?")
    before = len(desk.chosen)
    stop = article.get_by_role("button", name="Stop the line")
    await stop.click()
    dialog = page.get_by_role("dialog", name="Stop for good?")
    await dialog.get_by_role("button", name="Leave it").click()
    await expect(dialog).to_have_count(0)
    assert len(desk.chosen) == before
    await stop.click()
    await dialog.get_by_role("button", name="Stop it").click()
    await until(desk.chosen, before + 1)

    assert desk.chosen[-1]["action_id"] == "stop"
    assert desk.chosen[-1]["value"] == "c1"


async def test_a_bot_that_does_not_answer_is_said_in_words(page: Page, bot: AsyncWebClient):
    article = await asked(page, bot, "Is anybody there?")
    await article.get_by_role("button", name="Dead button").click()

    words = page.get_by_text("Jidoka did not answer in time. Try again.")
    await expect(words).to_be_visible(timeout=20_000)


async def test_a_form_carries_every_kind_of_input(page: Page, bot: AsyncWebClient, desk: Desk):
    dialog = await form(page, bot, "A whole form")
    await dialog.get_by_label("Title").fill("A better title")
    await dialog.get_by_label("Tone").select_option(label="Warm")
    await dialog.get_by_role("group", name="Reach").get_by_label("Outside").check()
    await dialog.get_by_role("group", name="Checked").get_by_label("Names").check()
    await dialog.get_by_label("Kinds").select_option(label=["Mail", "Page"])
    await dialog.get_by_label("Due").fill("2026-12-01")
    await dialog.get_by_role("button", name="Hand in").click()
    await expect(dialog).to_be_hidden()

    values = {name: next(iter(block.values())) for name, block in desk.submitted[-1].items()}
    assert values["title"] == {"type": "plain_text_input", "value": "A better title"}
    assert values["tone"]["selected_option"]["value"] == "warm"
    assert values["reach"]["selected_option"]["value"] == "out"
    assert [one["value"] for one in values["checks"]["selected_options"]] == ["m"]
    assert [one["value"] for one in values["kinds"]["selected_options"]] == ["mail", "page"]
    assert values["day"]["selected_date"] == "2026-12-01"


async def test_errors_stand_at_their_field_and_what_was_typed_stays(page: Page, bot: AsyncWebClient):
    dialog = await form(page, bot, "A form with an error")
    title = dialog.get_by_label("Title")
    await title.fill("bad")
    await dialog.get_by_role("button", name="Hand in").click()

    await expect(dialog.get_by_role("alert").filter(has_text="This title is taken.")).to_be_visible()
    await expect(title).to_have_attribute("aria-invalid", "true")
    await expect(title).to_be_focused()
    await expect(title).to_have_value("bad")


async def test_a_missing_answer_is_asked_for(page: Page, bot: AsyncWebClient, desk: Desk):
    dialog = await form(page, bot, "An empty form")
    before = len(desk.submitted)
    await dialog.get_by_role("button", name="Hand in").click()

    await expect(dialog.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    assert len(desk.submitted) == before


async def test_an_update_keeps_the_dialog_and_what_was_typed(page: Page, bot: AsyncWebClient):
    dialog = await form(page, bot, "A form that changes")
    await dialog.get_by_label("Title").fill("again")
    await dialog.get_by_role("button", name="Hand in").click()
    changed = page.get_by_role("dialog", name="Changed once more")

    await expect(changed).to_be_visible()
    await expect(changed.get_by_label("Title")).to_have_value("again")


async def test_a_pushed_view_lies_on_top_and_back_returns(page: Page, bot: AsyncWebClient):
    dialog = await form(page, bot, "A form with a second page")
    await dialog.get_by_label("Title").fill("more")
    await dialog.get_by_role("button", name="Hand in").click()
    pushed = page.get_by_role("dialog", name="Sure?")
    await expect(pushed).to_be_visible()
    await pushed.get_by_role("button", name="Back").click()
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Title").fill("more")
    await dialog.get_by_role("button", name="Hand in").click()
    await pushed.get_by_role("button", name="Yes").click()

    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_escape_closes_a_form_tells_the_bot_and_gives_the_focus_back(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    dialog = await form(page, bot, "A form to leave")
    closed = len(desk.closed)
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await page.keyboard.press("Escape")
    await until(desk.closed, closed + 1)

    await expect(dialog).to_be_hidden()
    opener = (
        page.get_by_role("article")
        .filter(has_text="A form to leave")
        .get_by_role("button", name="Edit and approve")
    )
    await expect(opener).to_be_focused()


async def test_a_select_in_a_message_reports_its_choice(page: Page, bot: AsyncWebClient, desk: Desk):
    await page.get_by_role("navigation").get_by_role("link", name="sales").click()
    pick = {"type": "static_select", "action_id": "who", "placeholder": plain("Pick a reviewer")}
    pick["options"] = [option("Legal", "l"), option("Sales", "s")]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Who reads it?"}, "accessory": pick}
    await bot.chat_postMessage(channel="C0SALES", text="Who reads it?", blocks=[section])
    before = len(desk.chosen)
    await page.get_by_role("combobox", name="Pick a reviewer").select_option(label="Sales")
    await until(desk.chosen, before + 1)

    assert desk.chosen[-1]["selected_option"]["value"] == "s"


async def test_what_is_half_typed_survives_an_edit_of_the_message(page: Page, bot: AsyncWebClient):
    await page.get_by_role("navigation").get_by_role("link", name="sales").click()
    field = {
        "type": "input",
        "block_id": "why",
        "label": plain("Reason"),
        "element": {"type": "plain_text_input", "action_id": "v"},
    }
    posted = await bot.chat_postMessage(channel="C0SALES", text="why", blocks=[field])
    box = page.get_by_role("textbox", name="Reason")
    await box.press_sequentially("because")
    section = {"type": "section", "text": plain("Edited meanwhile")}
    await bot.chat_update(channel="C0SALES", ts=posted["ts"], text="why", blocks=[section, field])
    await expect(page.get_by_text("Edited meanwhile")).to_be_visible()
    await page.keyboard.type(" of this")

    await expect(box).to_have_value("because of this")


async def test_home_shows_what_the_bot_published_and_its_buttons_work(page: Page, desk: Desk):
    await page.get_by_role("navigation").get_by_role("link", name="jidoka").click()
    await expect(page.get_by_role("textbox", name="Message jidoka")).to_be_visible()
    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("Open decisions")
    before = len(desk.chosen)
    await home.get_by_role("button", name="Approve", exact=True).click()
    await until(desk.chosen, before + 1)

    assert desk.chosen[-1]["action_id"] == "approve"


async def test_only_who_may_press_sees_a_button_kept_for_some(page: Page, bot: AsyncWebClient):
    await page.get_by_role("navigation").get_by_role("link", name="legal").click()
    button = {
        "type": "button",
        "action_id": "vote",
        "text": plain("Vote as Bob"),
        "visible_to_user_ids": ["U0BOB"],
    }
    other = {"type": "button", "action_id": "look", "text": plain("Look"), "value": "1"}
    await bot.chat_postMessage(
        channel="C0LEGAL", text="kept", blocks=[{"type": "actions", "elements": [button, other]}]
    )

    await expect(page.get_by_role("button", name="Look")).to_be_visible()
    await expect(page.get_by_role("button", name="Vote as Bob")).to_have_count(0)
    await page.get_by_label("You are").select_option(index=1)
    await expect(page.get_by_role("button", name="Vote as Bob")).to_be_visible()


async def test_a_thread_opens_at_what_waits_and_not_at_what_was_said_since(page: Page, bot: AsyncWebClient, site: Site):
    root = await bot.chat_postMessage(channel="C0SALES", text="A thread with much in it")
    await bot.chat_postMessage(channel="C0SALES", thread_ts=root["ts"], text="card", blocks=card("What waits here?"))
    await site.person("bob").chat_postMessage(channel="C0SALES", thread_ts=root["ts"], text="since then\n" * 60)
    await page.get_by_role("navigation").get_by_role("link", name="sales").click()
    await page.get_by_role("main").get_by_role("article").last.get_by_role("button", name="2 replies").click()
    thread = page.get_by_role("complementary", name="Thread")

    await expect(thread.get_by_text("What waits here?")).to_be_in_viewport()
    await expect(thread.get_by_role("button", name="Approve", exact=True)).to_be_in_viewport()


async def test_a_long_text_to_edit_is_shown_from_its_beginning_and_with_room(page: Page, bot: AsyncWebClient):
    long = "\n".join(f"Line {n} of a text to be edited." for n in range(60))
    element = {"type": "plain_text_input", "action_id": "v", "multiline": True, "initial_value": long}
    field = {"type": "input", "block_id": "long", "label": plain("A long text"), "element": element}
    await page.get_by_role("navigation").get_by_role("link", name="sales").click()
    await bot.chat_postMessage(channel="C0SALES", text="long", blocks=[field])
    box = page.get_by_role("textbox", name="A long text")
    await box.focus()

    assert await box.evaluate("node => [node.scrollTop, node.selectionStart]") == [0, 0]
    assert await box.evaluate("node => node.clientHeight") > 240
