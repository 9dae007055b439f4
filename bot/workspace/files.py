"""Files: announced, uploaded, shared, read."""

import mimetypes
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bot.workspace import channels, ids
from bot.workspace.errors import SlackError
from bot.workspace.identities import TEAM
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row, dump, load

LARGEST: Final = 100 * 1024 * 1024  # bytes; Slack takes 1 GB, a local file for trying things need not
PICTURES: Final = ("image/png", "image/jpeg", "image/gif")  # what Slack draws in an image block
_FACTS: Final = "SELECT id, user, name, title, size, created, state, ticket, shares FROM file "
_SHOWN: Final = "@"  # before a channel or user who may read a file that is not shared there
_KINDS: Final = {
    "md": ("text/markdown", "Markdown"),
    "csv": ("text/csv", "CSV"),
    "txt": ("text/plain", "Plain Text"),
    "pdf": ("application/pdf", "PDF"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word Document"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel Spreadsheet"),
    "pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint Presentation",
    ),
    "json": ("application/json", "JSON"),
}


@dataclass(frozen=True)
class Download:
    """A file's bytes and how to label them."""

    name: str
    mime: str
    content: bytes


def announce(workspace: Workspace, user: str, name: str, size: int) -> tuple[str, str]:
    """Return a new file's id and the address its bytes go to."""
    file_id, ticket = ids.new("F"), secrets.token_urlsafe(24)
    workspace.store.run(
        "INSERT INTO file (id, user, name, title, size, created, state, ticket, shares)"
        " VALUES (?, ?, ?, ?, ?, ?, 'announced', ?, '[]')",
        *(file_id, user, name, name, size, int(workspace.now()), ticket),
    )
    return file_id, f"{workspace.site.url}/upload/{ticket}"


def take(workspace: Workspace, ticket: str, content: bytes) -> bool:
    """Keep the bytes sent to an upload address; False when the address leads nowhere or the size is another."""
    return bool(
        workspace.store.run(
            "UPDATE file SET content = ?, state = 'uploaded' WHERE ticket = ? AND size = ? AND state != 'complete'",
            *(content, ticket, len(content)),
        )
    )


def complete(workspace: Workspace, user: str, file_id: str, title: str, channels_: list[str]) -> Json:
    """Share an uploaded file, in channels or with nobody yet; return its object.

    Raises:
        SlackError: ``file_not_found`` when it was never uploaded, or not by this user.
    """
    row = _row(workspace, file_id)
    if row["user"] != user or row["state"] == "announced":
        raise SlackError("file_not_found")
    shares = [*load(row["shares"]), *channels_]
    workspace.store.run(
        "UPDATE file SET state = 'complete', title = ?, shares = ? WHERE id = ?",
        *(title or row["name"], dump(list(dict.fromkeys(shares))), file_id),
    )
    return describe(workspace, _row(workspace, file_id))


def visible(workspace: Workspace, file_id: str, user: str) -> Row:
    """Return a file's row if it is the user's or shared in a channel they are in; without its bytes.

    Raises:
        SlackError: ``file_not_found``.
    """
    row = _row(workspace, file_id)
    if row["user"] != user and not any(_reaches(workspace, share, user) for share in load(row["shares"])):
        raise SlackError("file_not_found")
    return row


def show(workspace: Workspace, row: Row, to: str) -> None:
    """Let a user, or all of a channel, read a file that is shown to them without being shared there."""
    shares = list(dict.fromkeys([*load(row["shares"]), f"{_SHOWN}{to}"]))
    workspace.store.run("UPDATE file SET shares = ? WHERE id = ?", dump(shares), row["id"])


def hand_over(workspace: Workspace, user: str, file_ids: list[str], to: str) -> list[Json]:
    """Return the objects of files somebody put into a form, which the form's app may read from now on.

    Raises:
        SlackError: ``file_not_found`` when one is not theirs, or not whole.
    """
    rows = [_row(workspace, file_id) for file_id in file_ids]
    if any(row["user"] != user or row["state"] != "complete" for row in rows):
        raise SlackError("file_not_found")
    for row in rows:
        show(workspace, row, to)
    return [describe(workspace, row) for row in rows]


def is_picture(row: Row) -> bool:
    """Tell whether a file is one that an image block may show."""
    return row["state"] == "complete" and _kind(row["name"])[0] in PICTURES


def download(workspace: Workspace, file_id: str) -> Download:
    """Return a file's bytes.

    Raises:
        SlackError: ``file_not_found``.
    """
    row = workspace.store.one("SELECT name, content FROM file WHERE id = ? AND content IS NOT NULL", file_id)
    if row is None:
        raise SlackError("file_not_found")
    return Download(row["name"], _kind(row["name"])[0], row["content"])


def describe(workspace: Workspace, row: Row) -> Json:
    """Return Slack's file object."""
    mime, pretty = _kind(row["name"])
    address = f"{workspace.site.url}/files/{row['id']}/{quote(row['name'])}"
    return {
        "id": row["id"],
        "created": row["created"],
        "timestamp": row["created"],
        "name": row["name"],
        "title": row["title"],
        "mimetype": mime,
        "filetype": _extension(row["name"]),
        "pretty_type": pretty,
        "user": row["user"],
        "user_team": TEAM["id"],
        "size": row["size"],
        "mode": "hosted",
        "is_external": False,
        "is_public": any(channel.startswith("C") for channel in load(row["shares"])),
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "channels": [channel for channel in load(row["shares"]) if channel.startswith("C")],
        "ims": [channel for channel in load(row["shares"]) if channel.startswith("D")],
        "file_access": "visible",
    }


def listed(workspace: Workspace, user: str) -> list[Row]:
    """Return the rows of all complete files this user may see, the newest first."""
    rows = workspace.store.all(_FACTS + "WHERE state = 'complete' ORDER BY created DESC, id")
    mine: dict[str, bool] = {}
    for channel in {channel for row in rows for channel in load(row["shares"])}:
        mine[channel] = _reaches(workspace, channel, user)
    return [
        row for row in rows if row["user"] == user or any(mine[channel] for channel in load(row["shares"]))
    ]


def delete(workspace: Workspace, file_id: str) -> None:
    """Forget a file and its bytes."""
    workspace.store.run("DELETE FROM file WHERE id = ?", file_id)


def _reaches(workspace: Workspace, share: str, user: str) -> bool:
    """Tell whether a share of a file is with this user; one that is only shown begins with a mark."""
    place = share.removeprefix(_SHOWN)
    return place == user or channels.is_member(workspace, place, user)


def _row(workspace: Workspace, file_id: str) -> Row:
    row = workspace.store.one(_FACTS + "WHERE id = ?", file_id)
    if row is None:
        raise SlackError("file_not_found")
    return row


def _kind(name: str) -> tuple[str, str]:
    extension = _extension(name)
    guessed = mimetypes.types_map.get(f".{extension}", "application/octet-stream")
    return _KINDS.get(extension, (guessed, extension.upper() or "Binary"))


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
