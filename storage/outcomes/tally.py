"""The count: lines go in, oldest first; figures can be asked for at any time.

What is remembered is what is under way and what happened in the weeks that can be asked for, however long the log is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from storage.outcomes.figures import Figures, Working
from storage.outcomes.lines import DECIDED, ENDED, EXPIRED, WITHDRAWN, Line
from storage.outcomes.periods import Cost, Decision, Facts, Happened, Minutes, Pressed, period, steadiness
from storage.outcomes.signals import BEFORE, signals
from storage.outcomes.states import SETTLES, Asked, Outcome, capped
from storage.words import VoteAnswer

WEEK: Final = timedelta(weeks=1)
_EVERY: Final = 1_024  # lines after which what is too old is dropped
_FORM: Final = timedelta(days=1)  # a form open for longer is given up
_VERDICTS: Final = {VoteAnswer.APPROVE.value, VoteAnswer.SEND_BACK.value, VoteAnswer.STOP.value}


class Tally:
    """Figures under way.

    Args:
        weeks: The most that will be asked for.
    """

    def __init__(self, weeks: int = 4) -> None:
        self.seq = 0  # the number of the newest line counted
        self._keep = weeks * WEEK + BEFORE + SETTLES
        self._count = 0
        self._facts = Facts()
        self._going: dict[str, Outcome] = {}  # of runs under way
        self._ended: dict[
            str, tuple[datetime, Outcome]
        ] = {}  # and when they were heard of last, oldest first
        self._open: dict[str, Asked] = {}
        self._forms: dict[str, datetime] = {}
        decided = dict.fromkeys(DECIDED, self._decided)
        ended = dict.fromkeys(ENDED, self._ended_now)
        self._deeds: dict[str, Callable[[Line], object]] = {
            "run opened": self._run_opened, "routed": self._routed, "plan fixed": self._plan_fixed,
            "form begun": self._form_begun, "checkpoint opened": self._asked, "checkpoint seen": self._seen,
            "people asked": self._people_asked, "vote": self._vote, **decided,
            EXPIRED: self._expired, WITHDRAWN: self._closed, **ended,
            "run again": self._again, "run reopened": self._reopened, "handed over": self._handed_over,
            "run accepted": self._judged, "run refused": self._judged,
        }  # fmt: skip

    def add(self, line: Line) -> None:
        """Count one more line."""
        if deed := self._deeds.get(line.kind):
            deed(line)
        self.seq, self._count = line.seq, self._count + 1
        if self._count % _EVERY == 0:
            self._forget(line.at)

    def figures(self, until: datetime, weeks: int = 4, working: Working | None = None) -> Figures:
        """Return the figures of the weeks before a moment; a week is seven days to the minute.

        Args:
            until: No earlier than the newest line: how things stand is how they stand now.
            weeks: How many, and no more than the tally was made for.
            working: How much working time lies between two moments; None: nobody knows.
        """
        outcomes = [*self._going.values(), *(outcome for _, outcome in self._ended.values())]
        since = until - weeks * WEEK
        starts = [since + number * WEEK for number in range(weeks)]
        each = [period(start, start + WEEK, until, self._facts, outcomes, working) for start in starts]
        whole = period(since, until, until, self._facts, outcomes, working)
        seen = signals(since, until, self._facts, self._open.values())
        return Figures(whole, tuple(each), seen, steadiness(since, until, outcomes))

    def _forget(self, now: datetime) -> None:
        before = now - self._keep
        self._facts.forget(before)
        for run, _ in list(takewhile(lambda one: one[1][0] < before, self._ended.items())):
            del self._ended[run]
        for form in [form for form, at in self._forms.items() if at < now - _FORM]:
            del self._forms[form]

    def _outcome(self, run: str) -> Outcome:
        """Return how a run's result stands."""
        if run in self._ended:
            return self._ended[run][1]
        return self._going.setdefault(run, Outcome(whole=False))

    def _run_opened(self, line: Line) -> None:
        self._going[line.run] = Outcome(requester=line.by)
        if form := line.text("form"):
            begun = self._forms.pop(form, None)
            filled = None if begun is None else max(line.at - begun, timedelta())
            self._facts.minutes.append(Minutes(line.at, capped(filled)))

    def _routed(self, line: Line) -> None:
        self._outcome(line.run).line = line.text("line")

    def _plan_fixed(self, line: Line) -> None:
        tasks = line.payload.get("tasks") or [""]
        self._outcome(line.run).last = str(tasks[-1])

    def _form_begun(self, line: Line) -> None:
        if form := line.text("form"):
            self._forms.setdefault(form, line.at)

    def _asked(self, line: Line) -> None:
        outcome = self._outcome(line.run)
        asked = self._open[line.text("checkpoint")] = Asked.read(line, outcome)
        if asked.is_result:
            outcome.renew()

    def _seen(self, line: Line) -> None:
        if asked := self._open.get(line.text("checkpoint")):
            asked.look(line.by, line.at)

    def _people_asked(self, line: Line) -> None:
        if asked := self._open.get(line.text("checkpoint")):
            asked.deciders.update(line.payload.get("people") or ())

    def _vote(self, line: Line) -> None:
        if (asked := self._open.get(line.text("checkpoint"))) is None:
            return
        asked.voted.setdefault(line.by, line.at)
        if (answer := line.text("answer")) in _VERDICTS:
            opened = asked.opened_for(line.by, line.at)
            self._facts.pressed.append(Pressed(line.at, line.by, answer == VoteAnswer.APPROVE, opened))

    def _closed(self, line: Line) -> Asked | None:
        """Let people's minutes count, however a checkpoint ended."""
        if asked := self._open.pop(line.text("checkpoint"), None):
            self._facts.minutes.extend(Minutes(line.at, minutes) for minutes in asked.minutes(line.at))
        return asked

    def _expired(self, line: Line) -> Asked | None:
        if asked := self._closed(line):
            self._facts.decisions.append(Decision(line.at, asked.at))
        return asked

    def _decided(self, line: Line) -> None:
        if (asked := self._expired(line)) is None or not asked.is_draft:
            return
        outcome, answer = self._outcome(line.run), DECIDED[line.kind]
        if answer == VoteAnswer.SEND_BACK:
            self._rework(line, outcome)
        if asked.is_result and answer == VoteAnswer.SEND_BACK:
            outcome.send_back(line.at)
        elif asked.is_result:
            outcome.judge(answer == VoteAnswer.APPROVE, line.at)

    def _ended_now(self, line: Line) -> None:
        outcome = self._outcome(line.run)
        if line.kind == "run done":
            outcome.deliver(line.at)
        usd = line.payload.get("usd")
        more = None if usd is None else max(float(usd) - outcome.usd, 0.0)
        self._facts.costs.append(Cost(line.at, more, line.payload.get("priced") is not False))
        outcome.usd += more or 0.0
        outcome.label = line.text("label")
        self._rest(line, outcome)

    def _rest(self, line: Line, outcome: Outcome) -> None:
        """Keep an ended run among the others by when it was heard of last."""
        self._going.pop(line.run, None)
        self._ended.pop(line.run, None)
        self._ended[line.run] = line.at, outcome

    def _again(self, line: Line) -> None:
        """Count a task that people have done anew; of a run that has ended, what reopens it counts."""
        if outcome := self._going.get(line.run):
            self._rework(line, outcome)

    def _reopened(self, line: Line) -> None:
        known = line.run in self._ended
        outcome = self._outcome(line.run)
        if (
            outcome.delivered_at is not None or not known
        ):  # what ended before what was read is taken for delivered
            self._rework(line, outcome)
            self._facts.escaped.append(Happened(line.at))
        if outcome.unjudged and outcome.delivered_at is not None:
            self._facts.minutes.append(
                Minutes(outcome.delivered_at, None)
            )  # somebody read it before they reopened it
        outcome.reopen(line.at)
        self._ended.pop(line.run, None)
        self._going[line.run] = outcome

    def _rework(self, line: Line, outcome: Outcome) -> None:
        outcome.rounds += 1
        self._facts.rounds.append(Happened(line.at))

    def _handed_over(self, line: Line) -> None:
        before, to = line.text("before"), line.text("to")
        self._outcome(line.run).requester = to
        for asked in self._open.values():
            if asked.run == line.run and before in asked.deciders:
                asked.deciders = asked.deciders - {before} | {to}

    def _judged(self, line: Line) -> None:
        outcome, accepts = self._outcome(line.run), line.kind == "run accepted"
        if not outcome.whole and outcome.delivered_at is None:
            outcome.deliver(line.at)  # what people judge was delivered, if before what was read
        outcome.judge(accepts, line.at)
        if not accepts:
            self._facts.escaped.append(Happened(line.at))
        if outcome.delivered_at is not None:
            self._rest(line, outcome)
