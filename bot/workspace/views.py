"""Modals and Home tabs: opened, stacked, changed, closed."""

import secrets
from typing import Final

from bot import blockkit
from bot.workspace import content, embeds, ids, pasts
from bot.workspace.errors import SlackError
from bot.workspace.identities import APP_ID, BOT_ID, BOT_USER, TEAM
from bot.workspace.state import Json, Workspace
from bot.workspace.store import Row, dump, load

DEEPEST: Final = 3  # modals in a stack
LARGEST: Final = 250 * 1024  # bytes of a view
_KEPT: Final = ("type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "external_id",
                "clear_on_close", "notify_on_close", "submit_disabled")  # fmt: skip


def checked(view: object, kind: str) -> Json:
    """Return a view as the bot described it, when Slack would take it.

    Raises:
        SlackError: ``invalid_arguments`` with every problem's JSON pointer, or ``view_too_large``.
    """
    if not isinstance(view, dict):
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] view must be an object"]}
        )
    problems = blockkit.validate_view(view, "accept")
    if view.get("type") != kind:
        problems = [blockkit.Problem("/type", f"must be {kind!r}"), *problems]
    if problems:
        refused = content.refusal(problems, "/view")
        raise SlackError("invalid_arguments", **refused.extra)
    if len(dump(view).encode()) > LARGEST:
        raise SlackError("view_too_large")
    described = {name: view[name] for name in _KEPT if name in view}
    return {**described, "blocks": content.with_ids(view["blocks"])}


def open_(workspace: Workspace, user: str, described: Json, over: Row | None = None) -> Json:
    """Show a new modal, over another one or alone; return Slack's view object.

    Raises:
        SlackError: ``push_limit_reached`` or ``duplicate_external_id``.
    """
    stack = _stack(workspace, user)
    if over is not None and len(stack) >= DEEPEST:
        raise SlackError("push_limit_reached")
    _accept(workspace, user, described, "")
    if over is None:
        clear(workspace, user)
    view_id = ids.new("V")
    previous = over["id"] if over is not None else None
    root = over["root"] if over is not None else view_id
    body = _full(view_id, root, previous, described)
    _insert(workspace, user, body)
    frame = "view_opened" if over is None else "view_pushed"
    workspace.tell([user], {"type": frame, "view": body})
    return body


def update(workspace: Workspace, row: Row, described: Json, hash_: str = "") -> Json:
    """Put other content into a view that is shown; return it.

    Raises:
        SlackError: ``hash_conflict`` when the view changed since this hash.
    """
    before = load(row["body"])
    if hash_ and hash_ != before["hash"]:
        raise SlackError("hash_conflict")
    _accept(workspace, row["user"], described, row["id"])
    pasts.keep(workspace, row["id"], row["id"], before["blocks"], described["blocks"])
    body = _full(row["id"], row["root"], row["previous"], described)
    workspace.store.run(
        "UPDATE view SET body = ?, external_id = ? WHERE id = ?", dump(body), body["external_id"], row["id"]
    )
    frame = "home" if row["type"] == "home" else "view_updated"
    workspace.tell([row["user"]], {"type": frame, "view": body})
    return body


def publish(workspace: Workspace, user: str, described: Json, hash_: str = "") -> Json:
    """Show the user's Home tab; return it.

    Raises:
        SlackError: ``hash_conflict``.
    """
    row = home_row(workspace, user)
    if row is not None:
        return update(workspace, row, described, hash_)
    _accept(workspace, user, described, "")
    view_id = ids.new("V")
    body = _full(view_id, view_id, None, described)
    _insert(workspace, user, body)
    workspace.tell([user], {"type": "home", "view": body})
    return body


def home(workspace: Workspace, user: str) -> Json | None:
    """Return the user's Home tab, or None when none was published."""
    row = home_row(workspace, user)
    return load(row["body"]) if row else None


def home_row(workspace: Workspace, user: str) -> Row | None:
    """Return the row of the user's Home tab, or None."""
    return workspace.store.one("SELECT * FROM view WHERE user = ? AND type = 'home'", user)


def find(workspace: Workspace, view_id: str, external_id: str = "") -> Row:
    """Return the row of a view that is shown.

    Raises:
        SlackError: ``not_found``.
    """
    row = workspace.store.one(
        "SELECT * FROM view WHERE id = ? OR (external_id != '' AND external_id = ?)", view_id, external_id
    )
    if row is None:
        raise SlackError("not_found")
    return row


def close(workspace: Workspace, row: Row) -> None:
    """Take a modal away; the one under it shows again."""
    workspace.store.run("DELETE FROM view WHERE id = ?", row["id"])
    pasts.forget(workspace, row["id"])


def clear(workspace: Workspace, user: str) -> list[Row]:
    """Take all of a user's modals away; return them, the top one first."""
    stack = _stack(workspace, user)
    for row in stack:
        close(workspace, row)
    return stack


def _stack(workspace: Workspace, user: str) -> list[Row]:
    return workspace.store.all(
        "SELECT * FROM view WHERE user = ? AND type = 'modal' ORDER BY opened DESC", user
    )


def _accept(workspace: Workspace, user: str, described: Json, view_id: str) -> None:
    """Let the user see the pictures of a view.

    Raises:
        SlackError: ``invalid_arguments`` for a picture that is none, or ``duplicate_external_id``.
    """
    try:
        embeds.check(workspace, described["blocks"], BOT_USER, user, "/view/blocks")
    except SlackError as refused:
        raise SlackError("invalid_arguments", **refused.extra) from None
    external = described.get("external_id") or ""
    if external and workspace.store.one(
        "SELECT 1 FROM view WHERE external_id = ? AND id != ?", external, view_id
    ):
        raise SlackError("duplicate_external_id")


def _insert(workspace: Workspace, user: str, body: Json) -> None:
    workspace.store.run(
        "INSERT INTO view (id, user, type, root, previous, external_id, opened, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(
            body["id"],
            user,
            body["type"],
            body["root_view_id"],
            body["previous_view_id"],
            body["external_id"],
        ),
        *(workspace.store.rising("view", 1), dump(body)),
    )


def _full(view_id: str, root: str, previous: str | None, described: Json) -> Json:
    return {
        "id": view_id,
        "team_id": TEAM["id"],
        "type": described["type"],
        "blocks": described["blocks"],
        "private_metadata": described.get("private_metadata", ""),
        "callback_id": described.get("callback_id", ""),
        "state": {"values": {}},
        "hash": f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}",
        "title": described.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(described.get("clear_on_close")),
        "notify_on_close": bool(described.get("notify_on_close")),
        "close": described.get("close"),
        "submit": described.get("submit"),
        "previous_view_id": previous,
        "root_view_id": root,
        "app_id": APP_ID,
        "external_id": described.get("external_id") or "",
        "app_installed_team_id": TEAM["id"],
        "bot_id": BOT_ID,
    }
