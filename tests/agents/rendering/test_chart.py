"""The picture of a chart: bars as high as their numbers, equal bytes for equal numbers, and room for any of them."""

import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from agents.rendering.chart import HEIGHT, WIDTH, Chart, Series, drawn

BLUE, ORANGE = "#0072B2", "#D55E00"
NUMBER = st.decimals(min_value=-(10**14), max_value=10**14, allow_nan=False, places=3) | st.none()


def chart(*rows: list[float | None], kind: str = "bar") -> Chart:
    series = tuple(
        Series(name=f"Row {n}", values=tuple(None if value is None else Decimal(str(value)) for value in row))
        for n, row in enumerate(rows, start=1)
    )
    labels = tuple(f"L{n}" for n in range(len(rows[0])))
    return Chart(title="Price", kind=kind, unit="EUR", labels=labels, series=series, findings=("F1",))


def reach(one: Chart, colour: str, left: int = 0, right: int = WIDTH) -> tuple[int, int]:
    """Return the highest and the lowest row of pixels that are about this colour, the legend left out."""
    wanted = bytes.fromhex(colour[1:])
    picture = Image.open(io.BytesIO(drawn(one))).convert("RGB").crop((left, 150, right, HEIGHT))
    found = [
        at for at in range(picture.height) for x in range(0, picture.width, 4)
        if max(abs(a - b) for a, b in zip(picture.getpixel((x, at)), wanted, strict=True)) < 12
    ]  # fmt: skip
    return min(found), max(found)


def height(one: Chart, colour: str, left: int = 0, right: int = WIDTH) -> int:
    top, floor = reach(one, colour, left, right)
    return floor - top


def test_bars_are_as_high_as_their_numbers_each_row_in_its_colour():
    one = chart([60], [30])

    assert height(one, BLUE) / height(one, ORANGE) == pytest.approx(2, rel=0.02)


def test_what_is_below_zero_hangs_below_the_line():
    top = reach(chart([50, -25]), BLUE, right=600)
    low = reach(chart([50, -25]), BLUE, left=680)

    assert top[1] == pytest.approx(low[0], abs=4)
    assert (top[1] - top[0]) / (low[1] - low[0]) == pytest.approx(2, rel=0.03)


def test_a_line_has_a_gap_where_a_number_is_missing():
    whole, gap = (chart([1, 1, value, 1, 1], kind="line") for value in (1, None))
    middle = {"left": 560, "right": 760}

    assert height(whole, BLUE, **middle) >= 0
    with pytest.raises(ValueError, match="empty"):
        reach(gap, BLUE, **middle)


def test_equal_charts_are_equal_bytes_and_no_others():
    assert drawn(chart([1, 2])) == drawn(chart([1, 2])) != drawn(chart([1, 3]))


def test_its_words_hold_every_number():
    assert chart([1299.5, None], [0.5, 2]).alt() == (
        "Price, in EUR. Row 1: L0 1,299.5, L1 not found. Row 2: L0 0.5, L1 2."
    )
    assert chart([1, None]).rows() == [["", "Row 1"], ["L0", "1"], ["L1", "not found"]]


def _anything() -> st.SearchStrategy[Chart]:
    rows = st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(NUMBER, min_size=n, max_size=n), min_size=1, max_size=4)
    )
    words = st.text(min_size=1, max_size=40)
    return st.builds(_made, rows, st.text(min_size=1, max_size=80), words, st.sampled_from(["bar", "line"]))


def _made(rows: list[list[Decimal | None]], title: str, label: str, kind: str) -> Chart:
    series = tuple(Series(name=label, values=tuple(row)) for row in rows)
    return Chart(title=title, kind=kind, labels=(label,) * len(rows[0]), series=series, findings=("F1",))


def _is_a_picture(one: Chart) -> bool:
    content = drawn(one)
    picture = Image.open(io.BytesIO(content))
    return (picture.size, picture.format, len(content) < 150_000) == ((WIDTH, HEIGHT), "PNG", True)


@settings(max_examples=4, deadline=None)
@given(_anything())
def test_any_numbers_and_words_can_be_drawn(one: Chart):
    assert _is_a_picture(one)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(_anything())
def test_any_numbers_and_words_can_be_drawn_however_often(one: Chart):
    assert _is_a_picture(one)
