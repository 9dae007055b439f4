"""No figure can be made better by accepting less, or by asking less."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import pytest

from storage.outcomes import Amount, Figures, Period, Steadiness
from tests.storage.outcomes import lives
from tests.storage.outcomes.scribe import counted
from tests.storage.voting import seeded

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
LOGS: Final = [1_000, pytest.param(5_000, marks=pytest.mark.long)]
WORST: Final = float("inf")
Range = tuple[float, float]  # a figure lies between these, the smaller the better


def headline(period: Period) -> dict[str, Range]:
    """Return the headline figures of a period."""
    wall = period.wall.total_seconds() if period.wall is not None else WORST
    return {
        "accepted": _exact(-period.accepted), "first pass": _exact(-period.first_pass),
        "share of first pass": _exact(-(period.first_pass_share or 0)), "rework": _exact(_or_worst(period.rounds_each)),
        "time to decision": _exact(wall), "minutes": _range(period.minutes_each), "usd": _range(period.usd_each),
        "escaped": _exact(period.escaped),
    }  # fmt: skip


def _exact(figure: float) -> Range:
    return figure, figure


def _or_worst(figure: float | None) -> float:
    return WORST if figure is None else figure


def _range(each: Amount | None) -> Range:
    """Return what a sum may come to: where parts are unknown there is no upper end."""
    if each is None:
        return WORST, WORST
    return each.known, WORST if each.unknown else each.known


def stretches(before: Figures, after: Figures) -> Iterator[tuple[Period, Period]]:
    """Yield what can be compared: the whole, and each week."""
    yield before.whole, after.whole
    yield from zip(before.weeks, after.weeks, strict=True)


def better(old: Period, new: Period) -> set[str]:
    """Return the headline figures that have certainly become better."""
    was = headline(old)
    return {name for name, (_, most) in headline(new).items() if most < was[name][0]}


@pytest.mark.parametrize("logs", LOGS)
def test_turning_accepts_into_rejects_makes_no_figure_better(logs: int):
    chance, changed, gains, shown = seeded(SEED), 0, [], []
    for number in range(logs):
        log = lives.log(chance)
        before, after = counted(log), counted(lives.flipped(log, chance))
        changed += before.whole.accepted > after.whole.accepted
        for old, new in stretches(before, after):
            gains += [(number, found)] if (found := better(old, new)) else []
            shown += [number] if _shows_less(old.minutes_each, new.minutes_each) else []
            shown += [number] if _shows_less(old.usd_each, new.usd_each) else []
        steadier = [one.line for one in after.lines if _is_steadier(one, before)]
        gains += [(number, set(steadier))] if steadier else []

    assert (gains, shown) == ([], [])
    assert changed > logs / 10  # it was about something


def _is_steadier(new: Steadiness, before: Figures) -> bool:
    """Return whether a line's results are accepted more steadily than before, one or several in a row."""
    old = next((one for one in before.lines if one.line == new.line), None)
    return old is None or any((new.all_of(count) or 0) > (old.all_of(count) or 0) for count in (1, 2, 4))


def _shows_less(old: Amount | None, new: Amount | None) -> bool:
    """Return whether the number that people are shown has become smaller, whatever is said beside it."""
    return old is not None and new is not None and new.known < old.known


@pytest.mark.parametrize("logs", LOGS)
def test_asking_less_makes_no_minutes_better_when_less_is_accepted(logs: int):
    chance, fell, gains, naive = seeded(SEED), 0, [], 0
    for number in range(logs):
        log = lives.log(chance)
        for old, new in stretches(counted(log), counted(lives.without_some_checkpoints(log, chance))):
            if new.accepted < old.accepted:
                fell += 1
                gains += [number] if "minutes" in better(old, new) else []
                naive += _without_the_unknown(new) < _without_the_unknown(old)

    assert gains == []
    assert fell > logs / 10
    assert naive > 0  # counting only what is known would have been fooled


def _without_the_unknown(period: Period) -> float:
    each = period.minutes_each
    return WORST if each is None else each.known


def test_the_same_seed_makes_the_same_log():
    logs = [lives.log(random.Random(7)) for _ in range(2)]

    assert logs[0] == logs[1]
    assert len(logs[0]) > 10
