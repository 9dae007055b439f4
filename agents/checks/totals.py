"""Totals of tables computed again: the row named Total, the column named Total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from agents.checks.figures import Figure, figures
from agents.checks.markdown import Block, Cell, cells, tables
from agents.checks.shapes import Problem, problem
from agents.checks.sums import TOTAL, shown, slack, wrong_sum

_NO_SUM: Final = re.compile(
    r"price|per\b|rate|average|avg|growth|change|margin|year|since|founded|rank|score|unit", re.IGNORECASE
)
_SUBTOTAL: Final = re.compile(r"\W*sub-?total", re.IGNORECASE)
_TOTAL_HEADERS: Final = ("total", "sum", "line total")


def table_totals(text: str) -> Iterator[Problem]:
    """Yield every cell of a total row or total column that does not fit the cells it is made of."""
    for table in tables(text):
        yield from _columns(text, table)
        yield from _rows(text, table)


def total_cells(text: str) -> Iterator[Figure]:
    """Yield the numbers of total rows and total columns."""
    for table in tables(text):
        at = _total_column(table)
        for row in table[1:]:
            found = [_figure(text, cell) for cell in cells(row)]
            is_total = _is_total(row) or _SUBTOTAL.match(_label(row))
            yield from (one for i, one in enumerate(found) if one and (is_total or (at and i == at)))


def column_totals(text: str) -> Iterator[tuple[list[Figure], Figure]]:
    """Yield the columns of tables that end with a total row: the numbers above and the total."""
    for table in tables(text):
        last = table[-1]
        for at in range(1, len(cells(last)) if len(table) > 2 and _is_total(last) else 0):
            parts = [figure for row in table[1:-1] if (figure := _figure(text, _cell(row, at)))]
            total = _figure(text, _cell(last, at))
            if total and parts:
                yield parts, total


def _columns(text: str, table: list[Block]) -> Iterator[Problem]:
    for at, header in enumerate(cells(table[0])):
        if at and not _NO_SUM.search(header.text):
            yield from _column(text, table[1:], at)


def _column(text: str, rows: list[Block], at: int) -> Iterator[Problem]:
    """Hold each total of a column against all cells above, or only those since the subtotal before it."""
    above: list[Figure] = []
    since: list[Figure] = []
    for row in rows:
        figure = _figure(text, _cell(row, at))
        if figure is None:
            continue
        if not _is_total(row) and not _SUBTOTAL.match(_label(row)):
            above, since = [*above, figure], [*since, figure]
            continue
        wrong = [_wrong(text, group, figure) for group in (since, above)]
        yield from wrong[1] if all(wrong) else ()
        since = []


def _wrong(text: str, parts: list[Figure], total: Figure) -> list[Problem]:
    same = [part for part in parts if part.unit == total.unit or not part.unit or not total.unit]
    is_growth = total.unit == "%" and abs(sum((part.value for part in same), Decimal(0)) - 100) > 20
    return [] if is_growth else list(wrong_sum(text, same, total))


def _rows(text: str, table: list[Block]) -> Iterator[Problem]:
    """Yield wrong cells of a column named Total, where at least half of the rows show how it is made."""
    at = _total_column(table)
    if at < 2:
        return
    judged = [parts for row in table[1:] if (parts := _parts(text, row, at))]
    ways = [_way(numbers, total) for numbers, total in judged]
    made = {way for way in ways if way}
    if len(made) == 1 and 2 * sum(map(bool, ways)) >= len(judged):
        for (numbers, total), way in zip(judged, ways, strict=True):
            if not way:
                yield _row_problem(text, next(iter(made)), numbers, total)


def _parts(text: str, row: Block, at: int) -> tuple[list[Figure], Figure] | None:
    found = [_figure(text, cell) for cell in cells(row)]
    numbers = [figure for figure in found[1:at] if figure]
    total = found[at] if at < len(found) else None
    return (numbers, total) if total and len(numbers) > 1 and not _is_total(row) else None


def _way(numbers: Sequence[Figure], total: Figure) -> str:
    exact = sum((one.value for one in numbers), Decimal(0))
    if abs(exact - total.value) <= slack([*numbers, total]):
        return "sum"
    return "product" if len(numbers) == 2 and numbers[0].value * numbers[1].value == total.value else ""


def _row_problem(text: str, way: str, numbers: list[Figure], total: Figure) -> Problem:
    values = [one.value for one in numbers]
    right = sum(values, Decimal(0)) if way == "sum" else values[0] * values[1]
    step = min(one.step for one in numbers)
    message = f"{total.text} is not the {way} of its row, as in the other rows; that is {shown(right, step)}."
    fix = "Write the right total, or correct a part."
    return problem("sum-wrong", text, (total.start, total.end), message, fix)


def _total_column(table: list[Block]) -> int:
    """Return the place of the column named Total, or 0."""
    names = [cell.text.strip("*_ ").lower() for cell in cells(table[0])]
    return next((at for at, name in enumerate(names) if name in _TOTAL_HEADERS), 0)


def _cell(row: Block, at: int) -> Cell | None:
    found = cells(row)
    return found[at] if at < len(found) else None


def _label(row: Block) -> str:
    found = cells(row)
    return found[0].text.strip("*_ ") if found else ""


def _is_total(row: Block) -> bool:
    return bool(TOTAL.match(_label(row)))


def _figure(text: str, cell: Cell | None) -> Figure | None:
    found = figures(text, cell.start, cell.end) if cell else []
    return found[0] if len(found) == 1 else None
