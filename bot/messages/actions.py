"""What buttons and forms are called, and the pointer they carry. The row is the truth; a button only points at it."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from storage.tables import Checkpoint

CHECKPOINT_APPROVE: Final = "checkpoint_approve"
CHECKPOINT_EDIT: Final = "checkpoint_edit"  # edit and approve: opens a form
CHECKPOINT_SEND_BACK: Final = "checkpoint_send_back"  # opens a form
CHECKPOINT_STOP: Final = "checkpoint_stop"
CHECKPOINT_ANSWER: Final = "checkpoint_answer"  # opens a form
CHECKPOINT_READ: Final = "checkpoint_read"  # opens a window
CHECKPOINT_FINISH: Final = "checkpoint_finish"  # a budget's: deliver what there is
CHECKPOINT_MORE: Final = "checkpoint_more"  # a menu
OPEN_THREAD: Final = "open_thread"  # a link: nothing is asked of us when it is pressed
RUN_STOP: Final = "run_stop"
RUN_MENU: Final = "run_menu"  # pause, run again and the like: its value says which
RUN_ACCEPT: Final = "run_accept"
RUN_REFUSE: Final = "run_refuse"
RUN_REOPEN: Final = "run_reopen"  # opens a form

ANSWER_FORM: Final = "answer"
SEND_BACK_FORM: Final = "send_back"
EDIT_DRAFT_FORM: Final = "edit_draft"
EDIT_PLAN_FORM: Final = "edit_plan"
READ_WINDOW: Final = "read"
AGAIN_FORM: Final = "run_again"
CAP_FORM: Final = "budget"
DEADLINE_FORM: Final = "deadline"
HAND_OVER_FORM: Final = "hand_over"
DELEGATE_FORM: Final = "delegate"

_LONGEST: Final = 2_000  # characters; Slack's limit for a button's value


class RunDeed(StrEnum):
    """What a run's menu offers."""

    PAUSE = "pause"
    RESUME = "resume"
    BEGIN_NOW = "begin_now"
    AGAIN = "again"  # this and what follows open a form
    CAP = "cap"
    DEADLINE = "deadline"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Pointer:
    """One version of one checkpoint. A wrong nonce is a button we did not make."""

    checkpoint_id: str
    version: int
    nonce: str

    def value(self) -> str:
        """Return the text a button's ``value`` or a form's ``private_metadata`` holds."""
        return json.dumps({"checkpoint": self.checkpoint_id, "version": self.version, "nonce": self.nonce})


def to(checkpoint: Checkpoint) -> Pointer:
    """Return the pointer to a checkpoint's present version."""
    return Pointer(checkpoint.id, checkpoint.version, checkpoint.nonce)


def named(checkpoint: Checkpoint) -> str:
    """Return the word people type to mean this very version, such as ``chk-4.2``."""
    return f"{checkpoint.id}.{checkpoint.version}"


def pointer(value: str) -> Pointer | None:
    """Return what a button or form points at; None when the text is not one of ours."""
    match _read(value):
        case {"checkpoint": str(checkpoint), "version": int(version), "nonce": str(nonce), **rest} if not rest:
            return Pointer(checkpoint, version, nonce) if not isinstance(version, bool) else None
        case _:
            return None


def run_value(run_id: str) -> str:
    """Return the value of a run's Stop button."""
    return json.dumps({"run": run_id})


def run_of(value: str) -> str | None:
    """Return the id of the run a Stop button points at; None when the text is not one of ours."""
    match _read(value):
        case {"run": str(run_id), **rest} if not rest:
            return run_id
        case _:
            return None


def menu_value(run_id: str, deed: RunDeed) -> str:
    """Return the value of one entry of a run's menu."""
    return json.dumps({"run": run_id, "do": deed})


def menu_of(value: str) -> tuple[str, RunDeed] | None:
    """Return the run and the deed an entry of its menu stands for; None when the text is not one of ours."""
    match _read(value):
        case {"run": str(run_id), "do": str(deed), **rest} if not rest and deed in set(RunDeed):
            return run_id, RunDeed(deed)
        case _:
            return None


def _read(value: str) -> Any:  # noqa: ANN401  anything JSON can hold
    if len(value) > _LONGEST:
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
