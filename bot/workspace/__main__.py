"""`python -m bot.workspace`: the built-in workspace alone, until SIGTERM."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bot.workspace.errors import WorkspaceError
from bot.workspace.server import serve


def main() -> int:
    """Serve; return the exit code."""
    options = _parser().parse_args()
    try:
        asyncio.run(_serve(options))  # noqa: TID251 - a process of its own
    except WorkspaceError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for whoever started it
        return 1
    return 0


async def _serve(options: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, ended.set)
    served = await serve(options.home, options.host, options.port, faults=options.faults)
    print(json.dumps(served.facts()), flush=True)  # noqa: T201 - the one line that says where it is
    await ended.wait()
    await served.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.workspace", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".jidoka"), help="where its file and keys are kept")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free one")
    parser.add_argument("--faults", action="store_true", help="for tests: let POST /faults break calls")
    return parser


if __name__ == "__main__":
    sys.exit(main())
