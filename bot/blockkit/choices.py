"""Rules between an element's own parts: what it begins with is one of its options, and its options come one way."""

from collections.abc import Iterator
from typing import Any

from bot.blockkit.rules import Problem

Block = dict[str, Any]


def in_element(element: Block, pointer: str) -> Iterator[Problem]:
    """Yield what is wrong between the parts of an element that is right part by part."""
    if element.get("options") and element.get("option_groups"):
        yield Problem(pointer, "must have only one of: options, option_groups")
    offered = _offered(element)
    if offered:
        yield from _not_among(element, offered, pointer)
    yield from _bounds(element, pointer)


def in_image(image: Block, pointer: str) -> Iterator[Problem]:
    """Yield what is wrong when an image names more than one place it comes from."""
    if image.get("image_url") and image.get("slack_file"):
        yield Problem(pointer, "must have only one of: image_url, slack_file")
    file = image.get("slack_file") or {}
    if file.get("id") and file.get("url"):
        yield Problem(f"{pointer}/slack_file", "must have only one of: id, url")


def _offered(element: Block) -> list[Block]:
    grouped = [option for group in element.get("option_groups") or () for option in group["options"]]
    return [*(element.get("options") or ()), *grouped]


def _not_among(element: Block, offered: list[Block], pointer: str) -> Iterator[Problem]:
    first = element.get("initial_option")
    if first and first not in offered:
        yield Problem(f"{pointer}/initial_option", "must exactly match a provided option")
    for index, one in enumerate(element.get("initial_options") or ()):
        if one not in offered:
            yield Problem(f"{pointer}/initial_options/{index}", "must exactly match a provided option")


def _bounds(element: Block, pointer: str) -> Iterator[Problem]:
    for least, most in (("min_length", "max_length"), ("min_value", "max_value")):
        low, high = element.get(least), element.get(most)
        if low is not None and high is not None and float(low) > float(high):
            yield Problem(f"{pointer}/{least}", f"must not be above {most}")
