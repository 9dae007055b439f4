"""How each tool is done for one task: over the run's documents, its earlier artifacts and the web."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agents.errors import ToolError
from agents.questions import Question
from agents.stations import charting, foreign, material, proposals, testrun
from agents.stations.assignment import Assignment, Source
from agents.stations.outside import Shown, sealed, without_marks
from agents.stations.recording import Recorder
from agents.stations.web import SEARCHES, Web
from agents.tools import effects, projects, proving
from agents.tools.bills import Bill, Paid
from agents.tools.chart import DrawChart, Drawn
from agents.tools.effects import KNOWN, PostMessage, Proposal
from agents.tools.extract import ValueKind, extract
from agents.tools.running import calculate, calculating_unavailable
from agents.tools.servers import ToolServers
from agents.tools.toolbox import (
    AskPerson,
    Extract,
    Fetch,
    PersonNeeded,
    ReadArtifact,
    ReadDocument,
    RunPython,
    RunTests,
    Use,
    WebSearch,
)
from agents.trust import one_of

PART: Final = 30_000  # characters of an artifact that are read at once


def uses_of(given: Assignment, recorder: Recorder, web: Web, servers: ToolServers) -> Mapping[str, Use]:
    """Return the tools that work here, by name."""
    desk = _Desk(given, recorder, web)
    outside = foreign.uses(given, recorder, servers, desk.opened)
    uses: Mapping[str, Use] = {
        "read_document": desk.read_document,
        "fetch": desk.fetch,
        SEARCHES: desk.web_search,
        "extract": desk.extract,
        "read_artifact": desk.read_artifact,
        **({} if calculating_unavailable() else {"run_python": _run_python}),
        "ask_person": desk.ask_person,
        "post_message": desk.post_message,
        proving.NAME: desk.run_tests,
        "chart": desk.chart,
        **outside,
    }
    return {name: without_marks(use, given.tag) for name, use in uses.items()}


async def _run_python(asked: RunPython) -> str:
    return await calculate(asked.code)


def _part(text: str, number: int) -> str:
    """Return one part of a long text, and how many there are."""
    parts = [text[start : start + PART] for start in range(0, len(text), PART)] or [""]
    if number > len(parts):
        raise ToolError(f"This artifact has {len(parts)} parts.")
    return parts[0] if len(parts) == 1 else f"Part {number} of {len(parts)}.\n{parts[number - 1]}"


class _Desk:
    """One task's documents, and those it fetched."""

    def __init__(self, given: Assignment, recorder: Recorder, web: Web) -> None:
        self._given, self._recorder, self._web = given, recorder, web
        self._documents = {source.id: source for source in given.documents}

    async def read_document(self, asked: ReadDocument) -> str:
        source = self._document(asked.document)
        parts = list(material.gather(source.spans))
        if not 1 <= asked.part <= len(parts):
            raise ToolError(f"Document {source.id!r} has parts 1 to {len(parts)}.")
        shown = material.page(source, asked.part, *parts[asked.part - 1])
        tag = self._given.tag
        return Shown(f"Part {asked.part} of {len(parts)}.\n{sealed(shown, tag).written(tag)}")

    async def fetch(self, asked: Fetch) -> Paid:
        return await self.opened(*await self._web.page(asked.url))

    async def web_search(self, asked: WebSearch) -> Paid:
        return await self.opened(*await self._web.search(asked.query))

    async def opened(self, source: Source, bill: Bill) -> Paid:
        """Show the first part of a document that has just come."""
        self._documents |= {one.id: one for one in (*self._recorder.documents, source)}
        return Paid(await self.read_document(ReadDocument(document=source.id)), bill)

    async def extract(self, asked: Extract) -> str:
        source = self._document(asked.document)
        try:
            kinds = [ValueKind(kind) for kind in asked.kinds] or None
        except ValueError as wrong:
            raise ToolError(f"I know these kinds: {', '.join(ValueKind)}.") from wrong
        found = [
            f"{v.kind}: {v.value or 'unclear, ask a person'} — “{v.text}” at {v.start}"
            for v in extract(source.text, kinds)
        ]
        return "\n".join([f"{len(found)} values in {source.name}:", *found])

    async def read_artifact(self, asked: ReadArtifact) -> str:
        for received in self._given.received:
            if received.task == asked.task:
                return _part(received.text, asked.part)
        known = ", ".join(received.task for received in self._given.received) or "none"
        raise ToolError(f"No earlier task {asked.task!r} is open to you. You may read: {known}.")

    async def chart(self, asked: DrawChart) -> Drawn:
        return charting.draw(asked, self._given)

    async def ask_person(self, asked: AskPerson) -> str:
        raise PersonNeeded(Question("answer", asked.question, kind=asked.kind, options=asked.options))

    async def post_message(self, asked: PostMessage) -> Proposal:
        """Propose a post, only where people or the pages named the channel: what an agent reads names none."""
        named = effects.channels(proposals.trusted(self._given))
        if (channel := one_of(asked.channel, named)) is None:
            known = ", ".join(named) or "none"
            raise ToolError(f"Nobody who asked for this named the channel {asked.channel!r}. They named: {known}.")
        return KNOWN["post_message"].proposal(asked, {"channel": channel})

    async def run_tests(self, asked: RunTests) -> str:
        """Say what the tests of the project say, as it would be with these files."""
        wrong = projects.read(asked.text).problems
        project = testrun.whole(self._given, asked.text)
        if wrong or not project.own:
            raise ToolError(" ".join(wrong) or "There is no file in it. Give each in a fenced block with path=.")
        return testrun.told(await proving.prove(project.files))

    def _document(self, id: str) -> Source:
        if (source := self._documents.get(id.split(".")[0])) is None:
            raise ToolError(
                f"There is no document {id!r}. There are: {', '.join(self._documents) or 'none'}."
            )
        if source.problem:
            raise ToolError(f"{source.name!r} could not be read: {source.problem}")
        return source
