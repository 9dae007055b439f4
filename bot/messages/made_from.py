"""What an agent was shown before it made something, by its brief's manifest: in a line people can check. PURE."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from agents.contracts import PartKind
from bot.messages import figures, text
from storage.tables import Brief

MOST_NAMES: Final = 8  # of files and of earlier tasks; more are counted
_LONGEST_NAME: Final = 60
_COUNTED: Final = {PartKind.FINDING: "finding", PartKind.CONSTRAINT: "constraint", PartKind.INPUT: "input"}
_OF_PEOPLE: Final = (PartKind.DECISION, PartKind.NOTE)


def told(brief: Brief) -> str:
    """Return such as ``The writer was shown: the request, 2 files (a.pdf, b.csv), 45 findings, …`` (mrkdwn)."""
    tokens = sum(int(entry["tokens"]) for entry in brief.manifest)
    parts = "; ".join(["the request and the contract", *_files(brief), *_counts(brief), *_earlier(brief)])
    size = f"about {figures.tokens(tokens)} · brief {figures.short(brief.digest)}"
    return f"*The {text.escape(brief.role)} was shown* {parts} · {size}"


def _files(brief: Brief) -> Iterator[str]:
    """Yield the files it was shown pages of, and those it was told the names of and could read with a tool."""
    entries = [one for one in brief.manifest if one["kind"] == PartKind.DOCUMENT]
    pages = dict.fromkeys(str(one["source"]).rpartition(", ")[0] or str(one["source"]) for one in entries if _is_page(one))
    named = dict.fromkeys(str(one["source"]) for one in entries if not _is_page(one))
    if pages:
        yield f"{figures.counted(len(pages), 'file')} ({_listed([*pages])})"
    if named:
        yield f"{figures.counted(len(named), 'file')} by name only ({_listed([*named])})"


def _is_page(entry: Mapping[str, Any]) -> bool:
    return "." in str(entry["id"])


def _counts(brief: Brief) -> Iterator[str]:
    found = Counter(str(entry["kind"]) for entry in brief.manifest)
    yield from (figures.counted(found[kind], thing) for kind, thing in _COUNTED.items() if found[kind])
    if said := sum(found[kind] for kind in _OF_PEOPLE):
        yield figures.counted(said, "decision or note")  # of people


def _earlier(brief: Brief) -> Iterator[str]:
    handed = dict.fromkeys(str(one["source"]) for one in brief.manifest if one["kind"] == PartKind.HANDOFF)
    if handed:
        yield f"earlier work ({_listed([*handed])})"


def _listed(names: Sequence[str]) -> str:
    shown = [text.escape(text.shorten(" ".join(name.split()), _LONGEST_NAME)) for name in names[:MOST_NAMES]]
    more = len(names) - len(shown)
    return ", ".join([*shown, *([f"and {more} more"] if more else [])])
