"""The Home tab on the page: menus, pictures, forms opened from it, and a new one that comes while it is read."""

import pytest
from playwright.async_api import Locator, Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace.test_pictures import png
from tests.bot.workspace_page.conftest import LOOP
from tests.bot.workspace_page.desk import Desk, plain
from tests.bot.workspace_page.forms import asks, home, modal
from tests.bot.workspace_page.test_deciding import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


async def opened(page: Page) -> Locator:
    """Open Alice's Home tab, and wait until the app has answered with its own."""
    await page.get_by_role("navigation").get_by_role("link", name="jidoka").click()
    await expect(page.get_by_role("textbox", name="Message jidoka")).to_be_visible()
    await page.get_by_role("tab", name="Home").click()
    tab = page.get_by_role("tabpanel", name="Home")
    await expect(tab).to_contain_text("Open decisions")
    return tab


async def test_everything_that_may_stand_on_home_is_drawn(page: Page, bot: AsyncWebClient, desk: Desk):
    tab = await opened(page)
    file = (await bot.files_upload_v2(filename="spend.png", content=png(60, 30)))["files"][0]
    await bot.views_publish(user_id="U0ALICE", view=home(file["id"]))
    picture = tab.get_by_role("img", name="Spend this week")
    await picture.wait_for()

    assert await picture.evaluate("async node => { await node.decode(); return node.naturalWidth; }") == 60
    await expect(tab.get_by_role("heading", name="Waiting for you")).to_be_visible()
    await expect(tab.get_by_role("link", name="#sales")).to_be_visible()
    await expect(tab.get_by_role("button", name="More options")).to_have_count(3)
    await expect(tab.get_by_text("Spent this week: 4.20 of 20.00")).to_be_visible()


async def test_a_menu_on_home_reaches_the_bot_and_opens_a_form(page: Page, bot: AsyncWebClient, desk: Desk):
    tab = await opened(page)
    await bot.views_publish(user_id="U0ALICE", view=home())
    before = len(desk.pressed)
    await tab.get_by_role("button", name="More options").nth(1).click()
    await page.get_by_role("menuitem", name="Run again").click()
    await until(desk.pressed, before + 1)
    body = desk.pressed[-1]
    why = asks("why", "Why again?", {"type": "plain_text_input"})
    await bot.views_open(trigger_id=body["trigger_id"], view=modal("Run again", why))

    await expect(page.get_by_role("dialog", name="Run again").get_by_label("Why again?")).to_be_focused()
    assert (body["container"]["type"], body["view"]["type"], body["actions"][0]["block_id"]) == (
        "view",
        "home",
        "run1",
    )
    assert body["actions"][0]["selected_option"]["value"] == "again"


async def test_a_new_home_keeps_the_readers_place_words_and_focus(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    tab = await opened(page)
    note = asks("note", "A note for the night", {"type": "plain_text_input"}, optional=True)
    view = home(rows=30)
    await bot.views_publish(user_id="U0ALICE", view={**view, "blocks": [*view["blocks"], note]})
    field = tab.get_by_label("A note for the night")
    await field.press_sequentially("wake me")
    scrolled = await tab.evaluate("node => node.scrollTop")
    section = {"type": "section", "text": plain("Changed just now")}
    await bot.views_publish(user_id="U0ALICE", view={**view, "blocks": [*view["blocks"], note, section]})
    await expect(tab.get_by_text("Changed just now")).to_be_attached()
    await page.keyboard.type(" never")

    await expect(field).to_have_value("wake me never")
    assert scrolled > 0
    assert await tab.evaluate("node => node.scrollTop") == scrolled


async def test_a_menu_left_open_while_home_changes_still_reaches_the_bot(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    tab = await opened(page)
    await bot.views_publish(user_id="U0ALICE", view=home())
    before = len(desk.chosen)
    await tab.get_by_role("button", name="More options").first.click()
    await bot.views_publish(
        user_id="U0ALICE", view={"type": "home", "blocks": [{"type": "section", "text": plain("All done")}]}
    )
    await expect(tab).to_contain_text("All done")
    await page.get_by_role("menuitem", name="Stop").click()
    await until(desk.chosen, before + 1)

    assert desk.chosen[-1]["selected_option"]["value"] == "stop"


async def test_an_answer_overtaken_by_a_newer_home_does_not_bring_the_old_one_back(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    tab = await opened(page)
    newer = {"type": "home", "blocks": [{"type": "section", "text": plain("Newer than the answer")}]}

    async def overtaken(route: Route) -> None:
        answer = await route.fetch()
        await expect(tab).to_contain_text("Open decisions")
        await bot.views_publish(user_id="U0ALICE", view=newer)
        await expect(tab).to_contain_text("Newer than the answer")
        await route.fulfill(response=answer)

    await page.get_by_role("tab", name="Messages").click()
    await page.route("**/home", overtaken)
    async with page.expect_response("**/home"):
        await page.get_by_role("tab", name="Home").click()
    await page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 100))")

    await expect(tab).to_contain_text("Newer than the answer")
