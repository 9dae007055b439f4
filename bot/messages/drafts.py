"""A long text in a form: cut into inputs Slack takes, and put together again to the byte."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import blocks
from bot.messages.blocks import Block

LONGEST_INPUT: Final = 3_000  # characters; Slack's limit for a text input
LONGEST_PART: Final = 2_400  # characters an input begins with where a text takes several: whoever edits has room to add
FIELD: Final = "value"  # the action id of every input of our forms
_SPACES: Final = {" ": "s", "\n": "n", "\t": "t", "\r": "r"}
_SPACE_OF: Final = {sign: space for space, sign in _SPACES.items()}
_MOST_SPACES: Final = 60  # between two parts; a block id takes 255 characters
_ID: Final = re.compile(r"(?P<name>.+)-(?P<number>\d{4})-(?P<before>[sntr]*)-(?P<after>[sntr]*)")
_EDGES: Final = re.compile(r"[ \n\t\r]{0,60}")
_TAIL: Final = re.compile(r"[ \n\t\r]{1,60}\Z")


@dataclass(frozen=True)
class Part:
    """One input's text. The space around it stays out of the input, because a form may trim it."""

    words: str
    before: str = ""  # only of the first part
    after: str = ""  # what stood between this part and the next


def split(text: str) -> list[Part]:
    """Return the text in parts that leave room to add to each, cut between paragraphs where that is possible."""
    before = _EDGES.match(text)
    lead = before[0] if before else ""
    parts = list(_parts(text[len(lead) :]))
    first = parts[0] if parts else Part("")
    return [Part(first.words, lead, first.after), *parts[1:]]


def _parts(text: str) -> Iterator[Part]:
    while text:
        words = text[: _cut(text)]
        if (tail := _TAIL.search(words[-_MOST_SPACES:])) and len(tail[0]) < len(words):
            words = words[: len(words) - len(tail[0])]
        gap = _EDGES.match(text, len(words))
        after = gap[0] if gap else ""
        yield Part(words, after=after)
        text = text[len(words) + len(after) :]


def _cut(text: str) -> int:
    """Return where the next part may end: at the end, a paragraph, a line, a space, or anywhere."""
    if len(text) <= LONGEST_PART:
        return len(text)
    for border in ("\n\n", "\n", " "):
        if (found := text.rfind(border, 1, LONGEST_PART)) > LONGEST_PART // 3:
            return found
    return LONGEST_PART


def inputs(name: str, label: str, text: str, *, optional: bool = True) -> list[Block]:
    """Return the inputs that hold this text; ``name`` tells several texts of one form apart."""
    parts = split(text)
    numbered = [f"{label}, part {n} of {len(parts)}" if len(parts) > 1 else label for n in range(1, len(parts) + 1)]
    return [_input(_id(name, n, part), numbered[n], part.words, optional) for n, part in enumerate(parts)]


def joined(values: Mapping[str, Any], name: str = "draft") -> str:
    """Return the text a submitted form holds: byte for byte what was split when nobody edited.

    Args:
        values: ``view["state"]["values"]`` of the submission: by block id, then by action id.
        name: Which of the form's texts. A part that was emptied goes, with the space after it.
    """
    return "".join(_part(values[key], found) for key, found in sorted(_mine(values, name), key=_number))


def _mine(values: Mapping[str, Any], name: str) -> list[tuple[str, re.Match[str]]]:
    read = [(key, _ID.fullmatch(key)) for key in values]
    return [(key, found) for key, found in read if found is not None and found["name"] == name]


def _number(keyed: tuple[str, re.Match[str]]) -> int:
    return int(keyed[1]["number"])


def _part(value: Mapping[str, Any], found: re.Match[str]) -> str:
    words = str((value.get(FIELD) or {}).get("value") or "")
    spaces = [found["before"], found["after"] if words else ""]
    before, after = ("".join(_SPACE_OF[sign] for sign in signs) for signs in spaces)
    return before + words + after


def _id(name: str, number: int, part: Part) -> str:
    before, after = ("".join(_SPACES[space] for space in spaces) for spaces in (part.before, part.after))
    return f"{name}-{number:04}-{before}-{after}"


def _input(block_id: str, label: str, words: str, optional: bool) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": FIELD, "multiline": True, "max_length": LONGEST_INPUT}
    return {
        "type": "input", "block_id": block_id, "optional": optional, "label": blocks.plain_text(label),
        "element": {**element, "initial_value": words} if words else element,
    }
