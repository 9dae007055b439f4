"""``python -m bot``: the commands."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final

from agents import policies
from agents.catalog import explain, troubles
from agents.errors import AgentsError
from agents.policies import PAGE, Policies
from agents.tools import running, servers
from bot import garbage, installed, logs, looking_back, manifest, settings
from bot.errors import BotError
from bot.messages import outcomes
from bot.settings import Settings, SettingsError, searching
from bot.workspace.errors import WorkspaceError
from storage import audit
from storage.database import ProcessLock
from storage.errors import StorageError
from storage.migrations import upgrade

ANCHOR: Final = "a line of the log as a message shows it after the word audit, such as 412:9f3c2a7be1d04468; repeatable"
KNOWN: Final = (SettingsError, BotError, WorkspaceError, StorageError, AgentsError)


def main() -> int:
    """Do what the command line says; return the exit code."""
    options = vars(_arguments())
    command = COMMANDS[options.pop("command")]
    try:
        given = settings.read()
        logs.set_up(given.jidoka_log, given.secrets())
        return command(given, **options)
    except KNOWN as wrong:
        print(wrong, file=sys.stderr)
        return 1


def serve(given: Settings) -> int:
    """Run everything in one process until SIGTERM or SIGINT."""
    if (page := given.jidoka_home / PAGE).is_file():
        Policies(page, installed.read_catalog(given))  # says what is wrong before anything is opened
    with installed.alone(given):
        asyncio.run(_serve(given))
    return 0


def serve_workspace(given: Settings) -> int:
    """Run the built-in workspace alone; a bot elsewhere connects to it."""
    asyncio.run(_serve_workspace(given))
    return 0


def check(given: Settings) -> int:
    """Say what is set up and what is wrong with it; 1 when something is."""
    installed.check_python()
    catalog = installed.read_catalog(given)
    where = f"Slack at {given.slack_api_url}" if given.has_slack else "the built-in workspace"
    who = "the offline engine" if given.is_offline else (given.anthropic_base_url or "Claude")
    print(f"Requests come from {where}. The work is done by {who}. Data is in {str(given.database_path)!r}.")
    for said in (searching(given), *settings.unknown()):
        print(said)
    rules, wrong = policies.look(given.jidoka_home / PAGE, catalog)
    outside = servers.explain(installed.tool_servers(given))
    others = (*running.explain(), *outside, *policies.report(rules, wrong))
    last = troubles(catalog)  # where something is wrong it stands last, to be seen
    for said in (*explain(catalog), *((*others, *last) if catalog.problems else (*last, *others))):
        print(said)
    return 1 if catalog.problems or wrong else 0


def migrate(given: Settings) -> int:
    """Bring the database to the newest schema."""
    lock = ProcessLock(given.jidoka_home)
    upgrade(given.database_path)
    lock.release()
    print(f"{str(given.database_path)!r} has the newest schema.")
    return 0


def verify(given: Settings, anchors: Sequence[str] = ()) -> int:
    """Say whether the audit log is whole and as it was; 1 when it is not. A bot may be running."""
    found = audit.verify(given.database_path, given.jidoka_home, anchors)
    for said in found.wrong or found.whole:
        print(said)
    return 1 if found.wrong else 0


def figures(given: Settings, weeks: int = 4) -> int:
    """Say how the work of the last weeks came out, from the audit log alone. A bot may be running."""
    found = looking_back.figures(given, weeks)
    print(f"{outcomes.title(found)}:")
    for said in (*outcomes.sentences(found, str), *outcomes.steadiness(found)):
        print(said)
    return 0


def show_manifest(_given: Settings) -> int:
    """Print the Slack app's manifest."""
    print(json.dumps(manifest.manifest(), indent=2, ensure_ascii=False))
    return 0


COMMANDS: Final[dict[str, Callable[..., int]]] = {
    "serve": serve, "workspace": serve_workspace, "check": check, "migrate": migrate, "verify": verify,
    "figures": figures, "manifest": show_manifest,
}  # fmt: skip


async def _serve(given: Settings) -> None:
    garbage.put_off()
    from bot import composition  # here, for it takes seconds to import: the other commands answer sooner

    ended = _until_ended()
    async with composition.running(given) as bot:
        garbage.leave_what_is_loaded()
        print(f"Jidoka runs. Open {bot.url}", flush=True)
        await ended.wait()


async def _serve_workspace(given: Settings) -> None:
    from bot.workspace import server as workspace

    ended = _until_ended()
    served = await workspace.serve(given.jidoka_home, given.jidoka_host, given.port)
    print(f"The workspace runs. Open {served.url}/?token={served.keys.start_token}", flush=True)
    await ended.wait()
    await served.close()


def _until_ended() -> asyncio.Event:
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    return ended


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Jidoka, in one process.")
    parser.set_defaults(command="serve")
    commands = parser.add_subparsers(title="commands", metavar="command")
    for name, deed in COMMANDS.items():
        said = (deed.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=said, description=said)
        command.set_defaults(command=name)
        if deed is verify:
            command.add_argument("--anchor", action="append", default=[], dest="anchors", metavar="LINE:HASH", help=ANCHOR)
        if deed is figures:
            command.add_argument("--weeks", type=_weeks, default=4, metavar="WEEKS", help="how many weeks, 4 if not said")
    return parser.parse_args()


def _weeks(text: str) -> int:
    """Return a number of weeks."""
    if not (text.isdecimal() and 1 <= int(text) <= looking_back.MOST_WEEKS):
        raise argparse.ArgumentTypeError(f"{text!r}: give a number of weeks from 1 to {looking_back.MOST_WEEKS}.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
