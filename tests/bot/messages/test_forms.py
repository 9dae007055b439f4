"""Forms: what they hold, and what comes back."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import blockkit
from bot.messages import actions, modals, plans
from bot.messages.actions import Pointer
from storage.words import CheckpointKind
from tests.bot.messages import sample

TEXTS = st.text(st.sampled_from("ab \n\t\r#|*é👩"), max_size=400).map(lambda text: text * 20) | st.text(max_size=200)


def _submitted(view: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a form that was submitted as it was opened."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            kept = {"selected_options": element.get("initial_options", [])} if element["type"] == "checkboxes" else {}
            kept |= {"selected_option": element.get("initial_option")} if element["type"] == "static_select" else {}
            values[block["block_id"]] = {element["action_id"]: {"value": element.get("initial_value"), **kept}}
    return values


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_a_draft_nobody_edited_comes_back_to_the_byte(words: str):
    view = modals.edit_draft(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(words))

    assert modals.joined(_submitted(view)) == words


@given(TEXTS)
@settings(deadline=None, max_examples=100)
def test_a_draft_comes_back_whatever_the_order_and_though_a_form_trims(words: str):
    view = modals.edit_draft(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(words))
    trimmed = {
        key: {name: {"value": (one["value"] or "").strip(" \n\t\r") or None} for name, one in value.items()}
        for key, value in reversed(_submitted(view).items())
    }

    assert modals.joined(trimmed).split() == words.split()
    if len(words) <= 3_000 and words == words.strip():
        assert modals.joined(trimmed) == words


def test_a_long_draft_is_cut_between_paragraphs_into_inputs_slack_takes():
    paragraph = "A sentence of a paragraph. " * 50
    words = "\n\n".join(paragraph.strip() for _ in range(8)) + "\n"

    view = modals.edit_draft(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(words))

    parts = [block["element"]["initial_value"] for block in view["blocks"] if block["type"] == "input"]
    assert [len(part) <= 3_000 for part in parts] == [True] * len(parts)
    assert [part.startswith("A sentence") and part.endswith("paragraph.") for part in parts] == [True] * len(parts)
    assert blockkit.validate_view(view, "emit") == []
    assert modals.joined(_submitted(view)) == words


def test_an_edited_part_changes_only_itself_and_an_emptied_one_goes_with_its_space():
    words = "\n\n".join(sign * 2_300 for sign in "abc")
    values = _submitted(modals.edit_draft(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(words)))
    first, second, _ = values
    values[first] = {"value": {"value": "New."}}
    values[second] = {"value": {"value": None}}

    assert modals.joined(values) == "New.\n\n" + "c" * 2_300


def test_every_part_of_a_long_draft_has_room_for_what_somebody_adds():
    words = "\n\n".join("A sentence of a paragraph. " * 20 for _ in range(16))

    view = modals.edit_draft(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(words))

    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert len(inputs) > 3
    assert [one["max_length"] - len(one["initial_value"]) >= 600 for one in inputs] == [True] * len(inputs)


@pytest.mark.parametrize("words", ["word " * 80_000, "é👩 " * 20_000])
def test_a_draft_too_long_for_a_form_says_what_to_do(words: str):
    view = modals.edit_draft(sample.checkpoint(CheckpointKind.DRAFT), sample.artifact(words))

    assert "submit" not in view
    assert "press *Send back*" in view["blocks"][0]["text"]["text"]
    assert blockkit.validate_view(view, "emit") == []


def test_a_plan_nobody_edited_comes_back_as_it_was():
    plan = sample.plan(20)
    view = modals.edit_plan(sample.checkpoint(CheckpointKind.PLAN, payload={"plan": plan}))

    assert plans.edited(plan, _submitted(view)) == plan
    assert blockkit.validate_view(view, "emit") == []


def test_a_dropped_task_goes_and_nobody_reads_it_any_more():
    plan = sample.plan(3)
    values = _submitted(modals.edit_plan(sample.checkpoint(CheckpointKind.PLAN)))
    values["keep-0"]["value"]["selected_options"].pop(1)
    [wanted] = [key for key in values if key.startswith("task-task-3")]
    values[wanted] = {"value": {"value": "Do it well."}}

    edited = plans.edited(plan, values)

    assert [(task["key"], task["needs"], task["instructions"]) for task in edited["tasks"]] == [
        ("task-1", [], "Do 1.\n\nThen stop."), ("task-3", [], "Do it well."),
    ]  # fmt: skip


def test_instructions_longer_than_an_input_come_back_whole():
    plan = sample.plan(1)
    plan["tasks"][0]["instructions"] = "A rule to follow. " * 220
    view = modals.edit_plan(sample.checkpoint(CheckpointKind.PLAN, payload={"plan": plan}))

    assert plans.edited(plan, _submitted(view)) == plan


def test_an_answer_form_asks_each_field_and_gives_its_answers_by_name():
    view = modals.answer(sample.checkpoint(CheckpointKind.QUESTION))
    values = _submitted(view)
    values["answer-competitors"] = {"value": {"value": " Acme & Globex "}}

    assert [(block["label"]["text"], block["optional"]) for block in view["blocks"]] == [
        ("Which competitors shall be compared?", False), ("Who will read it?", True),
    ]  # fmt: skip
    assert modals.answers(values) == {"competitors": "Acme & Globex"}
    assert blockkit.validate_view(view, "emit") == []


def test_a_reason_is_required_and_comes_back():
    view = modals.send_back(sample.checkpoint(CheckpointKind.DRAFT))
    [wanted] = view["blocks"]

    assert (wanted["optional"], wanted["element"]["min_length"], wanted["element"]["max_length"]) == (False, 1, 3_000)
    assert modals.reason({modals.REASON: {"value": {"value": " Shorter. "}}}) == "Shorter."
    assert blockkit.validate_view(view, "emit") == []


def test_the_plan_window_shows_everything_that_would_run():
    view = modals.read(sample.checkpoint(CheckpointKind.PLAN, payload={"plan": sample.plan(20)}), None)

    shown = json.dumps(view)
    facts = ("Reviewed by: reviewer", "Reads: task-19", "Tools: fetch", "Done when: it is done")
    for wanted in ("20. Task 20", "Do 20.", *facts):
        assert wanted in shown
    assert blockkit.validate_view(view, "emit") == []


def test_a_text_too_long_for_a_window_says_where_the_rest_is():
    draft = sample.artifact("A line of a very long text.\n\n" * 12_000)

    view = modals.read(sample.checkpoint(CheckpointKind.DRAFT), draft)

    assert not modals.readable(draft)
    assert view["blocks"][-1]["text"]["text"].endswith("The whole text is in the file in the thread.")
    assert blockkit.validate_view(view, "emit") == []


@pytest.mark.parametrize("length", [100, 20_000, 100_000])
def test_what_is_called_readable_is_shown_whole(length: int):
    draft = sample.artifact("".join(f"Line {n}.\n\n" for n in range(length // 10)))

    view = modals.read(sample.checkpoint(CheckpointKind.DRAFT), draft)

    last = draft.text.split()[-1]
    assert (f"{last}" in json.dumps(view["blocks"][-1])) == modals.readable(draft)


@pytest.mark.parametrize("form", ["answer", "send_back", "edit_plan"])
def test_every_form_points_at_the_version_it_was_opened_for(form: str):
    kind = CheckpointKind.QUESTION if form == "answer" else CheckpointKind.PLAN
    asked = sample.checkpoint(kind, version=3)

    view = getattr(modals, form)(asked)

    assert actions.pointer(view["private_metadata"]) == Pointer("chk-1", 3, "nonce123")
    assert view["callback_id"] == form


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "[]", "{}", "null", "1", '{"checkpoint": "a", "version": "1", "nonce": "n"}', "[" * 1_900,
        '{"checkpoint": "a", "version": true, "nonce": "n"}', '{"checkpoint": "a", "version": 1}',
        '{"checkpoint": "a", "version": 1, "nonce": "n", "more": 1}', '{"checkpoint": "' + "a" * 3_000 + '"}',
    ],
)  # fmt: skip
def test_a_pointer_we_did_not_make_is_none(value: str):
    assert actions.pointer(value) is None
    assert actions.run_of(value) is None


def test_pointers_come_back():
    assert actions.pointer(Pointer("chk-1", 2, "n").value()) == Pointer("chk-1", 2, "n")
    assert actions.run_of(actions.run_value("run-1")) == "run-1"
