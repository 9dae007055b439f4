"""The pieces messages are built of, and how much of them one message may hold.

Limits are Slack's, stated with our margin: 50 blocks and about 13,200 characters of blocks a message, 3,000 a section.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from bot.messages import text

Block = dict[str, Any]

MOST_BLOCKS: Final = 40  # a message
MOST_JSON: Final = 12_000  # characters of a message's blocks as JSON
LONGEST_SECTION: Final = 3_000
LONGEST_HEADER: Final = 150
LONGEST_TEXT: Final = 3_900  # chat.update refuses more than 4,000

_BRACKETS: Final = 2  # characters around a list
_USER: Final = re.compile(r"[UW][A-Z0-9]{2,}")


def mention(user_id: str) -> str:
    """Return a live mention of a person whose id our own rows hold; "someone" for anything else."""
    return f"<@{user_id}>" if _USER.fullmatch(user_id) else "someone"


def author(made_by: str) -> str:
    """Return who made an artifact, in words (mrkdwn): the person who edited it, or the agent of a role."""
    role = text.escape(text.title(made_by, 80, "an agent"))
    return mention(made_by) if _USER.fullmatch(made_by) else f"the agent “{role}”"


def header(words: str) -> Block:
    """Return a headline of one line."""
    return {"type": "header", "text": plain_text(text.title(words, LONGEST_HEADER, "Untitled"))}


def section(mrkdwn: str) -> Block:
    """Return a paragraph of mrkdwn; foreign words in it must be escaped already."""
    return {"type": "section", "text": _mrkdwn(mrkdwn)}


def context(*mrkdwn: str) -> Block:
    """Return a line of small print."""
    return {"type": "context", "elements": [_mrkdwn(words) for words in mrkdwn]}


def divider() -> Block:
    """Return a line across."""
    return {"type": "divider"}


def rich(*elements: Block) -> Block:
    """Return a rich_text block."""
    return {"type": "rich_text", "elements": list(elements)}


def line(words: str, *, bold: bool = False) -> Block:
    """Return a rich_text paragraph; its words are shown as they are."""
    return {"type": "rich_text_section", "elements": [words_of(words, bold=bold)]}


def quote(words: str) -> Block:
    """Return a rich_text quotation: somebody else's words."""
    return {"type": "rich_text_quote", "elements": [words_of(words)]}


def preformatted(words: str) -> Block:
    """Return rich_text in which every space counts."""
    return {"type": "rich_text_preformatted", "elements": [words_of(words)]}


def bullets(items: Sequence[str]) -> Block:
    """Return a rich_text list, one line an item."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [line(item) for item in items]}


def words_of(words: str, *, bold: bool = False) -> Block:
    """Return a rich_text text element; an empty one is refused by Slack, so it holds a space."""
    element: Block = {"type": "text", "text": text.shown(words) or " "}
    return {**element, "style": {"bold": True}} if bold else element


def actions(*elements: Block) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def button(words: str, action_id: str, value: str, *, style: str = "", confirm: Block | None = None) -> Block:
    """Return a button; ``style`` is empty, "primary" or "danger"."""
    made: Block = {"type": "button", "text": plain_text(words), "action_id": action_id, "value": value}
    return {**made, **({"style": style} if style else {}), **({"confirm": confirm} if confirm else {})}


def confirm(question: str, explained: str, yes: str, no: str) -> Block:
    """Return the question a person answers before a button counts."""
    return {
        "title": plain_text(question), "text": plain_text(explained),
        "confirm": plain_text(yes), "deny": plain_text(no), "style": "danger",
    }


def plain_text(words: str) -> Block:
    """Return a plain_text object; colons in it make no emoji."""
    return {"type": "plain_text", "text": words, "emoji": False}


def size(blocks: Sequence[Block]) -> int:
    """Return how many characters these blocks are as JSON."""
    return len(json.dumps(list(blocks), ensure_ascii=False))


def fits(blocks: Sequence[Block]) -> bool:
    """Return whether one message may hold these blocks."""
    return len(blocks) <= MOST_BLOCKS and size(blocks) <= MOST_JSON


def split(blocks: Sequence[Block], most: int = MOST_BLOCKS, room: int = MOST_JSON) -> list[list[Block]]:
    """Return the blocks in groups a message can hold, in order; each block alone must fit."""
    groups: list[list[Block]] = [[]]
    used = _BRACKETS
    for block in blocks:
        more = size([block])  # a list of n blocks is as long as its n lists of one: ", " for each "[]"
        if groups[-1] and (len(groups[-1]) >= most or used + more > room):
            groups.append([])
            used = _BRACKETS
        groups[-1].append(block)
        used += more
    return groups


def _mrkdwn(words: str) -> Block:
    return {"type": "mrkdwn", "text": words, "verbatim": True}
