"""Files: attached, dropped, taken from the samples, read in the page, downloaded."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP, Site, opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]

NOTES = "# Notes\n\nA **bold** word and <b>no tag</b>.\n\n| Vendor | Price |\n|---|---:|\n| Acme | 120 |\n"
PRICES = 'Vendor,Price,Note\nAcme,120,"first, second"\nGlobex,140,"says ""hi"""\n'


async def visit(page: Page, channel: str) -> None:
    await page.get_by_role("navigation").get_by_role("link", name=channel).click()


async def attach(page: Page, *paths: Path) -> None:
    composer = page.locator("#composer")
    async with page.expect_file_chooser() as chooser:
        await composer.get_by_role("button", name="Attach files").click()
    await (await chooser.value).set_files([str(path) for path in paths])


async def test_several_files_go_with_the_message_and_come_back_byte_for_byte(page: Page, tmp_path: Path):
    await visit(page, "sales")
    notes, prices = tmp_path / "notes.md", tmp_path / "prices.csv"
    notes.write_text(NOTES)
    prices.write_text(PRICES)
    await attach(page, notes, prices)
    await expect(page.get_by_role("list", name="Attached files").get_by_role("listitem")).to_have_count(2)
    box = page.get_by_role("textbox", name="Message #sales")
    await box.fill("Two files")
    await box.press("Enter")
    article = page.get_by_role("article", name="Alice").filter(has_text="Two files")
    async with page.expect_download() as download:
        await article.get_by_role("link", name="Download prices.csv").click()

    assert Path(await (await download.value).path()).read_text() == PRICES
    await expect(article.get_by_text("notes.md")).to_be_visible()
    await expect(page.get_by_role("list", name="Attached files")).to_be_hidden()


async def test_an_empty_file_is_refused_by_its_name_and_stays_with_the_words(page: Page, tmp_path: Path):
    await visit(page, "sales")
    empty = tmp_path / "empty.txt"
    empty.touch()
    await attach(page, empty)
    box = page.get_by_role("textbox", name="Message #sales")
    await box.fill("Nothing in it")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_have_text("empty.txt is empty. Take it out, or attach another.")
    await expect(box).to_have_value("Nothing in it")
    await page.get_by_role("button", name="Remove empty.txt").click()
    await box.fill("")


async def test_what_is_attached_stays_where_it_was_attached(page: Page, tmp_path: Path):
    await visit(page, "sales")
    notes = tmp_path / "notes.md"
    notes.write_text(NOTES)
    await attach(page, notes)
    attached = page.get_by_role("list", name="Attached files").first
    await expect(attached.get_by_text("notes.md")).to_be_visible()
    await visit(page, "general")

    await expect(attached).to_be_hidden()
    await visit(page, "sales")
    await expect(attached.get_by_text("notes.md")).to_be_visible()
    await page.get_by_role("button", name="Remove notes.md").click()


async def test_a_files_name_has_room_beside_its_doors_on_the_smallest_phone(
    browser: Browser, site: Site, bot: AsyncWebClient
):
    name = "a-rather-long-name-of-a-comparison.csv"
    await bot.files_upload_v2(channel="C0GENERAL", filename=name, title="A comparison", content=PRICES)
    page = await opened(browser, site, width=320, height=640)
    shown = page.get_by_text(name).last
    await expect(shown).to_be_visible()
    words, brand = await shown.bounding_box(), await page.locator(".brand").bounding_box()
    await page.context.close()

    assert words is not None
    assert words["width"] >= 120
    assert brand is not None
    assert brand["height"] < 40


async def test_markdown_and_tables_open_for_reading(page: Page, site: Site):
    await visit(page, "sales")
    uploads = [{"filename": "read.md", "content": NOTES}, {"filename": "read.csv", "content": PRICES}]
    await site.person("bob").files_upload_v2(
        channel="C0SALES", file_uploads=uploads, initial_comment="To be read"
    )
    article = page.get_by_role("article", name="Bob").filter(has_text="To be read")
    await article.get_by_role("button", name="Open read.md").click()
    dialog = page.get_by_role("dialog", name="read.md")

    await expect(dialog.get_by_role("heading", name="Notes")).to_be_visible()
    await expect(dialog.get_by_text("<b>no tag</b>")).to_be_visible()
    await expect(dialog.get_by_role("cell", name="120")).to_be_visible()
    await page.keyboard.press("Escape")
    await article.get_by_role("button", name="Open read.csv").click()
    rows = page.get_by_role("dialog", name="read.csv").get_by_role("row")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(1)).to_contain_text("first, second")
    await expect(rows.nth(2)).to_contain_text('says "hi"')


