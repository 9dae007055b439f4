"""A request made, planned, worked on, reviewed, sent back, approved and delivered, in Slack."""

from pathlib import Path

from tests.bot.waiting import until
from tests.keeping import keep
from tests.stories.town import plain, town
from tests.workshop import (
    COMPETITORS,
    REQUEST,
    SAMPLES,
    SHEETS,
    brief_text,
    comparison,
    researches,
    triage,
    verdict,
    written,
)

GENERAL = "C0GENERAL"
FILES = tuple(SAMPLES / name for name in SHEETS)
NOTE = "call them alternatives, not competitors"
WHY = "Say what they sell before anything else."


def story() -> list[dict]:
    """What the model says: a first draft that review sends back once, and a second after a person did."""
    wrong = written(
        brief_text("All is well TODO [F101]."), when={"role": "writer", "attempt": "1", "call": 1}
    )
    found = {"id": "W3", "evidence": "All is well TODO", "fix": "Say what the sources say."}
    better = written(brief_text(), when={"role": "writer", "attempt": "1", "call": 2})
    again = written(brief_text("They sell cargo bikes [F101]."), when={"role": "writer", "attempt": "2"})
    return [triage(), *researches(), comparison(), wrong, verdict(found), better, verdict(), again, verdict()]


async def test_a_request_becomes_a_brief_that_two_people_stand_behind(tmp_path: Path):
    async with town(tmp_path, story()) as here:
        alice, bob, dave = here.alice, here.bob, here.dave
        ts = await alice.say(GENERAL, f"<@U0JIDOKA> {REQUEST}", files=FILES)

        await alice.press(GENERAL, ts, "Answer")
        await alice.fill(which_competitors=COMPETITORS)
        status = await alice.sees(GENERAL, ts, "This goes down the line")
        await alice.say(GENERAL, NOTE, thread_ts=ts)
        await until(lambda: _noted(here, ts))
        await alice.press(GENERAL, ts, "Approve", "Shall the work go down the line")

        card = await bob.button(GENERAL, ts, "Approve", "Is this brief right")
        await dave.press_this(GENERAL, *card)
        await until(lambda: dave.whispers)
        await bob.press(GENERAL, ts, "Send back")
        await bob.fill(what_should_be_different=WHY)
        second = await bob.sees(GENERAL, ts, "They sell cargo bikes")
        await bob.press(GENERAL, ts, "Approve", "They sell cargo bikes")
        await bob.press_this(GENERAL, *card)
        await until(lambda: bob.whispers)
        result = await alice.sees(GENERAL, ts, "Done: Competitor brief")
        file = await alice.sees(GENERAL, ts, '"name": "competitor-brief.md"')
        content = await _download(here, file["files"][0]["url_private"])
        said = await alice.thread(GENERAL, ts)
        later = [call for call in here.model.calls() if call.role in {"researcher", "analyst", "writer"}]
        here.model.check()
    await keep(tmp_path / "bot" / "jidoka.db", "scripted")

    assert "competitive-intelligence" in plain(status)
    assert all(NOTE in str(call.body["messages"][0]) for call in later)
    assert "Guests" in dave.whispers[0]
    assert "already" in bob.whispers[-1]
    assert "-Three makers" in plain(second) or "Three makers" in plain(second)
    assert "under 900" not in plain(result)
    assert "They sell cargo bikes [F101]." in content and "## Sources" in content
    assert "**[F101]** haulwren-product-sheet.pdf, page" in content
    ids = [message["metadata"]["event_payload"]["id"] for message in said if message.get("metadata")]
    assert len(ids) == len(set(ids))


async def _noted(here, ts: str) -> bool:
    replies = await here.alice.client.conversations_replies(channel=GENERAL, ts=ts)
    return any(r["name"] == "memo" for m in replies["messages"] for r in m.get("reactions", []))


async def _download(here, url: str) -> str:
    address = url if url.startswith("http") else f"{here.facts['url']}{url}"
    async with here.page.get(address, headers={"Authorization": "Bearer xoxp-alice"}) as answer:
        return (await answer.read()).decode()
