"""What each kind of checkpoint asks: what is decided on, what each answer does, and what may go wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import blocks, deeds, effects, figures, judged, markdown, text, waits
from bot.messages.blocks import Block
from bot.messages.rows import CheckpointRows
from storage.policy import NOT_FOR_REQUESTER
from storage.tables import Checkpoint
from storage.words import CheckpointKind, TaskKind

_MOST_POINTS: Final = 5  # open points of a review a card names; the rest are counted
_MOST_CHANGES: Final = 6  # changed lines a card shows; the rest are counted
_LONGEST_CHANGE: Final = 240  # characters of one changed line
_LONGEST_SUMMARY: Final = 600
_DASH: Final = re.compile(r"^[-*] ", re.MULTILINE)  # a list's mark, in words that are shown as they are
_CHANGE: Final = re.compile(r"(?:\+(?!\+\+ )|-(?!-- )).*[^\s|:-]")  # a line of a unified diff that adds or removes words
_ROW: Final = re.compile(r"\|(.*)\|")  # of a Markdown table
_STOP: Final = "*Stop*: the run ends here; nothing more is done or spent."


@dataclass(frozen=True)
class Question:
    """The parts of a card that its kind decides. ``effects`` and ``risk`` are mrkdwn of trusted words."""

    head: str
    body: tuple[Block, ...]
    effects: tuple[str, ...]
    risk: str
    kind: str  # what is decided on, in a word or two


def question(rows: CheckpointRows, room: int) -> Question:
    """Return what is asked; ``room`` is how many characters of a long text the card may show."""
    match rows.checkpoint.kind:
        case CheckpointKind.QUESTION:
            return _fields(rows)
        case CheckpointKind.PLAN:
            return _plan(rows, room)
        case CheckpointKind.DRAFT:
            return _draft(rows, room, "A draft waits for a decision")
        case CheckpointKind.ESCALATION if "failed" in rows.checkpoint.payload:
            return _failure(rows)
        case CheckpointKind.ESCALATION:
            return _draft(rows, room, "Review did not come to an end")
        case CheckpointKind.EFFECT:
            return _effect(rows, room)
        case CheckpointKind.BUDGET:
            return _budget(rows)


def _fields(rows: CheckpointRows) -> Question:
    fields = rows.checkpoint.payload.get("fields", ())
    asked = [_field(field) for field in fields[:20]]
    more = [f"… and {len(fields) - 20} more in the form."] if len(fields) > 20 else []
    then = ("*Answer*: the work goes on with your words.", _STOP)
    body = (blocks.rich(blocks.bullets([*asked, *more] or ["See the form."])), *_because(rows))
    return Question("A question waits for an answer", body, then, "none; only this work sees the answer.", "Question")


def _field(field: Mapping[str, Any]) -> str:
    asked = text.shorten(str(field.get("question") or field.get("name", "")), 300)
    return f"{asked} (you may leave this out)" if field.get("optional") else asked


def _because(rows: CheckpointRows) -> list[Block]:
    why = text.shorten(str(rows.checkpoint.payload.get("why", "")), 400)
    by_code = rows.checkpoint.task_key in {TaskKind.TRIAGE, TaskKind.PLAN}
    said = "Asked because of this:" if by_code else "An agent asks this, in its own words, while it works on:"
    return [blocks.rich(blocks.line(said), blocks.quote(why))] if why else []


def _plan(rows: CheckpointRows, room: int) -> Question:
    payload = rows.checkpoint.payload
    plan: Mapping[str, Any] = payload.get("plan", {})
    receipt: Mapping[str, Any] = payload.get("receipt", {})
    body = [blocks.rich(_tasks(plan.get("tasks", ()), room)), *_expected(receipt)]
    for label, words in (("Why, in the agent's words:", plan.get("reason")), ("Remark:", payload.get("remark"))):
        if words:
            body.append(blocks.rich(blocks.line(label), blocks.quote(text.shorten(str(words), 400))))
    then = (
        "*Approve*: this plan runs, exactly as shown.",
        "*Edit and approve*: drop tasks or reword them first.",
        "*Send back*: whoever plans is given your reason, and you are shown a plan again.",
        _STOP,
    )
    risk = "it may cost more than expected; nothing leaves this thread."
    return Question("A plan waits for a decision", tuple(body), then, risk, "Plan")


def _tasks(tasks: Sequence[Mapping[str, Any]], room: int) -> Block:
    longest = max(60, room // max(1, len(tasks)))
    lines = [blocks.line(text.shorten(_task(task), longest)) for task in tasks[:25]]
    return {"type": "rich_text_list", "style": "ordered", "elements": lines or [blocks.line("No tasks.")]}


def _task(task: Mapping[str, Any]) -> str:
    parts = [f"{task.get('title', task.get('key', 'Task'))} ({task.get('role', 'no role')})"]
    parts += [f"reviewed by {task['review']}"] if task.get("review") else []
    parts += ["then a person decides"] if task.get("ask") else []
    return ", ".join(parts)


def _expected(receipt: Mapping[str, Any]) -> list[Block]:
    chosen, alone = figures.predicted(receipt), figures.predicted(receipt, "one_agent")
    count = int(receipt.get("halved", 0))
    half = f" · half price for {figures.counted(count, 'task')} that can wait for message batches" if count else ""
    lines = [f"*Expected*: {chosen}{half}"] if chosen else []
    lines += [f"*One agent alone*: {alone}"] if alone and alone != chosen else []
    return [blocks.context("\n".join(lines))] if lines else []


def _draft(rows: CheckpointRows, room: int, head: str) -> Question:
    body = [*_versions(rows), *_changed(rows), *_points(rows), *judged.lines(rows.checkpoint.payload), *_text(rows, room)]
    reader = "the work goes on with exactly this version" if rows.next else "exactly this version is the result"
    then = (
        f"*Approve*: {reader}.",
        "*Edit and approve*: change the text first; your version counts.",
        "*Send back*: a new version is made from your reason.",
        _STOP,
    )
    risk = "a mistake goes on unseen; nothing leaves this thread."
    return Question(head, tuple(body), then, risk, "Draft")


def _text(rows: CheckpointRows, room: int) -> list[Block]:
    """Return the text where it is short, else what it says in its maker's words, and how to read all of it."""
    whole = rows.artifact.text if rows.artifact else str(rows.checkpoint.payload.get("summary", ""))
    if not whole.strip():
        return [blocks.context("The text is empty.")]
    by = blocks.author(rows.artifact.made_by if rows.artifact else "")
    if len(whole) <= room:
        return [blocks.context(f"The whole text, as {by} wrote it:"), *markdown.blocks(whole, rows.addresses)]
    size = f"{len(whole):,} characters"
    if room and (summary := text.shorten(str(rows.checkpoint.payload.get("summary", "")), _LONGEST_SUMMARY)):
        return [blocks.rich(blocks.quote(_DASH.sub("• ", summary))), blocks.context(f"Summary by {by}. *Read all*: {size}.")]
    part = text.beginning(whole, room) if room else ""
    seen = f"The first {len(part):,} of {size}. *Read all* shows them all." if part else f"*Read all* shows its {size}."
    return [*markdown.blocks(part, rows.addresses), blocks.context(seen)]


