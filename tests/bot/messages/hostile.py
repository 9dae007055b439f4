"""Text that tries to mention, mask, hide, unfurl or break; and a reader that finds what is still alive in a message."""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from agents.addresses import same
from bot.messages.actions import pointer, run_of
from bot.messages.figures import moment
from bot.messages.said import Said
from tests.bot.messages import sample

REST = "10:20"  # when a failed task of ours is tried again
TRUSTED = {  # ids and moments our own rows hold
    "<@U0ALICE>", "<@U0BOB>", moment(sample.NOW), moment(sample.BEGAN + timedelta(minutes=20)),
}
ADDRESSES = frozenset(  # what the run has read, or people wrote
    {"https://good.example/page?q=1", "https://good.example/a_(b)", "https://good.example", "https://good.example/x"}
)
OURS = {
    "checkpoint_approve", "checkpoint_edit", "checkpoint_send_back", "checkpoint_stop", "checkpoint_answer",
    "checkpoint_read", "checkpoint_finish", "run_stop", "run_accept", "run_refuse", "run_reopen",
}  # fmt: skip
KNOWN = {"header", "section", "context", "divider", "rich_text", "table", "plan", "actions"}

PARTS = [
    "<!channel>", "<!here>", "<!everyone>", "<!subteam^S123|ops>", "<@U0EVIL>", "<@U0EVIL|Bob>", "<#C0LEGAL|legal>",
    "<https://evil.example|bank.com>", "https://evil.example/?secret=1", "[bank](https://evil.example/x)",
    "[go](slack://open)", "[m](mailto:a@b.c)", "<mailto:a@b.c|mail>",
    "<!date^1^{date}|x>", "@here", "@channel", "@everyone",
    "![p](https://evil.example/p.png?d=1)", "![](https://good.example/p.png)",
    "[fine](https://good.example/page?q=1)", "https://good.example/a_(b)",
    "https://good.example@evil.example/", "https://good.example\\@evil.example",
    "https://good.example:8443/", "https://good.example/collect?seen=CANARY", "https://good.example/page?q=1#CANARY",
    "[x](https://GOOD.example/)", "[x](//evil.example)", "[x](javascript:alert(1))", "&lt;!channel&gt;",
    "&amp;", "&", "<", ">",
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x00", "\x1b[31m", "\x85", "\u2028",
    "\U000e0041", "\ue000",
    "\ud83d", "👩‍💻", "e\u0301", "*bold*", "**bold**", "_it_",
    "~~no~~", "`code`", "```", "~~~", "\n", "\n\n", "# Head\n",
    "- item\n",
    "1. one\n", "> said\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "---\n", "- [x] done\n",
    ":tada:", "{}", "\\", "]", "(", ")", "[F1]",
    "word ", "Größe ", "数字 ", "x" * 200, " ", "\t", '"', "'",
]  # fmt: skip


def text(chance: random.Random, most: int = 14) -> str:
    """Return hostile text."""
    return "".join(chance.choice(PARTS) for _ in range(chance.randint(0, most)))


def alive(said: Said, addresses: frozenset[str] = ADDRESSES) -> list[str]:
    """Return everything in a message that foreign text may not contain."""
    found = [*_mrkdwn(said.text), *(f"raw control in text: {said.text!r}" for _ in _controls(said.text))]
    return [*found, *blocks_alive(said.blocks, addresses)]


def blocks_alive(blocks: Any, addresses: frozenset[str] = ADDRESSES) -> list[str]:
    """Return everything in blocks that foreign text may not contain."""
    found = [f"unknown block {block['type']}" for block in blocks if block["type"] not in KNOWN | {"input"}]
    for part in _parts(list(blocks)):
        found += _part(part, addresses)
    return found


def _part(part: dict[str, Any], addresses: frozenset[str]) -> list[str]:
    match part.get("type"):
        case "mrkdwn":
            return [*_mrkdwn(part["text"]), *([] if part.get("verbatim") is True else ["not verbatim"])]
        case "plain_text":
            return ["angle bracket in plain_text"] * bool(set("<>") & set(part["text"])) + ["emoji"] * part["emoji"]
        case "link":
            shown = part["url"].split("://", 1)[1] == part["text"]
            return [] if shown and same(part["url"]) in addresses else [f"link {part}"]
        case "button":
            sound = part["action_id"] in OURS and (pointer(part["value"]) or run_of(part["value"]))
            return [] if sound else [f"button {part}"]
        case "user" | "usergroup" | "broadcast" | "channel" | "emoji" | "image" | "date":
            return [f"live {part['type']}"]
        case _:
            return []


def _mrkdwn(words: str) -> list[str]:
    left = re.sub("|".join(map(re.escape, TRUSTED)), "", words)
    bare = re.sub(r"&(?:amp|lt|gt);", "", left)
    return [f"live {left!r}"] * bool(set("<>&") & set(bare))


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _parts(one)


def _controls(value: Any) -> Iterator[str]:
    odd = {"Cc", "Cf", "Co", "Cs", "Cn"}
    yield from (one for one in value if unicodedata.category(one) in odd and one not in "\n\t\u200d")


def raw_controls(blocks: Any) -> list[str]:
    """Return every hidden character that is still in blocks."""
    return [repr(one) for one in _controls(json.dumps(list(blocks), ensure_ascii=False))]
