"""What a run is steered with: its menu, the forms that opens, what they hold, and how it stands by people's hands."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.messages import actions, blocks, figures, text
from bot.messages.actions import RunDeed
from bot.messages.blocks import Block, mention
from bot.messages.drafts import FIELD
from bot.messages.figures import Spend
from bot.messages.rows import RunRows
from storage.tables import Checkpoint, Run, Task
from storage.words import TaskKind, TaskState

TASK: Final = "task"  # block ids of what the forms ask
NOTE: Final = "note"
CAP: Final = "cap"
MOMENT: Final = "moment"
PERSON: Final = "person"
LONGEST_NOTE: Final = 3_000
_MOST_TASKS: Final = 100  # options of a select
_LONGEST_OPTION: Final = 75

_OFFERS: Final = {
    RunDeed.PAUSE: "Pause", RunDeed.RESUME: "Resume", RunDeed.BEGIN_NOW: "Begin now", RunDeed.AGAIN: "Run a task again…",
    RunDeed.CAP: "Budget…", RunDeed.DEADLINE: "Deadline…", RunDeed.HAND_OVER: "Hand over…",
}  # fmt: skip


def menu(rows: RunRows) -> Block:
    """Return the menu of a run under way: only what can be done with it now."""
    return overflow(actions.RUN_MENU, [(_OFFERS[deed], actions.menu_value(rows.run.id, deed)) for deed in _deeds(rows)])


def overflow(action_id: str, offers: Sequence[tuple[str, str]]) -> Block:
    """Return a menu behind three dots, of (words, value) pairs."""
    options = [{"text": blocks.plain_text(words), "value": value} for words, value in offers]
    return {"type": "overflow", "action_id": action_id, "options": options}


def _deeds(rows: RunRows) -> list[RunDeed]:
    going = RunDeed.BEGIN_NOW if begins_later(rows) else RunDeed.PAUSE
    first = RunDeed.RESUME if rows.run.paused else going
    again = [RunDeed.AGAIN] if repeatable(rows.tasks) else []
    return [first, *again, RunDeed.CAP, RunDeed.DEADLINE, RunDeed.HAND_OVER]


def begins_later(rows: RunRows) -> bool:
    """Return whether the run waits for its window."""
    return rows.run.begin_at is not None and rows.run.begin_at > rows.now


def repeatable(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks that can be run again: the plan's own that have begun."""
    return [task for task in tasks if task.kind is TaskKind.WORK and task.state is not TaskState.BLOCKED]


def standing(rows: RunRows) -> list[str]:
    """Return why nothing starts just now, by whose hand and since when, a sentence each (mrkdwn)."""
    said = []
    if rows.halt is not None:
        why = text.escape(text.shorten(rows.halt.why, 300)).rstrip(".")
        since = f"Everything here was stopped by {mention(rows.halt.by)}, {figures.moment(rows.halt.at)}"
        said.append(f"{since}{f': “{why}”' if why else ''}. An admin lets it go on with `/jidoka go on`.")
    if rows.run.paused:
        by = f" by {mention(rows.paused_by)}" if rows.paused_by else ""
        at = f", {figures.moment(rows.paused_at)}" if rows.paused_at else ""
        how = "in its menu, or with `resume` in the thread"
        said.append(f"Paused{by}{at}. Nothing starts until somebody resumes it: {how}.")
    return said


def again(run: Run, tasks: Sequence[Task]) -> Block:
    """Return the form that asks which task to run again, and what should be different; the last task comes first."""
    options = [_option(task) for task in reversed(repeatable(tasks)[-_MOST_TASKS:])]
    wanted: Block = {"type": "static_select", "action_id": FIELD, "options": options, "initial_option": options[0]}
    note: Block = {"type": "plain_text_input", "action_id": FIELD, "multiline": True, "max_length": LONGEST_NOTE}
    hint = "It reaches whoever does the task, word for word. Left empty, the task is done anew as it was."
    asked = [
        blocks.context("The task and all that builds on it are done anew. What was made so far stays as an older version."),
        _input(TASK, "Which task?", wanted), _input(NOTE, "What should be different?", note, hint=hint, optional=True),
    ]  # fmt: skip
    return _form(actions.AGAIN_FORM, "Run a task again", "Run it again", actions.run_value(run.id), asked)


