"""Pictures of the workspace for the README, taken of the story itself: ``python -m tests.stories.picture``.

Writes docs/workspace.png and docs/workspace-dark.png: a thread open at the draft that waits for an approver; and
docs/home.png and docs/brief.png: the approver's Home tab and morning brief with that draft.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import expect

from tests.stories.homely import morning
from tests.stories.told import story
from tests.stories.town import ROOT, Town, town
from tests.stories.window import Window, window
from tests.workshop import COMPETITORS, REQUEST, SAMPLES, SHEETS

SIZE: Final = (1360, 880)
SCHEDULED: Final = "Say what is new in the price survey, in five lines for the sales team."
LARGEST: Final = 300_000  # bytes
FILES: Final = tuple(SAMPLES / name for name in SHEETS)


async def take() -> None:
    """Play the story to its draft and take both pictures."""
    with tempfile.TemporaryDirectory() as home:
        async with town(Path(home), story(0)) as here:
            async with window(here, SIZE) as seen:
                await to_draft(seen)
                await seen.become("Bob")
                await picture(seen, "workspace.png")
                await _home(seen)
                await _brief(seen, here)
            await _in_the_dark(here)


async def to_draft(seen: Window) -> None:
    """Ask, answer the form, approve the plan, and wait for the draft."""
    await seen.ask(REQUEST, FILES)
    await seen.open_thread()
    await seen.button("Answer").click()
    await seen.fill("Answer", "Which competitors shall be compared?", COMPETITORS, "Answer")
    await seen.button("Approve").click()
    await expect(seen.card("Is this brief right for its readers?")).to_be_visible()
    await seen.thread.get_by_role("button", name="Close thread").click()


async def picture(seen: Window, name: str) -> None:
    """Open the thread where it waits and keep what is seen."""
    await seen.open_thread()
    await expect(seen.thread.get_by_text("Is this brief right for its readers?")).to_be_in_viewport()
    await keep(seen, name)


async def keep(seen: Window, name: str) -> None:
    """Keep what is seen in docs."""
    await seen.page.mouse.move(0, 0)
    path = ROOT / "docs" / name
    path.parent.mkdir(exist_ok=True)
    await seen.page.screenshot(path=path)
    if (size := path.stat().st_size) > LARGEST:
        raise SystemExit(f"{path} has {size:,} bytes; {LARGEST:,} are allowed. Take it of a smaller window.")
    print(f"{path}: {size:,} bytes")


async def _home(seen: Window) -> None:
    """Schedule something and open Home."""
    home = await seen.home()
    await seen.schedule(SCHEDULED)
    await expect(home.get_by_role("heading", name="Scheduled")).to_be_visible()
    await keep(seen, "home.png")


async def _brief(seen: Window, here: Town) -> None:
    await morning(here, "U0BOB")
    await seen.page.get_by_role("tab", name="Messages").click()
    brief = seen.page.get_by_role("article", name="jidoka").filter(has_text="Your morning brief").last
    await expect(brief.get_by_role("button", name="Approve", exact=True)).to_be_in_viewport()
    await keep(seen, "brief.png")
    await seen.page.get_by_role("navigation").get_by_role("link", name="general").click()


async def _in_the_dark(here: Town) -> None:
    async with window(here, SIZE, dark=True) as seen:
        await seen.become("Bob")
        await picture(seen, "workspace-dark.png")


if __name__ == "__main__":
    asyncio.run(take())
