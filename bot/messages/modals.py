"""The forms and windows a checkpoint's buttons open, and what their submissions hold."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.messages import actions, blocks, drafts, effects, fields, figures, made_from, markdown, plans, text
from bot.messages.blocks import Block
from bot.messages.drafts import FIELD, joined
from storage.tables import Artifact, Brief, Checkpoint
from storage.words import CheckpointKind

__all__ = [
    "REASON", "answer", "answers", "edit_draft", "edit_plan", "joined", "read", "readable", "reason", "send_back", "sent",
]  # fmt: skip

REASON: Final = "reason"  # the block id of a reason, for an error shown at it
MOST_BLOCKS: Final = 98  # of 100; what we say around them takes the rest
MOST_BYTES: Final = 240_000  # of 250 KB
_ANSWER: Final = "answer-"  # and the input's name: the block ids of an answer form

_FAR_TOO_LONG: Final = (
    "This text is too long to edit in a Slack form. Close this window, press *Send back*, and write what should "
    "change; or press *Approve* if it is right as it is."
)


def answer(asked: Checkpoint) -> Block:
    """Return the form of a question: one input a field."""
    wanted = asked.payload.get("fields", ())
    return _form(actions.ANSWER_FORM, "Answer", "Answer", asked, [_field(field) for field in wanted[:MOST_BLOCKS]])


def answers(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what a submitted answer form holds, by input name; what was left empty is left out."""
    named = {key.removeprefix(_ANSWER): fields.said(value) for key, value in values.items() if key.startswith(_ANSWER)}
    return {name: said for name, said in named.items() if said}


