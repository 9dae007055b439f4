"""Decisions that are alike, taken in one form: each by its own tick, none of them ticked beforehand. PURE."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import actions, blocks, figures, text, waiting
from bot.messages.blocks import Block
from bot.messages.drafts import FIELD
from bot.messages.said import cut
from bot.messages.waiting import Waiting
from storage.policy import NOT_FOR_REQUESTER, Policy
from storage.words import CheckpointKind

DECIDE_ALIKE: Final = "decide_alike"  # opens the form
FORM: Final = "decide_alike"
WINDOW: Final = "decided_alike"  # what came of it
NOTE: Final = "note"  # the block id of the note, for an error shown at it
MOST: Final = 10  # decisions of one form: all are counted before Slack's three seconds are over
_ONE: Final = "one-"  # and a number: the block ids of the ticks
_LONGEST_NOTE: Final = 1_000
_LONGEST_WHY: Final = 1_000
_LONGEST_BUTTON: Final = 75  # characters; Slack's
_NAMES: Final = {
    CheckpointKind.PLAN: "plans", CheckpointKind.DRAFT: "drafts", CheckpointKind.EFFECT: "acts with effects",
    CheckpointKind.BUDGET: "budgets", CheckpointKind.ESCALATION: "reviews without an end",
}  # fmt: skip


@dataclass(frozen=True)
class Alike:
    """What several checkpoints have in common."""

    line: str
    station: str
    kind: CheckpointKind

    def value(self) -> str:
        """Return what the button carries."""
        return json.dumps({"line": self.line, "station": self.station, "kind": self.kind})

    def words(self) -> str:
        """Return such as ``drafts at “Brief” of the line “campaign”``, without any markup."""
        of_work = self.station and self.kind is not CheckpointKind.PLAN
        at = f" at “{text.title(self.station, 60, 'a station')}”" if of_work else ""
        return f"{_NAMES[self.kind]}{at} of the line “{text.title(self.line, 60, 'a line')}”"


@dataclass(frozen=True)
class Counted:
    """One of several decisions, and why it does not count; empty when it does."""

    title: str
    why: str


def pointed(carried: str) -> Alike | None:
    """Return what a button stands for; None when the text is not one of ours."""
    try:
        match json.loads(carried[:2_000]):
            case {"line": str(line), "station": str(station), "kind": str(kind), **rest} if not rest and kind in _NAMES:
                return Alike(line, station, CheckpointKind(kind))
    except (ValueError, RecursionError):
        pass
    return None


def groups(open_: Sequence[Waiting]) -> dict[Alike, list[Waiting]]:
    """Return those that are alike, two or more each, oldest first.

    What reaches outside, or takes several people, is always decided alone.
    """
    found = defaultdict[Alike, list[Waiting]](list)
    for one in open_:
        if (what := _what(one)) is not None:
            found[what].append(one)
    return {what: inside for what, inside in found.items() if len(inside) > 1}


def _what(one: Waiting) -> Alike | None:
    asked = one.checkpoint
    alone = not one.run.line or asked.kind is CheckpointKind.QUESTION or "failed" in asked.payload
    if alone or asked.effect in NOT_FOR_REQUESTER or Policy.model_validate(asked.policy).quorum > 1:
        return None
    return Alike(one.run.line, one.station, asked.kind)


def button(what: Alike, inside: Sequence[Waiting], *, named: bool = False) -> Block:
    """Return the button that opens the form; ``named`` where there are others, so that they are told apart."""
    which = f": {what.words()}" if named else "…"
    return blocks.button(text.title(f"Decide {len(inside)} alike{which}", _LONGEST_BUTTON, ""), DECIDE_ALIKE, what.value())


def form(what: Alike, inside: Sequence[Waiting], reader: str) -> Block:
    """Return the form: what each asks, a tick to approve it, and one note for all that are ticked."""
    more = len(inside) - MOST
    left = f" {figures.counted(more, 'more decision')} like these come after them." if more > 0 else ""
    intro = f"These are {text.escape(what.words())}. Tick what you approve; the others go on waiting.{left}"
    shown = [part for number, one in enumerate(inside[:MOST]) for part in _one(number, one, reader)]
    element: Block = {"type": "plain_text_input", "action_id": FIELD, "multiline": True, "max_length": _LONGEST_NOTE}
    note = _input(NOTE, "A note on what you approve", element)
    return {
        "type": "modal", "callback_id": FORM, "title": blocks.plain_text("Decide several"),
        "submit": blocks.plain_text("Approve chosen"), "close": blocks.plain_text("Close"),
        "blocks": [blocks.section(intro), *shown, blocks.divider(), note],
    }  # fmt: skip


def _one(number: int, one: Waiting, reader: str) -> list[Block]:
    asked, about = one.checkpoint, [waiting.question(one.checkpoint)]
    if summary := waiting.shortened(str(asked.payload.get("summary", ""))):
        about.append(f"> {summary}")
    link = f" · <{one.link}|thread>" if one.link else ""
    option = {"text": blocks.plain_text("Approve"), "value": actions.to(asked).value()}
    tick = _input(f"{_ONE}{number}", waiting.title(one.run), {"type": "checkboxes", "action_id": FIELD, "options": [option]})
    said = "\n".join(filter(None, about))
    return [blocks.divider(), tick, blocks.context(f"{said}\n{waiting.facts(one, reader)}{link}")]


def chosen(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (title, pointer) of each that was ticked in a submitted form."""
    values = view["state"]["values"]
    labels = {block["block_id"]: block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}
    held = {name: value.get(FIELD) or {} for name, value in values.items() if name.startswith(_ONE)}
    return [
        (labels.get(name, ""), str(option["value"]))
        for name, state in held.items() for option in state.get("selected_options") or ()
    ]  # fmt: skip


def note(view: Mapping[str, Any]) -> str:
    """Return the note of a submitted form."""
    return str(((view["state"]["values"].get(NOTE) or {}).get(FIELD) or {}).get("value") or "").strip()


def results(counted: Sequence[Counted]) -> Block:
    """Return the window that says which decisions counted, and of the others why not."""
    yes, no = [each for each in counted if not each.why], [each for each in counted if each.why]
    shown = [blocks.section(f"*Counted: {len(yes)} of {len(counted)}*")]
    if yes:
        shown.append(blocks.rich(blocks.bullets([each.title for each in yes])))
    if no:
        shown.append(blocks.section("*Not counted*"))
        why = [(text.escape(each.title), cut(text.sentence(each.why), _LONGEST_WHY)) for each in no]
        shown += [blocks.section(f"• {title}: {said}") for title, said in why]
    return {
        "type": "modal", "callback_id": WINDOW, "title": blocks.plain_text("What counted"),
        "close": blocks.plain_text("Close"), "blocks": shown,
    }  # fmt: skip


def _input(block_id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": blocks.plain_text(label), "element": element, "optional": True}
