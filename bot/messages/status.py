"""The one status message of a run, edited in place."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.messages import actions, attempts, blocks, control, deciders, figures, text
from bot.messages.blocks import Block
from bot.messages.rows import RunRows
from bot.messages.said import Said
from storage.tables import Checkpoint, Run, Task
from storage.words import ENDED, CheckpointKind, Route, RunState, TaskKind, TaskState

MOST_CARDS: Final = 20  # Slack shows 50; past this, one card a station reads better
DOING: Final = "What was approved is being done."
LONGEST_REASON: Final = 400  # characters of an agent's reason
_MOST_RESTING: Final = 3  # tasks whose next attempt is said
_LONGEST_NAME: Final = 120  # characters of a task's title

_SHOWN: Final = {
    TaskState.BLOCKED: "pending", TaskState.QUEUED: "pending", TaskState.WORKING: "in_progress",
    TaskState.ASKING: "pending", TaskState.DONE: "complete", TaskState.FAILED: "error",
    TaskState.STOPPED: "error",
}  # fmt: skip
_INTAKE: Final = {TaskKind.TRIAGE: "Understand the request", TaskKind.PLAN: "Plan the work"}
_HEADS: Final = {
    RunState.WORKING: "Working", RunState.WAITING: "Waiting for a decision", RunState.PAUSED: "Paused",
    RunState.DONE: "Done", RunState.FAILED: "Ended without a result", RunState.STOPPED: "Stopped",
}  # fmt: skip
_AWAITED: Final = {
    CheckpointKind.PLAN: "to decide on the plan", CheckpointKind.DRAFT: "to decide on a draft",
    CheckpointKind.QUESTION: "to answer a question", CheckpointKind.EFFECT: "to decide on an act with effects",
    CheckpointKind.BUDGET: "to decide on the budget", CheckpointKind.ESCALATION: "to decide how to go on",
}  # fmt: skip
Seen = tuple[Task, TaskState]  # a task, and the state it is shown in
_STOPPER: Final = re.compile(r"Stopped by <@([UW][A-Z0-9]+)>\.")


def build(rows: RunRows) -> Said:
    """Return the status of a run: route, plan, progress, time, spend, who is awaited, what comes next."""
    title = text.title(rows.run.title, 100, "Your request")
    card = [blocks.header(f"{_head(rows)}: {title}"), *_route(rows), *_plan(rows), *_standing(rows)]
    return Said(_sentence(rows, title), (*card, *_buttons(rows)))


def summary(rows: RunRows) -> str:
    """Return how a run stands in two short lines for a list of runs (mrkdwn)."""
    stands = " · ".join(filter(None, [_head(rows), _progress(rows), figures.money(rows.spend.usd)]))
    said = [*_held(rows), *_times(rows)[:1], *_open(rows)[:2], *_again(rows)[:1], *_next(rows)]
    return "\n".join([stands, *([" ".join(said)] if said else [])])


def _sentence(rows: RunRows, title: str) -> str:
    """Say the whole message in a line, for notifications and screen readers."""
    said = f"{_head(rows)}: {text.escape(title)}. {_progress(rows)}".strip()
    return " ".join([said, *_held(rows), *_times(rows), *_open(rows), *_again(rows), *_end(rows)])


def _head(rows: RunRows) -> str:
    """Say in a word or two how the run stands; what waits for nobody waits for no decision."""
    if rows.run.state is not RunState.WAITING or rows.open:
        return _HEADS[rows.run.state]
    if rows.doing:
        return "Doing what was approved"
    return "Waiting for its time" if _begins_later(rows) else _HEADS[rows.run.state]


def _begins_later(rows: RunRows) -> bool:
    return rows.run.begin_at is not None and rows.run.begin_at > rows.now and rows.run.state not in ENDED


def _times(rows: RunRows) -> list[str]:
    """Return whose it is now, when the work begins and by when it is wanted, in the reader's own time."""
    return [*_handed(rows.run), *_moments(rows)]


def _handed(run: Run) -> list[str]:
    if not run.handed_by:
        return []
    return [f"Handed over by {blocks.mention(run.handed_by[-1])} to {blocks.mention(run.requester)}."]


