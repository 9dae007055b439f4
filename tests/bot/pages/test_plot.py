"""The picture of the weekly brief: what it shows, how heavy it is, and that it says the same every time."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import timedelta
from itertools import combinations

import pytest
from PIL import Image

from bot.pages import plot
from storage.outcomes import Figures, Period
from tests.storage.outcomes.scribe import END
from tests.storage.outcomes.test_three_logs import calm

MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)
FIRST, REWORKED, BACK = "#0072B2", "#7CC4EE", "#D55E00"
Counts = tuple[int, int, int]  # accepted, of these at the first pass, sent back


def weeks(*counts: Counts, wall: timedelta | None = None, provisional: int = 0) -> Figures:
    """Return figures of so many weeks."""
    ends = [END - WEEK * number for number in range(len(counts))][::-1]
    made = [
        Period(
            end - WEEK,
            end,
            accepted=accepted,
            first_pass=first,
            rounds=back,
            wall=wall,
            provisional=provisional,
        )
        for end, (accepted, first, back) in zip(ends, counts, strict=True)
    ]
    return Figures(Period(END - WEEK * len(counts), END), tuple(made))


def picture(given: Figures) -> Image.Image:
    return Image.open(io.BytesIO(plot.weekly(given))).convert("RGB")


def pixels(given: Figures, colour: str) -> int:
    """Return how many pixels of the bars have about this colour; the legend is not looked at."""
    wanted = _rgb(colour)
    shown = picture(given).crop((0, 130, 1200, 420)).getcolors(1 << 20) or []
    return sum(
        count for count, found in shown if max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 12
    )


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def test_equal_figures_give_equal_bytes():
    assert plot.weekly(calm().figures()) == plot.weekly(calm().figures())
    assert plot.weekly(calm().figures()) != plot.weekly(weeks((1, 1, 0)))


@pytest.mark.parametrize("count", [1, 4, 8, 52])
def test_it_is_small_and_wide(count):
    file = plot.weekly(weeks(*[(12, 8, 30)] * count, wall=90 * MINUTE, provisional=5))

    assert (Image.open(io.BytesIO(file)).size, Image.open(io.BytesIO(file)).format) == ((1200, 675), "PNG")
    assert len(file) < 100_000


@pytest.mark.parametrize("count, colour", [
    ((4, 4, 0), FIRST), ((4, 0, 0), REWORKED), ((0, 0, 4), BACK),
])  # fmt: skip
def test_each_count_has_its_bar(count, colour):
    others = {FIRST, REWORKED, BACK} - {colour}

    assert pixels(weeks(count), colour) > 10_000
    assert [pixels(weeks(count), other) < 100 for other in others] == [True, True]


def test_bars_are_as_high_as_their_counts():
    given = weeks((6, 4, 3))

    assert pixels(given, FIRST) / pixels(given, REWORKED) == pytest.approx(4 / 2, rel=0.1)
    assert pixels(given, BACK) / pixels(given, FIRST) == pytest.approx(3 / 4, rel=0.1)


def test_what_may_still_be_reopened_is_hatched():
    settled, open_ = pixels(weeks((4, 4, 0)), FIRST), pixels(weeks((4, 4, 0), provisional=4), FIRST)

    assert 0.4 < open_ / settled < 0.95


def test_colours_differ_in_lightness_and_stand_out_from_paper():
    lightness = {colour: _lightness(colour) for colour in (FIRST, REWORKED, BACK)}
    apart = [abs(lightness[one] - lightness[other]) for one, other in combinations(lightness, 2)]

    assert min(apart) > 0.05
    assert max(lightness.values()) < 0.55


def _lightness(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1 (WCAG 2)."""
    parts = [part / 255 for part in _rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_log_without_anything_still_has_its_picture():
    assert pixels(weeks((0, 0, 0), (0, 0, 0)), FIRST) == 0


def test_its_words_say_what_it_shows():
    assert plot.alt(calm().figures()) == (
        "Weeks that end on 9 Nov, 16 Nov, 23 Nov, 30 Nov. Accepted results: 1 (1 at the first pass), "
        "1 (0 at the first pass), 0 (0 at the first pass), 1 (1 at the first pass). Sent back or reopened: 0, 1, 0, 0. "
        "Half of the decisions took no longer than: 18 min, 10 min, no decisions, 1.0 h."
    )


def test_only_the_newest_weeks_are_told_and_shown():
    many = weeks(*[(9, 9, 9)] * 44, *[(1, 1, 0)] * 8)

    assert plot.weekly(many) == plot.weekly(weeks(*[(1, 1, 0)] * 8))
    assert plot.alt(many) == plot.alt(weeks(*[(1, 1, 0)] * 8))


async def test_it_can_be_drawn_beside_other_work():
    assert await plot.drawn(calm().figures()) == plot.weekly(calm().figures())


def test_nothing_is_loaded_for_it_until_it_is_drawn():
    said = "import sys, bot.pages.plot; sys.exit('PIL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