def cap(run: Run, spend: Spend) -> Block:
    """Return the form that asks at which spend a run shall ask."""
    element: Block = {"type": "number_input", "action_id": FIELD, "is_decimal_allowed": True, "min_value": "0.01"}
    if run.cap_usd is not None:
        element["initial_value"] = f"{run.cap_usd:.2f}"
    hint = f"So far it has spent {spend.words()}. Once this much money is spent it stops and asks."
    asked = [_input(CAP, "At most, in US dollars", element, hint=hint)]
    return _form(actions.CAP_FORM, "Budget", "Set", actions.run_value(run.id), asked)


def deadline(run: Run) -> Block:
    """Return the form that asks by when the result is wanted."""
    element: Block = {"type": "datetimepicker", "action_id": FIELD}
    if run.due_at is not None:
        element["initial_date_time"] = int(run.due_at.timestamp())
    hint = "In your own time. When it is not ready by then, the thread is told; the work goes on."
    asked = [_input(MOMENT, "By when is the result wanted?", element, hint=hint)]
    return _form(actions.DEADLINE_FORM, "Deadline", "Set", actions.run_value(run.id), asked)


def hand_over(run: Run) -> Block:
    """Return the form that asks who takes a run over."""
    hint = "They answer its questions from now on. Whoever asked for it before still does not decide on its drafts."
    asked = [_input(PERSON, "Who takes this over?", {"type": "users_select", "action_id": FIELD}, hint=hint)]
    return _form(actions.HAND_OVER_FORM, "Hand over", "Hand over", actions.run_value(run.id), asked)


def delegate(asked_for: Checkpoint) -> Block:
    """Return the form that asks who else shall decide."""
    hint = "I write to them directly. Those who are asked already may still decide too."
    asked = [_input(PERSON, "Who shall decide?", {"type": "users_select", "action_id": FIELD}, hint=hint)]
    pointed = actions.to(asked_for).value()
    return _form(actions.DELEGATE_FORM, "Ask somebody else", "Ask", pointed, asked)


def chosen_task(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the task's key and the note of a submitted form."""
    chosen = _held(values, TASK).get("selected_option") or {}
    return str(chosen.get("value") or ""), str(_held(values, NOTE).get("value") or "").strip()


def chosen_cap(values: Mapping[str, Any]) -> float | None:
    """Return the US dollars of a submitted form; None when they are no number."""
    try:
        return float(str(_held(values, CAP).get("value") or ""))
    except ValueError:
        return None


def chosen_moment(values: Mapping[str, Any]) -> datetime | None:
    """Return the moment of a submitted form."""
    at = _held(values, MOMENT).get("selected_date_time")
    return datetime.fromtimestamp(int(at), UTC) if at else None


def chosen_person(values: Mapping[str, Any]) -> str:
    """Return the Slack user id of a submitted form."""
    return str(_held(values, PERSON).get("selected_user") or "")


def _held(values: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    return (values.get(block_id) or {}).get(FIELD) or {}


def _option(task: Task) -> Block:
    name = text.title(str(task.spec.get("title", "")), _LONGEST_OPTION, task.key)
    return {"text": blocks.plain_text(name), "value": task.key}


def _input(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    made: Block = {
        "type": "input", "block_id": block_id, "label": blocks.plain_text(label), "element": element, "optional": optional,
    }
    return {**made, "hint": blocks.plain_text(hint)} if hint else made


def _form(callback_id: str, title: str, submit: str, about: str, inside: Sequence[Block]) -> Block:
    return {
        "type": "modal", "callback_id": callback_id, "title": blocks.plain_text(title),
        "submit": blocks.plain_text(submit), "close": blocks.plain_text("Close"), "private_metadata": about,
        "blocks": list(inside),
    }
