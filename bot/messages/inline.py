"""Markdown within a line, as rich_text elements. Text elements are never parsed by Slack, so nothing here is live."""

import re
from collections.abc import Iterator, Set
from typing import Any, Final

from bot.messages import links

Element = dict[str, Any]

_MOST: Final = 1_000  # characters a mark may span; keeps the search short on hostile text
_DEEPEST: Final = 3  # marks within marks
_URL: Final = r"(?:[^()\s]|\([^()\s]{0,300}\)){1,2000}"
_MARK: Final = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    rf"|(?P<ticks>`{{1,3}})(?!`)(?P<code>[^\n]{{1,{_MOST}}}?)(?<!`)(?P=ticks)(?!`)"
    rf"|!\[(?P<alt>[^\]\n]{{0,300}})\]\((?P<src>{_URL})?\)"
    rf"|\[(?P<label>[^\]\n]{{0,300}})\]\((?P<url>{_URL})\)"
    r"|<(?P<auto>https?://[^>\s]{1,2000})>"
    r"|(?P<bare>https?://[^\s<>|`]{0,2000}[^\s<>|`.,:;!?'\")\]}*_~])"
    rf"|\*\*(?=\S)(?P<bold>.{{1,{_MOST}}}?)(?<=\S)\*\*(?!\*)"
    rf"|(?<!\w)__(?=\S)(?P<bold2>.{{1,{_MOST}}}?)(?<=\S)__(?!\w)"
    rf"|~~(?=\S)(?P<strike>.{{1,{_MOST}}}?)(?<=\S)~~"
    rf"|(?<![\w*])\*(?=[^\s*])(?P<italic>[^*]{{1,{_MOST}}}?)(?<=\S)\*(?![\w*])"
    rf"|(?<!\w)_(?=[^\s_])(?P<italic2>[^_]{{1,{_MOST}}}?)(?<=\S)_(?!\w)",
    re.DOTALL,
)
_CHART: Final = re.compile(r"chart-[a-z0-9-]{1,60}\.png")
_STYLES: Final = {"bold": "bold", "bold2": "bold", "strike": "strike", "italic": "italic", "italic2": "italic"}


def elements(words: str, addresses: Set[str], style: dict[str, bool] | None = None) -> list[Element]:
    """Return the elements of one paragraph, cell or list item; ``addresses`` are where links may lead."""
    found = [part for part in _parts(words, addresses, style or {}, 0) if part.get("text")]
    return _merged(found) or [{"type": "text", "text": " "}]


def _parts(words: str, addresses: Set[str], style: dict[str, bool], depth: int) -> Iterator[Element]:
    end = 0
    for found in _MARK.finditer(words):
        yield _text(words[end : found.start()], style)
        yield from _marked(found, addresses, style, depth)
        end = found.end()
    yield _text(words[end:], style)


def _marked(found: re.Match[str], addresses: Set[str], style: dict[str, bool], depth: int) -> Iterator[Element]:
    kind = str(found.lastgroup) if found.lastgroup != "ticks" else "code"
    if found["alt"] is not None:
        yield _text(_picture(found["alt"], found["src"] or ""), style)
    elif found["url"]:
        yield from links.elements(found["label"], found["url"], addresses, style)
    elif address := found["auto"] or found["bare"]:
        yield from links.elements("", address, addresses, style)
    elif found["code"]:
        yield _text(found["code"].strip() or " ", {**style, "code": True})
    elif found["escaped"]:
        yield _text(found["escaped"], style)
    elif depth >= _DEEPEST:
        yield _text(found[kind], style)
    else:
        yield from _parts(found[kind], addresses, {**style, _STYLES[kind]: True}, depth + 1)


def _picture(alt: str, src: str) -> str:
    """Return what is said of a picture: a chart of ours is in the thread as a file, nothing else is loaded."""
    if _CHART.fullmatch(src):
        return f"[picture: {alt}, {src}]"
    return f"[picture left out: {alt or 'no description'}]"


def _text(words: str, style: dict[str, bool]) -> Element:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def _merged(parts: list[Element]) -> list[Element]:
    """Return the elements with neighbours of one style made one."""
    merged: list[Element] = []
    for part in parts:
        last = merged[-1] if merged else {"type": ""}
        if part["type"] == last["type"] == "text" and part.get("style") == last.get("style"):
            merged[-1] = {**last, "text": last["text"] + part["text"]}
        else:
            merged.append(part)
    return merged
