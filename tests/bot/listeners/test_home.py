"""The Home tab shows what waits on the person who opens it, and nobody else's."""

from typing import Any

from bot.blockkit import validate_view
from bot.listeners.home import MOST_SHOWN, QUIET, view
from storage.tables import Checkpoint, Run
from storage.words import CheckpointKind
from tests.bot.shop import Shop, a_question


async def home(here: Shop, name: str) -> str:
    """Return the text of a person's Home once it is published."""
    before = len(await here.calls("views.publish"))
    await here.do(name, "home", {"tab": "home"})

    async def published() -> list[Any]:
        return (await here.calls("views.publish"))[before:]

    await here.until(published)
    shown = await here.do(name, "home", {"tab": "messages"})
    return str((await here.do(name, "home", {"tab": "home"}))["view"] or shown)


async def test_what_is_mine_to_decide_stands_there_with_a_way_to_it(here: Shop):
    thread = await here.say("alice", "C0SALES", "compare *them* & others")
    await a_question(here.front)
    async with here.database.write() as session:
        (await session.get_one(Run, "run-1")).thread_ts = thread

    shown = await home(here, "alice")

    assert "Tell me:" in shown
    assert "/archives/C0SALES/p" in shown
    assert "<@U0ALICE>" in shown


async def test_what_others_decide_does_not(here: Shop):
    await a_question(here.front)

    assert QUIET in await home(here, "bob")


def test_a_full_page_says_how_many_more_there_are_and_is_valid():
    run = Run(id="r", team="T", channel="C", thread_ts="1", request_ts="1", requester="U0ALICE", tag="t",
              request="<!channel> " + "long " * 200)
    asked = Checkpoint(id="c", run_id="r", task_key="t", attempt=1, kind=CheckpointKind.PLAN, nonce="n", digest="d",
                       requester="U0ALICE", question="<@U0BOB> " + "why " * 400)

    shown = view([(asked, run, "https://x.example/p1")] * (MOST_SHOWN + 3))

    assert validate_view(shown, "emit") == []
    assert "And 3 more" in str(shown)
    assert "<!channel>" not in str(shown)
    assert "<@U0BOB>" not in str(shown)
