"""What a message is made from: rows as they were in one view of the database, and the moment they were read."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.messages.figures import Spend
from storage.agenda import Halt
from storage.anchors import Anchor
from storage.tables import Artifact, Checkpoint, Document, Event, Handoff, Run, Task


@dataclass(frozen=True)
class RunRows:
    """A run as its status message shows it."""

    run: Run
    now: datetime
    tasks: tuple[Task, ...] = ()  # in page order
    open: tuple[Checkpoint, ...] = ()  # oldest first
    doing: frozenset[str] = frozenset()  # keys of the tasks whose approved effect is still to be done
    spend: Spend = field(default_factory=Spend)
    mode: str = ""  # such as "offline mode: no language model", or nothing
    paused_by: str = ""  # a Slack user id, while it is paused
    paused_at: datetime | None = None
    halt: Halt | None = None  # while its whole workspace is stopped


@dataclass(frozen=True)
class Votes:
    """How people stand to a checkpoint's present version; all of them Slack user ids."""

    approved: tuple[str, ...] = ()  # in the order they did
    fallen: tuple[str, ...] = ()  # who approved and may decide no longer
    remind_at: datetime | None = None  # when they are reminded next
    in_name_of: str = ""  # who asked whoever decided to do it for them
    broken_glass: str = ""  # the reason of an admin who decided alone in an emergency


@dataclass(frozen=True)
class CheckpointRows:
    """A checkpoint as its card shows it."""

    checkpoint: Checkpoint
    run: Run
    now: datetime
    artifact: Artifact | None = None
    spend: Spend = field(default_factory=Spend)
    quotes: int = 0  # findings this stands on, each with its quote
    next: tuple[str, ...] = ()  # titles of the tasks that read what is decided here
    addresses: frozenset[str] = frozenset()  # where links may lead: what the run has read, and people wrote
    closed_by: Anchor | None = None  # the line of the audit log that closed it
    votes: Votes = field(default_factory=Votes)
    is_copy: bool = False  # for one person, away from the run's thread
    too_few: bool = False  # who may decide were there when it was asked
    link: str = ""  # to the run's thread, for a copy whose reader can open that
    still: bool = False  # the run is paused, or everything is stopped, and the time to decide with it


@dataclass(frozen=True)
class ResultRows:
    """What a run came to."""

    run: Run
    now: datetime
    artifact: Artifact
    handoff: Handoff | None = None
    tasks: tuple[Task, ...] = ()
    documents: tuple[Document, ...] = ()
    spend: Spend = field(default_factory=Spend)
    addresses: frozenset[str] = frozenset()
    effects: tuple[Event, ...] = ()  # how each ended, oldest first
    verdict: Event | None = None  # the line of the audit log in which a person accepted or refused it
    is_newest: bool = True  # of the run's results
    files: tuple[str, ...] = ()  # names of those the document follows as, the first one whole
