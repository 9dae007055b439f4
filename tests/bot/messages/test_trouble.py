"""What a status says while something goes wrong, and a card where nobody else is there to decide."""

from bot import blockkit
from bot.messages import checkpoint, status
from bot.messages.deciders import NAME_SOMEBODY
from storage.words import CheckpointKind, TaskState
from tests.bot.messages import sample

DIRECT = sample.run(channel="D0ALICE")
WHY = "The model service is in passing trouble (503)."


def test_a_status_says_that_a_task_failed_and_is_tried_again():
    resting = sample.task("compare", TaskState.QUEUED, attempt=2, failures=1, error=WHY)
    trying = sample.task("brief", TaskState.WORKING, attempt=3, failures=2, error=WHY)

    said = status.build(sample.under_way(tasks=(resting, trying)))

    assert f"This failed and is tried again by itself. {WHY}" in str(said.blocks)
    assert f"Attempt 3; the one before failed. {WHY}" in str(said.blocks)
    assert blockkit.validate(list(said.blocks), "message", "emit") == []


def test_a_card_in_a_direct_message_says_how_somebody_else_comes_to_decide():
    said = checkpoint.build(sample.seen(CheckpointKind.DRAFT, run=DIRECT))
    waiting = status.build(sample.under_way(run=DIRECT, open=(sample.checkpoint(CheckpointKind.DRAFT),)))

    assert "It waits for a colleague whom <@U0ALICE> names." in said.text
    assert NAME_SOMEBODY in str(said.blocks)
    assert NAME_SOMEBODY in waiting.text


def test_who_was_asked_by_name_is_who_decides():
    policy = {"deciders": [["members"]], "quorum": 1, "named": ["U0BOB", "U0CAROL"]}

    said = checkpoint.build(sample.seen(CheckpointKind.DRAFT, run=DIRECT, policy=policy))

    assert "It waits for <@U0BOB> or <@U0CAROL>." in said.text
    assert NAME_SOMEBODY not in str(said.blocks)


def test_a_question_for_the_requester_needs_nobody_else():
    said = checkpoint.build(sample.seen(CheckpointKind.PLAN, run=DIRECT))

    assert "It waits for <@U0ALICE>." in said.text
    assert NAME_SOMEBODY not in str(said.blocks)
