"""A plan in a form: which tasks to keep, who does each, in which order, what each is told, and one more; and back."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.messages import blocks, drafts, text
from bot.messages.blocks import Block

_GROUP: Final = 10  # options one row of checkboxes takes
_KEEP: Final = "keep-"  # and the row's number: the block ids of the checkboxes
_ROLE: Final = "role-"  # and a task's key
_PLACE: Final = "place-"
_NEW: Final = "new-"  # and what is asked of one more task
_LONGEST_KEY: Final = 40  # characters; of an artifact's name too
_DONE_WHEN: Final = "it does what its instructions say"
_WRAPPED: Final = re.compile(r"(?<=[^\s.!?:;|\\])\n(?![\s#>|`]|[-*+]\s|\d+[.)]\s)")  # a line cut to fit its page
_QUOTED: Final = re.compile(r"'([a-z0-9-]+)'")

PlanJson = Mapping[str, Any]
Roles = Mapping[str, Sequence[str]]  # the tools of each role that may work, by its name


def form(plan: PlanJson, roles: Roles | None = None) -> list[Block]:
    """Return the inputs: checkboxes of the tasks, all ticked; each task's role, place and words; then one more task."""
    tasks = plan.get("tasks", ())
    rows = [tasks[start : start + _GROUP] for start in range(0, len(tasks), _GROUP)]
    boxes = [_boxes(number, row) for number, row in enumerate(rows)]
    each = [_task_inputs(number, task, roles or {}, len(tasks)) for number, task in enumerate(tasks, start=1)]
    more = _one_more(tasks, roles) if roles else []
    return [*boxes, *(block for inputs in each for block in inputs), *more]


def edited(plan: PlanJson, values: Mapping[str, Any], roles: Roles | None = None) -> dict[str, Any]:
    """Return the plan as a submitted form wants it; the same plan when nobody edited.

    A dropped task is no longer needed by those that read it; another role brings its own tools; one more task is read by
    the last one, unless it reads that itself. Whether the plan can still run is for the plan checks.
    """
    kept = _kept(values)
    tasks = [_task(task, kept, values, roles or {}) for task in plan.get("tasks", ()) if task["key"] in kept]
    tasks = sorted(tasks, key=lambda task: _place(plan, task, values))  # equal places stay as they were
    return {**plan, "tasks": _with_new(tasks, values, roles or {})}


