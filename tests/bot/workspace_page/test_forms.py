"""Forms of every kind of input: filled in on the page, and what the bot is told."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.bot.workspace_page.conftest import LOOP
from tests.bot.workspace_page.desk import Desk, Json, option, plain
from tests.bot.workspace_page.forms import asks, every_input, modal
from tests.bot.workspace_page.test_deciding import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]


async def visit(page: Page, channel: str) -> None:
    await page.get_by_role("navigation").get_by_role("link", name=channel).click()


async def trigger(page: Page, bot: AsyncWebClient, desk: Desk, words: str, times: int = 1) -> str:
    """Press a button in #legal; return what opens a view for whoever pressed it."""
    await visit(page, "legal")
    button = {"type": "button", "action_id": "any", "text": plain(words)}
    await bot.chat_postMessage(
        channel="C0LEGAL", text=words, blocks=[{"type": "actions", "elements": [button]}]
    )
    before = len(desk.pressed)
    await page.get_by_role("main").get_by_role("button", name=words, exact=True).click()
    await until(desk.pressed, before + times)
    return str(desk.pressed[-1]["trigger_id"])


async def shown(page: Page, bot: AsyncWebClient, desk: Desk, words: str, view: Json) -> Locator:
    """Return the dialog of a view that was just opened."""
    await bot.views_open(trigger_id=await trigger(page, bot, desk, words), view=view)
    dialog = page.get_by_role("dialog", name=view["title"]["text"])
    await expect(dialog).to_be_visible()
    return dialog


async def handed_in(dialog: Locator, desk: Desk) -> Json:
    """Hand the form in; return its values by block."""
    before = len(desk.handed_in)
    await dialog.get_by_role("button", name="Hand in").click()
    await until(desk.handed_in, before + 1)
    values = desk.handed_in[-1]["view"]["state"]["values"]
    return {name: block["a"] for name, block in values.items()}


def told(values: Json, **fields: str) -> dict[str, Any]:
    return {name: values[name][field] for name, field in fields.items()}


async def test_every_kind_of_input_is_filled_in_and_told(
    page: Page, bot: AsyncWebClient, desk: Desk, tmp_path: Path
):
    dialog = await shown(page, bot, desk, "A whole schedule", every_input())
    await dialog.get_by_label("Name", exact=True).fill("Monday news")
    await dialog.get_by_label("Line", exact=True).select_option(label="Contract")
    await dialog.get_by_role("listbox", name="Topics").select_option(label=["Contract", "Campaign"])
    await dialog.get_by_label("Most words").fill("250")
    await dialog.get_by_label("First on").fill("2026-12-24")
    await dialog.get_by_label("At", exact=True).fill("06:15")
    await dialog.get_by_label("Ends").fill("2027-07-01T18:00")
    await dialog.get_by_role("group", name="Tone").get_by_label("Warm").check()
    await dialog.get_by_role("group", name="Check").get_by_label("Names").check()
    await dialog.get_by_label("Who decides").select_option(label="Carol")
    await dialog.get_by_role("listbox", name="Who gets a copy").select_option(label=["Bob", "Dave"])
    await dialog.get_by_label("Channel of the archive").select_option(label="#sales")
    await dialog.get_by_label("Mail it to").fill("a@b.example")
    await dialog.get_by_label("Template").fill("https://b.example/t")
    sheet = tmp_path / "prices.csv"
    sheet.write_text("a,b")
    await dialog.get_by_label("Attachments").set_input_files(str(sheet))
    values = await handed_in(dialog, desk)

    assert told(
        values, name="value", brief="value", words="value", day="selected_date", hour="selected_time",
        until="selected_date_time", owner="selected_user", copies="selected_users", where="selected_conversation",
        room="selected_channel", mail="value", link="value",
    ) == {
        "name": "Monday news", "brief": None, "words": "250", "day": "2026-12-24", "hour": "06:15",
        "until": 1_814_457_600, "owner": "U0CAROL", "copies": ["U0BOB", "U0DAVE"], "where": "C0LEGAL",
        "room": "C0SALES", "mail": "a@b.example", "link": "https://b.example/t",
    }  # fmt: skip
    assert values["line"]["selected_option"] == option("Contract", "contract")
    assert [one["value"] for one in values["topics"]["selected_options"]] == ["contract", "campaign"]
    assert values["tone"]["selected_option"]["value"] == "warm"
    assert [file["name"] for file in values["files"]["files"]] == ["prices.csv"]
    assert desk.handed_in[-1]["response_urls"][0]["channel_id"] == "C0LEGAL"
    assert (await bot.files_info(file=values["files"]["files"][0]["id"]))["file"]["size"] == 3
    await expect(dialog).to_be_hidden()


