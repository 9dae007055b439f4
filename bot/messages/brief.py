"""A morning brief: what waits on a person with its buttons, what came of the night, what it cost, what is next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.planning.when.repeat import Repeat
from bot.messages import blocks, deciders, figures, outcome, text, waiting
from bot.messages.blocks import Block, mention
from bot.messages.covers import Cover
from bot.messages.figures import Spend
from bot.messages.said import Said
from storage.agenda import Schedule
from storage.tables import Checkpoint, Run
from storage.words import ENDED, CheckpointState, RunState

ROOMS: Final = ((8, 6), (6, 4), (4, 3), (2, 2), (1, 1))  # decisions shown, lines of each list: the first that fits
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s")
_STOPPER: Final = re.compile(r"Stopped by <@([UW][A-Z0-9]+)>\.")
_MARKS: Final = re.compile(r"^#.*$|^[>\s*-]+|\s*\[F\d+(?:,\s*F\d+)*\]|[*_`]", re.MULTILINE)  # headings, marks, sources
_BY_HAND: Final = "Slack would not show the buttons of this brief. Each decision has its own card in its thread."


@dataclass(frozen=True)
class Waiting:
    """A decision a brief asks for, as it stands now."""

    checkpoint: Checkpoint
    run: Run


@dataclass(frozen=True)
class Told:
    """A run a brief tells of."""

    run: Run
    summary: str = ""  # what came of it, in the agent's words
    judged: tuple[str, bool] | None = None  # who said last whether it is right
    done: int = 0  # tasks, of ``total``
    total: int = 0
    doing: bool = False  # what was approved, and waits for nobody


@dataclass(frozen=True)
class BriefRows:
    """Everything a brief is made from."""

    cover: Cover
    waits: tuple[Waiting, ...] = ()
    ended: tuple[Told, ...] = ()
    going: tuple[Told, ...] = ()
    schedules: tuple[Schedule, ...] = ()  # the next to come first
    spend: Spend = field(default_factory=Spend)
    left: frozenset[str] = frozenset()  # channels whose runs tell their reader nothing any more


def build(rows: BriefRows) -> Said:
    """Return the brief; where much is to be said, the rest is counted."""
    cards = (_card(rows, *room) for room in ROOMS)
    card = next((card for card in cards if blocks.fits(card)), _card(rows, 0, 1))
    return Said(_sentence(rows), tuple(card), _BY_HAND if _open(rows) else "")


def _card(rows: BriefRows, decisions: int, lines: int) -> list[Block]:
    named = "This channel's morning brief" if rows.cover.is_for_channel else "Your morning brief"
    groups = [
        *_group("Done", [_result(rows, each) for each in _with(rows, RunState.DONE)], lines),
        *_group("Ended without a result", [_end(rows, each) for each in _without_result(rows)], lines),
        *_group("Still going", [_way(rows, each) for each in _going(rows)], lines),
        *_group("Next by schedule", [_scheduled(each) for each in rows.schedules], lines),
    ]
    asked = _decisions(rows, decisions)
    between = [blocks.divider()] if asked and groups else []
    return [blocks.header(named), *_late(rows.cover), *asked, *between, *groups, _cost(rows)]


def _sentence(rows: BriefRows) -> str:
    """Say the whole brief in a line, for notifications and screen readers."""
    done, undone, waiting = len(_with(rows, RunState.DONE)), len(_without_result(rows)), len(_open(rows))
    counted = [
        (waiting, f"{figures.counted(waiting, 'decision')} to make"), (done, figures.counted(done, "result")),
        (undone, f"{undone} ended without a result"), (len(_going(rows)), f"{len(_going(rows))} still going"),
    ]
    said = ", ".join(words for count, words in counted if count) or "everything is decided"
    return f"{'The' if rows.cover.is_for_channel else 'Your'} morning brief: {said}."


def _late(cover: Cover) -> list[Block]:
    if not cover.is_late:
        return []
    return [blocks.context(f"This comes late: it was meant for {figures.moment(cover.due)}, and I was not running then.")]


def _open(rows: BriefRows) -> list[Waiting]:
    return [each for each in rows.waits if each.checkpoint.state is CheckpointState.OPEN]


def _decisions(rows: BriefRows, most: int) -> list[Block]:
    if not rows.waits:
        return []
    heading = "*Waits for a decision here*" if rows.cover.is_for_channel else "*Waits on you*"
    shown = [part for each in rows.waits[:most] for part in _decision(rows.cover, each)]
    more = len(rows.waits) - most
    where = "in their threads" if rows.cover.is_for_channel else "on my Home tab"
    rest = [blocks.context(f"… and {figures.counted(more, 'more decision')}, {where}.")] if more > 0 else []
    return [blocks.section(heading if _open(rows) else "*Decided since*"), *shown, *rest]


def _decision(cover: Cover, each: Waiting) -> list[Block]:
    """Return a question with its buttons; once it is decided, the decision in their place."""
    asked = each.checkpoint
    if asked.state is not CheckpointState.OPEN:
        return [blocks.section(f"{waiting.head(each.run)}\n{outcome.sentence(asked)}")]
    words = f"{waiting.kind(asked)}: {waiting.question(asked)}"
    said = [blocks.section(f"{waiting.head(each.run)}\n{words}"), blocks.context(_about(cover, each))]
    return [*said, waiting.buttons(asked, cover.links.get(each.run.id, ""))]


def _about(cover: Cover, each: Waiting) -> str:
    asked, run = each.checkpoint, each.run
    by = f"Asked for by {mention(run.requester)}" if run.requester != cover.who else "You asked for this"
    who = deciders.who(asked.policy, asked.requester, run.channel) if cover.is_for_channel else ""
    until = f"until {figures.moment(asked.due_at)}" if asked.due_at else ""
    return " · ".join(filter(None, [by, f"decided by {who}" if who else "", until]))


def _group(heading: str, lines: Sequence[str], most: int) -> list[Block]:
    if not lines:
        return []
    more = [f"… and {len(lines) - most} more."] if len(lines) > most else []
    return [blocks.section("\n".join([f"*{heading}*", *(f"• {line}" for line in lines[:most]), *more]))]


def _going(rows: BriefRows) -> list[Told]:
    """Return what goes on beside the decisions: a run whose decision stands above is not told twice."""
    above = {each.run.id for each in _open(rows)}
    return [each for each in rows.going if each.run.state not in ENDED and each.run.id not in above]


def _with(rows: BriefRows, state: RunState) -> list[Told]:
    return [each for each in (*rows.ended, *rows.going) if each.run.state is state]


def _without_result(rows: BriefRows) -> list[Told]:
    return [*_with(rows, RunState.FAILED), *_with(rows, RunState.STOPPED)]


def _result(rows: BriefRows, told: Told) -> str:
    if told.run.channel in rows.left:
        return f"{waiting.LEFT}."
    said = f" {waiting.shortened(_first_sentence(told.summary))}" if told.summary else ""
    return f"{_head(rows, told.run)}:{said} {_judgement(told)}"


def _judgement(told: Told) -> str:
    match told.judged:
        case (by, True):
            return f"Accepted by {mention(by)}."
        case (by, False):
            return f"Not right, says {mention(by)}."
        case _:
            return "Nobody has accepted it yet."


def _end(rows: BriefRows, told: Told) -> str:
    if told.run.channel in rows.left:
        return f"{waiting.LEFT}."
    stopper = _STOPPER.fullmatch(told.run.error)
    why = f"Stopped by {mention(stopper[1])}." if stopper else waiting.shortened(told.run.error)
    return f"{_head(rows, told.run)}: {why or 'The reason was not recorded.'}"


def _way(rows: BriefRows, told: Told) -> str:
    run = told.run
    begins = f"begins {figures.moment(run.begin_at)}" if run.begin_at and run.begin_at > rows.cover.until else ""
    waits = "what was approved is being done" if told.doing else "waits for a decision"
    stands = {RunState.WAITING: waits, RunState.PAUSED: "paused"}.get(run.state, "")
    far = f"{told.done} of {told.total} done" if told.total > 1 else ""
    wanted = f"wanted by {figures.moment(run.due_at)}" if run.due_at else ""
    return ", ".join(filter(None, [_head(rows, run), begins or stands, far, wanted]))


def _scheduled(schedule: Schedule) -> str:
    at = figures.moment(schedule.next_at) if schedule.next_at else ""
    words = text.escape(text.title(schedule.request, waiting.LONGEST_TITLE, "a request"))
    return f"{at}, {Repeat.from_text(schedule.repeat).words()}: {words}"


def _cost(rows: BriefRows) -> Block:
    since = figures.moment(rows.cover.since)
    whose = "Runs of this channel" if rows.cover.is_for_channel else "Your runs"
    spent = rows.spend.words() if rows.spend.usd or rows.spend.tokens else "nothing"
    return blocks.context(f"{whose} spent since {since}: {spent}")


def _head(rows: BriefRows, run: Run) -> str:
    if run.channel in rows.left:
        return waiting.LEFT
    link = rows.cover.links.get(run.id, "")
    return f"{waiting.head(run)} (<{link}|thread>)" if link else waiting.head(run)


def _first_sentence(words: str) -> str:
    plain = " ".join(_MARKS.sub("", words).split())
    return _SENTENCE.split(plain, maxsplit=1)[0]
