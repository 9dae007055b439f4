"""Reads, in one view of the database, everything a message is made from, and lets its builder write it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from agents.addresses import same, written
from agents.catalog import delivered
from agents.engine import charts, effects
from agents.engine.rows import said_by_people
from agents.rendering.chart import Chart, drawn
from agents.rendering.formats import Format
from agents.stations.archive import ARCHIVE, is_wanted
from agents.stations.deliverable import deliverable
from bot.messages import brief, checkpoint, holes, links, modals, notice, result, status, text
from bot.messages import schedules as scheduled
from bot.messages.covers import Cover
from bot.messages.figures import Spend
from bot.messages.report import LONGEST_ALT, Report
from bot.messages.rows import CheckpointRows, ResultRows, RunRows
from bot.messages.said import Said
from bot.outbox import projects
from bot.outbox.beforehand import NOTHING_SEEN, Seen
from bot.outbox.briefing import brief_rows
from bot.outbox.deciding import votes
from storage import anchors, artifacts, checkpoints, clock, halts, runs, schedules, standing, timers
from storage.errors import NotFoundError
from storage.schedules import Due
from storage.tables import Artifact, OutboxMessage, Run, Task
from storage.words import CheckpointState, MessageKind, TaskState

FIGURES_NAME: Final = "figures-of-the-week.png"


@dataclass(frozen=True)
class Written:
    """A message ready to go: ``row`` as it was in the same view, and what it says."""

    row: OutboxMessage
    said: Said
    artifact: Artifact | None = None  # what a result or a checkpoint is about
    file_name: str = ""
    content: Callable[[], bytes] = bytes  # makes those of a file; it may take seconds, so off the loop
    alt: str = ""  # what a picture shows, in words
    comment: str = ""  # what is said beside a file (mrkdwn)

    def asks(self) -> bool:
        """Return whether this is a thread's card about a text, not a person's copy of it."""
        return self.row.kind is MessageKind.CHECKPOINT and not self.row.user and self.artifact is not None

    def beyond_windows(self) -> bool:
        """Return whether the card's text is too long for Slack's windows: it must be there as a file."""
        return self.asks() and self.artifact is not None and not modals.readable(self.artifact)


class View:
    """One consistent view of the database.

    Args:
        session: An open session of ``storage.database``.
        mode: What is said of every run's work, such as "offline mode: no language model".
        seen: What Slack said for this very message a moment ago.
    """

    def __init__(self, session: Any, mode: str = "", seen: Seen = NOTHING_SEEN) -> None:  # noqa: ANN401  storage's
        self._session, self._mode, self._seen = session, mode, seen

    async def written(self, row_seq: int) -> Written:
        """Return the message of a row as things are now.

        Raises:
            NotFoundError: Something the row names is gone.
        """
        row: OutboxMessage | None = await self._session.get(OutboxMessage, row_seq)
        if row is None:
            raise NotFoundError(f"There is no outbox message {row_seq!r}.")
        match row.kind:
            case MessageKind.STATUS:
                return Written(row, status.build(await self._run(row.run_id)))
            case MessageKind.CHECKPOINT:
                return await self._checkpoint(row)
            case MessageKind.RESULT:
                return await self._result(row)
            case MessageKind.FILE | MessageKind.FIGURES:
                return await self._file(row)
            case MessageKind.NOTICE:
                return Written(row, Said(notice.build(row.text)))
            case MessageKind.BRIEF:
                rows = await brief_rows(self._session, Cover.from_text(row.text), self._seen.left)
                return Written(row, brief.build(rows))
            case MessageKind.SCHEDULE | MessageKind.REQUEST:
                return Written(row, await self._scheduled(row))
            case MessageKind.REACTION | MessageKind.EFFECT:
                return Written(row, Said(""))

    async def _scheduled(self, row: OutboxMessage) -> Said:
        """Return what is said about a schedule, or by it at its moment."""
        if row.kind is MessageKind.SCHEDULE:
            return scheduled.card(await schedules.known(self._session, row.text), clock.now())
        due = Due.from_text(row.text)
        return scheduled.request(await schedules.known(self._session, due.schedule_id), due, row.created_at)

    async def _run(self, run_id: str) -> RunRows:
        run = await runs.get(self._session, run_id)
        paused = await standing.last(self._session, run_id, ("paused",)) if run.paused else None
        return RunRows(
            run=run, now=clock.now(), tasks=tuple(await runs.tasks(self._session, run_id)),
            open=tuple(await checkpoints.open_in(self._session, run_id)),
            doing=await standing.being_done(self._session, run_id), spend=await self._spend(run_id),
            mode=self._mode or await self._label(run_id), halt=await halts.get(self._session, run.team),
            paused_by=paused.by if paused else "", paused_at=paused.at if paused else None,
        )  # fmt: skip

    async def _checkpoint(self, row: OutboxMessage) -> Written:
        asked = await checkpoints.get(self._session, row.checkpoint_id)
        run = await runs.get(self._session, asked.run_id)
        tasks = await runs.tasks(self._session, run.id)
        is_open = asked.state is CheckpointState.OPEN
        draft = await artifacts.get(self._session, asked.artifact_id) if asked.artifact_id else None
        rows = CheckpointRows(
            checkpoint=asked, run=run, now=clock.now(), artifact=draft, spend=await self._spend(run.id),
            quotes=await self._quotes(asked.task_key, run.id, tasks) if is_open else 0,
            next=_readers(asked.task_key, tasks), addresses=await self._addresses(run),
            closed_by=None if is_open else await anchors.of_decision(self._session, asked),
            votes=await votes(self._session, asked), is_copy=bool(row.user), link=self._seen.link,
            too_few=is_open and await standing.were_too_few(self._session, asked),
            still=is_open and await timers.are_still(self._session, asked.id),
        )  # fmt: skip
        return Written(row, checkpoint.build(rows), draft)

    async def _result(self, row: OutboxMessage) -> Written:
        made, run = await self._artifact(row), await runs.get(self._session, row.run_id)
        tasks = tuple(await runs.tasks(self._session, run.id))
        rows = ResultRows(
            run=run, now=clock.now(), artifact=made, tasks=tasks,
            handoff=(await artifacts.handoffs(self._session, run.id)).get(made.task_key),
            documents=tuple(await artifacts.documents(self._session, run.id)), spend=await self._spend(run.id),
            addresses=await self._addresses(run), verdict=await standing.verdict(self._session, run.id),
            is_newest=await standing.newest_result(self._session, run.id) == row.id,
            effects=await effects.ended(self._session, run.id), files=_files(run, tasks),
        )  # fmt: skip
        return Written(row, result.build(rows), made)

    async def _file(self, row: OutboxMessage) -> Written:
        if row.kind is MessageKind.FIGURES:
            return _figures(row)
        made, run = await self._artifact(row), await runs.get(self._session, row.run_id)
        if row.text == charts.PICTURE:
            return _chart(row, made)
        shown = await charts.of(self._session, run.id, [made.text])
        handoff = (await artifacts.handoffs(self._session, run.id)).get(made.task_key)
        findings, left = (handoff.findings, handoff.open_questions) if handoff else ([], [])
        left = [*left, *await self._holes(run.id, "\n".join([made.text, *left]))]
        said = await said_by_people(self._session, run, made.task_key)
        about: dict[str, Any] = {"label": made.label, "left_open": left, "charts": shown, "people": said}
        whole = deliverable(made.text, findings, addresses=await self._addresses(run), **about)
        if row.text == ARCHIVE:
            title, name = text.title(f"{_title(run)}: files", 200, "Files"), text.file_name(_title(run), "zip")
            return Written(row, Said(title), made, name, await projects.packed(self._session, run.id, whole.markdown()))
        format = _format(row)
        title, name = text.title(_title(run), 200, "Result"), text.file_name(_title(run), format.ending)
        return Written(row, Said(title), made, name, lambda: whole.file(format, title))

    async def _holes(self, run_id: str, told: str) -> list[str]:
        """Return what a run went on without, as far as its files have to add it to what is told there."""
        tasks, documents = await runs.tasks(self._session, run_id), await artifacts.documents(self._session, run_id)
        return holes.unnamed(tasks, documents, told)

    async def _artifact(self, row: OutboxMessage) -> Artifact:
        if (found := await artifacts.get(self._session, row.artifact_id)) is None:
            raise NotFoundError(f"There is no artifact {row.artifact_id!r}.")
        return found

    async def _spend(self, run_id: str) -> Spend:
        return Spend(*await runs.spent(self._session, run_id))

    async def _addresses(self, run: Run) -> frozenset[str]:
        """Return where links may lead: to pages this run has read, and where people wrote that they lead."""
        read = [document.origin for document in await artifacts.documents(self._session, run.id)]
        said = [run.request, *(note.text for note in await runs.notes(self._session, run.id))]
        return frozenset(same(one) for one in (*read, *written(*said)) if links.host(one))

    async def _label(self, run_id: str) -> str:
        """Return what the run's artifacts say of how they were made."""
        for handoff in (await artifacts.handoffs(self._session, run_id)).values():
            made = await artifacts.get(self._session, handoff.artifact_id)
            if made is not None and made.label:
                return made.label
        return ""

    async def _quotes(self, key: str, run_id: str, tasks: list[Task]) -> int:
        """Return how many findings a task and all it was made from hold."""
        behind, by_key = {key}, {task.key: task for task in tasks}
        while more := {need for one in behind & by_key.keys() for need in by_key[one].spec.get("needs", ())} - behind:
            behind |= more
        handoffs = await artifacts.handoffs(self._session, run_id)
        found = [finding for one, handoff in handoffs.items() if one in behind for finding in handoff.findings]
        return len({str(finding["id"]) for finding in found})