async def test_a_picture_is_shown(page: Page, bot: AsyncWebClient):
    await visit(page, "sales")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
        "000000050001a5f645400000000049454e44ae426082"
    )
    await bot.files_upload_v2(channel="C0SALES", filename="dot.png", content=pixel, initial_comment="A dot")
    picture = (
        page.get_by_role("article", name="jidoka").filter(has_text="A dot").get_by_role("img", name="dot.png")
    )
    await picture.wait_for()

    assert await picture.evaluate("async node => { await node.decode(); return node.naturalWidth; }") == 1


async def test_a_sample_is_attached_with_two_clicks_and_so_is_a_folder_with_its_example_request(page: Page):
    await visit(page, "sales")
    composer = page.locator("#composer")
    await composer.get_by_role("button", name="Sample files").click()
    await page.get_by_role("menuitem", name="price-survey.csv").click()

    attached = page.get_by_role("list", name="Attached files")
    await expect(attached).to_contain_text("price-survey.csv")
    await attached.get_by_role("button", name="Remove price-survey.csv").click()
    await expect(attached).to_be_hidden()
    await composer.get_by_role("button", name="Sample files").click()
    await page.get_by_role("menuitem", name="The example request of legal").click()
    await expect(page.get_by_role("textbox", name="Message #sales")).to_have_value(re.compile("^@jidoka draft the supply"))
    await expect(attached.get_by_role("listitem")).to_have_count(3)


async def test_a_dropped_file_is_attached(page: Page):
    await visit(page, "sales")
    await page.locator("#composer form").evaluate(
        """form => {
            const carried = new DataTransfer();
            carried.items.add(new File(["dropped"], "dropped.txt", { type: "text/plain" }));
            const carrying = { dataTransfer: carried, bubbles: true, cancelable: true };
            for (const kind of ["dragover", "drop"]) form.dispatchEvent(new DragEvent(kind, carrying));
        }"""
    )

    await expect(page.get_by_role("list", name="Attached files")).to_contain_text("dropped.txt")


async def test_a_file_goes_into_a_thread(page: Page, site: Site, tmp_path: Path):
    root = await site.person("bob").chat_postMessage(channel="C0LEGAL", text="Send me the terms here")
    await visit(page, "legal")
    article = page.get_by_role("article", name="Bob").filter(has_text="Send me the terms here")
    await article.hover()
    await article.get_by_role("button", name="Reply in thread").click()
    terms = tmp_path / "terms.txt"
    terms.write_text("Terms")
    thread = page.get_by_role("complementary", name="Thread")
    async with page.expect_file_chooser() as chooser:
        await thread.get_by_role("button", name="Attach files").click()
    await (await chooser.value).set_files(str(terms))
    await thread.get_by_role("button", name="Send").click()

    await expect(thread.get_by_role("article", name="Alice")).to_contain_text("terms.txt")
    replies = await site.person("alice").conversations_replies(channel="C0LEGAL", ts=root["ts"])
    assert replies["messages"][1]["files"][0]["name"] == "terms.txt"


async def test_an_example_fills_the_composer_with_its_request_and_files(page: Page):
    await page.get_by_label("You are").select_option(index=2)
    await visit(page, "jidoka")
    await page.get_by_role("button", name="compare our three competitors").click()

    box = page.get_by_role("textbox", name="Message jidoka")
    await expect(box).to_have_value(re.compile("^compare our three competitors"))
    await expect(page.get_by_role("list", name="Attached files").get_by_role("listitem")).to_have_count(3)


async def test_a_file_with_a_title_is_called_by_it_and_its_name_stands_below(page: Page, bot: AsyncWebClient):
    await visit(page, "sales")
    about = {"filename": "the-brief.md", "title": "The brief", "content": NOTES}
    await bot.files_upload_v2(channel="C0SALES", initial_comment="A title", **about)
    article = page.get_by_role("article", name="jidoka").filter(has_text="A title")

    await expect(article.get_by_text("The brief", exact=True)).to_be_visible()
    await expect(article.get_by_text(re.compile("^the-brief.md · "))).to_be_visible()
    await expect(article.get_by_role("button", name="Open the-brief.md")).to_be_visible()
