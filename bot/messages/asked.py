"""What each kind of checkpoint asks: what is decided on, what each answer does, and what may go wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import blocks, figures, markdown, text
from bot.messages.blocks import Block
from bot.messages.rows import CheckpointRows
from storage.words import CheckpointKind

_MOST_POINTS: Final = 5  # open points of a review a card names; the rest are counted
_STOP: Final = "*Stop*: the run ends here. Nothing more is done or spent."


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
            return _draft(rows, room, "A draft waits for your decision")
        case CheckpointKind.ESCALATION if "failed" in rows.checkpoint.payload:
            return _failure(rows)
        case CheckpointKind.ESCALATION:
            return _draft(rows, room, "Review did not come to an end")
        case CheckpointKind.EFFECT | CheckpointKind.BUDGET:
            return _other(rows, room)


def _fields(rows: CheckpointRows) -> Question:
    fields = rows.checkpoint.payload.get("fields", ())
    asked = [_field(field) for field in fields[:20]]
    more = [f"… and {len(fields) - 20} more in the form."] if len(fields) > 20 else []
    effects = ("*Answer*: your words reach the work as you write them, and it goes on.", _STOP)
    body = (blocks.rich(blocks.bullets([*asked, *more] or ["See the form."])), *_because(rows))
    return Question("A question for you", body, effects, "None: only this work sees what you answer.", "Question")


def _field(field: Mapping[str, Any]) -> str:
    asked = text.shorten(str(field.get("question") or field.get("name", "")), 300)
    return f"{asked} (you may leave this out)" if field.get("optional") else asked


def _because(rows: CheckpointRows) -> list[Block]:
    why = text.shorten(str(rows.checkpoint.payload.get("why", "")), 400)
    return [blocks.rich(blocks.line("Asked because of this:"), blocks.quote(why))] if why else []


def _plan(rows: CheckpointRows, room: int) -> Question:
    payload = rows.checkpoint.payload
    plan: Mapping[str, Any] = payload.get("plan", {})
    receipt: Mapping[str, Any] = payload.get("receipt", {})
    body = [blocks.rich(_tasks(plan.get("tasks", ()), room)), *_expected(receipt)]
    for label, words in (("Why, in the agent's words:", plan.get("reason")), ("Remark:", payload.get("remark"))):
        if words:
            body.append(blocks.rich(blocks.line(label), blocks.quote(text.shorten(str(words), 400))))
    effects = (
        "*Approve*: this plan runs, exactly as shown.",
        "*Edit and approve*: you drop tasks or change instructions, and your version runs.",
        "*Send back*: a new plan is made with your reason, word for word.",
        _STOP,
    )
    risk = "It spends what is expected above, perhaps more. Nothing is sent to anyone outside this thread."
    return Question("A plan waits for your decision", tuple(body), effects, risk, "Plan")


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
    lines = [f"*Expected*: {chosen}"] if chosen else []
    lines += [f"*One agent alone*: {alone}"] if alone and alone != chosen else []
    return [blocks.section("\n".join(lines))] if lines else []


def _draft(rows: CheckpointRows, room: int, head: str) -> Question:
    body = [*_beginning(rows, room), *_changed(rows, room), *_points(rows)]
    reader = "the work goes on with exactly this version" if rows.next else "exactly this version is the result"
    effects = (
        f"*Approve*: {reader}.",
        "*Edit and approve*: you change the text, and your version goes on.",
        "*Send back*: a new version is made with your reason, word for word.",
        _STOP,
    )
    risk = "A mistake in it goes on into what follows. Nothing is sent to anyone outside this thread."
    return Question(head, tuple(body), effects, risk, "Draft")


def _beginning(rows: CheckpointRows, room: int) -> list[Block]:
    """Return the text or as much of it as there is room for, said as what it is."""
    whole = rows.artifact.text if rows.artifact else str(rows.checkpoint.payload.get("summary", ""))
    if not whole.strip():
        return [blocks.context("The text is empty.")]
    part = text.beginning(whole, room) if room else ""
    if len(part) == len(whole):
        by = blocks.author(rows.artifact.made_by if rows.artifact else "")
        return [blocks.context(f"The whole text, as {by} wrote it:"), *markdown.blocks(part, rows.hosts)]
    seen = f"The first {len(part):,} of {len(whole):,} characters. *Read all* shows the whole text." if part else (
        f"The text has {len(whole):,} characters. *Read all* shows it."
    )
    return [*markdown.blocks(part, rows.hosts), blocks.context(seen)]


def _changed(rows: CheckpointRows, room: int) -> list[Block]:
    diff = str(rows.checkpoint.payload.get("changed", ""))
    if not diff:
        return []
    return [
        blocks.rich(
            blocks.line("What changed since the version that was sent back:", bold=True),
            blocks.preformatted(text.shorten(diff, max(200, room // 2))),
        )
    ]


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
    effects = ("*Try again*: the task begins anew, with everything it had.", _STOP)
    risk = "Another attempt costs again and may end the same way."
    return Question("Something could not be done", body, effects, risk, "Failed task")


def _other(rows: CheckpointRows, room: int) -> Question:
    """Show every field of what is decided on; none is left out unsaid."""
    longest = max(80, room // max(1, len(rows.checkpoint.payload)))
    lines = [f"{name}: {text.shorten(str(value), longest)}" for name, value in rows.checkpoint.payload.items()]
    effects = ("*Approve*: it happens exactly as shown.", "*Send back*: your reason goes to the agent.", _STOP)
    head = "A budget waits for your decision" if rows.checkpoint.kind is CheckpointKind.BUDGET else (
        "An act with effects waits for your decision"
    )
    body = (blocks.rich(blocks.bullets(lines or ["Nothing more is known about it."])),)
    return Question(head, body, effects, "It cannot be taken back once done.", rows.checkpoint.kind.capitalize())
