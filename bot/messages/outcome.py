"""How a checkpoint ended, in words."""

from typing import Final

from bot.messages import blocks, figures, text, waits
from bot.messages.blocks import Block, mention
from bot.messages.rows import CheckpointRows
from storage.tables import Checkpoint
from storage.words import ENDED, CheckpointKind, CheckpointState

_LONGEST_QUESTION: Final = 200
_MOST_PARTS: Final = 15  # answers a card repeats; the rest are counted

_WORDS: Final = {
    CheckpointState.APPROVED: "Approved", CheckpointState.SENT_BACK: "Sent back", CheckpointState.STOPPED: "Stopped",
    CheckpointState.ANSWERED: "Answered", CheckpointState.EXPIRED: "Closed without an answer",
    CheckpointState.WITHDRAWN: "Withdrawn", CheckpointState.OPEN: "Open",
}  # fmt: skip
_BUDGET: Final = {CheckpointState.APPROVED: "Budget raised", CheckpointState.ANSWERED: "Finished with what there is"}
_MEANT: Final = {
    CheckpointState.ANSWERED: "The work goes on with these words.",
    CheckpointState.SENT_BACK: "A new version is made from these words.",
    CheckpointState.STOPPED: "The run ended here. Nothing more is done or spent.",
    CheckpointState.EXPIRED: "The time for it ran out. That is nobody's no.",
    CheckpointState.WITHDRAWN: "It is no longer needed: the run went on another way before anyone decided.",
}
_ENDED: Final = "It is no longer needed: the run ended before anyone decided."


def word(checkpoint: Checkpoint) -> str:
    """Return such as ``Approved``; a second try that was agreed to is called that."""
    again = checkpoint.state is CheckpointState.APPROVED and "failed" in checkpoint.payload
    if checkpoint.kind is CheckpointKind.BUDGET and checkpoint.state in _BUDGET:
        return _BUDGET[checkpoint.state]
    return "Tried again" if again else _WORDS[checkpoint.state]


def sentence(checkpoint: Checkpoint, people: str = "") -> str:
    """Return who decided what, and when, such as ``Approved by <@U024BE7LH> · today, 10:15`` (mrkdwn).

    ``people`` are those who decided, where they were several or somebody did it for another.
    """
    who = people or (mention(checkpoint.decided_by) if checkpoint.decided_by else "")
    at = f" · {figures.moment(checkpoint.closed_at)}" if checkpoint.closed_at else ""
    return f"*{word(checkpoint)}*{f' by {who}' if who else ''}{at}"


def decided(rows: CheckpointRows) -> str:
    """Return the same with everyone who approved, in whose name, and loudly when an admin decided alone (mrkdwn)."""
    said = sentence(rows.checkpoint, _people(rows))
    if not rows.votes.broken_glass:
        return said
    why = text.escape(text.shorten(rows.votes.broken_glass, _LONGEST_QUESTION))
    return f":rotating_light: *Break glass* · {said}\nAn admin decided past the policy, because: “{why}”"


def _people(rows: CheckpointRows) -> str:
    checkpoint, votes = rows.checkpoint, rows.votes
    if not checkpoint.decided_by:
        return ""
    several = checkpoint.state is CheckpointState.APPROVED and len(votes.approved) > 1
    who = waits.people(votes.approved) if several else mention(checkpoint.decided_by)
    return f"{who} for {mention(votes.in_name_of)}" if votes.in_name_of else who


def audited(rows: CheckpointRows) -> str:
    """Return such as ``audit 412 · 9f3c2a7be1d04468``: out here it shows whether the log was written anew."""
    return rows.closed_by.printed() if rows.closed_by else ""


def told(rows: CheckpointRows, room: int) -> list[Block]:
    """Return the outcome with what the person wrote, named as theirs; ``room`` is the characters a part may take."""
    checkpoint = rows.checkpoint
    edited = checkpoint.version > 1 and checkpoint.state is CheckpointState.APPROVED
    lines = [decided(rows), "It was edited before it was approved." if edited else "", follows(rows)]
    asked = text.escape(text.shorten(checkpoint.question, min(room, _LONGEST_QUESTION)))
    about = [blocks.context(asked)] if asked else []
    return [blocks.section("\n".join([line for line in lines if line])), *about, *_written(checkpoint, room)]


def follows(rows: CheckpointRows) -> str:
    """Return what the outcome sets going, in a sentence (mrkdwn)."""
    checkpoint = rows.checkpoint
    if checkpoint.state is CheckpointState.WITHDRAWN and rows.run.state in ENDED:
        return _ENDED
    if checkpoint.kind is CheckpointKind.BUDGET and checkpoint.state is CheckpointState.ANSWERED:
        return "What is not done yet is left out; the result says what."
    if checkpoint.state is not CheckpointState.APPROVED or "failed" in checkpoint.payload:
        return _MEANT.get(checkpoint.state, "")
    if checkpoint.kind is CheckpointKind.BUDGET:
        return "The work goes on where it stopped."
    if checkpoint.kind is CheckpointKind.EFFECT:
        return "It is done exactly as it was shown here, or not at all; the result says which."
    if checkpoint.kind is CheckpointKind.PLAN:
        return "The status message of this thread says when the work begins, and follows it."
    if rows.next:
        return f"Next in line: “{text.escape(text.title(rows.next[0], 80, 'a task'))}”."
    return "This version goes on."


def _written(checkpoint: Checkpoint, room: int) -> list[Block]:
    asked = {field["name"]: str(field.get("question", "")) for field in checkpoint.payload.get("fields", ())}
    parts = [("In their words:", checkpoint.note)] if checkpoint.note else []
    parts += [(asked.get(name) or name, answer) for name, answer in checkpoint.answers.items() if answer]
    more = len(parts) - _MOST_PARTS
    rest = [blocks.context(f"… and {figures.counted(more, 'more answer')}.")] if more > 0 else []
    return [*(_part(heading, written, room) for heading, written in parts[:_MOST_PARTS]), *rest]


def _part(heading: str, written: str, room: int) -> Block:
    label = blocks.line(text.shorten(heading, 200), bold=True)
    return blocks.rich(label, blocks.quote(text.shorten(written, room)))
