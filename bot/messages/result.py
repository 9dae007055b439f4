"""What a run came to: a new message in its thread, so that people are told. The document follows as a file."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bot.messages import actions, blocks, deeds, figures, holes, markdown, text
from bot.messages.blocks import Block, mention
from bot.messages.rows import ResultRows
from bot.messages.said import Said
from storage.standing import ACCEPTED
from storage.words import RunState

WHOLE: Final = 3_500  # characters of a result short enough to be read where it is; longer ones are summed up
SHORT: Final = 900  # the same where its maker summed it up: the summary is read, the text is in the file
LONGEST_SUMMARY: Final = 1_500
_MOST: Final = 8  # items of one list; the rest are counted


def build(rows: ResultRows) -> Said:
    """Return the result: the text or its summary, what was left open, holes by name, cost and time."""
    shapes = (_card(rows, shown) for shown in _bodies(rows))
    card = next((card for card in shapes if blocks.fits(card)), _card(rows, []))
    title = text.escape(text.title(rows.run.title, 200, "your request"))
    gaps = len(_open(rows)) + len(_holes(rows))
    left = f"{figures.counted(gaps, 'point')} left open." if gaps else "Nothing is left open."
    said = f"{mention(rows.run.requester)}, “{title}” is done. {left} {_follows(rows)}"
    return Said(said, tuple(card))


def _bodies(rows: ResultRows) -> Iterator[list[Block]]:
    """Yield how the text may be shown, richest first."""
    whole = rows.artifact.text
    summary = rows.handoff.summary if rows.handoff else ""
    if len(whole) <= (SHORT if summary else WHOLE):
        yield _whole(rows)
    for room in (LONGEST_SUMMARY, 600):
        words = summary or text.beginning(whole, room)
        label = "Summary, in the agent's words:" if summary else "How it begins:"
        yield [blocks.context(label), *markdown.blocks(text.shorten(words, room), rows.addresses)]


def _follows(rows: ResultRows) -> str:
    if len(rows.files) < 2:
        return "The document follows as a file."
    return f"The document follows as {len(rows.files)} files: {', '.join(f'`{name}`' for name in rows.files)}."


def _whole(rows: ResultRows) -> list[Block]:
    by = blocks.author(rows.artifact.made_by)
    return [blocks.context(f"The whole text, as {by} wrote it:"), *markdown.blocks(rows.artifact.text, rows.addresses)]


def _card(rows: ResultRows, shown: Sequence[Block]) -> list[Block]:
    head = [blocks.header(f"Done: {text.title(rows.run.title, 120, 'your request')}")]
    asked = [blocks.context(f"Asked for by {mention(rows.run.requester)}")]
    left = [*_listed("Left open", _open(rows)), *_listed("What is missing", _holes(rows))]
    done = [blocks.section("\n".join(said))] if (said := deeds.done(rows.effects)) else []
    files = [blocks.context(_follows(rows))] if len(rows.files) > 1 else []
    return [*head, *asked, *shown, *done, *left, *files, blocks.context(_small(rows)), *_judging(rows)]


def _judging(rows: ResultRows) -> list[Block]:
    """Return what people said of the result, and the buttons to say it; an older one has none."""
    if not rows.is_newest:
        return [blocks.context("A newer result stands further down.")]
    if rows.run.state is not RunState.DONE:
        return [blocks.context("*Reopened*: a new version is being made. This one stays here as it was.")]
    value = actions.run_value(rows.run.id)
    reopen = blocks.button("Reopen…", actions.RUN_REOPEN, value)
    accept = blocks.button("👍 Accept", actions.RUN_ACCEPT, value)
    return [*_verdict(rows), blocks.actions(accept, blocks.button("👎 Not right", actions.RUN_REFUSE, value), reopen)]


def _verdict(rows: ResultRows) -> list[Block]:
    if (said := rows.verdict) is None:
        return []
    by, at = mention(said.by), figures.moment(said.at)
    if said.kind == ACCEPTED:
        return [blocks.section(f"👍 *Accepted* by {by} · {at}")]
    return [blocks.section(f"👎 *Not right*, says {by} · {at}. *Reopen…* has a part of it done again, with your note.")]


def _listed(heading: str, items: Sequence[str]) -> list[Block]:
    if not items:
        return []
    more = [f"… and {len(items) - _MOST} more."] if len(items) > _MOST else []
    named = [text.shorten(item, 240) for item in items[:_MOST]]
    return [blocks.rich(blocks.line(f"{heading}:", bold=True), blocks.bullets([*named, *more]))]


def _open(rows: ResultRows) -> list[str]:
    """Return what the agents could not answer and what review found that nobody mended."""
    questions = list(rows.handoff.open_questions) if rows.handoff else []
    points = (_point(problem) for problem in rows.artifact.problems)
    return [*questions, *(point for point in points if not any(one.endswith(point) for one in questions))]


def _point(problem: dict[str, Any]) -> str:
    return str(problem.get("message") or problem.get("rule") or "A point of the review without words.")


def _holes(rows: ResultRows) -> list[str]:
    """Return what could not be done or read: named holes."""
    return [*holes.undone(rows.tasks), *deeds.left(rows.effects), *holes.unread(rows.documents)]


def _small(rows: ResultRows) -> str:
    lasted = (rows.run.ended_at or rows.now) - rows.run.created_at
    version = f"version {rows.artifact.version}, text {figures.short(rows.artifact.sha256)}"
    label = text.escape(rows.artifact.label)
    facts = [rows.spend.words(), figures.duration(lasted), _compared(rows), version, label]
    return " · ".join([fact for fact in facts if fact])


def _compared(rows: ResultRows) -> str:
    expected = figures.predicted(rows.run.receipt)
    together = rows.run.receipt.get("coordination", 0.0)
    said = [f"expected {expected}"] if expected else []
    said += [f"{together:.0%} of the tokens for planning and handing on"] if together else []
    return " · ".join(said)
