"""Deciding and steering on the Home tab, by people at a browser: everything that waits, everything that goes on."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.bot.waiting import until
from tests.stories.homely import AGAIN, FAIR, SHIP, morning, own_line, script
from tests.stories.town import PATIENCE_S, Town, plain, town
from tests.stories.window import PHONE, Window, window
from tests.workshop import SAMPLES, SURVEY

pytestmark = [pytest.mark.browser]

GENERAL = "C0GENERAL"
QUIET = "Nothing waits on you."


async def test_whatever_waits_is_decided_on_home_and_every_run_is_steered_there(tmp_path: Path):
    own_line(tmp_path / "bot")
    async with town(tmp_path, script()) as here, window(here) as seen:
        asked = [await here.alice.say(GENERAL, f"<@U0JIDOKA> {request}") for request in (SHIP, FAIR)]
        home = await seen.home()
        await expect(home.get_by_role("heading", name="2 decisions waiting on you")).to_be_visible()
        await _answer_with_every_kind_of_input(seen, home, left=1)
        await _answer_with_every_kind_of_input(seen, home, left=0)
        await _decide_two_at_once(seen, home)
        await _pause_and_resume(seen, home)
        await seen.become("Bob")
        await _approve_one_on_home(await seen.home())
        await until(lambda: _approved(here, asked, "U0BOB"), PATIENCE_S)
        await seen.become("Alice")
        home = await seen.home()
        await _run_a_task_again(seen, home)
        await _hand_over(seen, home)
        await seen.become("Bob")
        await _approve_in_a_brief(seen, here)
        await seen.become("Alice")
        await _schedule(seen, await seen.home())

    assert seen.problems == []


async def _answer_with_every_kind_of_input(seen: Window, home: Locator, left: int) -> None:
    """Answer a run's form on Home: a choice, a number, a date and a file."""
    await home.get_by_role("button", name="Answer", exact=True).first.click()
    form = seen.page.get_by_role("dialog", name="Answer")
    await form.get_by_role("radio", name="one paragraph").check()
    await form.get_by_label("What may a bike cost at most, in EUR?").fill("5500")
    await form.get_by_label("From which day do the prices hold?").fill("2026-12-01")
    await form.get_by_label("Which survey is it to rest on?").set_input_files(SAMPLES / SURVEY)
    await form.get_by_role("button", name="Answer", exact=True).click()
    await expect(form).to_be_hidden()
    await expect(home.get_by_role("button", name="Answer", exact=True)).to_have_count(left)


async def _decide_two_at_once(seen: Window, home: Locator) -> None:
    await home.get_by_role("button", name="Decide 2 alike").click()
    form = seen.page.get_by_role("dialog", name="Decide several")
    await expect(form.get_by_role("checkbox")).to_have_count(2)
    for tick in await form.get_by_role("checkbox").all():
        await tick.check()
    await form.get_by_role("button", name="Approve chosen").click()
    await expect(seen.page.get_by_role("dialog")).to_contain_text("Counted: 2 of 2")
    await seen.close_dialog()
    await expect(home).to_contain_text(QUIET)


async def _choose(seen: Window, home: Locator, entry: str) -> None:
    """Choose an entry of the menu of the newest run on Home."""
    await home.get_by_role("button", name="More options").first.click()
    await seen.page.get_by_role("menuitem", name=entry).click()


async def _pause_and_resume(seen: Window, home: Locator) -> None:
    await _choose(seen, home, "Pause")
    await expect(home).to_contain_text("Nothing starts until somebody resumes it")
    await _choose(seen, home, "Resume")
    await expect(home).not_to_contain_text("Nothing starts until")


async def _approve_one_on_home(home: Locator) -> None:
    """Approve a draft on Home: it is gone there."""
    await expect(home.get_by_role("heading", name="2 decisions waiting on you")).to_be_visible()
    await home.get_by_role("button", name="Approve", exact=True).first.click()
    await expect(home.get_by_role("heading", name="1 decision waiting on you")).to_be_visible()


async def _approved(here: Town, threads: list[str], by: str) -> bool:
    """Return whether a card in one of these threads says who approved it."""
    said = [plain(message) for ts in threads for message in await here.alice.thread(GENERAL, ts)]
    return any(f"*Approved* by <@{by}>" in each for each in said)


async def _run_a_task_again(seen: Window, home: Locator) -> None:
    """Let the note that is still open be written anew with a word on what is missing."""
    await _choose(seen, home, "Run a task again…")
    await seen.fill("Run a task again", "What should be different?", AGAIN, "Run it again")


async def _hand_over(seen: Window, home: Locator) -> None:
    """Give the run that is left to Carol: it leaves this Home."""
    await _choose(seen, home, "Hand over…")
    form = seen.page.get_by_role("dialog", name="Hand over")
    await form.get_by_label("Who takes this over?").select_option(label="Carol")
    await form.get_by_role("button", name="Hand over", exact=True).click()
    await expect(home.get_by_role("heading", name="Your runs")).to_have_count(0)


async def _approve_in_a_brief(seen: Window, here: Town) -> None:
    """Approve in a morning brief what is still open; every button of the brief is gone then."""
    home = await seen.home()
    await expect(home.get_by_role("heading", name="1 decision waiting on you")).to_be_visible()
    await morning(here, "U0BOB")
    await seen.page.get_by_role("tab", name="Messages").click()
    brief = seen.page.get_by_role("article", name="jidoka").filter(has_text="Your morning brief").last
    await brief.get_by_role("button", name="Approve", exact=True).click()
    await expect(brief).to_contain_text("Approved by @Bob")
    await expect(brief.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    await seen.page.get_by_role("tab", name="Home").click()
    await expect(home).to_contain_text(QUIET)


async def _schedule(seen: Window, home: Locator) -> None:
    """Schedule something by the form, and see, pause and delete it on Home."""
    await seen.schedule("say what changed in the survey")
    await expect(home).to_contain_text("every weekday at 07:00 (Europe/Berlin)")
    await home.get_by_role("button", name="Pause", exact=True).click()
    await expect(home).to_contain_text("paused")
    await home.get_by_role("button", name="Delete", exact=True).click()
    await seen.page.get_by_role("dialog").get_by_role("button", name="Delete it").click()
    await expect(home.get_by_role("heading", name="Scheduled")).to_have_count(0)


async def test_a_thumb_is_enough_on_home(tmp_path: Path):
    own_line(tmp_path / "bot")
    async with town(tmp_path, script()) as here, window(here, PHONE) as seen:
        await here.alice.say(GENERAL, f"<@U0JIDOKA> {SHIP}")
        home = await seen.home()
        widths = [await seen.overflow()]
        await _answer_with_every_kind_of_input(seen, home, left=0)
        await expect(home).to_contain_text("Shall the work go down the line")
        widths.append(await seen.overflow())
        await home.get_by_role("button", name="Approve", exact=True).tap()
        await expect(home).to_contain_text(QUIET)
        widths.append(await seen.overflow())

    assert widths == [0, 0, 0]
    assert seen.problems == []
