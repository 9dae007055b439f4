"""Pictures that blocks take from uploaded files: whoever sees the blocks may see them."""

import re
from collections.abc import Iterator
from typing import Final

from bot import blockkit
from bot.workspace import content, files
from bot.workspace.errors import SlackError
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Loaded, Row

_ADDRESS: Final = re.compile(r"/files/(F[A-Z0-9]+)/")


def check(workspace: Workspace, blocks: list[Json], by: str, to: str, where: str = "/blocks") -> None:
    """Let `to`, a channel or a user, see the files that blocks show; `by` is whose blocks they are.

    Raises:
        SlackError: ``invalid_blocks``, with a pointer at each file that is not there, no picture, or not theirs.
    """
    wrong = []
    for pointer, spec in _found(blocks, ""):
        row = _picture(workspace, spec, by)
        if row is None:
            wrong.append(blockkit.Problem(pointer, "invalid slack file"))
        else:
            files.show(workspace, row, to)
    if wrong:
        raise content.refusal(wrong, where)


def _picture(workspace: Workspace, spec: Json, by: str) -> Row | None:
    address = _ADDRESS.search(str(spec.get("url", "")))
    file_id = spec.get("id") or (address[1] if address else "")
    try:
        row = files.visible(workspace, str(file_id), by)
    except SlackError:
        return None
    return row if files.is_picture(row) else None


def _found(value: Loaded, pointer: str) -> Iterator[tuple[str, Json]]:
    """Yield every `slack_file` in blocks, however deep, with its JSON pointer."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _found(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for name, part in value.items():
            if name == "slack_file":
                yield f"{pointer}/{name}", part
            else:
                yield from _found(part, f"{pointer}/{name}")