def _versions(rows: CheckpointRows) -> list[Block]:
    """Say what was tried where review did not come to an end."""
    tried = rows.checkpoint.payload.get("versions") or []
    shown = next((number for number, one in enumerate(tried, start=1) if one.get("shown")), 0)
    if len(tried) < 2 or not shown:
        return []
    points = [str(one.get("points", 0)) for one in tried]
    left = f"{', '.join(points[:-1])} and {points[-1]}"
    said = f"*{len(tried)} versions were made*: {left} points stayed open. This is version {shown}, the best."
    return [blocks.section(said)]


def _changed(rows: CheckpointRows) -> list[Block]:
    """Return the lines that changed since the last one that was sent back: gone ones struck out, new ones as they are."""
    lines = [line for line in str(rows.checkpoint.payload.get("changed", "")).splitlines() if _CHANGE.match(line)]
    if not lines:
        return []
    shown = [_change(line) for line in lines[:_MOST_CHANGES]]
    left = len(lines) - len(shown)
    more = [blocks.line(f"… and {figures.counted(left, 'more changed line')}.")] if left else []
    edited = bool(rows.checkpoint.payload.get("edited"))
    since = "the first one" if rows.checkpoint.payload.get("versions") else "the version that was sent back"
    heading = blocks.line("What the edit changed:" if edited else f"What changed since {since}:", bold=True)
    return [blocks.rich(heading, {"type": "rich_text_list", "style": "bullet", "elements": [*shown, *more]})]


