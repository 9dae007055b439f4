"""Triage: the files are read, the request is routed, and what only a person can tell is listed.

The router sees the request, the names of files, and the lines and roles there are. It sees no file's text: the plan is
fixed before anything a stranger wrote is read by whoever plans.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from agents.catalog import ORCHESTRATOR, Catalog, Line, Role
from agents.contracts import Part, PartKind, Triage
from agents.errors import ToolError
from agents.models.client import label_of
from agents.models.offline.material import NOT_ATTACHED
from agents.models.prices import bill_of
from agents.planning.expand import missing
from agents.planning.triage import Accepted, accept
from agents.stations import brief as briefs
from agents.stations import enclosed, outside, sight
from agents.stations.assignment import Assignment, Routed
from agents.stations.means import Means
from agents.stations.recording import Result
from agents.tools import proving, running
from agents.tools.documents import Limits, Parsed, parse, unpack
from storage.words import CallKind, Route

CHOSEN: Final = "The person chose the line {line}: route is line."


async def triage(given: Assignment, means: Means) -> Routed:
    """Return where the request goes, and which inputs are missing.

    Raises:
        ModelError: No usable answer came.
    """
    await read_files(means)
    parts = outside.untouched(_parts(given, means))
    brief = briefs.write("triage", ORCHESTRATOR, given.catalog.role(ORCHESTRATOR).instructions, given.tag, parts)
    said = await means.conversation(given, ORCHESTRATOR).hold(brief, Triage, "low")
    names = [str(file.get("name", "")) for file in means.files]
    offline = bool(label_of(said.model))
    accepted = accept(
        said.answer,
        given.request,
        given.catalog,
        files=names,
        offline=offline,
        off=await _off(),
        chosen=given.course.line,
    )
    if offline and said.answer.reason == NOT_ATTACHED:  # rules have nothing to work from: no result, and no file of one
        accepted = replace(accepted, refused=NOT_ATTACHED)
    return Routed(
        accepted,
        given.catalog.texts_for("" if accepted.refused else accepted.line),
        _missing(accepted, given.catalog),
    )


async def _off() -> dict[str, str]:
    """Return the tools no line can do without and that do not work here, each with a sentence why."""
    why = await asyncio.to_thread(running.unavailable)  # the first time it is tried out
    return {proving.NAME: why} if why else {}


async def read_files(means: Means) -> None:
    """Keep the text of every file once, in the order they came; one that cannot be read stays as a named hole.

    Of an archive each file stands under its own path, and the archive itself, last, says what it held.
    """
    known = {source.origin for source in means.recorder.documents}
    new = [file for file in means.files if str(file["id"]) not in known]
    for file, (held, parsed, problem) in zip(
        new, await asyncio.gather(*(_read(means, file) for file in new)), strict=True
    ):
        for one in held:
            await means.recorder.add_document(enclosed.origin(str(file["id"]), one.name), one)
        await means.recorder.add_document(str(file["id"]), *await _seen(means, file, parsed, problem))


async def _seen(means: Means, file: Mapping[str, Any], parsed: Parsed, problem: str) -> tuple[Parsed, str]:
    """Return a file whose pictures were shown to a model, or why nothing came of it.

    These calls come before the conversation's own and are counted apart: down from 0, by the file's place. So they have
    the same numbers when only some of the files are left to read, and the router has all of its calls.
    """
    first = -means.files.index(file) * Limits.pictures
    calls = means.recorder.spent.calls

    async def call(number: int, look: sight.Look) -> Mapping[str, Any]:
        made = partial(_paid, look)
        return await means.recorder.record(first - number, CallKind.MODEL, "reader", look.params, made, look.most)

    try:
        return await sight.text_of(parsed, means.door, call), problem
    except ToolError as wrong:
        return replace(parsed, text="", spans=()), str(wrong)
    finally:
        means.recorder.spent.calls = calls


async def _paid(look: sight.Look) -> Result:
    answer = await look.make()
    bill = bill_of(answer)
    return Result(answer, bill.model, bill.tokens, bill.usd, bill.priced)


async def _read(means: Means, file: Mapping[str, Any]) -> tuple[tuple[Parsed, ...], Parsed, str]:
    """Return the files in an archive, then the file itself, and why it could not be read."""
    name = str(file.get("name") or "file")
    try:
        content = await means.read_file(file)
        if not name.lower().endswith(enclosed.ARCHIVES):
            return (), await parse(name, content), ""
        folder = await unpack(name, content)
    except ToolError as wrong:
        return (), Parsed(name, "", "", ()), str(wrong)
    alone = len(folder.files) == 1 and folder.files[0].name == name
    return ((), folder.files[0], "") if alone else (folder.files, enclosed.contents(name, folder), "")


def _parts(given: Assignment, means: Means) -> list[Part]:
    chosen = given.course.line
    lines = [_line(line) for name, line in sorted(given.catalog.lines.items()) if chosen in ("", name)]
    wish = [Part("line", PartKind.DECISION, CHOSEN.format(line=chosen), source="a person's choice")] if chosen else []
    roles = [_role(role) for _, role in sorted(given.catalog.roles.items()) if role.name != ORCHESTRATOR]
    names = outside.file_names(str(file.get("name") or "") for file in means.files)
    return [
        *lines,
        *roles,
        briefs.goal(given),
        *wish,
        Part("files", PartKind.INPUT, f"files that came with it:\n{names}"),
        briefs.task(given),
    ]


def _line(line: Line) -> Part:
    inputs = [f"  {one.name}: {one.question}{' (optional)' if one.optional else ''}" for one in line.inputs]
    needs = ["needs: a language model"] if line.needs_model else []
    return Part(line.name, PartKind.LINE, "\n".join([line.description, "inputs:", *inputs, *needs]), source=line.path)


def _role(role: Role) -> Part:
    return Part(role.name, PartKind.ROLE, role.description, source=role.path)


def _missing(accepted: Accepted, catalog: Catalog) -> tuple[Mapping[str, Any], ...]:
    if accepted.route is not Route.LINE or accepted.refused:
        return ()
    absent = missing(catalog.line(accepted.line), accepted.inputs)
    return tuple(one.plain() for one in absent)
