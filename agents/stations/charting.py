"""Charts in a text: whether their numbers stand in findings, which a text shows, and how those are read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from agents.checks.derivation import follows
from agents.checks.figures import Figure, figures
from agents.checks.known import Known
from agents.contracts import Part, PartKind
from agents.errors import ToolError
from agents.rendering.chart import Chart, shown
from agents.stations.assignment import Assignment
from agents.tools.chart import DrawChart, Drawn

_IMAGE: Final = re.compile(r"!\[(?P<alt>[^\]\n]*)\]\((?P<name>[^)\n]*)\)")
_SCALE: Final = re.compile(r"\b(?:thousand|million|billion|trillion|mn|bn|mio|mrd)\b\.?", re.IGNORECASE)
_MOST_TO_DERIVE: Final = 40  # numbers of the findings; among more, everything would follow from something


def draw(asked: DrawChart, given: Assignment) -> Drawn:
    """Return the chart, once each of its numbers was found in the findings it names.

    Raises:
        ToolError: A finding is not one of this task's, or a number stands in none and follows from none; says which.
    """
    quotes = _quotes(given)
    unknown = [id for id in asked.findings if id not in quotes]
    if unknown:
        listed = ", ".join(list(quotes)[:40]) or "none"
        raise ToolError(f"There is no finding {unknown[0]!r} here. Those you may name: {listed}.")
    chart = asked.chart()
    known = [quotes[id] for id in chart.findings]
    wrong = [
        _said(chart, label, value)
        for label, value in _numbers(chart)
        if not _stands(value, chart.unit, known)
    ]
    if wrong:
        raise ToolError(
            f"{'; '.join(wrong)}: {'these stand' if len(wrong) > 1 else 'this stands'} in none of the findings "
            f"{', '.join(chart.findings)}, and does not follow from them. Name the finding that says it, or use null."
        )
    return Drawn(chart)


def known(given: Assignment, told: Iterable[Mapping[str, Any]]) -> dict[str, Chart]:
    """Return the charts a text of this task may show, by name: those drawn now, and those of the texts it was given.

    Args:
        given: The task.
        told: What the tools of this attempt said, as it is on record.
    """
    drawn = (Chart.model_validate(said["chart"]) for said in told if "chart" in said)
    return {chart.name: chart for chart in (*given.charts, *drawn)}


def named(text: str) -> list[str]:
    """Return the names of the pictures a text shows, each once."""
    return list(dict.fromkeys(match["name"].strip() for match in _IMAGE.finditer(text)))


def used(text: str, charts: Mapping[str, Chart]) -> tuple[Chart, ...]:
    """Return the charts a text shows, in its order."""
    return tuple(charts[name] for name in named(text) if name in charts)


def strangers(words: str) -> list[str]:
    """Return sentences about the pictures left in what ``in_words`` gives: they are no charts of this run."""
    return [f"The picture {name!r} is no chart of this run." for name in named(words)]


def in_words(text: str, charts: Iterable[Chart]) -> str:
    """Return a text for the checks: each chart is its title, with the findings its numbers stand in."""
    by_name = {chart.name: chart for chart in charts}

    def said(match: re.Match[str]) -> str:
        chart = by_name.get(match["name"].strip())
        return match[0] if chart is None else f"{match['alt']} {_cited(chart)}".strip()

    return _IMAGE.sub(said, text)


def parts(charts: Iterable[Chart]) -> list[Part]:
    """Return the numbers of charts for who works on a text that shows them."""
    return [
        Part(
            chart.name,
            PartKind.HANDOFF,
            f"{chart.reference}\n{_unit(chart)}\n{chart.markdown()}",
            source="a chart",
        )
        for chart in charts
    ]


def _unit(chart: Chart) -> str:
    return f"in {chart.unit or 'numbers'}, from {', '.join(chart.findings)}"


def _cited(chart: Chart) -> str:
    ids = [id for id in chart.findings if id.startswith("F")]
    return f"[{', '.join(ids)}]" if ids else ""


def _quotes(given: Assignment) -> dict[str, str]:
    """Return what a number may stand in, by id: findings; for who was given none, the documents themselves."""
    found = {
        str(finding["id"]): str(finding["quote"])
        for received in given.received
        for finding in received.findings
    }
    return found or given.texts


def _numbers(chart: Chart) -> Iterator[tuple[str, Decimal]]:
    for one in chart.series:
        yield from (
            (label, value) for label, value in zip(chart.labels, one.values, strict=True) if value is not None
        )


def _said(chart: Chart, label: str, value: Decimal) -> str:
    return f"{shown(value)}{' ' if chart.unit else ''}{chart.unit} ({label})"


def _stands(value: Decimal, unit: str, texts: list[str]) -> bool:
    figure = _figure(value, unit)
    if Known(texts).has(figure):
        return True
    others = [other for text in texts for other in figures(text)]
    return len(others) <= _MOST_TO_DERIVE and follows(figure, others)


def _figure(value: Decimal, unit: str) -> Figure:
    """Return a number as the checks read it in a text: 4.2 in "EUR million" is 4,200,000 EUR."""
    scale = _SCALE.search(unit)
    size = abs(value)
    words = f"{size:f} {scale[0] if scale else ''} {_SCALE.sub('', unit)}"
    [read, *_] = figures(" ".join(words.split()))
    exact = figures(f"7 {scale[0]}")[0].value / 7 * size if scale else size
    step = Decimal(1).scaleb(int(size.as_tuple().exponent)) * (exact / size if size else 1)
    return replace(read, values=(exact.normalize() + 0,), step=step)
