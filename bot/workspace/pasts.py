"""What messages and views held before they were changed: somebody's page may still show it."""

from typing import Final

from bot.workspace import elements
from bot.workspace.state import Json, Workspace
from bot.workspace.store import dump, load

_MOST: Final = 20  # versions kept of each


def keep(workspace: Workspace, place: str, ts: str, old: list[Json], new: list[Json]) -> None:
    """Keep what an edit takes away from people to press; `place` is a channel, or a view with its id as `ts`."""
    pressable = elements.pressable(old)
    if not pressable or pressable == elements.pressable(new):
        return
    workspace.store.run(
        "INSERT INTO past_blocks (channel, ts, blocks) VALUES (?, ?, ?)", place, ts, dump(pressable)
    )
    workspace.store.run(
        "DELETE FROM past_blocks WHERE channel = ? AND ts = ? AND seq NOT IN"
        " (SELECT seq FROM past_blocks WHERE channel = ? AND ts = ? ORDER BY seq DESC LIMIT ?)",
        *(place, ts, place, ts, _MOST),
    )


def of(workspace: Workspace, place: str, ts: str) -> list[list[Json]]:
    """Return the blocks there were before, the newest first."""
    rows = workspace.store.all(
        "SELECT blocks FROM past_blocks WHERE channel = ? AND ts = ? ORDER BY seq DESC", place, ts
    )
    return [load(row["blocks"]) for row in rows]


def forget(workspace: Workspace, place: str) -> None:
    """Forget what a view held before, when it is closed."""
    workspace.store.run("DELETE FROM past_blocks WHERE channel = ?", place)
