"""The document people receive. PURE: the artifact as it is, then its sources, by code; citations change no word of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.checks import cited, people_cited
from agents.rendering import Block, Heading, Item, Listed, Paper, Paragraph, Span, Table, blocks, said
from agents.rendering.chart import Chart, drawn
from agents.rendering.formats import Format
from agents.rendering.leading import settled
from agents.rendering.shapes import Side, Spans
from agents.stations import charting

NUMBERS: Final = "Numbers of the charts"
NOBODY: Final[Mapping[str, str]] = {}
_BY_PEOPLE: Final = {"P": "A person decided", "N": "A person wrote", "C": "The request"}  # by how an id begins


@dataclass(frozen=True)
class Deliverable:
    """What a run came to.

    Args:
        text: The artifact in Markdown; it stands at the top, byte for byte but for links that lead elsewhere.
        left_open: What nobody could answer, a line each.
        sources: (ids, where it stands and its words) of every source the text cites, in the order of citation.
        label: What must be said about how it was made, such as "offline mode: no language model".
        charts: Those the text shows. Their numbers follow as tables: nobody needs the pictures.
        addresses: Where links may lead; every other one is shown, not live. In Word and PDF none is.
    """

    text: str
    left_open: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    label: str = ""
    charts: tuple[Chart, ...] = ()
    addresses: frozenset[str] = frozenset()

    def file(self, format: Format, title: str) -> bytes:
        """Return the whole document as a file of this format; long ones take seconds: call it off the event loop."""
        match format:
            case Format.MARKDOWN:
                return self.markdown().encode()
            case Format.WORD:
                from agents.rendering.word import word

                return word(self.paper(title))
            case Format.PDF:
                from agents.rendering.pdf import pdf

                return pdf(self.paper(title))

    def markdown(self) -> str:
        """Return the document in Markdown."""
        left = _section("Left open", [f"- {item}" for item in self.left_open])
        tables = [f"### {chart.title}\n\n{_about(chart)}\n\n{chart.markdown()}\n" for chart in self.charts]
        sources = _section("Sources", [f"- **{ids}** {words}" for ids, words in self.sources])
        label = [f"*{self.label}*"] if self.label else []
        whole = "\n\n".join([self.text.rstrip(), *left, *_section(NUMBERS, tables), *sources, *label]) + "\n"
        return settled(whole, self.addresses)

    def paper(self, title: str) -> Paper:
        """Return the document for Word and PDF; where the text opens with a title of its own, that one stands."""
        own, text = _parted(self.text)
        left = _listed("Left open", [said(item) for item in self.left_open])
        sources = _listed("Sources", [said(Span(f"{ids} ", bold=True), words) for ids, words in self.sources])
        label = (Paragraph(said(self.label), small=True),) if self.label else ()
        written = (*blocks(text), *left, *_tables(self.charts), *sources, *label)
        return Paper(own or title, written, {chart.name: drawn(chart) for chart in self.charts})


def deliverable(
    text: str,
    findings: Iterable[Mapping[str, Any]],
    *,
    label: str = "",
    left_open: Sequence[str] = (),
    charts: tuple[Chart, ...] = (),
    addresses: frozenset[str] = frozenset(),
    people: Mapping[str, str] = NOBODY,
) -> Deliverable:
    """Return the artifact with what was left open and every source it cites, quoted, with its page or row.

    Args:
        text: The artifact in Markdown.
        findings: The handoff's findings: id, quote and label of each.
        label: What must be said about how it was made.
        left_open: What nobody could answer; what the text says word for word is not said again.
        charts: Those the text shows.
        addresses: Where links may lead.
        people: What they decided and wrote, by id: what the text cites of it stands among the sources.
    """
    sources = (*_sources(charting.in_words(text, charts), findings), *_people(text, people))
    told, said_already = map(_one_line, left_open), _one_line(text)
    left = tuple(one for one in told if one not in said_already)
    return Deliverable(text, left, sources, label, charts, addresses)


def document(
    text: str, findings: Iterable[Mapping[str, Any]], **about: Any  # noqa: ANN401  what ``deliverable`` takes
) -> str:
    """Return what ``deliverable`` gives, in Markdown."""
    return deliverable(text, findings, **about).markdown()


def _parted(text: str) -> tuple[str, str]:
    """Return the title a text opens with, when it has one and no more of its rank, and the text behind it."""
    first, _, rest = text.lstrip().partition("\n")
    is_title = first.startswith("# ") and not any(line.startswith("# ") for line in rest.splitlines())
    if not is_title:
        return "", text
    [heading] = blocks(first)
    return (
        ("".join(span.text for span in heading.spans), rest) if isinstance(heading, Heading) else ("", text)
    )


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return ["---", f"## {heading}", "\n".join(lines)] if lines else []


def _about(chart: Chart) -> str:
    return (
        f"{f'In {chart.unit}. ' if chart.unit else ''}From {', '.join(f'[{id}]' for id in chart.findings)}."
    )


def _tables(charts: Sequence[Chart]) -> Iterator[Block]:
    if charts:
        yield Heading(1, said(NUMBERS))
    for chart in charts:
        header, *rows = [tuple(said(cell) for cell in row) for row in chart.rows()]
        numbers: list[Side] = ["right" for _ in chart.series]
        yield Heading(2, said(chart.title))
        yield Paragraph(said(_about(chart)), small=True)
        yield Table(tuple(header), tuple(rows), ("left", *numbers))


def _listed(heading: str, items: Sequence[Spans]) -> tuple[Block, ...]:
    listed = Listed(tuple(Item((Paragraph(spans),)) for spans in items))
    return (Heading(1, said(heading)), listed) if items else ()


def _sources(text: str, findings: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the sources in the order they are cited; what was quoted twice from one place stands once."""
    by_id = {str(finding["id"]): finding for finding in findings}
    shown: dict[str, list[str]] = {}
    for id in cited(text):
        if id in by_id:
            shown.setdefault(_source(by_id[id]), []).append(f"[{id}]")
    return tuple((" ".join(ids), source) for source, ids in shown.items())


def _people(text: str, people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for id in people_cited(text):
        if id in people:
            yield f"[{id}]", f"{_BY_PEOPLE[id[0]]}: “{_one_line(people[id])}”"


def _source(finding: Mapping[str, Any]) -> str:
    dated = f" (as of {finding['as_of']})" if finding.get("as_of") else ""
    return f"{finding['label']}{dated}: “{_one_line(str(finding['quote']))}”"


def _one_line(text: str) -> str:
    return " ".join(text.split())
