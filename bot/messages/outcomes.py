"""The figures of some weeks in plain words: what people accepted, what it took them, what to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from bot.messages import figures
from storage.outcomes.figures import Amount, Figures, Period, RubberStamp, Signal, Slower, Steadiness, Waiting

MOST_LINES: Final = 8
IN_A_ROW: Final = (4, 8)  # results of a line
Named = Callable[[str], str]  # a person by their Slack id


def title(given: Figures) -> str:
    """Return such as ``The 4 weeks to 30 Nov 2026``."""
    weeks = "week" if len(given.weeks) == 1 else f"{len(given.weeks)} weeks"
    return f"The {weeks} to {given.whole.until.day} {given.whole.until:%b %Y}"


def sentences(given: Figures, named: Named) -> list[str]:
    """Return the figures in sentences, 8 at most; what people did without accepting it is no success in any of them."""
    whole = given.whole
    said = [*_results(whole), *_decisions(whole), *_minutes(whole), *_cost(whole), *_after(whole)]
    if not said:
        said = ["Nothing was delivered, and nothing was decided."]
    signals = [_signal(signal, named) for signal in given.signals]
    room = MOST_LINES - len(said)
    if len(signals) <= room:
        return [*said, *signals]
    return [
        *said,
        *signals[: room - 1],
        f"And {figures.counted(len(signals) - room + 1, 'more thing')} to look at.",
    ]


def steadiness(given: Figures) -> list[str]:
    """Return for each line, 8 at most, how often its results are accepted as they first come: one, and several in a row."""
    return [f"{one.line}: {_first_pass(one)}." for one in given.lines[:MOST_LINES]]


def _first_pass(one: Steadiness) -> str:
    said = f"{one.first_pass:,} of {figures.counted(one.judged, 'judged result')} accepted at the first pass"
    shares = [(count, one.all_of(count)) for count in IN_A_ROW]
    rows = [f"all of {count}: {_percent(share)}" for count, share in shares if share is not None]
    return "; ".join([f"{said} ({_percent(one.first_pass / one.judged)})", *rows])


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _results(whole: Period) -> Iterator[str]:
    if whole.judged or whole.unjudged:
        yield _accepted(whole)
    if whole.first_pass_share is not None:
        share = _percent(whole.first_pass_share)
        first = f"{whole.first_pass:,} of {figures.counted(whole.judged, 'judged result')}"
        yield f"Accepted at the first pass: {first} ({share})."
    if whole.rounds:
        each = "" if whole.rounds_each is None else f", {whole.rounds_each:.1f} for each accepted result"
        yield f"Sent back or reopened: {_times(whole.rounds)}{each}."


def _accepted(whole: Period) -> str:
    if not whole.accepted:
        return "No result was accepted."
    open_ = f"; {whole.provisional:,} of them may still be reopened, for 7 days" if whole.provisional else ""
    return f"{figures.counted(whole.accepted, 'result')} {_were(whole.accepted)} accepted{open_}."


def _decisions(whole: Period) -> Iterator[str]:
    if whole.wall is not None:
        working = "" if whole.working is None else f", or {figures.duration(whole.working)} of working time"
        every = figures.counted(whole.decisions, "decision")
        yield f"Half of {every} took no longer than {figures.duration(whole.wall)}{working}."


def _minutes(whole: Period) -> Iterator[str]:
    spent, nothing = (
        whole.minutes_each or whole.minutes,
        "" if whole.accepted else ", and nothing was accepted",
    )
    if spent.is_unknown:
        yield f"How long people looked is unknown{nothing}."
    elif spent.parts:
        least = "at least " if spent.unknown else ""
        each = " for each accepted result" if whole.accepted else ""
        yield f"People spent {least}{figures.duration(timedelta(minutes=spent.known))}{each}{nothing}.{_unknown(spent)}"


def _unknown(spent: Amount) -> str:
    looks = figures.counted(spent.parts + spent.unknown, "look")
    return f" Not known for {spent.unknown:,} of {looks}." if spent.unknown else ""


def _cost(whole: Period) -> Iterator[str]:
    spent = whole.usd_each or whole.usd
    amount = _bound(spent, priced=whole.priced) + figures.money(spent.known)
    if spent.is_unknown:
        yield "What it cost is unknown."
    elif spent.parts and whole.accepted:
        yield f"Each accepted result cost {amount}, counting what was not accepted."
    elif spent.parts:
        yield f"It cost {amount}, and nothing was accepted."


def _bound(spent: Amount, *, priced: bool) -> str:
    """Return how exact a sum is: parts may be unknown, and prices of models too."""
    if spent.unknown:
        return "at least " if priced else "about "
    return "" if priced else "at most "


def _after(whole: Period) -> Iterator[str]:
    said = []
    if whole.escaped:
        said.append(f"Reopened or turned down after delivery: {_times(whole.escaped)}.")
    if whole.unjudged:
        said.append(f"Nobody has judged {figures.counted(whole.unjudged, 'delivered result')}.")
    if said:
        yield " ".join(said)


def _signal(signal: Signal, named: Named) -> str:
    match signal:
        case RubberStamp(person, decisions, approved, median):
            often, seconds = f"{approved:,} of {decisions:,} times", median.total_seconds()
            return f"{named(person)} approved {often}, mostly within {seconds:.1f} s of opening: too fast to read."
        case Waiting(person, decisions):
            return (
                f"{figures.counted(decisions, 'decision')} wait on {named(person)}: too many for one person."
            )
        case Slower(_, median, before):
            was = f"in the four weeks before it was {figures.duration(before)}"
            return f"Decisions have become slower: half of them take {figures.duration(median)} or longer; {was}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
