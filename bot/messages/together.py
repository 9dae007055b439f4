"""Several open questions of one run as one form: each under its own heading, each answered by itself. PURE."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.questions import wrong
from bot.messages import actions, blocks, modals, waiting
from bot.messages.actions import Pointer
from bot.messages.blocks import Block
from storage.tables import Checkpoint

FORM: Final = "answer_together"
ALL_OF_IT: Final = "Answer this too, or leave all of this question empty."
MOST: Final = 8  # questions of one form: their pointers must fit into what a form may carry
LONGEST_ERROR: Final = 2_000  # characters
MOST_INPUTS: Final = 80  # of a form's 100 blocks


@dataclass(frozen=True)
class Part:
    """What was filled in of one question."""

    pointer: str
    answers: dict[str, str]
    files: tuple[dict[str, Any], ...] = ()
    first: str = ""  # the block id of its first input, for a refusal


def fit(asked: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Return as many of these questions as one form can hold, from the first on."""
    kept: list[Checkpoint] = []
    for one in asked[:MOST]:
        if sum(len(each.payload.get("fields", ())) for each in [*kept, one]) <= MOST_INPUTS:
            kept.append(one)
    return kept


def form(asked: Sequence[Checkpoint]) -> Block:
    """Return the form: the fields of each question under its words; what is left empty stays open."""
    note = blocks.context(f"{len(asked)} questions are open here. Answer those you can: the others stay open.")
    shown = [part for one in asked for part in _question(one)]
    return {
        "type": "modal", "callback_id": FORM, "title": blocks.plain_text("Answer"),
        "submit": blocks.plain_text("Answer"), "close": blocks.plain_text("Close"),
        "private_metadata": json.dumps([actions.to(one).value() for one in asked]), "blocks": [note, *shown],
    }  # fmt: skip


def _question(one: Checkpoint) -> list[Block]:
    """Return a question's heading and inputs. None is required by Slack: the whole question may be left for later."""
    single = modals.answer(one)["blocks"]
    inputs = [{**each, "block_id": _own(one, each), "optional": True} for each in single]
    said = waiting.shortened(one.question)
    named = [str(each["label"]["text"]) for each in single]
    return [blocks.divider(), *([blocks.section(f"*{said}*")] if said and one.question not in named else []), *inputs]


def parts(view: Mapping[str, Any]) -> list[Part]:
    """Return what a submitted form holds, question by question; those left wholly empty are left out."""
    values = view["state"]["values"]
    pointers = [(value, pointer) for value in _pointers(view) if (pointer := actions.pointer(value)) is not None]
    return [part for value, pointer in pointers if (part := _part(value, pointer, values)).answers or part.files]


def _pointers(view: Mapping[str, Any]) -> list[str]:
    try:
        kept = json.loads(view.get("private_metadata") or "")
    except ValueError:
        return []
    return [str(each) for each in kept] if isinstance(kept, list) else []


def _part(value: str, pointer: Pointer, values: Mapping[str, Any]) -> Part:
    own = {name.partition("/")[2]: held for name, held in values.items() if name.startswith(f"{pointer.checkpoint_id}/")}
    first = next((f"{pointer.checkpoint_id}/{name}" for name in own), "")
    return Part(value, modals.answers(own), modals.sent(own), first)


def problems(one: Checkpoint, part: Part) -> dict[str, str]:
    """Return by block id what a begun question still needs, and which answers do not fit."""
    found = {}
    for asked, block in zip(one.payload.get("fields", ()), modals.answer(one)["blocks"], strict=False):
        given = part.answers.get(str(asked["name"]), "")
        said = wrong(asked, given) if given else "" if asked.get("optional") else ALL_OF_IT
        if said:
            found[_own(one, block)] = said[:LONGEST_ERROR]
    return found


def _own(one: Checkpoint, block: Mapping[str, Any]) -> str:
    """Return the block id of an input here: it carries the checkpoint."""
    return f"{one.id}/{block['block_id']}"[:255]