async def test_what_a_form_begins_with_is_shown_and_told(page: Page, bot: AsyncWebClient, desk: Desk):
    dialog = await shown(page, bot, desk, "A form that begins", every_input())
    await expect(dialog.get_by_label("Most words")).to_have_value("900")
    await expect(dialog.get_by_label("First on")).to_have_value("2026-12-01")
    await expect(dialog.get_by_label("At", exact=True)).to_have_value("07:30")
    await expect(dialog.get_by_label("Ends")).to_have_value("2027-01-01T01:00")
    await expect(dialog.get_by_role("group", name="Tone").get_by_label("Plain")).to_be_checked()
    await expect(dialog.get_by_label("Name", exact=True)).to_have_accessible_description(
        "Everybody in the channel sees it."
    )
    await dialog.get_by_label("Name", exact=True).fill("x")
    await dialog.get_by_role("listbox", name="Topics").select_option(label=["Contract"])
    await dialog.get_by_label("Who decides").select_option(label="Bob")
    values = await handed_in(dialog, desk)

    assert values["until"]["selected_date_time"] == 1_798_761_600
    assert values["line"]["selected_option"]["value"] == "competitors"


async def test_a_click_picks_several_and_never_more_than_allowed(page: Page, bot: AsyncWebClient, desk: Desk):
    dialog = await shown(page, bot, desk, "A form to pick in", every_input())
    topics = dialog.get_by_role("listbox", name="Topics")
    for name in ("Competitors", "Campaign", "Contract", "Competitors"):
        await topics.get_by_role("option", name=name).click()

    await expect(topics).to_have_values(["campaign"])


async def test_a_wrong_number_is_said_at_its_field(page: Page, bot: AsyncWebClient, desk: Desk):
    element = {"type": "number_input", "is_decimal_allowed": False, "min_value": "2", "max_value": "9"}
    dialog = await shown(
        page, bot, desk, "A form of numbers", modal("Numbers", asks("sum", "How many", element))
    )
    field, before = dialog.get_by_label("How many"), len(desk.handed_in)
    for written, said in (
        ("1", "at least 2"),
        ("10", "at most 9"),
        ("2.5", "a whole number"),
        ("", "required field"),
    ):
        await field.fill(written)
        await dialog.get_by_role("button", name="Hand in").click()

        await expect(dialog.get_by_role("alert")).to_contain_text(said)
        await expect(field).to_be_focused()
    assert len(desk.handed_in) == before


async def test_a_text_too_long_is_said_at_its_field_and_never_cut(page: Page, bot: AsyncWebClient, desk: Desk):
    element = {"type": "plain_text_input", "multiline": True, "max_length": 20}
    dialog = await shown(page, bot, desk, "A form of words", modal("Words", asks("words", "Text", element)))
    field, before = dialog.get_by_label("Text"), len(desk.handed_in)
    await field.fill("twenty-one characters")
    await dialog.get_by_role("button", name="Hand in").click()

    await expect(dialog.get_by_role("alert")).to_contain_text("at most 20 characters")
    await expect(field).to_have_value("twenty-one characters")
    assert len(desk.handed_in) == before