def _moments(rows: RunRows) -> list[str]:
    run = rows.run
    if run.state in ENDED:
        return []
    begins = f"Begins: {figures.moment(run.begin_at)}." if run.begin_at and _begins_later(rows) else ""
    wanted = f"Wanted by: {figures.moment(run.due_at)}." if run.due_at else ""
    late = "That has passed." if run.due_at and run.due_at <= rows.now else ""
    held = "What comes up in the night is asked in the morning." if run.night else ""
    return [said] if (said := " ".join(filter(None, (begins, wanted, late, held)))) else []


def _route(rows: RunRows) -> list[Block]:
    run = rows.run
    ways = {
        Route.ANSWER.value: "One agent answers this.",
        Route.LINE.value: f"This goes down the line “{text.escape(run.line)}”.",
        Route.PLAN.value: "No line fits, so this has a plan of its own.",
    }
    if not (way := ways.get(run.route, "")):
        return []
    cost = figures.predicted(run.receipt)
    told = [blocks.section(way + (f" Expected: {cost}." if cost else ""))]
    why = text.shorten(run.reason, LONGEST_REASON)
    return [*told, blocks.rich(blocks.line("Why, in the agent's words:"), blocks.quote(why))] if why else told


def _plan(rows: RunRows) -> list[Block]:
    if not rows.tasks:
        return []
    tasks = _work(rows) or list(rows.tasks)
    seen = [(task, _state(rows, task)) for task in tasks]
    cards = [_card(rows, task, state) for task, state in seen] if len(seen) <= MOST_CARDS else _by_station(seen)
    return [{"type": "plan", "title": "Plan" if _work(rows) else "Before the work", "tasks": cards[:50]}]


def _state(rows: RunRows, task: Task) -> TaskState:
    """Return a task's state; in a run that ended nothing works or waits any more."""
    unfinished = task.state not in {TaskState.DONE, TaskState.FAILED}
    return TaskState.STOPPED if rows.run.state in ENDED and unfinished else task.state


def _card(rows: RunRows, task: Task, state: TaskState) -> Block:
    card: Block = {"type": "task_card", "task_id": task.key, "title": _name(task), "status": _SHOWN[state]}
    card |= {"status": "in_progress"} if task.key in rows.doing and state is TaskState.ASKING else {}
    return {**card, "details": blocks.rich(blocks.line(said))} if (said := _detail(rows, task, state)) else card


def _detail(rows: RunRows, task: Task, state: TaskState) -> str:
    match state:
        case TaskState.ASKING if task.key in rows.doing:
            return DOING
        case TaskState.ASKING:
            return "A person is asked."
        case TaskState.FAILED:
            return text.shorten(task.error, 300) or "This could not be done."
        case TaskState.STOPPED:
            return "Stopped."
        case TaskState.BLOCKED | TaskState.QUEUED if task.failures:
            return f"This failed and is tried again by itself. {text.shorten(attempts.why(task), 300)}"
        case TaskState.WORKING if task.failures:
            return f"Attempt {task.attempt}; the one before failed. {text.shorten(attempts.why(task), 300)}"
        case _:
            return f"Attempt {task.attempt}." if task.attempt > 1 and state is TaskState.WORKING else ""


def _by_station(seen: Sequence[Seen]) -> list[Block]:
    """Return one card a station, in page order, when there are too many tasks to read."""
    return [_station(name, list(found)) for name, found in groupby(seen, _station_name)]


def _station_name(seen: Seen) -> str:
    task, _ = seen
    return text.title(str(task.spec.get("station") or _name(task)), _LONGEST_NAME, task.key)


def _station(name: str, seen: Sequence[Seen]) -> Block:
    ended = sum(state in {TaskState.DONE, TaskState.FAILED, TaskState.STOPPED} for _, state in seen)
    states = {_SHOWN[state] for _, state in seen}
    whole = states.pop() if len(states) == 1 else ("in_progress" if ended < len(seen) else "error")
    first, _ = seen[0]
    return {"type": "task_card", "task_id": first.key, "title": f"{name} ({ended} of {len(seen)})", "status": whole}