def _change(line: str) -> Block:
    row = _ROW.fullmatch(said := line[1:].strip())
    said = " · ".join(cell.strip() for cell in row[1].split("|")) if row else said
    words = blocks.words_of(text.shorten(said, _LONGEST_CHANGE))
    if line.startswith("+"):
        return {"type": "rich_text_section", "elements": [blocks.words_of("New: "), words]}
    return {"type": "rich_text_section", "elements": [blocks.words_of("Gone: "), {**words, "style": {"strike": True}}]}


def _points(rows: CheckpointRows) -> list[Block]:
    problems = rows.checkpoint.payload.get("problems", ())
    if not problems:
        return []
    lines = [_point(problem) for problem in problems[:_MOST_POINTS]]
    more = [f"… and {len(problems) - _MOST_POINTS} more."] if len(problems) > _MOST_POINTS else []
    heading = f"The review left {figures.counted(len(problems), 'point')} open:"
    return [blocks.rich(blocks.line(heading, bold=True), blocks.bullets([*lines, *more]))]


def _point(problem: Mapping[str, Any]) -> str:
    found = text.shorten(str(problem.get("message") or problem.get("rule") or "A point without words."), 240)
    quoted = text.shorten(str(problem.get("quote", "")), 120)
    return f"{found} (“{quoted}”)" if quoted else found


def _failure(rows: CheckpointRows) -> Question:
    payload = rows.checkpoint.payload
    why = text.shorten(str(payload.get("failed", "")), 800) or "The reason was not recorded."
    body = (blocks.rich(blocks.line("What went wrong:", bold=True), blocks.quote(why)),)
    then = ("*Try again*: the task begins anew, with everything it had.", _STOP)
    risk = "another attempt costs again and may end the same way."
    return Question("Something could not be done", body, then, risk, "Failed task")


def _effect(rows: CheckpointRows, room: int) -> Question:
    """Show every field of what would be done; none is left out unsaid."""
    asked = rows.checkpoint
    shown = blocks.rich(blocks.bullets(effects.fields(asked.payload, room)))
    where = blocks.section(deeds.where(asked.payload))
    body = (*waits.opened_first(asked), where, shown, blocks.context(f"{deeds.OWN}\n{effects.digest(asked)}"))
    then = ("*Approve*: it happens exactly as shown.", "*Send back*: your reason goes to the agent.", _STOP)
    risk = "it cannot be taken back once done." if asked.effect in NOT_FOR_REQUESTER else "it can be undone by hand."
    return Question("An act with effects waits for a decision", body, then, risk, "Effect")


_ON_OR_NOT: Final = "going on takes time and may cost money; stopping here leaves work undone."


def _budget(rows: CheckpointRows) -> Question:
    payload = rows.checkpoint.payload
    whose = text.escape(str(payload.get("cap", "this run")))
    body = (blocks.section(f"*Spent*: {figures.used(payload)}, the budget of {whose}."),)
    then = (
        f"*{more(rows.checkpoint)}*: the work goes on where it stopped, and asks again when that is used up.",
        "*Finish with what there is*: what is not done yet is left out, and the result says so.",
        _STOP,
    )
    return Question("A budget is used up", body, then, _ON_OR_NOT, "Budget")


def more(asked: Checkpoint) -> str:
    """Return what the button that raises a budget says, such as ``Go on with $1.00 more``."""
    return f"Go on with {figures.more(asked.payload)} more"
