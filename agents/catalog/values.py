"""What the pages say, as values: roles, lines with stations and inputs, and the catalog that holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.errors import PageError
from agents.pages import Problem
from agents.questions import Question
from agents.rendering.formats import Format

ORCHESTRATOR: Final = "orchestrator"  # routes and plans, and never works at a station
REQUEST: Final = "request"  # what every station may read; the plan's word, as are the next two caps
MOST_TASKS: Final = 20
MOST_DEPTH: Final = 6
MOST_CHECKPOINTS: Final = 3  # a line's `ask`s: more, and people stop reading what they approve
EFFECTS: Final = frozenset({"R3", "R4"})  # tools of these classes work only after people were asked
INSIDE: Final = frozenset(  # tools that bring in no stranger's words; every other one does, whatever it is
    {"ask_person", "chart", "read_artifact", "run_python", "run_tests"}
)


@dataclass(frozen=True)
class Role:
    """A kind of agent, as its page says it."""

    name: str
    description: str  # when to call on it
    tier: str  # fast, strong or best; else the id of a model
    tools: tuple[str, ...]
    instructions: str
    path: str  # such as "roles/writer.md"
    text: str  # the whole page, as a run keeps it


@dataclass(frozen=True)
class Station:
    """One place on a line."""

    name: str
    key: str  # the name as a task's key, such as "fact-check"
    line: int  # where it stands on its page
    role: str
    makes: str
    reads: tuple[str, ...]
    each: str = ""  # the input whose items it works on side by side
    items: tuple[str, ...] = ()  # or the items themselves, where the page lists them
    review: str = ""
    ask: str = ""
    instructions: str = ""
    done_when: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()  # headings the artifact must have, in this order
    most_words: int | None = None
    places: tuple[tuple[str, int], ...] = ()  # the line of each bullet, by its key

    def place(self, key: str) -> int:
        """Return the line of a bullet; the heading's when it has none of this key."""
        return dict(self.places).get(key, self.line)


@dataclass(frozen=True)
class Line:
    """An assembly line, as its page says it."""

    name: str
    description: str  # when to call on it
    inputs: tuple[Question, ...]
    needs_model: bool  # not to be had from the offline engine
    background: str  # true at every station
    stations: tuple[Station, ...]
    path: str
    text: str
    delivers: tuple[Format, ...] = (Format.MARKDOWN,)  # the files people receive, Markdown first

    def roles(self) -> tuple[str, ...]:
        """Return the names of all who work or judge on it, each once, in page order."""
        named = [name for station in self.stations for name in (station.role, station.review) if name]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Catalog:
    """The pages that can be used, and everything that is wrong with the others."""

    roles: Mapping[str, Role]
    lines: Mapping[str, Line]
    problems: tuple[Problem, ...]  # a page with one is in neither mapping
    warnings: tuple[Problem, ...] = ()  # what was ignored; the page is used
    tools: Mapping[str, str] = field(default_factory=dict)  # known tools, each with its effect class

    def line(self, name: str) -> Line:
        """Return a line to be used.

        Raises:
            PageError: There is none of this name, or its page has mistakes; says which.
        """
        if name in self.lines:
            return self.lines[name]
        raise PageError(self._why_not("line", name, self.lines))

    def role(self, name: str) -> Role:
        """Return a role to be used.

        Raises:
            PageError: There is none of this name, or its page has mistakes; says which.
        """
        if name in self.roles:
            return self.roles[name]
        raise PageError(self._why_not("role", name, self.roles))

    def texts_for(self, line: str = "") -> dict[str, str]:
        """Return the text of every page a run down this line needs, by path: ``from_texts`` reads them back.

        Args:
            line: The line's name; empty for a run without a line, which may call on every role.

        Raises:
            PageError: The line cannot be used.
        """
        if not line:
            return {role.path: role.text for role in self.roles.values()}
        page = self.line(line)
        named = [self.roles[name] for name in (ORCHESTRATOR, *page.roles()) if name in self.roles]
        return {page.path: page.text} | {role.path: role.text for role in named}

    def _why_not(self, kind: str, name: str, known: Mapping[str, object]) -> str:
        wrong = [str(problem) for problem in self.problems if problem.page == f"{kind}s/{name}.md"]
        if wrong:
            return f"The {kind} {name!r} cannot be used. " + " ".join(wrong)
        names = ", ".join(sorted(known)) or "none"
        return f"No {kind} is called {name!r}. I know: {names}."


def outward(names: Sequence[str], tools: Mapping[str, str]) -> tuple[str, ...]:
    """Return those of the tools that act outside the run, R3 or R4: people are asked before they are used."""
    return tuple(name for name in names if tools.get(name) in EFFECTS)


def steered(names: Sequence[str], tools: Mapping[str, str]) -> str:
    """Return a tool that brings in strangers' words beside one that acts outside; empty when none does.

    A brief always holds private data, so whoever has both would hold all three of the Rule of Two. What earlier tasks
    made, strangers may have steered too: it is reviewed, and people are asked, before such a task begins.
    """
    acts = outward(names, tools)
    return next((name for name in names if name not in INSIDE and name not in acts), "") if acts else ""
