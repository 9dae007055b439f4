"""Excel workbooks, sheet by sheet and row by row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final, TypeAlias, cast

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from agents.tools.parsing.spans import Sheet
from agents.tools.parsing.tables import lines

_Cell: TypeAlias = Cell | MergedCell

_MIDNIGHT: Final = time()


def read(sheet: Sheet, content: bytes) -> None:
    """Add every row that holds something, as "sheet Prices, row 7".

    A cell shows the value that Excel stored. A formula that was never computed shows itself, as ``=B2*12``.
    """
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    for computed, written in zip(values.worksheets, formulas.worksheets, strict=True):
        gap = "\n\n"
        for number, line in lines(_rows(computed, written)):
            sheet.add(f"sheet {computed.title}, row {number}", line, gap=gap)
            gap = "\n"


def _rows(computed: Worksheet, written: Worksheet) -> Iterator[list[str]]:
    for each in (computed, written):
        cast("ReadOnlyWorksheet", each).reset_dimensions()  # a file may claim a million columns
    for row, sources in zip(computed.iter_rows(), written.iter_rows(), strict=True):
        yield [_shown(cell, source) for cell, source in zip(row, sources, strict=True)]


def _shown(cell: _Cell, source: _Cell) -> str:
    value: object = getattr(source.value, "text", source.value) if cell.value is None else cell.value
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _figure(value, str(cell.number_format or ""))
    return str(value)


def _figure(value: float, form: str) -> str:
    return f"{round(value * 100, 10):.15g}%" if "%" in form else f"{value:.15g}"  # Excel keeps 15 digits
