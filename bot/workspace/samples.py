"""Sample files a newcomer can attach with two clicks: `samples/<folder>/<file>`, described in `samples.json`."""

import json
from pathlib import Path
from typing import Any, Final

SAMPLES: Final = Path(__file__).parent / "samples"
_ABOUT: Final = SAMPLES / "samples.json"  # folder: {description, request, files: {name: description}}


def listed() -> list[dict[str, Any]]:
    """Return every sample: name, size in bytes, description, folder, and the folder's request and what it needs.

    Folders and files stand in the order in which ``samples.json`` describes them; what it leaves out comes last.
    """
    about = json.loads(_ABOUT.read_text(encoding="utf-8")) if _ABOUT.is_file() else {}
    told = [f"{folder}/{name}" for folder, one in about.items() for name in one.get("files", {})]
    places = {path: at for at, path in enumerate(told)}
    paths = [path for path in sorted(SAMPLES.glob("*/*")) if path.is_file() and not path.name.startswith(".")]
    paths.sort(key=lambda path: places.get(f"{path.parent.name}/{path.name}", len(places)))
    return [_described(path, about.get(path.parent.name, {})) for path in paths]


def find(folder: str, name: str) -> Path | None:
    """Return a sample's path, or None when it is not one of the listed."""
    known = any(one["folder"] == folder and one["name"] == name for one in listed())
    return SAMPLES / folder / name if known else None


def _described(path: Path, about: dict[str, Any]) -> dict[str, Any]:
    said = about.get("files", {}).get(path.name, "")
    listed = {"name": path.name, "size": path.stat().st_size, "description": said, "folder": path.parent.name}
    return {**listed, "request": about.get("request", ""), "needs": about.get("needs", "")}
