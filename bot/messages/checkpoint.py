"""A checkpoint's card: open with its buttons, decided without them. Made from the row by trusted code alone."""

from collections.abc import Sequence
from typing import Final

from bot.messages import actions, asked, blocks, control, deciders, figures, outcome, text, waits
from bot.messages.asked import Question
from bot.messages.blocks import Block, mention
from bot.messages.rows import CheckpointRows
from bot.messages.said import Said
from storage.tables import Checkpoint
from storage.words import CheckpointKind, CheckpointState

ROOMS: Final = (700, 300, 0)  # characters of a text a card shows: the first that fits in a message
_LONGEST_QUESTION: Final = 600


def build(rows: CheckpointRows) -> Said:
    """Return the card: the question while it is open, afterwards its outcome."""
    if rows.checkpoint.state is not CheckpointState.OPEN:
        return _decided(rows)
    cards = (_open(rows, room) for room in ROOMS)
    return next((card for card in cards if blocks.fits(card.blocks)), _open(rows, 0))


def _open(rows: CheckpointRows, room: int) -> Said:
    asked_for = asked.question(rows, room)
    card = [blocks.header(asked_for.head), blocks.context(_about(rows)), _decider(rows), *_wording(rows), *asked_for.body]
    card += [blocks.context(_effects(rows, asked_for)), blocks.context(_facts(rows, asked_for))]
    answers = buttons(rows.checkpoint, rows.link)
    return Said(_sentence(rows, asked_for), (*card, answers, _print(rows, asked_for.kind)), _by_hand(rows))


def _about(rows: CheckpointRows) -> str:
    title = text.escape(text.title(rows.run.title, 200, "your request"))
    return f"About “{title}”, asked for by {mention(rows.run.requester)}"


def _wording(rows: CheckpointRows) -> list[Block]:
    words = text.shorten(rows.checkpoint.question, _LONGEST_QUESTION)
    return [blocks.rich(blocks.line(words, bold=True))] if words else []


def _decider(rows: CheckpointRows) -> Block:
    who, policy = _who(rows), rows.checkpoint.policy
    todo = deciders.invite(policy) if rows.too_few and not rows.is_copy else deciders.hint(policy, rows.run.channel)
    said = [f"*Who decides*: {who}{f'. {todo}' if todo else ''}", *waits.votes(rows)]
    return blocks.section("\n".join(said))


def _who(rows: CheckpointRows) -> str:
    here = f"<#{rows.run.channel}>" if rows.is_copy else deciders.HERE
    return deciders.who(rows.checkpoint.policy, rows.checkpoint.requester, rows.run.channel, here)


def _effects(rows: CheckpointRows, question: Question) -> str:
    names = [f"“{text.escape(text.title(name, 80, 'a task'))}”" for name in rows.next[:3]]
    then = f"\nNext in line: {', '.join(names)}{' and more' if len(rows.next) > 3 else ''}." if names else ""
    return "\n".join(question.effects) + then


def _facts(rows: CheckpointRows, question: Question) -> str:
    """Return by when, the risk, what it cost so far and what it stands on, one a line."""
    lines = [waits.by_when(rows), f"*Risk* ({waits.reach(rows.checkpoint)}): {question.risk}"]
    lines.append(f"*So far*: {_so_far(rows)}")
    if rows.artifact is not None:
        lines.append(f"*Stands on*: {figures.counted(rows.quotes, 'quote')} from its sources")
    return "\n".join(lines)


def _so_far(rows: CheckpointRows) -> str:
    return f"{rows.spend.words()} · {figures.duration(rows.now - rows.run.created_at)} since it was asked"


def _print(rows: CheckpointRows, kind: str, before: str = "") -> Block:
    """Return the small print: exactly which version this is about."""
    checkpoint, artifact = rows.checkpoint, rows.artifact
    version = f"version {artifact.version} · text {figures.short(artifact.sha256)}" if artifact else ""
    parts = [before, kind, version, f"decision {actions.named(checkpoint)}, digest {figures.short(checkpoint.digest)}"]
    label = text.escape(artifact.label) if artifact else ""
    return blocks.context(" · ".join([part for part in [*parts, label, outcome.audited(rows)] if part]))


def _sentence(rows: CheckpointRows, question: Question) -> str:
    words = text.escape(text.shorten(rows.checkpoint.question, _LONGEST_QUESTION))
    who = _who(rows)
    return f"{question.head}: {words} It waits for {who}."


def _by_hand(rows: CheckpointRows) -> str:
    """Say what to do where Slack shows no buttons, for each way that is there."""
    return (
        "Slack would not show the buttons of this card. To stop the run, write `stop` in its thread. For anything else "
        f"show whoever runs this bot the id `{actions.named(rows.checkpoint)}`. Until then it waits: nothing is decided."
    )


def buttons(checkpoint: Checkpoint, link: str = "") -> Block:
    """Return the buttons that fit a checkpoint; each carries the pointer to this version and nothing else.

    ``link`` leads to its thread, for whoever reads it elsewhere.
    """
    value = actions.to(checkpoint).value()
    made = [blocks.button(words, action, value, style=style) for words, action, style in _answers(checkpoint)]
    sure = blocks.confirm(
        "Stop the whole run?", "The run ends here for everyone. What is done so far is kept.", "Stop it", "Go back"
    )
    stop = blocks.button("Stop", actions.CHECKPOINT_STOP, value, style="danger", confirm=sure)
    others = control.overflow(actions.CHECKPOINT_MORE, [("Ask somebody else…", value)])
    return blocks.actions(*made, stop, *_thread(link), others)


def _thread(link: str) -> list[Block]:
    return [{**blocks.button("Open thread", actions.OPEN_THREAD, "thread"), "url": link}] if link else []


def _answers(checkpoint: Checkpoint) -> list[tuple[str, str, str]]:
    """Return (words, action id, style) of every answer but Stop."""
    approve = ("Approve", actions.CHECKPOINT_APPROVE, "primary")
    send_back = ("Send back", actions.CHECKPOINT_SEND_BACK, "")
    if checkpoint.kind is CheckpointKind.QUESTION:
        return [("Answer", actions.CHECKPOINT_ANSWER, "primary")]
    if "failed" in checkpoint.payload:
        return [("Try again", actions.CHECKPOINT_APPROVE, "primary")]
    if checkpoint.kind is CheckpointKind.BUDGET:
        finish = ("Finish with what there is", actions.CHECKPOINT_FINISH, "")
        return [(asked.more(checkpoint), actions.CHECKPOINT_APPROVE, "primary"), finish]
    read = ("Read all", actions.CHECKPOINT_READ, "")
    if checkpoint.kind is CheckpointKind.EFFECT:
        return [approve, send_back, read]
    edit = ("Edit and approve", actions.CHECKPOINT_EDIT, "")
    return [approve, edit, send_back, read]


def _decided(rows: CheckpointRows, rooms: Sequence[int] = (1_500, 600, 200, 60)) -> Said:
    """Return the same message once it is settled, in a few lines: no buttons, the outcome in their place."""
    checkpoint, kind = rows.checkpoint, asked.question(rows, 0).kind
    around = [_print(rows, kind, _about(rows))]
    told = next((fit for room in rooms if blocks.fits([*around, *(fit := outcome.told(rows, room))])), [])
    words = text.escape(text.shorten(checkpoint.question, _LONGEST_QUESTION))
    return Said(f"{outcome.decided(rows)}: {words}", (*told, *around))
