"""What waits on one person, as their Home tab and its forms show it. PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.messages import actions, blocks, checkpoint, figures, text
from bot.messages.blocks import Block, mention
from bot.messages.figures import Spend
from storage.tables import Checkpoint, Run
from storage.words import CheckpointKind

LONGEST_TITLE: Final = 120  # characters
LEFT: Final = "A run in a channel you left"  # all that is shown of it, beside how far it is and what it costs
UNTOLD: Final = "A run in a channel that Slack says nothing of just now"
LONGEST_SAID: Final = 220  # of a question, a summary or a reason
_ON_THE_CARD: Final = frozenset({actions.CHECKPOINT_STOP, actions.CHECKPOINT_EDIT})
_ASKED: Final = {
    CheckpointKind.PLAN: "Plan", CheckpointKind.DRAFT: "Draft", CheckpointKind.QUESTION: "Question",
    CheckpointKind.EFFECT: "Act with effects", CheckpointKind.BUDGET: "Budget", CheckpointKind.ESCALATION: "How to go on",
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """An open checkpoint that its reader may decide."""

    checkpoint: Checkpoint
    run: Run
    link: str = ""  # to its thread; empty where the reader cannot open that
    station: str = ""  # of its task; empty where the plan has none
    spend: Spend = field(default_factory=Spend)  # of its run so far


def title(run: Run) -> str:
    """Return a run's name on one line, without any markup."""
    return text.title(run.title or run.request, LONGEST_TITLE, "A request")


def head(run: Run) -> str:
    """Return a run's name as the head of an entry (mrkdwn)."""
    return f"*{text.escape(title(run))}*"


def kind(asked: Checkpoint) -> str:
    """Return what is decided on, in a word or two."""
    return _ASKED[asked.kind]


def question(asked: Checkpoint) -> str:
    """Return what is asked (mrkdwn): of a form, its questions."""
    fields = [str(each.get("question", "")) for each in asked.payload.get("fields", ())]
    return shortened(" ".join(filter(None, fields)) or asked.question)


def shortened(words: str) -> str:
    """Return foreign words for a line of an entry (mrkdwn)."""
    return text.escape(text.shorten(" ".join(words.split()), LONGEST_SAID))


def facts(one: Waiting, reader: str) -> str:
    """Return who asked for it, since and until when it waits, and what its run has cost (mrkdwn)."""
    asked, run = one.checkpoint, one.run
    by = "You asked for this" if run.requester == reader else f"Asked for by {mention(run.requester)}"
    until = f"until {figures.moment(asked.due_at)}" if asked.due_at else ""
    since = f"waits since {figures.moment(asked.opened_at)}"
    return " · ".join(filter(None, [by, since, until, f"{figures.money(one.spend.usd)} so far"]))


def buttons(asked: Checkpoint, link: str) -> Block:
    """Return the buttons of the checkpoint's own card that fit beside others, and the way to its thread."""
    card: Sequence[Mapping[str, Any]] = checkpoint.buttons(asked, link)["elements"]
    kept = (each for each in card if each["type"] == "button" and each["action_id"] not in _ON_THE_CARD)
    return blocks.actions(*(dict(each) for each in kept))
