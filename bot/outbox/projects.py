"""The project of a run that made code, read in one view of the database and packed off the event loop."""

from collections.abc import Callable
from functools import partial
from typing import Any

from agents.stations import archive, testrun
from agents.stations.archive import Piece
from agents.tools.proving import NAME
from storage import artifacts, calls, runs
from storage.tables import Handoff, Task
from storage.words import TaskState


async def packed(session: Any, run_id: str, document: str) -> Callable[[], bytes]:  # noqa: ANN401  storage's session
    """Return what makes the archive's bytes; equal rows give equal bytes.

    Args:
        session: An open session of ``storage.database``.
        run_id: The run.
        document: Its document in Markdown, which goes along.
    """
    handed = await artifacts.handoffs(session, run_id)
    tasks = [one for one in await runs.tasks(session, run_id) if one.key in handed and one.state is TaskState.DONE]
    texts = await artifacts.texts(session, [handed[task.key].artifact_id for task in tasks])
    pieces = [await _piece(session, task, handed[task.key], texts) for task in tasks]
    attached = testrun.attached(await artifacts.documents(session, run_id))
    return partial(archive.pack, attached, pieces, document)


async def _piece(session: Any, task: Task, handoff: Handoff, texts: dict[str, str]) -> Piece:  # noqa: ANN401
    known = await calls.of(session, task.run_id, task.key, handoff.attempt)
    runs_of = tuple(call.result for _, call in sorted(known.items()) if call.name == NAME and "ran" in call.result)
    return Piece(str(task.spec.get("title", task.key)), texts.get(handoff.artifact_id, ""), runs_of)
