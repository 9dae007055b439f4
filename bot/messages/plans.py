"""A plan in a form: which tasks to keep, and what each is told; and the plan such a form makes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.messages import blocks, drafts, text
from bot.messages.blocks import Block

_GROUP: Final = 10  # options one row of checkboxes takes
_KEEP: Final = "keep-"  # and the row's number: the block ids of the checkboxes

PlanJson = Mapping[str, Any]


def form(plan: PlanJson) -> list[Block]:
    """Return the inputs: checkboxes of the tasks, all ticked, then each task's instructions."""
    tasks = plan.get("tasks", ())
    rows = [tasks[start : start + _GROUP] for start in range(0, len(tasks), _GROUP)]
    boxes = [_boxes(number, row) for number, row in enumerate(rows)]
    return [*boxes, *(block for task in tasks for block in _instructions(task))]


def edited(plan: PlanJson, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan as a submitted form wants it; the same plan when nobody edited.

    A dropped task is no longer needed by those that read it. Whether the plan can still run is for the plan checks.
    """
    kept = _kept(values)
    tasks = [_task(task, kept, values) for task in plan.get("tasks", ()) if task["key"] in kept]
    return {**plan, "tasks": tasks}


def _boxes(number: int, tasks: Sequence[PlanJson]) -> Block:
    options = [_option(task) for task in tasks]
    element = {"type": "checkboxes", "action_id": drafts.FIELD, "options": options, "initial_options": options}
    label = "Tasks to keep" if number == 0 else "More tasks to keep"
    return {
        "type": "input", "block_id": f"{_KEEP}{number}", "optional": True, "label": blocks.plain_text(label),
        "element": element,
    }


def _option(task: PlanJson) -> Block:
    name = text.title(str(task.get("title", "")), 75, task["key"])
    return {"text": blocks.plain_text(name), "value": task["key"]}


def _instructions(task: PlanJson) -> list[Block]:
    label = f"Instructions: {text.title(str(task.get('title', '')), 150, task['key'])}"
    return drafts.inputs(_name(task), label, str(task.get("instructions", "")))


def _kept(values: Mapping[str, Any]) -> set[str]:
    chosen = [value.get(drafts.FIELD) or {} for key, value in values.items() if key.startswith(_KEEP)]
    return {option["value"] for row in chosen for option in row.get("selected_options") or ()}


def _task(task: PlanJson, kept: set[str], values: Mapping[str, Any]) -> dict[str, Any]:
    needs = [need for need in task.get("needs", ()) if need in kept]
    return {**task, "needs": needs, "instructions": drafts.joined(values, _name(task))}


def _name(task: PlanJson) -> str:
    return f"task-{task['key']}"
