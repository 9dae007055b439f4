"""A brief as the rules read it: what is asked, what was given, what may be used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from agents import checks
from agents.checks.markdown import spans
from agents.contracts import Part, PartKind
from agents.models.offline.dating import as_of
from agents.models.offline.titles import is_heading
from agents.models.offline.wire import CHARACTERS_A_TOKEN, Asked

UNSHOWN: Final = re.compile(r"^\((?:Not shown here|This file could not be read)\b|^\s*$")
_CRITERION: Final = re.compile(r"^(?P<id>[A-Z]\d{1,3}): (?P<text>.+)$", re.MULTILINE)
_FIELD: Final = re.compile(r"^(?P<name>[a-z_ ]{2,20}): (?P<value>.*)$", re.MULTILINE)
_SAID: Final = re.compile(r"^(?P<name>claim|said by|key|as_of): (?P<value>.*)$", re.MULTILINE)
_QUOTED: Final = re.compile(r"^> ?(?P<line>.*)$", re.MULTILINE)
_OPEN: Final = re.compile(r"^Open question: (?P<text>.+)$", re.MULTILINE)
_ENDED: Final = re.compile(
    r"^.+ — (?P<how>approved|sent back|stopped|answered|closed without an answer|withdrawn)(?:\n|$)"
)
_RANGE: Final = re.compile(r", lines? [\d–-]+(?: to line \d+)?$")  # people look for words, not for lines
_BARE: Final = re.compile(
    r"^(?:[A-Z]{3}|[$€£])?\s?\d[\d.,]*(?:k|m|%)?$|^\d{1,4}\s+\w+$"
)  # a piece of an amount or of a date
_LISTS: Final = re.compile(r"\s*(?:[,;\n]|\s+and\s+|\s+&\s+)\s*")


@dataclass(frozen=True)
class Fact:
    """A finding as a brief shows it: words of a source that may be shown, and how to cite them."""

    id: str  # F3; empty for words that come straight from a document
    quote: str
    source: str  # for people: "acme.pdf, page 2"
    key: str = ""
    as_of: str = ""
    by: str = ""  # who wrote it, where the document is a message: "Aoife Brannigan, Ferrant"
    reader: str = ""  # what the task that found it was about: "figures and tax"
    offset: int = 0  # where the quote stands in its document

    @property
    def cite(self) -> str:
        """What stands behind the words: ``[F3]``, or the source in brackets."""
        return f"[{self.id}]" if self.id else f"({self.place})"

    @property
    def place(self) -> str:
        """Where it stands, for people: the page or row, or only the document where lines are counted."""
        return _RANGE.sub("", self.source)


@dataclass(frozen=True)
class Brief:
    """One brief with everything rules can read out of it."""

    asked: Asked

    @classmethod
    def of(cls, asked: Asked) -> Brief:
        """Return the brief of a request."""
        return cls(asked)

    def parts(self, *kinds: PartKind) -> list[Part]:
        """Return the parts of these kinds, in their order."""
        return self.asked.of(*kinds)

    def said(self, *kinds: PartKind) -> str:
        """Return the text of the parts of these kinds."""
        return "\n".join(part.text for part in self.parts(*kinds))

    @cached_property
    def request(self) -> str:
        """The request, word for word."""
        return self.said(PartKind.GOAL)

    @cached_property
    def task(self) -> dict[str, str]:
        """The fields of the task part: run, task, station, title, item."""
        head = self.said(PartKind.TASK).split("\n\n", 1)[0]
        return {match["name"]: match["value"].strip() for match in _FIELD.finditer(head)}

    @cached_property
    def instructions(self) -> str:
        """What the station's page tells whoever works there."""
        return "\n".join(part.text.partition("\n\n")[2] for part in self.parts(PartKind.TASK))

    @property
    def item(self) -> str:
        """The one subject this task is about, or nothing."""
        return self.task.get("item", "")

    @property
    def is_synthesis(self) -> bool:
        """Whether the role puts findings side by side instead of writing for readers."""
        return bool(
            re.search(r"analyst|synthes", f"{self.asked.role} {self.task.get('station', '')}", re.IGNORECASE)
        )

    @cached_property
    def inputs(self) -> dict[str, str]:
        """The line's inputs by name, in order."""
        pairs = [part.text.partition(":") for part in self.parts(PartKind.INPUT) if part.id != "files"]
        return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """Names of the inputs that list several things, such as the competitors; the item is one of them."""
        return subjects(self.inputs, self.item)

    @cached_property
    def documents(self) -> list[Part]:
        """The document parts whose text is shown."""
        return [part for part in self.parts(PartKind.DOCUMENT) if not UNSHOWN.match(part.text)]

    @cached_property
    def facts(self) -> list[Fact]:
        """The findings of earlier tasks, in order; the same words at the same place are one finding."""
        return _once(list(_facts(self.parts(PartKind.HANDOFF, PartKind.FINDING))))

    @cached_property
    def material(self) -> str:
        """The amount from which on something matters, as people gave it; empty where they did not."""
        return next((value for name, value in self.inputs.items() if name.startswith("material")), "")

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The headings the contract wants, in order, with those the request itself and notes name."""
        named = re.search(r"^sections: (?P<list>.+)$", self.said(PartKind.CONTRACT), re.MULTILINE)
        wanted = [name.strip() for name in re.split(r"[,;|]", named["list"])] if named else []
        return tuple(dict.fromkeys(name for name in (*wanted, *self.limits.sections) if name))

    @cached_property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What people wrote while the run was going and when they sent work back, by id: orders, never facts."""
        written = [(part.id, part.text) for part in self.parts(PartKind.NOTE)]
        return tuple(dict.fromkeys([*written, *self._decided("sent back")]))

    @cached_property
    def decisions(self) -> tuple[str, ...]:
        """What people decided and agents chose, a sentence each; what an input says already is left out."""
        told = [text for _, text in self._decided("approved", "answered", "")]
        pieces = [
            line[start:end]
            for text in told
            for line in text.split("\n")
            for start, end in spans(line, 0, len(line))
        ]
        given = {f"{name}: {value}".casefold() for name, value in self.inputs.items()}
        return tuple(dict.fromkeys(piece for piece in pieces if piece.casefold() not in given))

    def _decided(self, *how: str) -> list[tuple[str, str]]:
        """Return the words of decisions that ended so, without the question; no ending: a choice of an agent."""
        found = []
        for part in self.parts(PartKind.DECISION):
            ended = _ENDED.match(part.text)
            words = part.text[ended.end() :].strip() if ended else part.text
            if words and (ended["how"] if ended else "") in how:
                found.append((part.id, words))
        return found

    @cached_property
    def criteria(self) -> list[tuple[str, str]]:
        """The contract's criteria: ("W1", its words)."""
        return [(m["id"], m["text"].strip()) for m in _CRITERION.finditer(self.said(PartKind.CONTRACT))]

    @cached_property
    def constraints(self) -> tuple[tuple[str, str], ...]:
        """Constraints of the request and notes of people, by id."""
        asked = [(part.id, part.text) for part in self.parts(PartKind.CONSTRAINT)]
        return (*asked, *self.notes)

    @cached_property
    def limits(self) -> checks.Contract:
        """What rules can read out of constraints, notes and the contract's length."""
        words = re.search(r"^words: .*$", self.said(PartKind.CONTRACT), re.MULTILINE)
        length = ((words[0], f"{words[0].removeprefix('words: ')} words"),) if words else ()
        said = checks.limits_of((*self.constraints, *length))
        headings = tuple(name for name in said.sections if is_heading(name))
        return checks.Contract(headings, said.most_words, said.least_words, self.constraints, said.forbidden)

    @cached_property
    def open_questions(self) -> list[str]:
        """The questions that earlier tasks left open, each once."""
        found = [m["text"].strip() for m in _OPEN.finditer(self.said(PartKind.HANDOFF))]
        return list(dict.fromkeys(found))

    @cached_property
    def holes(self) -> list[str]:
        """What earlier tasks could not deliver."""
        texts = [part.text for part in self.parts(PartKind.HANDOFF)]
        return [
            text.partition(" Say in the deliverable")[0]
            for text in texts
            if text.startswith("Nothing came of")
        ]

    @property
    def room(self) -> int:
        """How many characters the answer may have, with some to spare."""
        return max(2_000, self.asked.most_tokens * CHARACTERS_A_TOKEN * 4 // 5)


def subjects(inputs: Mapping[str, str], item: str = "") -> tuple[str, ...]:
    """Return the names that inputs list, such as the competitors; the item is the first of them."""
    lists = [_listed(value) for name, value in inputs.items() if _is_list(name, value)]
    return tuple(dict.fromkeys([*([item] if item else []), *(name for found in lists for name in found)]))


def _facts(parts: list[Part]) -> Iterator[Fact]:
    """Yield the findings; each stands behind the handoff of the task that found it."""
    reader = ""
    for part in parts:
        if part.kind is PartKind.HANDOFF:
            reader = part.source.partition(": ")[2]
        else:
            yield _fact(part, reader)


def _fact(part: Part, reader: str) -> Fact:
    """Return a finding from its lines."""
    said = {match["name"]: match["value"].strip() for match in _SAID.finditer(part.text)}
    quote = "\n".join(match["line"] for match in _QUOTED.finditer(part.text)) or said.get("claim") or part.text
    key, day, by = said.get("key", ""), said.get("as_of") or as_of(quote), said.get("said by", "")
    return Fact(part.id, quote, part.source, key, day, by, reader, part.offset)


def _once(found: list[Fact]) -> list[Fact]:
    """Return findings with one id for the same words at the same place: two readers may have brought them.

    A finding under a key of its own stays, as what another reader says of its own subject.
    """
    first: dict[tuple[str, str], str] = {}
    kept: dict[tuple[str, str], Fact] = {}
    for fact in found:
        id = first.setdefault((fact.source, fact.quote), fact.id)
        kept.setdefault((id, fact.key.split("/")[0]), replace(fact, id=id))
    return list(kept.values())


def _is_list(name: str, value: str) -> bool:
    """Whether an input lists several: one with a name for one thing, such as target, does so with commas only."""
    names = _listed(value)
    return (
        len(names) > 1
        and (name.endswith("s") or "," in value)
        and not any(_BARE.match(name) for name in names)
        and all(re.match(r"[\"“A-ZÄÖÜ0-9]", name) and len(name.split()) <= 5 for name in names)
    )


def _listed(value: str) -> list[str]:
    """Return the names of a list; among several with commas "&" is a part of a name."""
    commas = re.sub(r"\s+&\s+", "\0", value) if "," in value else value
    names = (name.replace("\0", " & ") for name in _LISTS.split(commas))
    return [name.strip(' "“”.') for name in names if name.strip(' "“”.')]
