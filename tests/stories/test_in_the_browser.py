"""A request made, planned, worked on, reviewed, sent back, approved and received, by people at a browser."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.stories.told import ANSWER_TO_IT, WHY, story
from tests.stories.town import Town, town
from tests.stories.window import PHONE, Window, window
from tests.workshop import COMPETITORS, REQUEST, SAMPLES, SHEETS

pytestmark = [pytest.mark.browser]

FILES = tuple(SAMPLES / name for name in SHEETS)
NOTE = "call them alternatives, not competitors"
HEARD_MS = 3_000  # with room for a busy machine; printed, so that the second we promise can be seen
LONG_MS = 9_000  # a reader's time: long enough to see three at work and to write a note


async def test_a_request_becomes_a_brief_before_everybodys_eyes(tmp_path: Path):
    async with town(tmp_path, story(LONG_MS)) as here, window(here) as seen:
        heard_ms = await seen.ask(REQUEST, FILES)
        print(f"heard after {heard_ms:.0f} ms")
        await seen.open_thread()
        await _answer_the_form(seen)
        await _approve_the_plan(seen)
        await _steer_three_at_work(seen)
        await _draft_waits_for_somebody_else(seen)
        await seen.become("Dave")
        await _guest_is_told_no(seen)
        await seen.become("Bob")
        await _send_back(seen)
        await _approve(seen)
        await seen.become("Alice")
        await _receive(seen)
        await _only_one_status(seen)
        here.model.check()

    assert heard_ms <= HEARD_MS
    assert seen.problems == []
    assert all(NOTE in str(call.body["messages"][0]) for call in _written(here))


async def _answer_the_form(seen: Window) -> None:
    status = seen.card("This goes down the line “competitive-intelligence”.")
    await expect(status).to_contain_text("Waiting for a decision: Competitor brief")
    await expect(status).to_contain_text("Three named makers are to be compared")
    await seen.button("Answer").click()
    await seen.fill("Answer", "Which competitors shall be compared?", COMPETITORS, "Answer")
    await expect(seen.card("Answered by @Alice")).to_contain_text(COMPETITORS)


async def _approve_the_plan(seen: Window) -> None:
    card = seen.card("Shall the work go down the line")
    for task in ("Research: Haulwren", "Research: Ternway", "Research: Oxbell", "Comparison", "Brief"):
        await expect(card.get_by_role("listitem").filter(has_text=task)).to_be_visible()
    for way in ("Edit and approve", "Send back", "Read all", "Stop"):
        await expect(card.get_by_role("button", name=way, exact=True)).to_be_visible()
    await card.get_by_role("button", name="Approve", exact=True).click()
    await expect(card).to_contain_text("Approved by @Alice")
    await expect(card).to_contain_text("The status message of this thread says when the work begins, and follows it.")
    await expect(card.get_by_role("button", name="Approve", exact=True)).to_have_count(0)


async def _steer_three_at_work(seen: Window) -> None:
    plan = seen.thread.get_by_role("region", name="Plan: Plan")
    await expect(plan.get_by_role("listitem").filter(has_text="Research").filter(has_text="working")).to_have_count(3)
    note = await seen.reply(NOTE)
    await expect(note.get_by_role("button", name=re.compile("^memo, 1"))).to_be_visible()


async def _draft_waits_for_somebody_else(seen: Window) -> None:
    card = seen.card("Is this brief right for its readers?")
    await expect(card).to_contain_text("Who decides: any member of this channel other than @Alice")
    for needed in ("Ternway costs the least", "By when", "Risk", "So far: $", "Stands on"):
        await expect(card).to_contain_text(needed)
    await expect(seen.card("Waiting for any member of this channel other than @Alice to decide on a draft.")).to_be_visible()


async def _guest_is_told_no(seen: Window) -> None:
    await seen.button("Approve").click()
    await expect(seen.thread.get_by_text("Nothing changed. Guests may read along but not decide here.")).to_be_visible()
    await expect(seen.button("Approve")).to_be_enabled()
    await seen.thread.get_by_role("button", name="Close thread").click()


async def _send_back(seen: Window) -> None:
    await seen.open_thread()
    await expect(seen.thread.get_by_text("Is this brief right for its readers?")).to_be_in_viewport()
    await seen.button("Read all").click()
    text = seen.page.get_by_role("dialog", name="The whole text")
    await expect(text.get_by_role("heading", name="What sets each apart")).to_be_visible()
    await seen.close_dialog()
    await seen.button("Send back").click()
    await seen.fill("Send back", "What should be different?", WHY, "Send back")
    await expect(seen.card("Sent back by @Bob")).to_contain_text(WHY)


async def _approve(seen: Window) -> None:
    card = seen.card("What changed since the version that was sent back:")
    await expect(card).to_contain_text(f"New: {ANSWER_TO_IT}")
    await card.get_by_role("button", name="Approve", exact=True).click()
    await expect(seen.card("Approved by @Bob")).to_be_visible()
    await expect(seen.thread.get_by_role("button", name=re.compile("^(Approve|Send back|Answer|Stop)"))).to_have_count(0)


async def _receive(seen: Window) -> None:
    result = seen.card("Summary, in the agent's words:")
    await expect(result.get_by_role("heading", name="Done: Competitor brief")).to_be_visible()
    await expect(result).to_contain_text("Ternway costs the least and carries the most")
    await expect(result).to_contain_text("What warranty does Oxbell give?")
    await expect(result).to_contain_text(re.compile(r"\$\d+\.\d\d · [\d,]+ tokens"))
    await seen.thread.get_by_role("button", name="Open competitor-brief.md").click()
    file = seen.page.get_by_role("dialog", name="competitor-brief.md")
    await expect(file.get_by_role("heading", name="Sources")).to_be_visible()
    places = {"F101": r"haulwren-product-sheet\.pdf, page 1: “The list price", "F301": r"price-survey\.csv, row 4: “"}
    for id, place in places.items():
        source = re.compile(rf"\[{id}\].* {place}")
        await expect(file.get_by_role("listitem").filter(has_text=source)).to_be_visible()
    await expect(file.get_by_text(ANSWER_TO_IT)).to_be_visible()
    await seen.close_dialog()


async def _only_one_status(seen: Window) -> None:
    routes = seen.thread.get_by_role("article", name="jidoka").filter(has_text="This goes down the line")
    await expect(routes).to_have_count(1)
    await expect(routes.get_by_role("heading", name="Done: Competitor brief")).to_be_visible()


def _written(here: Town) -> list:
    return [call for call in here.model.calls() if call.role == "writer"]


async def test_a_thumb_is_enough_to_answer_and_approve(tmp_path: Path):
    async with town(tmp_path, story(0)) as here, window(here, PHONE) as seen:
        await seen.ask(REQUEST, FILES)
        widths = [await seen.overflow()]
        await seen.open_thread()
        await expect(seen.button("Answer")).to_be_in_viewport()
        widths.append(await seen.overflow())
        await seen.button("Answer").tap()
        await expect(seen.page.get_by_role("dialog", name="Answer")).to_be_in_viewport()
        widths.append(await seen.overflow())
        await seen.fill("Answer", "Which competitors shall be compared?", COMPETITORS, "Answer")
        plan = seen.card("Shall the work go down the line")
        await expect(plan.get_by_role("button", name="Approve", exact=True)).to_be_in_viewport()
        widths.append(await seen.overflow())
        await plan.get_by_role("button", name="Approve", exact=True).tap()
        await expect(plan).to_contain_text("Approved by @Alice")
        await expect(seen.card("Is this brief right")).to_be_in_viewport()
        widths.append(await seen.overflow())

    assert widths == [0, 0, 0, 0, 0]
    assert seen.problems == []
