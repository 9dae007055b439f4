"""Rows into the values that stations work with: an assignment is read once, before the work begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncSession

from agents.catalog import Catalog, from_texts
from agents.engine import charts
from agents.engine.standstill import standing, was_raised
from agents.planning.plan import PlanTask
from agents.stations.assignment import Assignment, Course, Received, Source
from agents.trust import of_page, of_people
from storage import artifacts, checkpoints, events, runs
from storage.checkpoints import ENDINGS
from storage.tables import Artifact, Checkpoint, Document, Handoff, Run, Task
from storage.words import CheckpointKind, Route, TaskKind, TaskState


def source_of(row: Document) -> Source:
    """Return a document as briefs show it."""
    spans = tuple((str(label), int(start), int(end)) for label, start, end in row.spans)
    return Source(row.id, row.name, row.text, row.sha256, row.origin, spans, row.problem)


@dataclass(frozen=True)
class Rows:
    """What one attempt's assignment is made of."""

    run: Run
    task: Task
    tasks: Sequence[Task]


def pages_of(run: Run, catalog: Catalog) -> Catalog:
    """Return the pages a run goes by: its own from the moment it was routed, until then the installation's."""
    return _read(tuple(run.pages.items()), tuple(catalog.tools.items())) if run.pages else catalog


@lru_cache(maxsize=32)  # runs; those that began with equal pages share what was read
def _read(pages: tuple[tuple[str, str], ...], tools: tuple[tuple[str, str], ...]) -> Catalog:
    return from_texts(dict(pages), dict(tools))


async def assignment(session: AsyncSession, rows: Rows, catalog: Catalog) -> Assignment:
    """Return everything one attempt may know, read in one view."""
    run, task = rows.run, rows.task
    decided = await checkpoints.decided_in(session, run.id)
    given = _with_people(_begun(rows, catalog), task, decided)
    received = await _received(session, run.id, given.task, rows.tasks)
    previous = await _previous(session, run.id, task)
    return replace(
        given,
        documents=tuple(source_of(row) for row in await artifacts.documents(session, run.id)),
        received=received,
        notes=tuple((note.by, of_people(note.text)) for note in await runs.notes(session, run.id)),
        previous=previous,
        charts=await charts.of(session, run.id, [*(one.text for one in received), previous]),
        standing=await standing(session, run, rows.tasks) if task.kind is TaskKind.PLAN else None,
        raised=task.attempt > 1 and await was_raised(session, run.id, task.key),
    )


def _begun(rows: Rows, catalog: Catalog) -> Assignment:
    """Return what the rows of the run and its tasks say themselves."""
    run, task = rows.run, rows.task
    spec = PlanTask.model_validate(task.spec)
    route = Route(run.route) if run.route else Route.ANSWER
    return Assignment(
        run_id=run.id,
        team=run.team,
        tag=run.tag,
        task=spec,
        kind=task.kind,
        attempt=task.attempt,
        request=of_people(run.request),
        catalog=pages_of(run, catalog),
        course=Course(route, run.line, run.reason, run.title, run.role) if run.route else Course(route, run.line),
        constraints=tuple((id, text) for id, text in run.constraints),
        inputs=run.inputs,
        background=of_page(str(run.plan.get("background", ""))),
        serves=any(spec.key in other.spec.get("needs", ()) for other in rows.tasks),
        number=task.position,
    )


def _with_people(given: Assignment, task: Task, decided: Sequence[Checkpoint]) -> Assignment:
    """Return the assignment with what people decided and wrote in their decisions."""
    binding = list(enumerate(_binding(decided, task), start=1))
    return replace(
        given,
        decisions=tuple(_decision(n, one) for n, one in binding),
        asked=tuple(_asked(n, one) for n, one in binding if _is_agents(one)),
        said=tuple(words for one in decided for words in _said(one)),
        sent_back=of_people(task.note),
        proposed=tuple(_proposed(one) for one in decided if _is_effect_of(one, task)),
    )


