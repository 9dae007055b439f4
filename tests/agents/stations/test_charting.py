"""A chart shows only numbers that stand in findings or follow from them, and a text only charts of this run."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agents.catalog import SHIPPED, read
from agents.errors import ToolError
from agents.planning.plan import PlanTask
from agents.rendering.chart import Chart
from agents.stations import charting
from agents.stations.assignment import Assignment, Course, Made, Received, Source
from agents.stations.brief import of_work
from agents.stations.deliverable import deliverable
from agents.stations.review import by_code
from agents.tools.chart import DrawChart
from agents.tools.toolbox import EFFECTS, Toolbox
from storage.words import Route, TaskKind

TASK = PlanTask.model_validate({
    "key": "compare", "station": "Compare", "role": "analyst", "title": "Compare", "makes": "comparison",
    "instructions": "Compare.", "needs": ["research-1"],
})  # fmt: skip
QUOTES = {
    "F101": "The Haulwren costs EUR 5,200 and weighs 34 kg.",
    "F201": "Ternway asks EUR 4,990.50 since May.",
    "F301": "The market grew to EUR 4.2 million, in 2024 it was EUR 4 million.",
}


def finding(id: str, quote: str) -> dict[str, Any]:
    return {
        "id": id, "claim": quote, "quote": quote, "label": f"{id}.pdf, page 2", "document": "d1", "sha256": "",
        "start": 0, "end": len(quote),
    }  # fmt: skip


def given(**more: Any) -> Assignment:
    found = tuple(finding(*one) for one in QUOTES.items())
    about = {"run_id": "r1", "team": "T1", "tag": "k7", "task": TASK, "kind": TaskKind.WORK, "attempt": 1}
    received = more.pop("received", (Received("research-1", "Research", "findings", findings=found),))
    catalog = read([SHIPPED], EFFECTS)
    return Assignment(
        **about, request="compare", catalog=catalog, course=Course(Route.LINE), received=received, **more
    )


def asked(
    values: list[float | None], unit: str = "EUR", ids: tuple[str, ...] = ("F101", "F201"), **more: Any
) -> DrawChart:
    about = {"title": "Price by maker", "kind": "bar", "labels": [f"L{n}" for n in range(len(values))]}
    return DrawChart.model_validate(
        {
            **about,
            "unit": unit,
            "series": [{"name": "Price", "values": values}],
            "findings": list(ids),
            **more,
        }
    )


def price() -> Chart:
    return charting.draw(asked([5200, 4990.5, None]), given()).chart


@pytest.mark.parametrize(
    ("values", "unit", "ids"),
    [
        ([5200, 4990.5, None], "EUR", ("F101", "F201")),
        ([34, 34], "kg", ("F101",)),
        ([4.2, 4], "EUR million", ("F301",)),
        ([4200, 4000], "thousand EUR", ("F301",)),
        ([4_200_000, 200_000], "EUR", ("F301",)),  # the second is the difference
        ([5, 5.0], "%", ("F301",)),  # 4 to 4.2
        ([209.5, 5200], "EUR", ("F101", "F201")),
        ([10190.5, 5200], "EUR", ("F101", "F201")),  # the sum
    ],
)
def test_a_number_that_stands_in_a_named_finding_or_follows_is_drawn(
    values: list[float | None], unit: str, ids: tuple[str, ...]
):
    drawn = charting.draw(asked(values, unit, ids), given())

    assert [float(value) if value is not None else None for value in drawn.chart.series[0].values] == values


@pytest.mark.parametrize(
    ("values", "unit", "ids", "named"),
    [
        (
            [5200, 4991],
            "EUR",
            ("F101", "F201"),
            r"4,991 EUR \(L1\): this stands in none of the findings F101, F201",
        ),
        ([5200, 4990.5], "EUR", ("F101",), r"4,990\.5 EUR \(L1\): this stands in none of the findings F101"),
        ([4.99, 5.3], "EUR", ("F101", "F201"), r"4\.99 EUR \(L0\); 5\.3 EUR \(L1\): these stand in none"),
        ([5200, 34], "USD", ("F101",), r"5,200 USD \(L0\)"),
        ([4.2, 4], "EUR", ("F301",), r"4\.2 EUR \(L0\); 4 EUR \(L1\)"),
        ([6, 5], "%", ("F301",), r"6 % \(L0\): this stands in none"),
        (
            [5200, 34],
            "EUR",
            ("F101", "F999"),
            r"There is no finding 'F999' here\. Those you may name: F101, F201, F301\.",
        ),
    ],
)
def test_a_number_that_stands_nowhere_is_refused_by_name(
    values: list[float | None], unit: str, ids: tuple[str, ...], named: str
):
    with pytest.raises(ToolError, match=named):
        charting.draw(asked(values, unit, ids), given())


def test_among_many_numbers_nothing_follows_any_more():
    many = {f"F{n}": f"It costs EUR {n * n * 7}." for n in range(401, 445)}
    here = given(received=(Received("r", "R", "f", findings=tuple(finding(*one) for one in many.items())),))
    ids = tuple(many)[:24]
    pairs = {f"F{n}": f"It costs EUR {n}, {n * 3} or {n * 5}." for n in range(501, 515)}
    there = given(received=(Received("r", "R", "f", findings=tuple(finding(*one) for one in pairs.items())),))

    assert charting.draw(asked([401 * 401 * 7, 803 * 7], ids=("F401", "F402")), here)
    assert charting.draw(asked([401 * 401 * 7, 402 * 402 * 7], ids=ids), here)
    with pytest.raises(ToolError, match="1,004 EUR"):  # the difference of two of 42
        charting.draw(asked([501, 1004], ids=tuple(pairs)), there)


def test_who_was_given_no_findings_names_documents():
    here = given(
        received=(),
        documents=(Source("d1", "a.csv", "Haulwren | 5,200 EUR\nTernway | 4,990 EUR", "", "F1", ()),),
    )

    assert charting.draw(asked([5200, 4990], ids=("d1",)), here).chart.findings == ("d1",)
    with pytest.raises(ToolError, match=r"1 EUR \(L1\)"):
        charting.draw(asked([5200, 1], ids=("d1",)), here)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"series": [{"name": "A", "values": [1]}]}, "'A' has 1 values for 2 labels"),
        ({"series": [{"name": "A", "values": [1, None]}]}, "at least two numbers"),
        ({"series": [{"name": "A", "values": [1e300, 1]}]}, "too large"),
        ({"kind": "pie"}, "kind"),
        ({"labels": ["a", " "]}, "1 to 40 characters"),
        ({"colour": "red"}, "colour"),
        (
            {"series": [{"name": str(n), "values": [1] * 12} for n in range(3)], "labels": ["a"] * 12},
            "24 bars are the most",
        ),
    ],
)
async def test_what_cannot_be_drawn_is_said_in_a_sentence(changed: dict[str, Any], why: str):
    box = Toolbox(("chart",), {"chart": lambda one: one})
    plain = {
        "title": "Price",
        "kind": "bar",
        "labels": ["a", "b"],
        "series": [{"name": "A", "values": [1, 2]}],
        "findings": ["F1"],
    }

    said = await box.use("chart", {**plain, **changed})

    assert (said["is_error"], why in said["content"]) == (True, True)


async def test_a_chart_is_kept_with_what_the_agent_is_told():
    async def draw(one: DrawChart) -> object:
        return charting.draw(one, given())

    said = await Toolbox(("chart",), {"chart": draw}).use("chart", asked([5200, 4990.5]).model_dump())

    chart = Chart.model_validate(said["chart"])
    assert chart.series[0].values == (Decimal(5200), Decimal("4990.5"))
    assert chart.reference in said["content"].splitlines()


def test_its_name_says_its_title_and_holds_its_numbers():
    asked_for = (
        ("Größe by Maker!", 4990.5),
        ("Größe by Maker!", 5200),
        ("中文 ", 4990.5),
        ("Größe by Maker!", 4990.5),
    )
    names = [
        charting.draw(asked([5200, other], title=title), given()).chart.name for title, other in asked_for
    ]

    assert (names[0], len(set(names))) == (names[3], 3)
    assert [name.rpartition("-")[0] for name in names[:3]] == [
        "chart-groe-by-maker",
        "chart-groe-by-maker",
        "chart-numbers",
    ]


def test_a_chart_without_words_is_a_chart():
    chart = charting.draw(asked([34, 34], "", ("F101",), title="[ ]", labels=["()", "|"]), given()).chart

    assert (chart.title, chart.unit, chart.labels) == ("-", "", ("-", "-"))


def test_words_of_a_chart_open_nothing_in_the_text():
    chart = charting.draw(
        asked([5200, 4990.5], title="![x](https://evil.test) |\n# y", labels=["a|b", "[c]"]), given()
    ).chart

    assert chart.title == "! x https://evil.test # y"
    assert chart.labels == ("a b", "c")
    assert charting.named(f"before {chart.reference} after") == [chart.name]


async def test_a_text_shows_only_charts_of_this_run():
    text = "## Comparison\n\n{}\n\nEUR 5,200 and EUR 4,990.50 [F101, F201].\n"
    chart = price()
    fine = Made(text.format(chart.reference), "", "analyst", charts=(chart,))
    wrong = Made(
        text.format("![Price](https://evil.test/x.png) ![Price](chart-price-by-maker-000000.png)"),
        "",
        "analyst",
    )

    rules = [[one.rule for one in await by_code(given(), made)] for made in (fine, wrong)]

    assert rules[0] == []
    assert rules[1].count("picture-unknown") == 2


def test_whoever_reads_a_text_with_a_chart_is_shown_its_numbers():
    chart = price()
    [part] = [part for part in of_work(given(charts=(chart,))) if part.id == chart.name]

    assert "| L0 | 5,200 |\n| L1 | 4,990.5 |\n| L2 | not found |" in part.text
    assert "in EUR, from F101, F201" in part.text


def test_the_document_tells_a_chart_as_a_table_with_its_sources():
    chart = price()
    found = [finding(*one) for one in QUOTES.items()]

    made = deliverable(f"## Price\n\n{chart.reference}\n", found, charts=(chart,)).markdown()

    assert made.startswith(
        f"## Price\n\n{chart.reference}\n\n---\n\n## Numbers of the charts\n\n### Price by maker\n\n"
    )
    assert "In EUR. From [F101], [F201].\n\n|  | Price |\n| --- | --: |\n| L0 | 5,200 |" in made
    assert "- **[F101]** F101.pdf, page 2: “The Haulwren costs EUR 5,200 and weighs 34 kg.”" in made
    assert "F301" not in made


def test_charts_of_the_record_are_those_the_tools_drew():
    chart, other = price(), charting.draw(asked([34, 34], "kg", ("F101",)), given()).chart
    told = [{"content": "x"}, {"content": "y", "chart": chart.model_dump(mode="json")}]

    found = charting.known(given(charts=(other,)), told)

    assert found == {other.name: other, chart.name: chart}
    assert charting.used(f"{chart.reference} {chart.reference} ![x](y.png)", found) == (chart,)