def sent(values: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return Slack's file objects that a submitted answer form holds."""
    return tuple(file for key, value in values.items() if key.startswith(_ANSWER) for file in fields.files(value))


def send_back(asked: Checkpoint) -> Block:
    """Return the form that asks why something is sent back."""
    hint = "It reaches whoever makes the next version, word for word."
    element = _text_input(3_000) | {"min_length": 1}
    wanted = _input(REASON, "What should be different?", element, hint=hint)
    return _form(actions.SEND_BACK_FORM, "Send back", "Send back", asked, [wanted])


def reason(values: Mapping[str, Any]) -> str:
    """Return the reason a submitted form holds."""
    return _value(values.get(REASON, {}))


def edit_draft(asked: Checkpoint, draft: Artifact) -> Block:
    """Return the form that holds a draft's Markdown; one that is too long for it says what to do."""
    note = blocks.context(f"{_version(draft)}. *Approve* takes the text as it stands here. It is Markdown.")
    inputs = drafts.inputs("draft", "Text", draft.text)
    form = _form(actions.EDIT_DRAFT_FORM, "Edit the draft", "Approve", asked, [note, *inputs])
    return form if _fits(form) else _window("Edit the draft", asked, [blocks.section(_FAR_TOO_LONG)])


def edit_plan(asked: Checkpoint, roles: plans.Roles | None = None) -> Block:
    """Return the form of a plan: which tasks to keep, who does each, in which order, what each is told, and one more."""
    note = blocks.context("*Approve* takes the plan as it stands here. It is checked first: you are told if it cannot run.")
    inputs = plans.form(asked.payload.get("plan", {}), roles)
    form = _form(actions.EDIT_PLAN_FORM, "Edit the plan", "Approve", asked, [note, *inputs])
    return form if _fits(form) else _window("Edit the plan", asked, [blocks.section(_FAR_TOO_LONG)])


def read(
    asked: Checkpoint, draft: Artifact | None, addresses: frozenset[str] = frozenset(), brief: Brief | None = None
) -> Block:
    """Return the window that shows everything that is decided on; what does not fit is said, with where it is.

    ``brief`` is what the draft was made from.
    """
    if asked.kind is CheckpointKind.EFFECT:
        exact = blocks.context(f"{_digest(asked)}\n{effects.digest(asked)}")
        return _whole("All of it", asked, [exact, *effects.window(asked)])
    if draft is None:
        return _whole("The whole plan", asked, [blocks.context(_digest(asked)), *_plan(asked.payload.get("plan", {}))])
    shown = markdown.blocks(draft.text, addresses, most_tables=0)
    about = [f"{_version(draft)} · {_digest(asked)}", *([made_from.told(brief)] if brief else [])]
    return _whole("The whole text", asked, [blocks.context(*about), *shown])


def readable(draft: Artifact) -> bool:
    """Return whether the window can show all of a draft; what it cannot show must go up as a file."""
    shown = markdown.blocks(draft.text, most_tables=0)
    return len(shown) < MOST_BLOCKS and _size(shown) < MOST_BYTES - 2_000


def _whole(title: str, asked: Checkpoint, shown: Sequence[Block]) -> Block:
    first, *more = blocks.split(shown, MOST_BLOCKS - 1, MOST_BYTES // 2)
    while len(first) > 1 and _size(first) > MOST_BYTES - 2_000:
        first, more = first[: len(first) // 2], [[]]
    rest = [blocks.section("This window can hold no more. The whole text is in the file in the thread.")] if more else []
    return _window(title, asked, [*first, *rest])


def _plan(plan: Mapping[str, Any]) -> list[Block]:
    return [block for number, task in enumerate(plan.get("tasks", ()), start=1) for block in _task(number, task)]


def _task(number: int, task: Mapping[str, Any]) -> list[Block]:
    """Return everything a plan says of one task."""
    facts = {
        "Role": task.get("role"), "Reads": ", ".join(task.get("needs", ())) or "the request", "Makes": task.get("makes"),
        "Tools": ", ".join(task.get("tools", ())) or "none", "Reviewed by": task.get("review") or "nobody",
        "Asks a person": task.get("ask") or "no", "Sections": ", ".join(task.get("sections", ())),
        "Most words": task.get("most_words"), "Limits": _limits(task.get("limits", {})),
    }  # fmt: skip
    lines = [f"{name}: {text.shorten(str(value), 800)}" for name, value in facts.items() if value]
    done = [f"Done when: {text.shorten(str(one), 2_000)}" for one in task.get("done_when", ())]
    told = markdown.blocks(str(task.get("instructions", "")), most_tables=0)
    head = blocks.header(f"{number}. {task.get('title', task.get('key', 'Task'))}")
    return [head, blocks.rich(blocks.bullets([*lines, *done])), *told]


def _limits(limits: Mapping[str, Any]) -> str:
    if not limits:
        return ""
    money, tokens = figures.money(float(limits.get("usd", 0))), figures.tokens(int(limits.get("tokens", 0)))
    return f"{limits.get('calls', 0)} calls, {tokens}, {money}"


def _field(field: Mapping[str, Any]) -> Block:
    name = str(field["name"])
    label = text.title(str(field.get("question", "")), 2_000, name)
    return _input(f"{_ANSWER}{name}"[:255], label, fields.element(field), optional=bool(field.get("optional")))


def _text_input(most: int) -> Block:
    return {"type": "plain_text_input", "action_id": FIELD, "multiline": True, "max_length": most}


def _input(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    made: Block = {
        "type": "input", "block_id": block_id, "label": blocks.plain_text(label), "element": element, "optional": optional,
    }
    return {**made, "hint": blocks.plain_text(hint)} if hint else made


def _form(callback_id: str, title: str, submit: str, asked: Checkpoint, inside: Sequence[Block]) -> Block:
    return {**_window(title, asked, inside), "callback_id": callback_id, "submit": blocks.plain_text(submit)}


def _window(title: str, asked: Checkpoint, inside: Sequence[Block]) -> Block:
    return {
        "type": "modal", "callback_id": actions.READ_WINDOW, "title": blocks.plain_text(title),
        "close": blocks.plain_text("Close"), "private_metadata": actions.to(asked).value(), "blocks": list(inside),
    }


def _fits(view: Block) -> bool:
    return len(view["blocks"]) <= MOST_BLOCKS and _size(view) <= MOST_BYTES


def _size(view: object) -> int:
    """Return the bytes that go over the wire: the client escapes everything that is not ASCII."""
    return len(json.dumps(view))


def _version(draft: Artifact) -> str:
    return f"Version {draft.version} · text {figures.short(draft.sha256)}"


def _digest(asked: Checkpoint) -> str:
    return f"decision {actions.named(asked)}, digest {figures.short(asked.digest)}"


def _value(value: Mapping[str, Any]) -> str:
    return str((value.get(FIELD) or {}).get("value") or "").strip()
