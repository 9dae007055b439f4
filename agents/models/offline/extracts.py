"""How findings are shown: sentences as bullets, rows of one table as a table, each with what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.checks.markdown import spans
from agents.models.offline import rows
from agents.models.offline.brief import Fact
from agents.models.offline.claims import subject_of
from agents.models.offline.standing import document_of
from agents.models.offline.subjects import mentions
from agents.models.offline.tables import plain, row
from agents.models.offline.topics import slug

NOTHING: Final = "Nothing was found in the given sources about {what}."
LEFT_OUT: Final = "What the sources say about {what} is left out here."
_LEAST_ROWS: Final = 2  # rows that make a table
_ITEM: Final = re.compile(r"^\s*(?:[-*+•▪●]|\d{1,3}[.)]|\([a-z]\))\s+")
_MOST_COLUMNS: Final = 10


@dataclass(frozen=True)
class Shown:
    """The findings a text shows, and all there are: what is left out for length is not called missing."""

    facts: Sequence[Fact]
    everything: Sequence[Fact]
    decisions: Sequence[str] = ()  # what people decided, and no rule made into a change of the text


def none(some: bool, what: str) -> str:  # whether there is something that is not shown
    """Return why nothing stands here."""
    return (LEFT_OUT if some else NOTHING).format(what=what)


def extract(fact: Fact, subjects: Sequence[str] = (), under: str = "", cells: int = 0) -> str:
    """Return a finding as a bullet: its words as they stand, their citation, and their subject where they do not name it.

    Args:
        fact: A sentence, or a row of a table.
        subjects: Whom findings may be about.
        under: The subject whose heading the bullet stands under: it is not named again.
        cells: How many cells of a row are enough; 0 for all.
    """
    if "\n" in fact.quote and len(items := _items(fact.quote)) > 1:
        head, *rest = items
        return "\n".join([f"- {plain(head)} {fact.cite}", *(f"  - {plain(one)} {fact.cite}" for one in rest)])
    if fact.by:
        return f"- {fact.by}: {plain(fact.quote)} {fact.cite}"
    who = under or subject_of(fact, subjects)
    words = plain(of_row(fact.quote, who, cells) if "|" in fact.quote else fact.quote)
    whose = f"{who} – " if who and not under and not mentions(words, who) else ""
    told = [f"{words[start:end]} {fact.cite}" for start, end in spans(words, 0, len(words))]
    return f"- {whose}{' '.join(told)}"


def _items(quote: str) -> list[str]:
    """Return a list with the words above it, piece by piece; nothing where the quote is no list."""
    first, *rest = [line for line in quote.split("\n") if line.strip()]
    is_list = bool(rest) and bool(_ITEM.match(rest[0]))
    found = [first]
    for line in rest if is_list else ():
        found = [*found, _ITEM.sub("", line)] if _ITEM.match(line) else [*found[:-1], f"{found[-1]} {line.strip()}"]
    return found if is_list else []


def of_row(text: str, who: str = "", most: int = 0) -> str:
    """Return the cells of a row with their labels, without the one that only names whom it is about."""
    found = [
        cell
        for cell in rows.split(text)
        if cell and not (who and slug(cell.partition(":")[2] or cell) == slug(who))
    ]
    return " · ".join(found[:most] if most else found)


def extracts(
    facts: Sequence[Fact], subjects: Sequence[str] = (), everything: Sequence[Fact] = ()
) -> list[str]:
    """Return findings in their order: sentences as bullets, then the rows of each table as a table of their own.

    Args:
        facts: What is shown.
        subjects: Whom findings may be about.
        everything: What was found: a table says how many of its rows are left out.
    """
    whole = grids([fact for fact in everything if _columns(fact)])
    sizes = {_table(found[0]): len(found) for found in whole}
    lines = [extract(fact, subjects) for fact in facts if not _columns(fact)]
    for found in grids([fact for fact in facts if _columns(fact)]):
        left = max(0, sizes.get(_table(found[0]), 0) - len(found))
        lines += _grid(found, left, subjects, first=not lines)
    return lines[:-1] if lines and not lines[-1] else lines


def _grid(found: Sequence[Fact], left: int, subjects: Sequence[str], *, first: bool) -> list[str]:
    """Return rows of one table, with how many are left out; the total of a table that is not whole stands beside it."""
    totals = [fact for fact in found if left and rows.TOTAL.match(rows.labelled(fact.quote, "")[0].value)]
    body = [fact for fact in found if fact not in totals]
    if len(body) < _LEAST_ROWS or not 1 < len(_header(body)) <= _MOST_COLUMNS:
        return [extract(fact, subjects) for fact in found]
    name = found[0].source.rpartition(", row")[0] or document_of(found[0])
    lines = [
        *([] if first else [""]),
        f"{name}:",
        "",
        *table(body),
        "",
        *(extract(fact, subjects) for fact in totals),
    ]
    if not left:
        return lines
    more = "1 more row of this table is" if left == 1 else f"{left} more rows of this table are"
    return [*lines, *([""] if totals else []), f"({more} left out here.)", ""]


def table(facts: Sequence[Fact]) -> list[str]:
    """Return rows of one table as Markdown, columns as in the source, with a last one for what each row cites."""
    header = _header(facts)
    lines = [row([*header, ""]), row(["---"] * (len(header) + 1))]
    for fact in facts:
        cells = {cell.label: cell.value for cell in rows.labelled(fact.quote, "")}
        lines.append(row([*(plain(cells.get(name, "")) for name in header), fact.cite]))
    return lines


def grids(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Return the rows table by table: those of one document whose first cells have the same label."""
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        found.setdefault(_table(fact), []).append(fact)
    return [sorted(group, key=lambda fact: fact.offset) for group in found.values()]


def _table(fact: Fact) -> tuple[str, str]:
    """Return what the rows of one table have in common: where it stands and the label of their first cells."""
    return fact.source.rpartition(", row")[0] or document_of(fact), _columns(fact)[0]


def _header(facts: Sequence[Fact]) -> list[str]:
    """Return the labels of all rows, in the order of the fullest row first."""
    fullest = sorted(facts, key=lambda fact: -len(_columns(fact)))
    return list(dict.fromkeys(name for fact in fullest for name in _columns(fact)))


def _columns(fact: Fact) -> list[str]:
    """Return the labels of a row; nothing for a sentence, or for a row with a cell that has none."""
    cells = rows.labelled(fact.quote, "") if "|" in fact.quote else []
    return [cell.label for cell in cells] if all(cell.label for cell in cells) else []