def problems(plan: PlanJson, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form itself cannot take, each sentence at its input: who reads stands behind who makes."""
    places = {task["key"]: number for number, task in enumerate(plan.get("tasks", ()))}
    titles = {task["key"]: str(task.get("title") or task["key"]) for task in plan.get("tasks", ())}
    found = {}
    for task in plan.get("tasks", ()):
        early = [need for need in task.get("needs", ()) if need in places and places[need] > places[task["key"]]]
        if early:
            at = f"{_PLACE}{task['key']}"
            found[at] = f"“{titles[task['key']]}” reads what “{titles[early[0]]}” makes, so it must come after it."
    if not _said(values, "title") and (_said(values, "instructions") or _chosen(values, f"{_NEW}role")):
        found[f"{_NEW}title"] = "Give the new task a title, or leave all of it empty."
    elif _said(values, "title") and not (_said(values, "instructions") and _chosen(values, f"{_NEW}role")):
        missing = "instructions" if not _said(values, "instructions") else "role"
        found[f"{_NEW}{missing}"] = "The new task needs this too."
    return {at: said for at, said in found.items() if at in values}


def at_inputs(sentences: Sequence[str], values: Mapping[str, Any]) -> dict[str, str]:
    """Return each sentence of the plan checks at the input it is about, several in a row; the rest at the first."""
    found: dict[str, str] = {}
    for sentence in sentences:
        at = _input_of(sentence, values)
        found[at] = f"{found[at]} {sentence}" if at in found else sentence
    return found


def _input_of(sentence: str, values: Mapping[str, Any]) -> str:
    keys = [key for key in _QUOTED.findall(sentence) if any(f"{kind}{key}" in values for kind in (_ROLE, _PLACE))]
    if not keys:
        is_new = (title := _said(values, "title")) and repr(_slug(title)) in sentence
        return f"{_NEW}instructions" if is_new else next(iter(values))
    order = (_PLACE, _ROLE) if "circle" in sentence or "in a row" in sentence else (_ROLE, _PLACE)
    return next(f"{kind}{keys[0]}" for kind in order if f"{kind}{keys[0]}" in values)


def _boxes(number: int, tasks: Sequence[PlanJson]) -> Block:
    options = [_option(task) for task in tasks]
    element = {"type": "checkboxes", "action_id": drafts.FIELD, "options": options, "initial_options": options}
    return _input(f"{_KEEP}{number}", "Tasks to keep" if number == 0 else "More tasks to keep", element)


def _option(task: PlanJson) -> Block:
    name = text.title(str(task.get("title", "")), 75, task["key"])
    return {"text": blocks.plain_text(name), "value": task["key"]}


def _task_inputs(number: int, task: PlanJson, roles: Roles, count: int) -> list[Block]:
    name = text.title(str(task.get("title", "")), 120, task["key"])
    words = drafts.inputs(_name(task), f"{number}. {name} · instructions", _flowing(str(task.get("instructions", ""))))
    if task["role"] not in roles:
        return words
    select = {"type": "static_select", "action_id": drafts.FIELD, "options": [_role(role) for role in sorted(roles)]}
    place = {"type": "number_input", "action_id": drafts.FIELD, "is_decimal_allowed": False}
    place |= {"initial_value": str(number), "min_value": "1", "max_value": str(count)}
    mine = {**select, "initial_option": _role(task["role"])}
    who = _input(f"{_ROLE}{task['key']}", f"{number}. {name} · role", mine, optional=False)
    where = _input(f"{_PLACE}{task['key']}", f"{number}. {name} · place", place, optional=False)
    return [*words, who, where] if count > 1 else [*words, who]


def _one_more(tasks: Sequence[PlanJson], roles: Roles) -> list[Block]:
    """Return the inputs of one more task; all empty means none."""
    line = {"type": "plain_text_input", "action_id": drafts.FIELD, "max_length": 80}
    words = {"type": "plain_text_input", "action_id": drafts.FIELD, "multiline": True, "max_length": drafts.LONGEST_INPUT}
    select = {"type": "static_select", "action_id": drafts.FIELD, "options": [_role(role) for role in sorted(roles)]}
    reads = {"type": "multi_static_select", "action_id": drafts.FIELD, "options": [_option(task) for task in tasks]}
    hint = "Nothing chosen: the request alone. What it makes is shown to the last task, unless it reads that one."
    return [
        blocks.divider(), _input(f"{_NEW}title", "One more task: title", line), _input(f"{_NEW}role", "Who does it", select),
        _input(f"{_NEW}instructions", "What it should do", words), _input(f"{_NEW}reads", "What it reads", reads, hint=hint),
    ]  # fmt: skip


def _role(name: str) -> Block:
    return {"text": blocks.plain_text(text.title(name, 75, "role")), "value": name}


def _input(block_id: str, label: str, element: Block, *, optional: bool = True, hint: str = "") -> Block:
    made: Block = {
        "type": "input", "block_id": block_id[:255], "optional": optional, "label": blocks.plain_text(label),
        "element": element,
    }
    return {**made, "hint": blocks.plain_text(hint)} if hint else made


def _kept(values: Mapping[str, Any]) -> set[str]:
    chosen = [value.get(drafts.FIELD) or {} for key, value in values.items() if key.startswith(_KEEP)]
    return {option["value"] for row in chosen for option in row.get("selected_options") or ()}


def _task(task: PlanJson, kept: set[str], values: Mapping[str, Any], roles: Roles) -> dict[str, Any]:
    needs = [need for need in task.get("needs", ()) if need in kept]
    said, was = drafts.joined(values, _name(task)), str(task.get("instructions", ""))
    told = {**task, "needs": needs, "instructions": was if said == _flowing(was) else said}
    role = _chosen(values, f"{_ROLE}{task['key']}")
    return {**told, "role": role, "tools": list(roles[role])} if role in roles and role != task["role"] else told


def _flowing(text: str) -> str:
    """Return the text with the lines of a paragraph put together: where a page was wrapped, a form wraps by itself."""
    return text if "```" in text else _WRAPPED.sub(" ", text)


def _place(plan: PlanJson, task: PlanJson, values: Mapping[str, Any]) -> int:
    was = next(number for number, one in enumerate(plan["tasks"], start=1) if one["key"] == task["key"])
    wanted = str((values.get(f"{_PLACE}{task['key']}") or {}).get(drafts.FIELD, {}).get("value") or "")
    return int(wanted) if wanted.isdecimal() else was


def _with_new(tasks: list[dict[str, Any]], values: Mapping[str, Any], roles: Roles) -> list[dict[str, Any]]:
    title, role, words = _said(values, "title"), _chosen(values, f"{_NEW}role"), _said(values, "instructions")
    if not (title and words and role in roles and tasks):
        return tasks
    there, (*before, end) = {task["key"] for task in tasks}, tasks
    reads = [key for key in _several(values, f"{_NEW}reads") if key in there]
    key = _free(_slug(title), there | {task["makes"] for task in tasks})
    new: dict[str, Any] = {"key": key, "title": title, "station": title, "role": role, "needs": reads, "makes": key}
    new |= {"instructions": words}
    new |= {"item": "", "done_when": [_DONE_WHEN], "review": "", "ask": "", "sections": [], "most_words": None}
    new |= {"tools": list(roles[role]), "limits": end.get("limits", {})}
    if end["key"] in reads:
        return [*tasks, new]
    return [*before, new, {**end, "needs": [*end.get("needs", ()), key]}]


def _free(key: str, taken: set[str]) -> str:
    names: Iterator[str] = (key if n == 1 else f"{key[: _LONGEST_KEY - 3]}-{n}" for n in range(1, 100))
    return next(name for name in names if name not in taken)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST_KEY].strip("-")
    return words if words[:1].isalpha() else f"task-{words}".strip("-")[:_LONGEST_KEY]


def _said(values: Mapping[str, Any], what: str) -> str:
    return str((values.get(f"{_NEW}{what}") or {}).get(drafts.FIELD, {}).get("value") or "").strip()


def _chosen(values: Mapping[str, Any], block_id: str) -> str:
    held = (values.get(block_id) or {}).get(drafts.FIELD) or {}
    return str((held.get("selected_option") or {}).get("value") or "")


def _several(values: Mapping[str, Any], block_id: str) -> list[str]:
    held = (values.get(block_id) or {}).get(drafts.FIELD) or {}
    return [str(option["value"]) for option in held.get("selected_options") or ()]


def _name(task: PlanJson) -> str:
    return f"task-{task['key']}"
