"""Rules that hold between parts: ids that must differ, cells that must match, how much a message may hold."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bot.blockkit.choices import in_element, in_image
from bot.blockkit.rules import Problem

MARKDOWN: Final = 12_000  # characters over all markdown blocks of a message
TABLE_TEXT: Final = 10_000  # characters in the cells of a message's table
DATA_TABLE_TEXT: Final = 20_000  # characters in the cells of all data tables of a message
EMITTED_JSON: Final = 12_000  # characters of JSON we send, tables left out
ACCEPTED_TEXT: Final = 13_200  # characters of text that are accepted, tables left out
CHARTS: Final = 2
_TABLES: Final = ("table", "data_table")
_PROSE: Final = ("text", "title", "caption")

Block = dict[str, Any]


def in_any(blocks: list[Block]) -> Iterator[Problem]:
    """Yield what is wrong between blocks on every surface."""
    yield from _same(((f"/{index}", block.get("block_id")) for index, block in enumerate(blocks)), "block_id")
    focused = [pointer for pointer, element in _elements(blocks) if element.get("focus_on_load") is True]
    for pointer in focused[1:]:
        yield Problem(pointer, "only one element may have focus_on_load")
    for index, block in enumerate(blocks):
        yield from _inside(block, f"/{index}")


def in_message(blocks: list[Block], *, emit: bool) -> Iterator[Problem]:
    """Yield what is wrong with a message as a whole."""
    yield from _most(blocks, "table", 1)
    yield from _most(blocks, "data_visualization", CHARTS)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN:
        yield Problem("", f"markdown blocks must have less than {MARKDOWN + 1} characters together")
    if sum(_cells(block) for block in blocks if block["type"] == "table") > TABLE_TEXT:
        yield Problem("", f"table cells must have less than {TABLE_TEXT + 1} characters together")
    if sum(_cells(block) for block in blocks if block["type"] == "data_table") > DATA_TABLE_TEXT:
        yield Problem("", f"data_table cells must have less than {DATA_TABLE_TEXT + 1} characters together")
    for index, block in enumerate(blocks):
        if block["type"] == "task_card" and block["status"] == "pending":
            yield Problem(f"/{index}/status", "a task_card outside a plan must not be pending")
    yield from _too_long(blocks, emit=emit)


def _too_long(blocks: list[Block], *, emit: bool) -> Iterator[Problem]:
    counted = [block for block in blocks if block["type"] not in _TABLES]
    size = len(json.dumps(counted, ensure_ascii=False)) if emit else _prose(counted)
    most = EMITTED_JSON if emit else ACCEPTED_TEXT
    if size > most:
        yield Problem(
            "", f"blocks must have less than {most + 1} characters together", code="msg_blocks_too_long"
        )


def _inside(block: Block, pointer: str) -> Iterator[Problem]:
    """Yield what is wrong between a block's own parts."""
    found = [(f"{pointer}{place}", element.get("action_id")) for place, element in _elements_of(block)]
    yield from _same(found, "action_id")
    for place, element in _elements_of(block):
        rule = in_image if element.get("type") == "image" else in_element
        yield from rule(element, f"{pointer}{place}")
    match block["type"]:
        case "data_table":
            yield from _data_table(block, pointer)
        case "data_visualization":
            yield from _chart(block["chart"], f"{pointer}/chart")
        case "container":
            yield from _container(block, pointer)
        case "image":
            yield from in_image(block, pointer)
        case _:
            return


def _data_table(block: Block, pointer: str) -> Iterator[Problem]:
    width = len(block["rows"][0])
    for index, row in enumerate(block["rows"]):
        if len(row) != width:
            yield Problem(f"{pointer}/rows/{index}", f"must have {width} cells like the first row")
    for index, cell in enumerate(block["rows"][0]):
        if cell["type"] == "rich_text":
            yield Problem(f"{pointer}/rows/0/{index}/type", "the first row must not hold rich_text")


def _chart(chart: Block, pointer: str) -> Iterator[Problem]:
    if chart["type"] == "pie":
        return
    yield from _same(
        ((f"{pointer}/series/{n}", one["name"]) for n, one in enumerate(chart["series"])), "name"
    )
    categories = chart["axis_config"]["categories"]
    for index, one in enumerate(chart["series"]):
        if [point["label"] for point in one["data"]] != categories:
            yield Problem(f"{pointer}/series/{index}/data", "labels must match axis_config.categories")


def _container(block: Block, pointer: str) -> Iterator[Problem]:
    if block.get("is_collapsible") and block.get("has_header_divider"):
        yield Problem(f"{pointer}/has_header_divider", "must not stand with is_collapsible")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield Problem(f"{pointer}/default_collapsed", "needs is_collapsible")
    for index, child in enumerate(block["child_blocks"]):
        yield from _inside(child, f"{pointer}/child_blocks/{index}")


def _same(found: Iterable[tuple[str, Any]], name: str) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for pointer, value in found:
        if value is None:
            continue
        seen[value] += 1
        if seen[value] > 1:
            yield Problem(f"{pointer}/{name}", f"{name} {value!r} is used more than once")


def _most(blocks: list[Block], kind: str, most: int) -> Iterator[Problem]:
    found = [index for index, block in enumerate(blocks) if block["type"] == kind]
    for index in found[most:]:
        yield Problem(f"/{index}", f"only {most} {kind} allowed in a message")


def _elements(blocks: list[Block]) -> Iterator[tuple[str, Block]]:
    for index, block in enumerate(blocks):
        for place, element in _elements_of(block):
            yield f"/{index}{place}", element


def _elements_of(block: Block) -> Iterator[tuple[str, Block]]:
    if block["type"] == "rich_text":
        return
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"/{name}", block[name]
    for name in ("elements", "actions"):
        for index, element in enumerate(block.get(name) or ()):
            yield f"/{name}/{index}", element


def _cells(block: Block) -> int:
    return sum(_prose(cell) for row in block["rows"] for cell in row)


def _prose(value: object) -> int:
    """Return how many characters people read in a value."""
    if isinstance(value, list):
        return sum(_prose(item) for item in value)
    if not isinstance(value, dict):
        return 0
    return sum(
        len(part) if name in _PROSE and isinstance(part, str) else _prose(part)
        for name, part in value.items()
    )
