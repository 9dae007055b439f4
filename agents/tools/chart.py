"""The chart an agent draws: numbers of findings, shown side by side. What it says is the line that goes into the text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agents.rendering.chart import Chart, Series

NAME: Final = "chart"
_LARGEST: Final = 1e15  # a number beyond is told in larger units
_MOST_BARS: Final = 24  # more, and none of them can be read


class Row(BaseModel):
    """One row of numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="What the numbers are of, such as List price.", min_length=1, max_length=40)
    values: list[float | None] = Field(
        description="One a label, in order; null where nothing was found.", max_length=12
    )


class DrawChart(BaseModel):
    """Draw a chart of numbers that stand in findings; you are told the line that shows it in your text.

    Use it where a picture says more than the table: at least two numbers that readers compare. Name every finding a number
    comes from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(description="What it shows, such as Price by maker.", min_length=3, max_length=80)
    kind: Literal["bar", "line"] = Field(description="bar to compare things, line for a course in time.")
    unit: str = Field(
        "", description="Of every number, such as EUR, % or EUR million; empty for counts.", max_length=24
    )
    labels: list[str] = Field(description="Below the bars or points, in order.", min_length=1, max_length=12)
    series: list[Row] = Field(description="One to four rows of numbers.", min_length=1, max_length=4)
    findings: list[str] = Field(
        description="The ids of the findings that hold the numbers.", min_length=1, max_length=24
    )

    @model_validator(mode="after")
    def _can_be_drawn(self) -> DrawChart:
        """Every label has its number in every row, and there is something to compare."""
        for row in self.series:
            if len(row.values) != len(self.labels):
                raise ValueError(f"{row.name!r} has {len(row.values)} values for {len(self.labels)} labels")
        numbers = [value for row in self.series for value in row.values if value is not None]
        if len(numbers) < 2:
            raise ValueError("a chart compares at least two numbers")
        if not all(abs(value) < _LARGEST for value in numbers):
            raise ValueError("a number is too large; use a larger unit")
        if self.kind == "bar" and len(numbers) > _MOST_BARS:
            raise ValueError(f"{_MOST_BARS} bars are the most; make two charts, or lines")
        if any(len(label) > 40 or not label.strip() for label in self.labels):
            raise ValueError("a label has 1 to 40 characters")
        return self

    def chart(self) -> Chart:
        """Return the chart itself; a title and names that are no Markdown of their own."""
        return Chart(
            title=_plain(self.title),
            kind=self.kind,
            unit=_plain(self.unit) if self.unit.strip() else "",
            labels=tuple(map(_plain, self.labels)),
            series=tuple(
                Series(name=_plain(row.name), values=tuple(map(_exact, row.values))) for row in self.series
            ),
            findings=tuple(dict.fromkeys(self.findings)),
        )


@dataclass(frozen=True)
class Drawn:
    """What the tool says: a chart that is kept, and its line for the text."""

    chart: Chart

    @property
    def text(self) -> str:
        """Return what the agent is told."""
        return (
            f"The chart is kept. Put this line, exactly and alone, where it belongs in your text:\n{self.chart.reference}\n"
            "Its numbers are added below the document as a table, with their sources, by code. It shows:\n"
            f"{self.chart.markdown()}"
        )


def _plain(words: str) -> str:
    """Return words for one line of Markdown, where nothing in them opens or closes anything."""
    return " ".join(words.translate(str.maketrans("[]()<>|`*_\\", "           ")).split()) or "-"


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).normalize() + 0
