"""Logs as they could be: random runs, each of which goes its way through questions, drafts, verdicts and second thoughts."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Final

from storage.outcomes import Line
from tests.storage.outcomes.scribe import ALICE, BOB, CAROL, CLOSED, START

PEOPLE: Final = (ALICE, BOB, CAROL)
LINES: Final = ("market-analysis", "due-diligence", "")
ACCEPTS: Final = {
    "run accepted": "run refused",
    "checkpoint approved": "checkpoint sent back",
}  # and the opposite


class Life:
    """One run's lines."""

    def __init__(self, run: str, chance: random.Random) -> None:
        self.run, self.chance, self.lines = run, chance, list[Line]()
        self.at = START + timedelta(minutes=chance.randrange(-20_000, 40_000))
        self.checkpoints = 0

    def go(self) -> list[Line]:
        """Live, and return what was written about it."""
        self.say("run opened", ALICE)
        self.say("routed", route="line", line=self.chance.choice(LINES))
        if self.chance.random() < 0.6:
            self.question(self.chance.choice(("plan", "question")), "plan")
        self.say("plan fixed", tasks=["read", "write"])
        while self.works() and self.chance.random() < 0.5:
            self.later(20_000)
            self.say("run reopened", ALICE)
        return self.lines

    def works(self) -> bool:
        """Go to an end once; return whether something was delivered."""
        if self.chance.random() < 0.3:
            self.question("draft", "read")
        if self.chance.random() < 0.8 and self.drafts() == "stop":
            return self.ends("run stopped")
        if self.chance.random() < 0.1:
            return self.ends("run failed")
        self.ends("run done")
        while self.chance.random() < 0.4:
            self.later(9_000)
            self.say(
                self.chance.choice(("run accepted", "run accepted", "run refused")),
                self.chance.choice(PEOPLE),
            )
        return True

    def drafts(self) -> str:
        """Put drafts before people until one is not sent back; return the last answer."""
        while (answer := self.question("draft", "write")) == "send_back":
            if self.chance.random() < 0.2:
                self.say("run again", ALICE, task="write")
        return answer

    def question(self, asks: str, task: str) -> str:
        """Ask something and return the answer."""
        self.checkpoints += 1
        about: dict[str, Any] = {"checkpoint": f"{self.run}-{self.checkpoints}"}
        answer = (
            "answer"
            if asks == "question"
            else self.chance.choice(("approve",) * 4 + ("send_back", "stop", "expire"))
        )
        self.say("checkpoint opened", asks=asks, task=task, **about)
        for by in self.chance.sample(PEOPLE, self.chance.randrange(3)):
            self.later(30)
            self.say("checkpoint seen", by, **about)
        self.later(60)
        by = "" if answer == "expire" else self.chance.choice(PEOPLE)
        if by:
            self.say("vote", by, answer=answer, **about)
        self.say(CLOSED[answer], by, **about)
        return answer

    def ends(self, kind: str) -> bool:
        """End the run; one in five does not say what it cost."""
        self.say(
            kind,
            **(
                {} if self.chance.random() < 0.2 else {"usd": float(self.chance.randrange(9)), "priced": True}
            ),
        )
        return False

    def later(self, minutes: int) -> None:
        """Let some time pass, at most this much."""
        self.at += timedelta(seconds=self.chance.randrange(minutes * 60))

    def say(self, kind: str, by: str = "", **about: Any) -> None:
        """Write a line."""
        self.lines.append(Line(0, kind, self.run, by, self.at, about))


def log(chance: random.Random) -> list[Line]:
    """Return a log of a few runs side by side."""
    lives = [line for number in range(chance.randrange(1, 7)) for line in Life(f"run-{number}", chance).go()]
    return sorted(lives, key=_moment)


def _moment(line: Line) -> datetime:
    return line.at


def flipped(lines: list[Line], chance: random.Random) -> list[Line]:
    """Return the log with some accepts turned into rejects: people answer otherwise, and nothing else changes."""
    share = chance.random()
    return [
        _opposite(line, chance) if line.kind in ACCEPTS and chance.random() < share else line
        for line in lines
    ]


def _opposite(line: Line, chance: random.Random) -> Line:
    stops = line.kind == "checkpoint approved" and chance.random() < 0.3
    return line._replace(kind="checkpoint stopped" if stops else ACCEPTS[line.kind])


def without_some_checkpoints(lines: list[Line], chance: random.Random) -> list[Line]:
    """Return the log as if some checkpoints had never been."""
    known = sorted({line.text("checkpoint") for line in lines} - {""})
    gone = set(chance.sample(known, chance.randrange(len(known) + 1)))
    return [line for line in lines if line.text("checkpoint") not in gone]
