"""What an open checkpoint waits for, in words: votes, a moment, and what silence means. PURE."""

from typing import Final

from bot.messages import blocks, figures
from bot.messages.blocks import mention
from bot.messages.rows import CheckpointRows
from storage.policy import Policy
from storage.tables import Checkpoint
from storage.words import EffectClass, Silence

_SILENCE: Final = {
    Silence.WAIT: "then it still waits. Silence is never a yes.",
    Silence.STOP: "then the run is stopped.",
    Silence.SKIP: "then this part is left out, and the result says so.",
    Silence.PROCEED: "then it goes on as if it had been approved.",
}
_REACH: Final = {
    EffectClass.R0: "R0, only reads", EffectClass.R1: "R1, a draft", EffectClass.R2: "R2, inside and can be undone",
    EffectClass.R3: "R3, reaches outside", EffectClass.R4: "R4, cannot be undone, or is about money or law",
}  # fmt: skip
_OPEN_FIRST: Final = "*Open all of it first*: this cannot be undone, so *Approve* counts only after *Read all*."


def votes(rows: CheckpointRows) -> list[str]:
    """Return who approved so far and how many it takes, and whose vote fell away, a sentence each (mrkdwn)."""
    quorum, given = Policy.model_validate(rows.checkpoint.policy).quorum, rows.votes.approved
    said = []
    if quorum > 1 or given:
        by = f"Approved by {people(given)}" if given else "Nobody has approved yet"
        said.append(f"{by}: {len(given)} of {quorum} needed.")
    if rows.votes.fallen:
        whose = "vote of {} fell away: they may" if len(rows.votes.fallen) == 1 else "votes of {} fell away: they may"
        said.append(f"The {whose.format(people(rows.votes.fallen))} not decide here any longer.")
    return said


def people(ids: tuple[str, ...]) -> str:
    """Return such as ``<@U1>, <@U2> and <@U3>`` (mrkdwn)."""
    *most, last = [mention(each) for each in ids]
    return f"{', '.join(most)} and {last}" if most else last


def by_when(rows: CheckpointRows) -> str:
    """Return the deadline, what silence means then, and when people are reminded (mrkdwn)."""
    checkpoint, at = rows.checkpoint, rows.votes.remind_at
    reminded = f" Next reminder: {figures.moment(at)}." if at and at > rows.now else ""
    if rows.still:
        return "*By when*: time stands still here while the work does; what is left of it goes on then."
    if checkpoint.due_at is None:
        return f"*By when*: no deadline; silence is never a yes.{reminded}"
    passed = "That has passed. It still waits." if checkpoint.due_at <= rows.now else _silence(checkpoint)
    return f"*By when*: {figures.moment(checkpoint.due_at)}; {passed}{reminded}"


def _silence(checkpoint: Checkpoint) -> str:
    return _SILENCE[Policy.model_validate(checkpoint.policy).silence]


def reach(checkpoint: Checkpoint) -> str:
    """Return how far it reaches, such as ``R1, a draft``."""
    return _REACH[checkpoint.effect]


def opened_first(checkpoint: Checkpoint) -> list[blocks.Block]:
    """Return the notice that all of it must be opened before anybody approves, where that is so."""
    return [blocks.section(_OPEN_FIRST)] if Policy.model_validate(checkpoint.policy).opened_first else []