def _figures(row: OutboxMessage) -> Written:
    report = Report.model_validate_json(row.text)
    said = Said(report.title)
    return Written(row, said, None, FIGURES_NAME, lambda: report.content, alt=report.alt, comment=report.said)


def _files(run: Run, tasks: Iterable[Task]) -> tuple[str, ...]:
    """Return the names of the files a run's document comes as, and of the archive of the code it made."""
    endings = [format.ending for format in delivered(run.pages, run.line)]
    coded = is_wanted(task.spec.get("tools", ()) for task in tasks if task.state is TaskState.DONE)
    return tuple(text.file_name(_title(run), ending) for ending in [*endings, *(["zip"] if coded else [])])


def _chart(row: OutboxMessage, made: Artifact) -> Written:
    """Return the picture of a chart: its numbers are in its words too."""
    chart = Chart.model_validate_json(made.text)
    title, alt = text.title(chart.title, 200, "Chart"), chart.alt()[:LONGEST_ALT]
    return Written(row, Said(title), made, chart.name, lambda: drawn(chart), alt=alt)


def _format(row: OutboxMessage) -> Format:
    """Return what kind of file a row asks for; one that says nothing is a text to read."""
    return Format(row.text) if row.text else Format.MARKDOWN


def _readers(key: str, tasks: list[Task]) -> tuple[str, ...]:
    """Return the titles of the tasks that read what this one makes."""
    reading = [task for task in tasks if key in task.spec.get("needs", ())]
    return tuple(str(task.spec.get("title", task.key)) for task in reading)


def _title(run: Run) -> str:
    return run.title or run.request
