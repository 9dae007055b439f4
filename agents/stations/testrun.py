"""The account of a test run in an artifact, its summary and its findings: measured, never a maker's word. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from markdown_it import MarkdownIt

from agents.stations import enclosed
from agents.stations.assignment import Assignment, Made
from agents.tools import projects
from agents.tools.parsing.plain import is_code
from agents.tools.projects import Project, Whole
from agents.tools.proving import Proof

HEADING: Final = "Test run"
KEY: Final = "test-run"  # of the finding that holds the verdict
MEASURED: Final = "Measured in a sandbox, not said by the agent"
_SHOWN: Final = 4_000  # characters of output in the artifact; the record holds more
_HOW: Final = "*Measured by running the tests in a sandbox. No agent wrote this section.*"
_CLAIM: Final = re.compile(
    r"\btests?\b[^.!?\n]*\b(?:pass(?:es|ed|ing)?|green|succeed(?:s|ed)?|successful(?:ly)?|ran)\b"
    r"|\b(?:pass(?:es|ed|ing)?|green|ran)\b[^.!?\n]*\btests?\b",
    re.IGNORECASE,
)
_DEMAND: Final = re.compile(r"\b(?:must|shall|should)\b", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")
_READER: Final = MarkdownIt("commonmark")


class Attached(Protocol):
    """A document of a run, as a brief or a row has it."""

    @property
    def name(self) -> str:
        """As the person named it."""
        ...

    @property
    def text(self) -> str:
        """What stands in it."""
        ...

    @property
    def origin(self) -> str:
        """A Slack file id, or an address."""
        ...

    @property
    def problem(self) -> str:
        """Why it could not be read."""
        ...


def whole(given: Assignment, text: str) -> Whole:
    """Return the project this text belongs to."""
    return Whole(
        attached(given.documents), made(one.text for one in given.received), projects.read(text).files
    )


def attached(documents: Iterable[Attached]) -> Project:
    """Return the code that people attached, and all files of an archive; a page somebody fetched is none."""
    code = (one for one in documents if _is_ours(one) and not one.problem)
    return projects.gathered((one.name, f"{one.text}\n" if one.text else "") for one in code)


def _is_ours(one: Attached) -> bool:
    return enclosed.is_inside(one.name, one.origin) or (is_code(one.name) and "://" not in one.origin)


def made(texts: Iterable[str]) -> dict[str, str]:
    """Return the files these texts hold; a later text's take the place of an earlier one's."""
    files: dict[str, str] = {}
    for text in texts:
        files |= projects.read(text).files
    return files


def plain(work: Made) -> Made:
    """Return what was made without what its maker says of test runs: its own section, and claims in the summary."""
    kept = [one for one in _SENTENCE.split(work.summary) if not _CLAIM.search(one)]
    return replace(work, text=_without_section(work.text), summary=" ".join(kept).strip())


def claim(text: str, but: Sequence[str] = ()) -> str:
    """Return the first sentence outside of files that says tests ran or passed; empty when none does.

    Args:
        text: Without the measured section.
        but: A sentence with one of these in it is none.
    """
    prose = projects.without_files(text)
    lines = (line.strip() for line in prose.splitlines())
    sentences = (one for line in lines for one in _SENTENCE.split(line) if _CLAIM.search(one))
    return next((one for one in sentences if not _DEMAND.search(one) and not any(mark in one for mark in but)), "")


def told(proof: Proof) -> str:
    """Return what a tool says of a test run: the verdict first, then the output."""
    empty = [f"Tests that can never fail: {'; '.join(proof.empty)}."] if proof.empty else []
    return "\n".join([proof.said, *empty, "", proof.output]).strip()


def measured(given: Assignment, work: Made, project: Whole, proof: Proof) -> Made:
    """Return what was made with its test run: a section at the end, the verdict first in the summary, and a finding."""
    finding = _finding(given, project, proof)
    told = [
        f"## {HEADING}",
        _HOW,
        f"{proof.said} [{finding['id']}]",
        "\n".join(_files(project)),
        _output(proof.output),
    ]
    text = "\n\n".join([work.text.rstrip(), *filter(None, told)]) + "\n"
    summary = f"{MEASURED}: {proof.said}\n\n{work.summary}".strip()
    return replace(work, text=text, summary=summary, findings=(*work.findings, finding))


def unmeasured(work: Made, why: str) -> Made:
    """Return what was made with the word that nothing could be run here."""
    text = f"{work.text.rstrip()}\n\n## {HEADING}\n\nThe tests did not run: {why}\n"
    return replace(work, text=text, summary=f"The tests did not run here.\n\n{work.summary}".strip())


def is_account(finding: Mapping[str, Any], title: str) -> bool:
    """Return whether code wrote this finding about the test run of a task: a quote of an agent names a document."""
    return (finding.get("key"), finding.get("document"), finding.get("task")) == (KEY, "", title)


def holds(finding: Mapping[str, Any], text: str) -> bool:
    """Return whether a text still has exactly the files that were tested."""
    return bool(finding["sha256"] == projects.digest(projects.read(text).files))


def _finding(given: Assignment, project: Whole, proof: Proof) -> dict[str, Any]:
    return {
        "id": f"F{given.number * 100 + 1}",
        "claim": proof.said,
        "quote": proof.said,
        "key": KEY,
        "as_of": "",
        "document": "",
        "task": given.task.key,
        "sha256": projects.digest(project.own),
        "start": 0,
        "end": len(proof.said),
        "label": f"test run of “{given.task.title}”",
    }


def _files(project: Whole) -> Iterator[str]:
    """Yield which files are new, and which take the place of somebody else's."""
    before = {**project.attached.files, **project.earlier}
    new = [path for path in project.own if path not in before]
    changed = [path for path in project.own if path in project.attached.files and path not in project.earlier]
    others = [path for path in project.own if path in project.earlier]
    yield from _listed("New", new)
    yield from _listed(
        "Changed, of what was attached", [path for path in changed if project.own[path] != before[path]]
    )
    yield from _listed(
        "Changed, of what an earlier station made", [p for p in others if project.own[p] != before[p]]
    )
    yield from (f"- Left out of the project: {why}" for why in project.attached.problems)


def _listed(what: str, paths: Iterable[str]) -> Iterator[str]:
    if named := ", ".join(f"`{path}`" for path in paths):
        yield f"- {what}: {named}"


def _output(output: str) -> str:
    """Return the end of what was printed as a block that nothing in it can close."""
    if not output.strip():
        return ""
    shown = output.strip("\n")[-_SHOWN:]
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _without_section(text: str) -> str:
    """Return the text without any section of this name: only code writes it."""
    lines = text.split("\n")
    tokens = _READER.parse(text)
    heads = [
        (token.map[0], int(token.tag[1:]), tokens[at + 1].content.strip().casefold())
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.map and not token.level
    ]
    for at, (first, depth, title) in reversed(list(enumerate(heads))):
        if title == HEADING.casefold():
            end = next((line for line, other, _ in heads[at + 1 :] if other <= depth), len(lines))
            del lines[first:end]
    return "\n".join(lines).rstrip() + "\n"
