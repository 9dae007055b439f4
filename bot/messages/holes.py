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
    """Return what a file has to add to a text: every task undone, and the unread documents that it does not name."""
    return [*undone(tasks), *unread(document for document in documents if document.name not in told)]