async def _received(
    session: AsyncSession, run_id: str, spec: PlanTask, tasks: Sequence[Task]
) -> tuple[Received, ...]:
    by_key = {task.key: task for task in tasks}
    found = [by_key[key] for key in spec.needs if key in by_key]
    handed = await artifacts.handoffs(session, run_id) if found else {}
    texts = await artifacts.texts(session, [one.artifact_id for one in handed.values()])
    return tuple(_one(task, handed.get(task.key), texts) for task in found)


def _one(task: Task, handoff: Handoff | None, texts: Mapping[str, str]) -> Received:
    spec = PlanTask.model_validate(task.spec)
    if handoff is None or task.state is TaskState.FAILED:
        return Received(task.key, spec.title, spec.makes, hole=task.error or "it was not done.")
    return Received(
        task.key,
        spec.title,
        spec.makes,
        texts.get(handoff.artifact_id, ""),
        handoff.summary,
        tuple(handoff.findings),
        tuple(handoff.decisions),
        tuple(handoff.open_questions),
    )


async def _previous(session: AsyncSession, run_id: str, task: Task) -> str:
    """Return the newest version of what this task made, when a person sent it back."""
    made: list[Artifact] = await artifacts.versions(session, run_id, task.key) if task.note else []
    return made[-1].text if made else ""


async def said_by_people(session: AsyncSession, run: Run, task_key: str) -> dict[str, str]:
    """Return what people decided, wrote and asked for by the ids that the maker of a task's text was shown to cite."""
    decided, tasks = await checkpoints.decided_in(session, run.id), await runs.tasks(session, run.id)
    binding = next((_binding(decided, task) for task in tasks if task.key == task_key), [])
    said = dict(_decision(number, one) for number, one in enumerate(binding, start=1))
    written = {f"N{number}": note.text for number, note in enumerate(await runs.notes(session, run.id), start=1)}
    asked = {str(id): str(text) for id, text in run.constraints}
    return asked | said | written


def _binding(decided: Sequence[Checkpoint], task: Task) -> list[Checkpoint]:
    """What people answered or remarked binds later work; a bare yes says nothing new.

    Why this very task was sent back stands in a part of its own.
    """
    said = [one for one in decided if one.note or one.answers]
    return [one for one in said if not (one.task_key == task.key and one.note and one.note == task.note)]


def _said(one: Checkpoint) -> Iterator[str]:
    """Yield what people wrote themselves; an option they chose may be an agent's words."""
    fields = one.payload.get("fields", ())
    chosen = {str(f["name"]) for f in fields if f.get("options")}
    yield from (words for name, words in sorted(one.answers.items()) if name not in chosen)
    if one.note:
        yield one.note


def _is_effect_of(one: Checkpoint, task: Task) -> bool:
    return one.kind is CheckpointKind.EFFECT and one.task_key == task.key


def _proposed(one: Checkpoint) -> tuple[str, str]:
    """Return what people said of an effect the task proposed before, and its payload."""
    return ENDINGS[one.state], events.canonical(one.payload)


def _is_agents(one: Checkpoint) -> bool:
    """Whether an agent worded the question; all others are worded by code, by a page or by the plan."""
    return one.kind is CheckpointKind.QUESTION and one.task_key not in {TaskKind.TRIAGE.value, TaskKind.PLAN.value}


def _asked(number: int, one: Checkpoint) -> tuple[str, str]:
    return f"P{number}-asked", one.question


def _decision(number: int, one: Checkpoint) -> tuple[str, str]:
    """Return what people said. A question that an agent worded is only named: its words decide nothing."""
    asked = f"What {one.task_key} asked, see P{number}-asked" if _is_agents(one) else one.question
    said = [f"{asked} — {ENDINGS[one.state]}"]
    said += [f"{name}: {value}" for name, value in sorted(one.answers.items())]
    said += [one.note] if one.note and one.kind is not CheckpointKind.QUESTION else []
    return f"P{number}", "\n".join(said)
