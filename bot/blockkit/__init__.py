"""Block Kit, checked: one table of what Slack takes, for what the bot sends and for what the workspace accepts.

Two figures stand where the documents and the field disagree: the bot keeps to the smaller (`emit`), the
workspace refuses only above the larger (`accept`).
"""

from typing import Literal

from bot.blockkit import totals
from bot.blockkit.blocks import VIEWS, surface
from bot.blockkit.rules import Problem, check

__all__ = ["Figures", "Problem", "Surface", "validate", "validate_view"]

Surface = Literal["message", "modal", "home"]
Figures = Literal["emit", "accept"]


def validate(blocks: object, surface_: Surface, figures: Figures) -> list[Problem]:
    """Return what is wrong with blocks on a surface; nothing when Slack would take them.

    Args:
        blocks: The list of blocks, as JSON; anything else is a problem too.
        surface_: Where they stand: in a message, a modal or a Home tab.
        figures: Which limits count: ours (`emit`) or Slack's (`accept`).

    Returns:
        Problems with JSON pointers from the list, such as ``/0/text/text``.
    """
    emit = figures == "emit"
    listed = list(blocks) if isinstance(blocks, tuple) else blocks
    found = list(check(listed, surface(surface_), "", emit))
    if found or not isinstance(listed, list):  # what holds between parts can be asked only of whole parts
        return found
    found = list(totals.in_any(listed))
    return [*found, *totals.in_message(listed, emit=emit)] if surface_ == "message" else found


def validate_view(view: object, figures: Figures) -> list[Problem]:
    """Return what is wrong with a modal or a Home tab; nothing when Slack would take it.

    Returns:
        Problems with JSON pointers from the view, such as ``/blocks/0/label/text``.
    """
    found = list(check(view, VIEWS, "", figures == "emit"))
    if found or not isinstance(view, dict):
        return found
    blocks = view["blocks"]
    found = [Problem(f"/blocks{one.pointer}", one.message) for one in totals.in_any(blocks)]
    if (
        view["type"] == "modal"
        and not view.get("submit")
        and any(block["type"] == "input" for block in blocks)
    ):
        found.append(Problem("/submit", "a modal with an input block needs submit"))
    return found
