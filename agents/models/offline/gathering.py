"""Findings: what documents say about a task, word for word, with its source."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from agents.checks.names import links
from agents.contracts import Finding, Findings, Part, PartKind
from agents.models.offline import absent, injected, searching
from agents.models.offline.areas import fields, is_field, share
from agents.models.offline.brief import UNSHOWN, Brief
from agents.models.offline.dating import as_of
from agents.models.offline.material import NOT_ATTACHED, NOT_READ
from agents.models.offline.passages import Passage, passages, written_by
from agents.models.offline.ranking import distinct, scores
from agents.models.offline.subjects import about, key
from agents.models.offline.topics import attributes, shown
from agents.models.offline.wire import Asked, Use

_CONSIDERED: Final = 600  # passages, best first, that are compared with each other
MOST: Final = 80  # findings of one handoff
_FIRST_LINES: Final = 3  # of a summary
_LONGEST_LINE: Final = 240  # characters
MOST_PAGES: Final = 8  # addresses of one request that are fetched
MOST_READ: Final = 12  # parts of documents that are opened in one task
_ALIKE: Final = {
    "launch": "roadmap",
    "budget": "price",
    "payload": "capacity",
}  # the one found answers for the other
_OF: Final = re.compile(r"^Part (\d+) of (\d+)\.")
_WANTED: Final = re.compile(r"\bwith document (\S+) to read it")


def wanted(asked: Asked) -> list[Use]:
    """Return the tools to be used first: for the request's addresses, for what is unshown, for what nobody gave."""
    fetches = list(_fetches(asked)) if "fetch" in asked.tools else []
    reads = list(_reads(asked)) if "read_document" in asked.tools and not asked.of(PartKind.FINDING) else []
    return [*fetches, *reads, *([] if fetches or reads else searching.uses(asked))][:4]


def gather(brief: Brief) -> Findings:
    """Return the findings of the documents shown: quotes only, none reworded."""
    found = passages(brief.documents)
    chosen = _chosen(found, _own(found, brief), brief)
    item = "" if is_field(brief, found) else brief.item
    findings = [_finding(passage, brief, item) for passage in chosen]
    named = (
        absent.spoken_of(chosen)
        if absent.wanted(f"{brief.instructions}\n{brief.said(PartKind.CONTRACT)}")
        else ()
    )
    open_questions = [*unread(brief), *injected.told(brief.documents), *_not_found(brief, chosen), *named][
        :20
    ]
    return Findings(findings=findings, summary=_summary(brief, chosen), open_questions=open_questions)


def _own(found: Sequence[Passage], brief: Brief) -> list[bool]:
    """Return for each passage whether the task is about it: about its subject, of its field, or about everything."""
    if not brief.item:
        return [True] * len(found)
    return share(brief, found) if is_field(brief, found) else about(found, brief.item, brief.subjects)


def _fetches(asked: Asked) -> Iterator[Use]:
    told = "\n".join(part.text for part in asked.of(PartKind.GOAL, PartKind.INPUT, PartKind.NOTE))
    done = {str(use.input.get("url")) for use in asked.used if use.name == "fetch"}
    known = "\n".join(part.source for part in asked.of(PartKind.DOCUMENT))
    addresses = dict.fromkeys(
        link.text for link in links(told) if link.text.startswith(("http://", "https://"))
    )
    for url in list(addresses)[:MOST_PAGES]:
        if url not in done and url not in known:
            yield Use("fetch", {"url": url})


def _reads(asked: Asked) -> Iterator[Use]:
    """Yield the parts of documents that are named but not shown, and the next part of one begun."""
    done = {
        (str(use.input.get("document")), int(use.input.get("part") or 1))
        for use in asked.used
        if use.name == "read_document"
    }
    if len(done) >= MOST_READ:
        return
    for part in asked.of(PartKind.DOCUMENT):
        if (named := _WANTED.search(part.text)) and UNSHOWN.match(part.text) and (named[1], 1) not in done:
            yield Use("read_document", {"document": named[1], "part": 1})
    for use in asked.used:
        count = _OF.match(use.said)
        document = _document_of(use.said, str(use.input.get("document") or ""))
        if count and document and int(count[1]) < int(count[2]) and (document, int(count[1]) + 1) not in done:
            yield Use("read_document", {"document": document, "part": int(count[1]) + 1})


def _document_of(said: str, named: str) -> str:
    shown = re.search(r'<part-[a-z0-9]+ id="([^".]+)', said)
    return shown[1] if shown else named


def _chosen(found: Sequence[Passage], own: Sequence[bool], brief: Brief) -> list[Passage]:
    """Return the best passages in reading order: one a document at least, then every key, then the rest."""
    query = "\n".join(
        [brief.instructions, brief.request, *brief.inputs.values(), *(text for _, text in brief.criteria)]
    )
    value = scores(found, query)
    order = [place for place in sorted(range(len(found)), key=lambda i: (-value[i], i)) if own[place]]
    ranked = distinct(found, list(dict.fromkeys([*order[:_CONSIDERED], *_first_of(found, order)])))
    kept: dict[int, None] = {}
    room, most = brief.room, _most(brief)
    for place in [*_first_of(found, ranked), *_best_of_keys(found, ranked, brief), *ranked]:
        cost = 2 * len(found[place].text) + 160
        if place not in kept and len(kept) < most and cost <= room:
            kept[place] = None
            room -= cost
    return [found[place] for place in sorted(kept)]


