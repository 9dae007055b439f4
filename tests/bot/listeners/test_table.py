"""Which words of the slash command do what: the longest that fit count, and all other words are a request."""

from typing import Any

import pytest

from bot.listeners import commands
from bot.listeners.commands import Commands, Deed, Typed


def table(done: list[tuple[str, str]]) -> Commands:
    def noting(name: str) -> Any:
        async def do(_ack: Any, typed: Typed) -> None:
            done.append((name, typed.rest))

        return do

    words = {
        "": Deed(noting("help")), "stop": Deed(noting("stop")), "go on": Deed(noting("go on")),
        "stop everything": Deed(noting("halt"), takes_more=True),
    }  # fmt: skip
    return Commands(words, noting("ask"))


@pytest.mark.parametrize(("text", "done"), [
    ("", ("help", "")),
    ("  ", ("help", "")),
    ("STOP", ("stop", "")),
    ("stop the presses: write a notice", ("ask", "stop the presses: write a notice")),
    ("stop  everything", ("halt", "")),
    ("Stop everything the figures are  WRONG", ("halt", "the figures are  WRONG")),
    ("stop everything\nnow", ("halt", "now")),
    ("stop everything!", ("halt", "")),
    ("Stop everything: the figures are wrong", ("halt", "the figures are wrong")),
    ("stop.", ("stop", "")),
    ("go on", ("go on", "")),
    ("go on with the report", ("ask", "go on with the report")),
])  # fmt: skip
async def test_the_longest_words_that_fit_count(text: str, done: tuple[str, str]):
    noted: list[tuple[str, str]] = []

    await table(noted).command(None, {"text": text, "user_id": "U0ALICE", "channel_id": "C0SALES"})  # type: ignore[arg-type]

    assert noted == [done]


@pytest.mark.parametrize(("word", "said"), [
    ("status", "`status`"), ("stopp", "Did you mean `/jidoka stop`?"), ("Hello!", "`Hello!`"),
])  # fmt: skip
async def test_one_word_that_is_no_command_begins_nothing(word: str, said: str):
    noted: list[tuple[str, str]] = []
    told: list[str] = []

    async def ack(text: str) -> None:
        told.append(text)

    await table(noted).command(ack, {"text": word, "user_id": "U0ALICE", "channel_id": "C0SALES"})  # type: ignore[arg-type]

    assert noted == []
    assert [said in one for one in told] == [True]
    assert "nothing has begun" in told[0]


@pytest.mark.parametrize(("typed", "meant"), [
    ("stop everythin", "stop everything"), ("Stop evrything, the figures are wrong", "stop everything"),
    ("go onn", "go on"), ("stop it!", "stop"), ("cancel all runs", "stop"),
])  # fmt: skip
async def test_a_mistyped_command_of_several_words_begins_no_work(typed: str, meant: str):
    noted: list[tuple[str, str]] = []
    told: list[str] = []

    async def ack(text: str) -> None:
        told.append(text)

    await table(noted).command(ack, {"text": typed, "user_id": "U0ALICE", "channel_id": "C0SALES"})  # type: ignore[arg-type]

    assert (noted, told) == ([], [commands.NOTHING_BEGAN.format(meant=meant)])


@pytest.mark.parametrize("asked", [
    "stop everyone from smoking: write a notice", "go over the offers", "cancel our lease: draft a letter",
    "compare A", "https://example.com", "総括してください", "A:B",
])  # fmt: skip
async def test_what_may_be_a_request_is_one(asked: str):
    noted: list[tuple[str, str]] = []

    await table(noted).command(None, {"text": asked, "user_id": "U0ALICE", "channel_id": "C0SALES"})  # type: ignore[arg-type]

    assert noted == [("ask", asked)]
