"""An artifact's Markdown as blocks to read in Slack. Hand-written: it must emit nothing but these few harmless shapes.

Headings become headers, paragraphs, lists and quotations rich_text; a picture is left out by name; HTML is shown as
text; a link keeps its whole address in view (``links``).
"""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Final

from bot.messages import inline, tables, text
from bot.messages.blocks import Block, divider, header, preformatted, rich, size, words_of

LONGEST_PART: Final = 2_400  # characters of one paragraph, list item or code part; longer ones go on in the next
LARGEST_PART: Final = 9_000  # characters of JSON it may come to
ROOM: Final = 2_900  # characters of JSON one rich_text block may hold before the next begins
WRAPPED: Final = 72  # characters of a line that was wrapped by an editor rather than ended by a person
_FENCE: Final = re.compile(r"\s{0,3}(`{3,9}|~{3,9})[ \t]*[\w+#.-]{0,20}[ \t]*$")  # a longer line is shown, not dropped
_FENCE_END: Final = re.compile(r"\s{0,3}(?:`{3,9}|~{3,9})[ \t]*$")
_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_ITEM: Final = re.compile(r"([ \t]{0,40})(?:[-*+]|(\d{1,9})[.)])[ \t]+(.*)")
_RULE: Final = re.compile(r"\s{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE: Final = re.compile(r"\s{0,3}>[ \t]?")
_TICK: Final = re.compile(r"\[([ xX])\][ \t]+")
_DEEPEST: Final = 6  # levels of a list


def blocks(markdown: str, addresses: Set[str] = frozenset(), most_tables: int = 1) -> list[Block]:
    """Return the whole text as blocks, each small enough for any message or modal.

    Args:
        markdown: What an agent or a person wrote; it is made safe here.
        addresses: Where links may lead; all others are shown, not live.
        most_tables: How many tables may be table blocks: one a message, none in a modal. Others become lined-up
            text, or lists where they are too wide for that.
    """
    made: list[Block] = []
    for piece in _pieces(text.shown(markdown).split("\n"), addresses):
        made = _added(made, _table(piece, made, most_tables, addresses) if piece["type"] == "table" else [piece])
    return made


def _added(made: list[Block], pieces: Sequence[Block]) -> list[Block]:
    """Put rich_text elements into the block before them while it has room."""
    for piece in pieces:
        if not piece["type"].startswith("rich_text_"):
            made.append(piece)
        elif made and made[-1]["type"] == "rich_text" and size(made[-1:]) + size([piece]) < ROOM:
            made[-1]["elements"] += [*_gap(made[-1]["elements"][-1], piece), piece]
        else:
            made.append(rich(piece))
    return made


def _gap(before: Block, after: Block) -> list[Block]:
    """Slack sets paragraphs of one block without a gap; an empty line keeps them apart."""
    both = before["type"] == after["type"] == "rich_text_section"
    return [{"type": "rich_text_section", "elements": [words_of("\n")]}] if both else []


def _table(piece: Block, made: Sequence[Block], most: int, addresses: Set[str]) -> list[Block]:
    used = sum(block["type"] == "table" for block in made)
    if used < most and tables.fits(piece["rows"]):
        return [tables.block(piece["rows"])]
    if (lined := tables.lined_up(piece["rows"])) is not None:
        return list(_code(lined.split("\n")))
    return list(_list(tables.told(piece["rows"]).split("\n"), 0, addresses)[0])


def _pieces(lines: Sequence[str], addresses: Set[str]) -> Iterator[Block]:
    index = 0
    while index < len(lines):
        found, index = _next(lines, index, addresses)
        yield from found


def _next(lines: Sequence[str], index: int, addresses: Set[str]) -> tuple[list[Block], int]:
    """Return what begins at this line, and the line after it."""
    at = lines[index]
    if not at.strip():
        return [], index + 1
    if fence := _FENCE.match(at):
        return _fenced(lines, index + 1, fence[1])
    if heading := _HEADING.match(at):
        return [_heading(len(heading[1]), heading[2], addresses)], index + 1
    if _RULE.match(at):
        return [divider()], index + 1
    if tables.begins(lines, index):
        found, end = tables.rows(lines, index)
        return [{"type": "table", "rows": found}], end
    return _running(lines, index, addresses)


def _running(lines: Sequence[str], index: int, addresses: Set[str]) -> tuple[list[Block], int]:
    if _ITEM.match(lines[index]):
        return _list(lines, index, addresses)
    if _QUOTE.match(lines[index]):
        end = _while(lines, index, lambda at: bool(_QUOTE.match(at)))
        said = "\n".join(_QUOTE.sub("", at, count=1) for at in lines[index:end])
        return [_element("rich_text_quote", part, addresses) for part in _parts(said)], end
    end = _while(lines, index + 1, lambda at: bool(at.strip()) and not _breaks(at))
    end = next((i for i in range(index + 1, end) if tables.begins(lines, i)), end)
    return [_element("rich_text_section", part, addresses) for part in _parts(_flowed(lines[index:end]))], end


def _flowed(lines: Sequence[str]) -> str:
    """Return a paragraph as one text. After a long line the break was its editor's, after a short one its writer's."""
    return "".join(f"{at} " if len(at) >= WRAPPED else f"{at}\n" for at in lines[:-1]) + lines[-1]


def _breaks(at: str) -> bool:
    return any(shape.match(at) for shape in (_FENCE, _HEADING, _RULE, _ITEM, _QUOTE))


def _while(lines: Sequence[str], index: int, goes_on: Callable[[str], bool]) -> int:
    while index < len(lines) and goes_on(lines[index]):
        index += 1
    return index


def _fenced(lines: Sequence[str], index: int, fence: str) -> tuple[list[Block], int]:
    end = _while(lines, index, lambda at: not (_FENCE_END.match(at) and at.strip().startswith(fence)))
    return list(_code(lines[index:end])), end + 1


def _code(lines: Sequence[str]) -> Iterator[Block]:
    yield from (preformatted(part) for part in _parts("\n".join(lines)) if part.strip())


def _heading(level: int, words: str, addresses: Set[str]) -> Block:
    if level <= 2 and len(words) <= 150 and words.strip():
        return header("".join(part["text"] for part in inline.elements(words, frozenset())))
    return {"type": "rich_text_section", "elements": inline.elements(words[:LONGEST_PART], addresses, {"bold": True})}


def _list(lines: Sequence[str], index: int, addresses: Set[str]) -> tuple[list[Block], int]:
    """Return a run of items: one rich_text_list for each stretch of one depth and kind."""
    made: list[Block] = []
    while index < len(lines) and (item := _ITEM.match(lines[index])):
        end = _while(lines, index + 1, lambda at: at[:1] in " \t" and bool(at.strip()) and not _breaks(at))
        words = " ".join([item[3], *(at.strip() for at in lines[index + 1 : end])])
        made = _with_item(made, item, [_element("rich_text_section", part, addresses) for part in _parts(_ticked(words))])
        index = end
    return made, index


def _with_item(made: list[Block], item: re.Match[str], parts: list[Block]) -> list[Block]:
    depth = min(_DEEPEST, len(item[1].expandtabs(4)) // 2)
    kind: Block = {"type": "rich_text_list", "style": "ordered" if item[2] else "bullet", "indent": depth}
    if item[2] and int(item[2]) > 1:
        kind["offset"] = int(item[2]) - 1
    last = made[-1] if made else {}
    same = all(last.get(key) == kind[key] for key in ("style", "indent")) and size(made[-1:]) + size(parts) < ROOM
    if same:
        return [*made[:-1], {**last, "elements": [*last["elements"], *parts]}]
    return [*made, {**kind, "elements": parts}]


def _ticked(words: str) -> str:
    return _TICK.sub(lambda box: "☐ " if box[1] == " " else "☑ ", words, count=1) if _TICK.match(words) else words


def _parts(words: str) -> Iterator[str]:
    while words:
        part = text.beginning(words, LONGEST_PART)
        yield part
        words = words[len(part) :].lstrip("\n") if len(part) < len(words) else ""


def _element(kind: str, words: str, addresses: Set[str]) -> Block:
    """Return one element of rich text; where its marks alone would fill a message, without them."""
    made = {"type": kind, "elements": inline.elements(words, addresses)}
    return made if size([made]) <= LARGEST_PART else {"type": kind, "elements": [words_of(words)]}
