"""The page ``servers.toml``: which programs offer tools, and which of those may be used, for reading or for acting."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from agents.pages import Problem
from storage.words import EffectClass

PAGE: Final = "servers.toml"
BETWEEN: Final = "__"  # a server's name and its tool's, as agents and pages know it: tracker__search_issues
_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,19}")
_TOOL: Final = re.compile(r"[A-Za-z0-9_-]{1,42}")  # with its server's name it fits what models take
_KEYS: Final = ("command", "url", "env_file", "token_file", "reads", "acts")


@dataclass(frozen=True)
class ToolServer:
    """One program that offers tools.

    Args:
        name: As the page names it.
        command: What starts it; empty where it runs elsewhere.
        url: Where it runs; empty where we start it.
        env_file: A file of NAME=value lines it is given; nothing else of our environment reaches it.
        token_file: A file with the token it is shown.
        reads: Its tools that only read: agents may use them at once.
        acts: Its tools that change something: they are proposed, and done when people said so.
    """

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    env_file: Path | None = None
    token_file: Path | None = None
    reads: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()

    @property
    def tools(self) -> dict[str, EffectClass]:
        """Return its tools by the names agents know, each with its class: the page's word, never the server's."""
        reads = {f"{self.name}{BETWEEN}{tool}": EffectClass.R0 for tool in self.reads}
        return reads | {f"{self.name}{BETWEEN}{tool}": EffectClass.R3 for tool in self.acts}


def classes(servers: Iterable[ToolServer]) -> dict[str, str]:
    """Return every tool of these servers with its class, as pages of roles may name them."""
    return {name: reach.value for server in servers for name, reach in server.tools.items()}


def explain(servers: Iterable[ToolServer]) -> list[str]:
    """Return a sentence a server: how it is reached and what its tools may do."""
    return [
        f"Tools of {one.name} ({one.url or one.command[0]}): {', '.join(one.reads) or 'none'} for reading, "
        f"{', '.join(one.acts) or 'none'} after a decision. [{PAGE}]"
        for one in servers
    ]


def look(path: Path) -> tuple[tuple[ToolServer, ...], tuple[Problem, ...]]:
    """Return the servers of a page and everything that is wrong with it; no page names no server."""
    try:
        page = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return (), ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        return (), (Problem(PAGE, 0, f"this cannot be read ({wrong})."),)
    said = [*_problems(page)]
    return (() if said else tuple(_server(name, about) for name, about in page.items())), tuple(said)


def _server(name: str, about: Mapping[str, Any]) -> ToolServer:
    files = {key: Path(about[key]) for key in ("env_file", "token_file") if about.get(key)}
    command, reads, acts = (tuple(about.get(key, ())) for key in ("command", "reads", "acts"))
    return ToolServer(
        name, command, str(about.get("url", "")), files.get("env_file"), files.get("token_file"), reads, acts
    )


def _problems(page: Mapping[str, Any]) -> Iterator[Problem]:
    for name, about in page.items():
        for said in _wrong(name, about):
            yield Problem(PAGE, 0, f"{name!r}: {said}")


def _wrong(name: str, about: Any) -> Iterator[str]:  # noqa: ANN401  as TOML gave it
    if not isinstance(about, dict):
        yield f"write it as a table, [{name}], with command or url."
        return
    if not _NAME.fullmatch(name):
        yield "a server's name is a word of small letters and digits, at most 20."
    for key in about:
        if key not in _KEYS:
            yield f"{key!r} is not a key I know. I know: {', '.join(_KEYS)}."
    yield from _wrong_way(about)
    yield from _wrong_tools(about)


def _wrong_way(about: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with how it is reached."""
    if ("command" in about) == ("url" in about):
        yield "say either command, what starts it, or url, where it runs."
    if "command" in about and not (_words(about["command"]) and about["command"]):
        yield "command is a list of words, such as ['tracker-server', '--read-only']."
    if "url" in about and not _is_address(about["url"]):
        yield "url is an address such as https://tools.example.com/mcp; without https only on this machine."
    for key in ("env_file", "token_file"):
        if key in about and not (isinstance(about[key], str) and Path(about[key]).is_file()):
            yield f"{key} names no file: {about[key]!r}."


def _wrong_tools(about: Mapping[str, Any]) -> Iterator[str]:
    named = [about.get(key, []) for key in ("reads", "acts")]
    if not all(_words(each) for each in named):
        yield "reads and acts are lists of tools, such as ['search_issues']."
        return
    reads, acts = named
    if not reads and not acts:
        yield "no tool is named: write those that only read under reads, and those that change something under acts."
    if both := sorted({*reads} & {*acts}):
        yield f"{both[0]!r} stands under reads and under acts; what changes something belongs under acts alone."
    for tool in (*reads, *acts):
        if not _TOOL.fullmatch(tool):
            yield f"{tool!r} is no tool's name: letters, digits, _ and -, at most 42."


def _words(given: Any) -> bool:  # noqa: ANN401  as TOML gave it
    return isinstance(given, list) and all(isinstance(each, str) and each for each in given)


def _is_address(given: Any) -> bool:  # noqa: ANN401  as TOML gave it
    parts = urlsplit(given) if isinstance(given, str) else urlsplit("")
    here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))
