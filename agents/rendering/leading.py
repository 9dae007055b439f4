"""A Markdown text in which only known addresses are live; every other one is shown, and nothing is loaded. PURE."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import groupby
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from agents.addresses import same

_BARE: Final = (
    r"(?:https?|ftp)://[^\s<>`]*[^\s<>`.,:;!?'\")\]}*_~|\\]|\bwww\.[^\s<>`]*[^\s<>`.,:;!?'\")\]}*_~|\\]"
)
_ADDRESS: Final = re.compile(_BARE, re.IGNORECASE)
_TARGET: Final = r"<[^<>\n]{0,4000}>|(?:[^()\s]|\([^()\s]{0,300}\)){0,4000}"
_PLACE: Final = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).{1,4000}?(?<!`)(?P=ticks)(?!`))"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    rf"|!\[(?P<alt>[^\]]{{0,300}})\]\(\s*(?P<src>{_TARGET})[^()\n]*\)"
    rf"|\[(?P<label>(?:!\[[^\]]{{0,300}}\]\([^()\s]*\)|[^\]]){{0,300}})\]\(\s*(?P<target>{_TARGET})[^()\n]*\)"
    r"|^(?P<indent> {0,3})\[(?P<ref>[^\]\n]{1,300})\]:[ \t]*(?P<at>\S+)[^\n]*$"
    r"|<(?P<auto>[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>]+)>"
    r"|(?P<html><(?=[A-Za-z/]|!--))"
    rf"|(?P<bare>{_BARE})",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_LOCAL: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")  # a picture that comes along with the text
_CODE: Final = frozenset({"fence", "code_block"})
_TAG: Final = re.compile(r"<(?:[A-Za-z/]|!--)")
_SCHEME: Final = re.compile(r"\]\(\s*<?(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # some readers take any
_MARKS: Final = re.compile(r"[\\\[\]<!`]|(?<=\])\(")
_JOINTS: Final = re.compile(r"(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)


def linkable(text: str) -> Iterator[str]:
    """Yield what some reader may make a link of by itself: more than what a person would call an address."""
    yield from (found[0] for found in _ADDRESS.finditer(text))


def settled(markdown: str, addresses: Collection[str]) -> str:
    """Return the text with only these addresses live; one without others, HTML or pictures from elsewhere stays as it is.

    Args:
        markdown: What agents and strangers wrote.
        addresses: Where links may lead, each a whole address.
    """
    known = frozenset(map(same, addresses))
    if not _is_alive(markdown, known):
        return markdown
    told = _told(markdown, known)
    return told if not _is_alive(told, known) else _flat(markdown)


def _flat(markdown: str) -> str:
    """Return the text with every mark shown as it is and every address broken: for marks within marks."""
    return _JOINTS.sub(" ", _MARKS.sub(r"\\\g<0>", markdown))


def _told(markdown: str, known: frozenset[str]) -> str:
    """Return the text with what leads elsewhere told in words; blocks of code stay as they are."""
    tokens = [token for token in _reader().parse(markdown) if token.type in _CODE and token.map]
    code = {number for token in tokens for number in range(*(token.map or (0, 0)))}
    lines = enumerate(re.split(r"(?<=\n)|(?<=\r)(?!\n)", markdown))  # as the reader counts them
    parts = [(is_code, "".join(line for _, line in part)) for is_code, part in groupby(lines, lambda one: one[0] in code)]
    return "".join(part if is_code else _words(part, known) for is_code, part in parts)


def _words(text: str, known: frozenset[str]) -> str:
    return _PLACE.sub(lambda found: _place(found, known), text)


def _place(found: re.Match[str], known: frozenset[str]) -> str:
    whole, kind = found[0], found.lastgroup
    target = found[kind].strip().removeprefix("<").removesuffix(">") if kind else ""
    if kind in {"code", "ticks", "escaped"} or same(target) in known or (kind == "src" and _LOCAL.fullmatch(target)):
        return whole
    match kind:
        case "src":
            return f"(picture left out: {_labelled(_words(found['alt'], known), target)})"
        case "target":
            return _labelled(_words(found["label"], known), target)
        case "at":
            return f"{found['indent']}\\[{found['ref']}]: {_dead(target)}"
        case "html":
            return "\\<"
        case _:
            return _dead(target)


def _labelled(label: str, target: str) -> str:
    return _dead(target) if label in {"", _dead(target)} else f"{label} ({_dead(target)})"


def _dead(address: str) -> str:
    return f"`{address.replace('`', '%60')}`" if address.strip() else "no address"


def _is_alive(markdown: str, known: frozenset[str]) -> bool:
    """Whether a reader of Markdown would find a link to elsewhere, a picture from elsewhere, or HTML."""
    if _SCHEME.search(markdown):
        return True
    tokens = (token for block in _reader().parse(markdown) for token in (block, *(block.children or ())))
    return any(_leads(token, known) for token in tokens)


def _leads(token: Token, known: frozenset[str]) -> bool:
    match token.type:
        case "html_block" | "html_inline" if _TAG.search(token.content):
            return True
        case "image":
            inside = any(_leads(one, known) for one in token.children or ())
            return inside or not _LOCAL.fullmatch(str(token.attrs.get("src", "")))
        case "link_open":
            return same(str(token.attrs.get("href", ""))) not in known
        case "text" | "html_block" | "html_inline":
            return any(same(address) not in known for address in linkable(token.content))
        case _:
            return False


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