def _most(brief: Brief) -> int:
    return min(MOST, max(40, 15 * len({part.id.split(".")[0] for part in brief.documents})))


def _first_of(found: Sequence[Passage], ranked: Sequence[int]) -> list[int]:
    best: dict[str, int] = {}
    for place in ranked:
        best.setdefault(found[place].document, place)
    return list(best.values())


def _best_of_keys(found: Sequence[Passage], ranked: Sequence[int], brief: Brief) -> list[int]:
    """Return the three best places of each key, so that values which contradict each other are all seen."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for place in ranked:
        if (told := key(found[place], brief.subjects, brief.item)) and attributes(found[place].text):
            by_key[told].append(place)
    return [places[at] for at in range(3) for places in by_key.values() if at < len(places)]


def _finding(passage: Passage, brief: Brief, item: str) -> Finding:
    who, when = written_by(passage)
    return Finding(
        claim=f"{who}: {passage.text}" if who else passage.text,
        quote=passage.text,
        source=passage.part.id,
        key=key(passage, [name for name in brief.subjects if item or name != brief.item], item),
        as_of=as_of(passage.text) or when,
    )


def unread(brief: Brief) -> Iterator[str]:
    """Yield what could not be read or fetched, and why."""
    for part in brief.parts(PartKind.DOCUMENT):
        if part.text.startswith("(This file could not be read"):
            yield f"{part.source or part.id} was not read. {part.text.strip('()')}"
    opened = {str(use.input.get("document")) for use in brief.asked.used if not use.failed}
    for part in brief.parts(PartKind.DOCUMENT):
        if part.text.startswith("(Not shown here") and part.id not in opened:
            yield f"{part.source or part.id} was not read: it is too long to be shown here."
    for use in brief.asked.used:
        if use.failed:
            what = next(
                (use.input[name] for name in ("url", "document", "query") if use.input.get(name)), "?"
            )
            yield f"{what} could not be read: {use.said.strip()[:300]}"
    yield from _begun(brief)


def _begun(brief: Brief) -> Iterator[str]:
    """Yield the documents of which only the first parts were opened."""
    last: dict[str, tuple[int, int]] = {}
    for use in brief.asked.used:
        if count := _OF.match(use.said):
            document = _document_of(use.said, str(use.input.get("document") or ""))
            last[document] = max(last.get(document, (0, 0)), (int(count[1]), int(count[2])))
    for document, (read, of) in last.items():
        if read < of:
            yield f"Of {document} only {read} of {of} parts were read."


def _not_found(brief: Brief, chosen: Sequence[Passage]) -> Iterator[str]:
    """Yield what the task asks for and no chosen passage speaks of, all in one question."""
    described = {name.casefold(): words for name, words in fields(brief.instructions).items()}
    told = described.get(brief.item.casefold(), brief.instructions)
    asked = "\n".join([told, brief.inputs.get("question", ""), *brief.sections])
    said = {
        _ALIKE.get(attribute, attribute)
        for passage in chosen
        for attribute in attributes(f"{passage.heading} {passage.text}")
    }
    whose = f" for {brief.item}" if brief.item else ""
    looked = ", ".join(_names(brief.documents)) or "no document: none was given"
    if brief.item and not chosen:
        says = "is about" if brief.item.casefold() in described else "names"
        yield f"Nothing in the given sources {says} {brief.item}. Looked in {looked}."
        return
    absent = [attribute for attribute in attributes(asked) if _ALIKE.get(attribute, attribute) not in said]
    if absent:
        yield f"Not found{whose}: {', '.join(shown(one) for one in absent)}. Looked in {looked}."


def _summary(brief: Brief, chosen: Sequence[Passage]) -> str:
    """Return the first findings, then how many of which document there are."""
    if not brief.documents:
        return NOT_READ if brief.parts(PartKind.DOCUMENT) or brief.asked.used else NOT_ATTACHED
    names = {part.id: _names([part])[0] for part in brief.documents}
    counts: dict[str, int] = dict.fromkeys(names.values(), 0)
    for passage in chosen:
        counts[names[passage.part.id]] += 1
    told = "; ".join(f"{name}: {count}" for name, count in counts.items())
    whom = f" about {brief.item}" if brief.item else ""
    by_source = f"Findings{whom}, word for word, by source: {told}. Nothing was reworded or concluded."
    return "\n".join([*_first_lines(brief, chosen), by_source])[:4_000]


def _first_lines(brief: Brief, chosen: Sequence[Passage]) -> Iterator[str]:
    """Yield the passages that fit the request best as bullets, each with its source, in reading order."""
    value = scores(chosen, f"{brief.instructions}\n{brief.request}")
    best = sorted(range(len(chosen)), key=lambda place: (-value[place], place))[:_FIRST_LINES]
    for place in sorted(best):
        passage = chosen[place]
        if len(passage.text) <= _LONGEST_LINE:
            yield f"- {' '.join(passage.text.split())} ({passage.part.source or passage.part.id})"


def _names(parts: Sequence[Part]) -> list[str]:
    return list(dict.fromkeys(part.source.split(", ")[0] or part.id for part in parts))
