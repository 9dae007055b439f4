"""What holds here, asked by the slash command: plain sentences for this channel or a line; other words stay a request."""

from storage.tables import Run
from tests.bot.listeners.test_commands import answer
from tests.bot.shop import Shop


async def test_what_holds_in_a_channel_is_said_to_whoever_asks_alone(here: Shop):
    said = await answer(here, "alice", "policy")

    assert said.startswith("*What holds for <#C0SALES>*.")
    assert "• Drafts: any member of the channel, never whoever asked; silence means: it waits. (as shipped)" in said
    assert "Effects of class R4" in said
    assert await here.calls("chat.postMessage") == []


async def test_what_holds_on_a_line_names_it(here: Shop):
    line = next(iter(here.engine.catalog.lines))

    assert f"on the line `{line}`*" in await answer(here, "alice", f"policy {line}")


async def test_an_unknown_line_is_answered_with_those_there_are(here: Shop):
    said = await answer(here, "alice", "policy unheard-of")

    assert said.startswith("There is no line “unheard-of” here. Lines: `")
    assert await here.rows(Run) == []


async def test_a_request_that_begins_with_the_word_is_a_request(here: Shop):
    await answer(here, "alice", "policy brief on heat pumps")

    [run] = await here.rows(Run)
    assert run.request == "policy brief on heat pumps"
