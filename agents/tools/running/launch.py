"""What runs first inside the sandbox: puts the files there, bounds itself, becomes the command.

Its text is handed to ``python -c``, so it needs nothing but the standard library and no file of ours. It reads one
JSON value from standard input: ``files``, ``command``, ``environment``, ``limits`` (pairs of a resource and its most).
"""

import json
import os
import resource
import sys
from pathlib import Path


def main() -> None:
    """Become the command, or say in one line why not."""
    asked = json.load(sys.stdin)
    for name, text in asked["files"].items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.nice(5)  # people's clicks go first
    for what, most, hard in asked["limits"]:
        _bound(what, most, hard)
    command = asked["command"]
    try:
        os.execvpe(command[0], command, asked["environment"])  # noqa: S606  the sandbox is around it
    except OSError as wrong:
        sys.exit(f"{command[0]!r} cannot be started: {wrong.strerror}.")


def _bound(what: int, most: int, hard: int) -> None:
    _, already = resource.getrlimit(what)
    if already != resource.RLIM_INFINITY:
        most, hard = min(most, already), min(hard, already)
    resource.setrlimit(what, (most, hard))


if __name__ == "__main__":
    main()