def _standing(rows: RunRows) -> list[Block]:
    """Return how far it is, what it took, who is awaited and what comes next."""
    until = rows.run.ended_at or rows.now
    facts = [_progress(rows), figures.duration(until - rows.run.created_at), rows.spend.words(), _cap(rows.run)]
    small = [blocks.context(" · ".join([fact for fact in [*facts, text.escape(rows.mode)] if fact]))]
    said = [*_end(rows), *_held(rows), *_times(rows), *_open(rows), *_again(rows), *_next(rows)]
    return [*([blocks.section("\n".join(said))] if said else []), *small]


def _cap(run: Run) -> str:
    """Return the budget people gave this very run; the policy's is not news."""
    by_hand = run.cap_usd is not None and run.state not in ENDED
    return f"may spend {figures.money((run.cap_usd or 0) + run.extra_usd)}" if by_hand else ""


def _progress(rows: RunRows) -> str:
    tasks = _work(rows)
    return figures.bar(sum(task.state is TaskState.DONE for task in tasks), len(tasks)) if tasks else ""


def _held(rows: RunRows) -> list[str]:
    return control.standing(rows) if rows.run.state not in ENDED else []


def _open(rows: RunRows) -> list[str]:
    """Return a sentence for each open question: whom it waits for, and for what; and one for what is being done."""
    if rows.run.state in ENDED:
        return []
    doing = [DOING] if rows.doing and rows.run.state is not RunState.PAUSED else []
    return [*doing, *(_awaits(one, rows.run.channel) for one in rows.open)]


def _awaits(checkpoint: Checkpoint, channel: str) -> str:
    who, todo = deciders.who(checkpoint.policy, checkpoint.requester, channel), deciders.hint(checkpoint.policy, channel)
    return f"Waiting for {who} {_AWAITED[checkpoint.kind]}. {todo}".strip()


def _again(rows: RunRows) -> list[str]:
    """Return a sentence for each task that rests after a failure: when it is tried again, in the reader's own time."""
    if rows.run.state in ENDED:
        return []
    resting = [(task, at) for task in rows.tasks if (at := attempts.next_at(task, rows.now))]
    shown = [f"“{text.escape(_name(task))}” failed. Next attempt, by itself: {figures.moment(at)}." for task, at in resting]
    return [*shown[:_MOST_RESTING], *([f"… and {len(shown) - _MOST_RESTING} more rest."] if shown[_MOST_RESTING:] else [])]


def _next(rows: RunRows) -> list[str]:
    waiting = [task for task in _work(rows) if task.state in {TaskState.BLOCKED, TaskState.QUEUED}]
    if rows.run.state in ENDED or not waiting:
        return []
    names = [f"“{text.escape(_name(task))}”" for task in waiting[:2]]
    more = f" and {len(waiting) - 2} more" if len(waiting) > 2 else ""
    return [f"Next: {', then '.join(names)}{more}."]


def _end(rows: RunRows) -> list[str]:
    match rows.run.state:
        case RunState.DONE:
            holes = sum(task.state is TaskState.FAILED for task in rows.tasks)
            lost = f" {figures.counted(holes, 'part')} could not be done; the result says which." if holes else ""
            return [f"The result is in this thread.{lost}"]
        case RunState.FAILED:
            return [text.escape(text.shorten(rows.run.error, 400)) or "The reason was not recorded."]
        case RunState.STOPPED:
            stopper = _STOPPER.fullmatch(rows.run.error)
            return [f"Stopped by {blocks.mention(stopper[1])}. Nothing more is done or spent."] if stopper else [
                "Nothing more is done or spent."
            ]
        case _:
            return []


def _buttons(rows: RunRows) -> list[Block]:
    if rows.run.state in ENDED:
        return []
    sure = blocks.confirm(
        "Stop this run?", "No agent goes on, and open questions are withdrawn. What is done so far is kept.",
        "Stop it", "Let it go on",
    )
    stop = blocks.button("Stop", actions.RUN_STOP, actions.run_value(rows.run.id), style="danger", confirm=sure)
    return [blocks.actions(stop, control.menu(rows))]


def _work(rows: RunRows) -> list[Task]:
    return [task for task in rows.tasks if task.kind is TaskKind.WORK]


def _name(task: Task) -> str:
    return _INTAKE.get(task.kind) or text.title(str(task.spec.get("title", "")), _LONGEST_NAME, task.key)
