"""The Home tab: what waits on its reader, their runs and schedules, and what the work came to. PURE."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.messages import blocks, control, figures, outcomes, schedules, several, status, waiting
from bot.messages.blocks import Block
from bot.messages.rows import RunRows
from bot.messages.waiting import Waiting
from storage.agenda import Schedule
from storage.outcomes import Figures

MOST_DECISIONS: Final = 10  # with theirs Home stays well under Slack's 100 blocks
MOST_RUNS: Final = 10
MOST_SCHEDULES: Final = 10
MOST_ALIKE: Final = 5
MOST_LINES: Final = 4  # of figures
FEWEST: Final = 5  # decisions or judged results: fewer say nothing of how the work goes
TOO_LITTLE: Final = "Too little to tell yet: people have decided fewer than five times in these weeks."
REFUSED: Final = "refused"  # the window that says why
QUIET: Final = "Nothing waits on you. When a decision is yours to make, it stands here."
HOW: Final = (
    "Mention me in a channel I am in, or write to me under *Messages*. Attach the files it rests on. For example:"
)
EXAMPLE: Final = "@jidoka compare these three offers for the sales team, at most 900 words, by 8 tomorrow"
SILENT: Final = (
    "Slack does not tell me just now who you are in {channels}: what waits on you there, and what runs of yours there say, "
    "is missing here."
)


@dataclass(frozen=True)
class Going:
    """A run of the reader's that has not ended."""

    rows: RunRows  # without tasks where it is ``nameless``: their titles tell what it is about
    link: str = ""
    nameless: str = ""  # what it is called where the reader may not look into its channel


@dataclass(frozen=True)
class HomeRows:
    """Everything a Home tab is made from."""

    user: str  # whose Home it is
    now: datetime
    waiting: tuple[Waiting, ...] = ()  # oldest first
    going: tuple[Going, ...] = ()  # newest first
    schedules: tuple[Schedule, ...] = ()  # the next to come first
    figures: Figures | None = None
    silent: tuple[str, ...] = ()  # channels Slack did not answer for


def view(rows: HomeRows) -> Block:
    """Return the Home view."""
    parts = [_decisions(rows), _runs(rows), _schedules(rows), _figures(rows), _help(rows)]
    shown = [[blocks.divider(), *part] for part in parts if part]
    return {"type": "home", "blocks": [block for part in shown for block in part][1:]}


def refused(said: str) -> Block:
    """Return the window that says why a press on Home did nothing (mrkdwn)."""
    return {
        "type": "modal", "callback_id": REFUSED, "title": blocks.plain_text("Nothing changed"),
        "close": blocks.plain_text("Close"), "blocks": [blocks.section(said)],
    }  # fmt: skip


def _decisions(rows: HomeRows) -> list[Block]:
    """Return what waits on the reader, with buttons that act here."""
    silent = [blocks.context(SILENT.format(channels=_channels(rows.silent)))] if rows.silent else []
    if not rows.waiting:
        return [blocks.header("Decisions"), *(silent or [blocks.section(QUIET)])]
    counted = blocks.header(f"{figures.counted(len(rows.waiting), 'decision')} waiting on you")
    shown = [part for one in rows.waiting[:MOST_DECISIONS] for part in (blocks.divider(), *_decision(one, rows))]
    more = len(rows.waiting) - MOST_DECISIONS
    rest = blocks.context(f"And {figures.counted(more, 'more decision')}: as you decide, they move up.")
    return [counted, *_alike(rows), *silent, *shown, *([rest] if more > 0 else [])]


def _channels(ids: Sequence[str]) -> str:
    named = [f"<#{each}>" for each in ids if not each.startswith("D")]
    return " and ".join([*named[:5], *(["other conversations"] if named[5:] or len(named) < len(ids) else [])])


def _alike(rows: HomeRows) -> list[Block]:
    found = list(several.groups(rows.waiting).items())[:MOST_ALIKE]
    made = [several.button(what, inside, named=len(found) > 1) for what, inside in found]
    return [blocks.actions(each) for each in made]  # Slack takes one button of a kind in a block


def _decision(one: Waiting, rows: HomeRows) -> list[Block]:
    held = one.checkpoint.held_until
    early = " · held until morning, and you can decide now" if held and held > rows.now else ""
    asked = f"{waiting.head(one.run)}\n{waiting.kind(one.checkpoint)}: {waiting.question(one.checkpoint)}"
    about = blocks.context(waiting.facts(one, rows.user) + early)
    return [blocks.section(asked), about, waiting.buttons(one.checkpoint, one.link)]


def _runs(rows: HomeRows) -> list[Block]:
    if not rows.going:
        return []
    more = len(rows.going) - MOST_RUNS
    rest = [blocks.context(f"And {figures.counted(more, 'older run')} of yours.")] if more > 0 else []
    return [blocks.header("Your runs"), *[_run(each) for each in rows.going[:MOST_RUNS]], *rest]


def _run(each: Going) -> Block:
    """Return a run in two lines, with its menu."""
    thread = f" (<{each.link}|thread>)" if each.link else ""
    head = f"*{each.nameless}*" if each.nameless else waiting.head(each.rows.run)
    said = f"{head}{thread}\n{status.summary(each.rows)}"
    return {**blocks.section(said), "accessory": control.menu(each.rows)}


def _schedules(rows: HomeRows) -> list[Block]:
    if not rows.schedules:
        return []
    more = len(rows.schedules) - MOST_SCHEDULES
    rest = [blocks.context(f"And {more} more: `/jidoka schedules` lists them all.")] if more > 0 else []
    return [blocks.header("Scheduled"), *schedules.listed(rows.schedules[:MOST_SCHEDULES], rows.now), *rest]


def _figures(rows: HomeRows) -> list[Block]:
    """Return what the work of the last weeks came to; who is slow or quick is not for everybody's Home."""
    if rows.figures is None or not (said := _sentences(rows.figures)):
        return []
    lines = blocks.section("\n".join(f"• {sentence}" for sentence in said))
    return [blocks.header("What the team's work came to"), blocks.context(outcomes.title(rows.figures)), lines]


def _sentences(given: Figures) -> list[str]:
    if not (known := max(given.whole.judged, given.whole.decisions)):
        return []
    if known < FEWEST:
        return [TOO_LITTLE]
    return outcomes.sentences(replace(given, signals=()), blocks.mention)[:MOST_LINES]


def _help(rows: HomeRows) -> list[Block]:
    """Say how to ask, where there is nothing of the reader's to look at."""
    if rows.waiting or rows.going or rows.schedules:
        return []
    more = blocks.context("`/jidoka help` says more, `/jidoka schedule` asks for something again and again.")
    return [blocks.header("How to ask"), blocks.section(HOW), blocks.rich(blocks.quote(EXAMPLE)), more]