async def test_files_of_a_form_are_listed_taken_away_and_limited(
    page: Page, bot: AsyncWebClient, desk: Desk, tmp_path: Path
):
    paths = [tmp_path / f"{name}.txt" for name in ("one", "two", "three")]
    for path in paths:
        path.write_text(path.stem)
    element = {"type": "file_input", "max_files": 2}
    dialog = await shown(
        page, bot, desk, "A form for files", modal("Files", asks("files", "Attachments", element))
    )
    field, listed = (
        dialog.get_by_label("Attachments"),
        dialog.get_by_role("list", name="Chosen files").get_by_role("listitem"),
    )
    await field.set_input_files([str(path) for path in paths[:2]])
    await expect(listed).to_have_count(2)
    await dialog.get_by_role("button", name="Remove one.txt").click()
    await field.set_input_files(str(paths[2]))
    await expect(listed).to_have_count(2)
    values = await handed_in(dialog, desk)

    assert [file["name"] for file in values["files"]["files"]] == ["two.txt", "three.txt"]


async def test_an_update_from_the_bot_keeps_what_was_filled_in(
    page: Page, bot: AsyncWebClient, desk: Desk, tmp_path: Path
):
    blocks = [
        asks("files", "Attachments", {"type": "file_input"}),
        asks("name", "Name", {"type": "plain_text_input"}),
    ]
    opened = await bot.views_open(
        trigger_id=await trigger(page, bot, desk, "A form that grows"), view=modal("Growing", *blocks)
    )
    dialog = page.get_by_role("dialog", name="Growing")
    path = tmp_path / "kept.txt"
    path.write_text("kept")
    await dialog.get_by_label("Attachments").set_input_files(str(path))
    await expect(dialog.get_by_role("button", name="Remove kept.txt")).to_be_visible()
    await dialog.get_by_label("Name", exact=True).fill("half")
    section = {"type": "section", "text": plain("One more thing")}
    await bot.views_update(view_id=opened["view"]["id"], view=modal("Growing", section, *blocks))
    await expect(dialog.get_by_text("One more thing")).to_be_visible()
    values = await handed_in(dialog, desk)

    assert values["name"]["value"] == "half"
    assert [file["name"] for file in values["files"]["files"]] == ["kept.txt"]


async def test_the_cross_closes_every_view_and_cancel_only_the_top_one(
    page: Page, bot: AsyncWebClient, desk: Desk
):
    more = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "deeper", "text": plain("Deeper")}],
    }
    dialog = await shown(page, bot, desk, "A form with two floors", modal("Ground floor", more))

    async def deeper() -> Locator:
        before = len(desk.pressed)
        await dialog.get_by_role("button", name="Deeper").click()
        await until(desk.pressed, before + 1)
        await bot.views_push(trigger_id=desk.pressed[-1]["trigger_id"], view=modal("First floor", more))
        pushed = page.get_by_role("dialog", name="First floor")
        await expect(pushed).to_be_visible()
        return pushed

    closed = len(desk.closed)
    await (await deeper()).get_by_role("button", name="Leave").click()
    await until(desk.closed, closed + 1)
    await expect(dialog).to_be_visible()
    await (await deeper()).get_by_role("button", name="Close dialog").click()
    await until(desk.closed, closed + 3)

    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_choice_taken_back_when_asked_is_undone(page: Page, bot: AsyncWebClient, desk: Desk):
    await visit(page, "sales")
    sure = {
        "title": plain("Hand it over?"),
        "text": plain("Bob will be told."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    choices = [option("Alice", "a"), option("Bob", "b")]
    pick = {
        "type": "static_select",
        "action_id": "owner",
        "options": choices,
        "initial_option": choices[0],
        "confirm": sure,
    }
    await bot.chat_postMessage(
        channel="C0SALES", text="owner", blocks=[{"type": "actions", "elements": [pick]}]
    )
    select = page.get_by_role("main").get_by_role("combobox").last
    before = len(desk.chosen)
    await expect(select.locator("option", has_text="Bob")).to_have_count(1)  # the new message is there
    await select.select_option(label="Bob")
    await page.get_by_role("dialog", name="Hand it over?").get_by_role("button", name="No").click()
    await expect(select).to_have_value("a")
    assert len(desk.chosen) == before
    await select.select_option(label="Bob")
    await page.get_by_role("dialog", name="Hand it over?").get_by_role("button", name="Yes").click()
    await until(desk.chosen, before + 1)

    await expect(select).to_have_value("b")
    assert desk.chosen[-1]["selected_option"] == choices[1]
