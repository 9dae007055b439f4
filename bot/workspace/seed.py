"""What a fresh workspace holds: channels, direct messages and who is in them; no messages."""

from bot.workspace.identities import BOT_USER, PEOPLE, ROOMS
from bot.workspace.state import Workspace


def fill(workspace: Workspace) -> None:
    """Make the channels, unless the workspace was filled before."""
    if workspace.store.one("SELECT 1 FROM channel"):
        return
    with workspace.transaction():
        for room in ROOMS:
            members = [person.id for person in PEOPLE if room.guests or not person.guest]
            add_channel(workspace, room.id, "channel", room.name, [*members, BOT_USER], topic=room.topic)
        for person in PEOPLE:
            add_channel(workspace, person.dm, "im", "", [person.id, BOT_USER])


def add_channel(
    workspace: Workspace, channel: str, kind: str, name: str, members: list[str], topic: str = ""
) -> None:
    """Add one channel with its members."""
    store = workspace.store
    store.run(
        "INSERT INTO channel (id, position, kind, name, topic, created) VALUES (?, ?, ?, ?, ?, ?)",
        *(channel, store.rising("channel", 1), kind, name, topic, int(workspace.now())),
    )
    for user in members:
        add_member(workspace, channel, user)


def add_member(workspace: Workspace, channel: str, user: str) -> bool:
    """Add one member; False when they were in the channel before."""
    position = workspace.store.rising("member", 1)
    return bool(
        workspace.store.run(
            "INSERT OR IGNORE INTO member (channel, user, position) VALUES (?, ?, ?)", channel, user, position
        )
    )
