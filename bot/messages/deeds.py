"""Effects as they are done, and what became of them in words. PURE."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.messages import blocks, text
from bot.messages.said import Said
from storage.tables import Event

_ADDRESS: Final = re.compile(r"https?://[^\s<>|]+")
_ID: Final = re.compile(r"[CG][A-Z0-9]+")
LONGEST_ANSWER: Final = 300  # characters of what a tool answered
OWN: Final = "_text_, _arguments_ and _why_ are the agent's words; the rest is set by code."
_DONE: Final = "effect done"


def post(words: str) -> Said:
    """Return a post of these words as their card showed them: plain text, in which nothing is read as markup."""
    return Said(text.escape(words), (blocks.rich(blocks.line(words)),))


def where(payload: Mapping[str, Any]) -> str:
    """Return where it would be done, as Slack names it (mrkdwn)."""
    if tool := str((payload.get("target") or {}).get("tool", "")):
        return f"*With*: {text.escape(tool)}"
    channel = _channel(payload)
    return f"*Where*: <#{channel}>" if _ID.fullmatch(channel) else f"*Where*: {text.escape(channel or 'not said')}"


def done(ended: tuple[Event, ...]) -> list[str]:
    """Return what was done outside the run, a sentence each, in the order it was (mrkdwn)."""
    return [_told(one.payload) for one in ended if one.kind == _DONE]


def left(ended: tuple[Event, ...]) -> list[str]:
    """Return what was proposed and not done, and why, a sentence each."""
    return [f"A {_named(one.payload)} was not done: {one.payload.get('why')}." for one in ended if one.kind != _DONE]


def _told(payload: Mapping[str, Any]) -> str:
    link = str(payload.get("permalink", ""))
    seen = f" · <{link}|see the post>" if _ADDRESS.fullmatch(link) else ""
    if answer := text.shorten(str(payload.get("answer", "")), LONGEST_ANSWER):
        seen += f" · its answer: “{text.escape(answer)}”"
    return f"*Done outside this thread*: {str(payload.get('effect') or 'effect').replace('_', ' ')} · {where(payload)}{seen}"


def _named(payload: Mapping[str, Any]) -> str:
    what = str(payload.get("effect") or "effect").replace("_", " ")
    return f"“{what}” to {_channel(payload) or 'its target'}"


def _channel(payload: Mapping[str, Any]) -> str:
    target = payload.get("target") or {}
    return str(target.get("channel") or target.get("tool") or "")
