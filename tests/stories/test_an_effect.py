"""An agent proposes a post in another channel; people decide; it stands there once, and the result says so."""

from pathlib import Path

from tests.agents.engine.effects_story import HERALD, LINE, TEXT, script, wish
from tests.stories.town import Town, town

SALES, GENERAL = "C0SALES", "C0GENERAL"
REQUEST = f"<@U0JIDOKA> announce the new bike in <#{GENERAL}|general>"


async def test_a_proposed_post_is_decided_on_and_then_stands_in_the_other_channel_once(tmp_path: Path):
    for folder, name, page in (("roles", "herald", HERALD), ("lines", "announcing", LINE)):
        (tmp_path / "bot" / folder).mkdir(parents=True)
        (tmp_path / "bot" / folder / f"{name}.md").write_text(page, encoding="utf-8")
    async with town(tmp_path, script(wish(channel=GENERAL))) as here:
        ts = await here.alice.say(SALES, REQUEST)
        await here.alice.press(SALES, ts, "Approve", "Shall the work go down")
        await here.bob.press(SALES, ts, "Approve", "May this be announced")
        card = await here.bob.sees(SALES, ts, "An act with effects waits")
        await here.alice.press(SALES, ts, "Approve", "An act with effects waits")
        before = await posts(here)
        await here.bob.press(SALES, ts, "Approve", "An act with effects waits")
        result = await here.alice.sees(SALES, ts, "see the post")
        after = await posts(here)

    assert f"<#{GENERAL}>" in str(card) and "are the agent's words" in str(card)
    assert (before, after) == (0, 1)
    assert "Done outside this thread" in str(result)


async def posts(here: Town) -> int:
    """Return how often the bot said it in the channel itself."""
    history = await here.alice.client.conversations_history(channel=GENERAL, limit=50)
    return sum(TEXT in str(message.get("blocks")) for message in history["messages"])
