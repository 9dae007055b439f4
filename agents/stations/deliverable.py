"""The document people receive. PURE: the artifact as it is, then its sources, by code; citations change no word of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.checks import cited
from agents.rendering import Block, Heading, Item, Listed, Paper, Paragraph, Span, blocks, said
from agents.rendering.formats import Format
from agents.rendering.shapes import Spans


@dataclass(frozen=True)
class Deliverable:
    """What a run came to.

    Args:
        text: The artifact in Markdown; it stands at the top, byte for byte.
        left_open: What nobody could answer, a line each.
        sources: (ids, where it stands and its words) of every source the text cites, in the order of citation.
        label: What must be said about how it was made, such as "offline mode: no language model".
    """

    text: str
    left_open: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    label: str = ""

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
        sources = _section("Sources", [f"- **{ids}** {words}" for ids, words in self.sources])
        return "\n\n".join([self.text.rstrip(), *left, *sources, *([f"*{self.label}*"] if self.label else [])]) + "\n"

    def paper(self, title: str) -> Paper:
        """Return the document for Word and PDF; where the text opens with a title of its own, that one stands."""
        own, text = _parted(self.text)
        left = _listed("Left open", [said(item) for item in self.left_open])
        sources = _listed("Sources", [said(Span(f"{ids} ", bold=True), words) for ids, words in self.sources])
        label = (Paragraph(said(self.label), small=True),) if self.label else ()
        return Paper(own or title, (*blocks(text), *left, *sources, *label))


def deliverable(
    text: str, findings: Iterable[Mapping[str, Any]], *, label: str = "", left_open: Sequence[str] = ()
) -> Deliverable:
    """Return the artifact with what was left open and every source it cites, quoted, with its page or row.

    Args:
        text: The artifact in Markdown.
        findings: The handoff's findings: id, quote and label of each.
        label: What must be said about how it was made.
        left_open: What nobody could answer.
    """
    return Deliverable(text, tuple(map(_one_line, left_open)), _sources(text, findings), label)


def document(text: str, findings: Iterable[Mapping[str, Any]], *, label: str = "", left_open: Sequence[str] = ()) -> str:
    """Return what ``deliverable`` gives, in Markdown."""
    return deliverable(text, findings, label=label, left_open=left_open).markdown()


def _parted(text: str) -> tuple[str, str]:
    """Return the title a text opens with, when it has one and no more of its rank, and the text behind it."""
    first, _, rest = text.lstrip().partition("\n")
    is_title = first.startswith("# ") and not any(line.startswith("# ") for line in rest.splitlines())
    if not is_title:
        return "", text
    [heading] = blocks(first)
    return ("".join(span.text for span in heading.spans), rest) if isinstance(heading, Heading) else ("", text)


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return ["---", f"## {heading}", "\n".join(lines)] if lines else []


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


def _source(finding: Mapping[str, Any]) -> str:
    dated = f" (as of {finding['as_of']})" if finding.get("as_of") else ""
    return f"{finding['label']}{dated}: “{_one_line(str(finding['quote']))}”"


def _one_line(text: str) -> str:
    return " ".join(text.split())
