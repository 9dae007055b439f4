"""What could not be done or read, by name: the message of a result and its files say the same. PURE."""

from collections.abc import Iterable

from storage.tables import Document, Task
from storage.words import TaskState


def undone(tasks: Iterable[Task]) -> list[str]:
    """Return the tasks without which the run went on, a sentence each, in page order."""
    failed = (task for task in tasks if task.state is TaskState.FAILED)
    return [
        f"“{task.spec.get('title', task.key)}” could not be done: {task.error or 'the reason was not recorded.'}"
        for task in failed
    ]


def unread(documents: Iterable[Document]) -> list[str]:
    """Return the documents that could not be read, a sentence each."""
    return [f"{document.name} could not be read: {document.problem}" for document in documents if document.problem]


def unnamed(tasks: Iterable[Task], documents: Iterable[Document], told: str) -> list[str]:
    """Return what a file has to add to a text: every task undone, and each unread document of which it does not say why.

    That a text names a document, or another whose name ends alike, does not say that nobody could read it.
    """
    lines = [" ".join(line.split()) for line in told.splitlines()]
    return [*undone(tasks), *unread(one for one in documents if not any(_says(line, one) for line in lines))]


def _says(line: str, document: Document) -> bool:
    return document.name in line and " ".join(document.problem.split()) in line
