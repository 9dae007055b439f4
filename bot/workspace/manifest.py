"""The app's manifest, which says what slash commands and shortcuts a Slack workspace offers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.workspace.errors import WorkspaceError

FILE: Final = Path(__file__).parents[2] / "manifest.json"
_SMALLEST: Final = {
    "features": {
        "slash_commands": [
            {"command": "/jidoka", "description": "Ask for work", "usage_hint": "what you need"}
        ]
    }
}


def read(path: Path = FILE) -> Mapping[str, Any]:
    """Return the app's manifest; where there is none, one with the command `/jidoka` alone.

    Raises:
        WorkspaceError: The file is not JSON, or not an object.
    """
    if not path.is_file():
        return _SMALLEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WorkspaceError(f"{str(path)!r} is not JSON: {error}. Correct it and start again.") from None
    if not isinstance(manifest, dict):
        raise WorkspaceError(f"{str(path)!r} must hold a JSON object.")
    return manifest
