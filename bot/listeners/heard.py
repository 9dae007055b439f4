"""A message as a person wrote it, parsed from Slack's event; and what is nobody's business is nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.identity import Identity

WRITTEN: Final = frozenset({None, "file_share", "thread_broadcast"})  # subtypes a person makes by writing
_FILE_FACTS: Final = ("id", "name", "url_private", "size", "mimetype")
_GONE: Final = frozenset({"tombstone", "hidden_by_limit"})  # modes of files that cannot be read any more
_SPECIAL: Final = re.compile(r"<([^<>]+)>")
_PERSON: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Heard:
    """One message by a person."""

    event_id: str
    channel: str
    user: str
    ts: str
    thread_ts: str  # where to answer: its thread, or the message itself
    text: str  # Slack's own form, mentions and escapes included
    files: tuple[dict[str, Any], ...]
    is_reply: bool
    is_direct: bool
    names_me: bool

    @classmethod
    def read(cls, payload: Mapping[str, Any], me: Identity) -> "Heard | None":
        """Return what a person wrote; None for bots, ourselves, edits and everything else nobody wrote."""
        event = payload["event"]
        user, text = event.get("user") or "", event.get("text") or ""
        if event.get("bot_id") or event.get("subtype") not in WRITTEN or not user or user == me.user:
            return None
        if event.get("edited") or event.get("hidden"):
            return None
        ts, channel = event["ts"], event["channel"]
        thread = event.get("thread_ts") or ts
        return cls(
            event_id=payload["event_id"], channel=channel, user=user, ts=ts, thread_ts=thread, text=text,
            files=tuple(_files(event)), is_reply=thread != ts,
            is_direct=event.get("channel_type") == "im" or channel.startswith("D"),
            names_me=me.user in _PERSON.findall(text),
        )

    def reply_to(self) -> str:
        """Return the thread an ephemeral answer belongs to; empty in the open channel, where it is seen."""
        return self.thread_ts if self.is_reply else ""


def people_in(text: str, me: Identity) -> list[str]:
    """Return the ids of everyone a text mentions but the bot."""
    return [user for user in _PERSON.findall(text) if user != me.user]


def plain(text: str, me: Identity, names: Mapping[str, str]) -> str:
    """Return the words as the person saw them: the bot's mention gone, other mentions as names, no escapes."""
    without_me = re.sub(rf"<@{re.escape(me.user)}(?:\|[^>]*)?>[:,]?", "", text)
    shown = _SPECIAL.sub(lambda found: _shown(found[1], names), without_me)
    for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(escaped, sign)
    return "\n".join(line.rstrip() for line in shown.splitlines()).strip()


def _shown(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "":
            return inside
        case "@":
            return f"@{names.get(target[1:]) or label or target[1:]}"
        case "#":
            return f"#{label} ({target[1:]})" if label else f"#{target[1:]}"  # by its id an agent can name it
        case "!":
            return "@" + (label.lstrip("@") or target[1:].split("^")[0])
        case _:
            return _link(target, label)


def _link(target: str, label: str) -> str:
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (address, address.split("://")[-1]):
        return address
    return f"{label} ({address})"


def _files(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    there = [file for file in event.get("files") or () if file.get("mode") not in _GONE and file.get("id")]
    return [{fact: file[fact] for fact in _FILE_FACTS if fact in file} for file in there]
