"""What every station works with, handed in by the engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.models.client import Door
from agents.models.overnight import Overnight
from agents.planning.plan import RunPlan
from agents.stations.assignment import Assignment
from agents.stations.conversation import ANSWER, Conversation
from agents.stations.recording import Recorder
from agents.stations.uses import uses_of
from agents.stations.web import SEARCHES, Reach, Web
from agents.tools.toolbox import Toolbox, Use

FAST: Final = "fast"
STRONG: Final = "strong"
ReadFile = Callable[[Mapping[str, Any]], Awaitable[bytes]]  # a Slack file object in, its bytes out


def _none(_plan: RunPlan) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Means:
    """The way to models, pages and files, and the record of this attempt."""

    door: Door
    recorder: Recorder
    reach: Reach
    read_file: ReadFile
    files: tuple[Mapping[str, Any], ...] = ()  # Slack's file objects that came with the request
    overnight: Overnight | None = None  # the way at half price; None: this work does not wait
    halved: Callable[[RunPlan], frozenset[str]] = _none  # the keys of a plan's tasks that should cost half
    raised: bool = False  # the maker's model is the strong one from here on

    def conversation(self, given: Assignment, role: str, tools: tuple[str, ...] = ()) -> Conversation:
        """Return a conversation in a role; only the tools its page names and this task was given are in reach."""
        page, limits = given.catalog.role(role), given.task.limits
        allowed = tuple(name for name in tools if name in page.tools)
        paid = {SEARCHES: self.reach.search.most} if self.reach.search else {}
        toolbox = Toolbox(allowed, self._uses(given), self.reach.servers.allowed, paid)
        kept = calls_of_a_round(given)  # the review has its calls, whatever the maker uses
        model = self.door.model_id(STRONG if self.raised and self.raises(given, role) else page.tier)
        return Conversation(self.door, self.recorder, toolbox, model, limits, kept, self.overnight)

    def raises(self, given: Assignment, role: str) -> bool:
        """Return whether a role begins with the cheap model and goes on with the strong one: the maker, once."""
        return role == given.task.role and given.catalog.role(role).tier == FAST

    def _uses(self, given: Assignment) -> Mapping[str, Use]:
        """Return how each tool is done; where nothing can search, searching is off."""
        uses = uses_of(given, self.recorder, Web(given, self.recorder, self.door, self.reach), self.reach.servers)
        return uses if self.reach.search else {name: use for name, use in uses.items() if name != SEARCHES}


def calls_of_a_round(given: Assignment) -> int:
    """Return how many calls a draft, its test run and its review may take, tools left out and repairs included."""
    return ANSWER * (2 if given.task.review else 1) + given.is_proved
