"""The slash command: a table of words and what each of them does; all other words are a request."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck

UNKNOWN: Final = (
    "I know no command `{word}`, and one word is too little to ask for, so nothing has begun.{meant} `/jidoka help` says "
    "what I take; what is under way stands on my Home tab."
)
NOTHING_BEGAN: Final = (
    "That is no request, so nothing has begun. Did you mean `/jidoka {meant}`? `/jidoka help` says what I take."
)
_NEAR: Final = 0.88  # how alike words are that were mistyped: "stop everythin" is, "stop everyone" is not
_STEERS: Final = re.compile(  # words about what is under way, never about what is to be done
    r"(?P<word>stop|halt|cancel|abort|pause|resume)(?:\s(?:it|this|that|all|now|please|the|my|runs?|work))*", re.IGNORECASE
)
_MARKS: Final = " .!,:;"  # people end and part a command with them
_WORD: Final = re.compile(r"[A-Za-z-]{1,24}[.!?]?")  # other scripts write whole sentences without a space

Body = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """One ``/jidoka`` as a person typed it."""

    user: str
    channel: str
    text: str  # all the words behind the command, in Slack's own form
    rest: str  # the words behind those that name the deed; empty when there are none
    trigger: str  # opens a form, within 3 s


@dataclass(frozen=True)
class Deed:
    """What some words do.

    ``do`` acknowledges: what records something commits first, what just opens a form acks first. With ``takes_more``
    the words may go on, as in ``stop everything the figures are wrong``; without it they stand alone, so that
    ``stop the presses: write …`` stays a request.
    """

    do: Callable[[AsyncAck, Typed], Awaitable[None]]
    takes_more: bool = False


class Commands:
    """What ``/jidoka`` does.

    Args:
        words: Each deed by its words, in lower case; of several that fit, the longest counts.
        otherwise: What all other words do.
    """

    def __init__(self, words: Mapping[str, Deed], otherwise: Callable[[AsyncAck, Typed], Awaitable[None]]) -> None:
        self._words = sorted(words.items(), key=lambda entry: -len(entry[0]))
        self._otherwise = otherwise

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """Do what the words say."""
        text = (body.get("text") or "").strip()
        about = {"user": body["user_id"], "channel": body["channel_id"], "trigger": body.get("trigger_id") or ""}
        do, rest = self._found(text)
        if do == self._otherwise and (why := self._no_request(text)):
            await ack(why)
            return
        await do(ack, Typed(**about, text=text, rest=rest))

    def _no_request(self, text: str) -> str:
        """Return what to tell whoever typed a command wrongly; empty where the words may be a request."""
        if _WORD.fullmatch(text):
            return self._unknown(text)
        meant = steering(text)
        return NOTHING_BEGAN.format(meant=meant) if meant else ""

    def _unknown(self, word: str) -> str:
        near = get_close_matches(word.lower(), [words for words, _ in self._words if words], n=1)
        return UNKNOWN.format(word=word, meant=f" Did you mean `/jidoka {near[0]}`?" if near else "")

    def _found(self, text: str) -> tuple[Callable[[AsyncAck, Typed], Awaitable[None]], str]:
        said = " ".join(text.lower().split())
        for words, deed in self._words:
            if said.rstrip(_MARKS) == words:
                return deed.do, ""
            if deed.takes_more and re.match(rf"{re.escape(words)}[{_MARKS}]*\s", said):
                return deed.do, text.split(maxsplit=len(words.split()))[-1]
        return self._otherwise, text


def steering(text: str) -> str:
    """Return the command that words about what is under way are meant for, such as ``stop everything``; else nothing."""
    said = " ".join(text.lower().split()).rstrip(_MARKS)
    if steers := _STEERS.fullmatch(said):
        return steers["word"] if steers["word"] in {"stop", "pause", "resume"} else "stop"
    begun = " ".join(said.split()[:2]).rstrip(_MARKS)  # why may stand behind it
    meant = (words for words, typed in (("stop everything", begun), ("go on", said)) if _alike(typed, words))
    return next(meant, "")


def _alike(typed: str, words: str) -> bool:
    return SequenceMatcher(None, typed, words).ratio() >= _NEAR
