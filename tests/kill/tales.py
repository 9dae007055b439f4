"""What the bots that die at a tick are asked for, and what people press meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agents.tools.effects import PROPOSED
from tests.agents.engine import effects_story
from tests.stories.town import Json, Person, Town
from tests.workshop import SAMPLES, SURVEY, brief_text, comparison, research, triage, verdict, written

SALES: Final = "C0SALES"
GENERAL: Final = "C0GENERAL"
PLAN: Final = "Shall the work go down"
TEXT: Final = brief_text().replace("F301", "F201")


@dataclass(frozen=True)
class Tale:
    """One request that is told again and again: each line of its script may serve any run."""

    name: str
    request: str
    script: list[Json]
    presses: tuple[tuple[str, str], ...]  # who approves, and what the card asks
    documents: tuple[str, ...]  # names of what is delivered, in order
    files: tuple[Path, ...] = ()  # attached to the request
    pages: tuple[tuple[str, str], ...] = ()  # of ours, by their place in the home
    acts: Callable[[Town], Awaitable[int]] | None = None  # how often something was done elsewhere so far

    def write_pages(self, home: Path) -> None:
        """Write the pages this tale needs."""
        for place, page in self.pages:
            (home / place).parent.mkdir(parents=True, exist_ok=True)
            (home / place).write_text(page, encoding="utf-8")


def _always(lines: list[Json]) -> list[Json]:
    return [{**line, "times": "*"} for line in lines]


def _brief() -> list[Json]:
    """Two readers, an analyst, a reviewed writer."""
    inputs = [
        {"name": "audience", "value": "the sales team"},
        {"name": "competitors", "value": "Haulwren, Ternway"},
    ]
    first = triage(constraints=["keep it under 900 words"], inputs=inputs)
    readers = [research(f"research-{number}", word) for number, word in ((1, "Haulwren"), (2, "Ternway"))]
    return _always([first, *readers, comparison(), written(TEXT), verdict()])


def _announcement() -> list[Json]:
    """A reviewed text, and a herald who proposes two posts at once and then reports."""
    texts = [f"{effects_story.TEXT} {number}" for number in ("First.", "Second.")]
    wishes = [effects_story.wish(text=text, channel=GENERAL) for text in texts]
    lines = effects_story.script(*wishes)
    proposed = {"role": "herald", "contains": PROPOSED[:40]}
    report = {"when": proposed, "reply": lines[-1]["reply"]}
    return _always([*lines[:-2], report, lines[-2]])


async def _posts(here: Town) -> int:
    """Return how often the bot announced something in the channel itself."""
    alice: Person = here.alice
    history = await alice.client.conversations_history(channel=GENERAL, limit=200)
    return sum("The new bike is here." in str(message.get("blocks")) for message in history["messages"])


BRIEF: Final = Tale(
    name="a document",
    request="<@U0JIDOKA> compare Haulwren and Ternway for the sales team; keep it under 900 words",
    script=_brief(),
    presses=(("alice", PLAN), ("bob", "Is this brief right")),
    files=(SAMPLES / SURVEY,),
    documents=("competitor-brief.md", "competitor-brief.pdf"),
)
POSTS: Final = Tale(
    name="two posts",
    request=f"<@U0JIDOKA> announce the new bike in <#{GENERAL}|general>, twice",
    script=_announcement(),
    presses=(
        ("alice", PLAN), ("bob", "May this be announced"),
        ("alice", "An act with effects waits"), ("bob", "An act with effects waits"),
    ),
    documents=("the-new-bike.md",),
    pages=(("roles/herald.md", effects_story.HERALD), ("lines/announcing.md", effects_story.LINE)),
    acts=_posts,
)  # fmt: skip
