"""A role's page becomes a role: a Claude Code subagent file, with nothing taken on trust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from agents import pages
from agents.catalog.values import ORCHESTRATOR, Role
from agents.pages import Page, Problem

KEYS: Final = ("description", "model", "name", "tools")
ELSEWHERE: Final = frozenset(  # keys of Claude Code: a page never grants itself rights here
    {
        "background",
        "color",
        "disallowedTools",
        "effort",
        "hooks",
        "initialPrompt",
        "isolation",
        "maxTurns",
        "mcpServers",
        "memory",
        "permissionMode",
        "skills",
    }
)
TIERS: Final = {"haiku": "fast", "sonnet": "strong", "opus": "best"} | {
    tier: tier for tier in ("fast", "strong", "best")
}
STRONG_BY_DEFAULT: Final = frozenset({ORCHESTRATOR, "writer", "reviewer"})  # what people decide on, or read
_ID: Final = re.compile(r"(?=.*[-.:/@])[A-Za-z0-9][\w.:/@\[\]-]*$")  # such as claude-fable-5-1


def read(path: str, text: str, tools: Mapping[str, str]) -> tuple[Role, list[Problem], list[Problem]]:
    """Return the role, what is wrong with its page, and what on it is ignored."""
    page = pages.read(path, text)
    values = {entry.key: entry for entry in page.front}
    name = PurePosixPath(path).stem
    model = (values["model"].value if "model" in values else "") or "inherit"
    role = Role(
        name=name,
        description=values["description"].value if "description" in values else "",
        tier=_tier(name, model),
        tools=tuple(dict.fromkeys(values["tools"].items)) if "tools" in values else (),
        instructions=page.prose,
        path=path,
        text=text,
    )
    wrong = [*page.problems, *head(page, KEYS, ELSEWHERE), *_problems(page, role, model, tools)]
    return role, wrong, list(_ignored(page))


def head(page: Page, known: tuple[str, ...], ignored: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Yield what is wrong with the keys, the name and the description of any page's front matter."""
    for entry in page.front:
        if entry.key not in known and entry.key not in ignored:
            message = f"{entry.key!r} is not a key I know. I know: {', '.join(known)}."
            yield Problem(page.path, entry.line, message)
        elif entry.key in known and not (entry.value or entry.items):
            message = f"{entry.key!r} says nothing. Write a value, or leave it out."
            yield Problem(page.path, entry.line, message)
    if not page.front:
        return
    values = {entry.key: entry for entry in page.front}
    for key in ("name", "description"):
        if key not in values:
            yield Problem(page.path, page.front[0].line, f"{key!r} is missing. Every page has one.")
    stem = PurePosixPath(page.path).stem
    if "name" in values and (said := values["name"].value) not in ("", stem):
        message = f"the name is {said!r}, but the file is called {stem!r}. Make them the same."
        yield Problem(page.path, values["name"].line, message)


def _tier(name: str, model: str) -> str:
    if model == "inherit":
        return "strong" if name in STRONG_BY_DEFAULT else "fast"
    return TIERS.get(model, model)


def _problems(page: Page, role: Role, model: str, tools: Mapping[str, str]) -> Iterator[Problem]:
    lines = {entry.key: entry.line for entry in page.front}
    if model not in TIERS and model != "inherit" and not _ID.match(model):
        known = "haiku, sonnet, opus, inherit"
        message = f"{model!r} is no model I know. Write {known}, or the whole id of a model."
        yield Problem(page.path, lines["model"], message)
    for tool in role.tools:
        if tool not in tools:
            known = ", ".join(sorted(tools)) or "none"
            yield Problem(page.path, lines["tools"], f"no tool is called {tool!r}. I know: {known}.")
    if not role.instructions.strip():
        message = "the page has no instructions. Write below the front matter how this role works."
        yield Problem(page.path, 0, message)


def _ignored(page: Page) -> Iterator[Problem]:
    for entry in page.front:
        if entry.key in ELSEWHERE:
            message = f"{entry.key!r} belongs to another product and is ignored here."
            yield Problem(page.path, entry.line, message)
