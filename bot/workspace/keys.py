"""The workspace's secrets: random, made once, kept in `<home>/workspace.json` for its owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from bot.workspace.errors import WorkspaceError

_FILE: Final = "workspace.json"


@dataclass(frozen=True)
class Keys:
    """What the bot and the page prove themselves with."""

    bot_token: str
    app_token: str
    start_token: str


def kept(home: Path) -> Keys:
    """Return the keys of this home, made when it has none yet.

    Raises:
        WorkspaceError: The file is there but cannot be read as keys.
    """
    path = home / _FILE
    if not path.exists():
        return _make(path)
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return Keys(**{field.name: str(written[field.name]) for field in fields(Keys)})
    except (ValueError, KeyError, TypeError):
        raise WorkspaceError(
            f"{str(path)!r} does not hold the workspace's keys. Delete it; new ones are made."
        ) from None


def _make(path: Path) -> Keys:
    keys = Keys(
        bot_token=f"xoxb-{secrets.token_hex(20)}",
        app_token=f"xapp-1-{secrets.token_hex(20)}",
        start_token=secrets.token_urlsafe(24),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(keys), file)
    draft.replace(path)
    return keys
