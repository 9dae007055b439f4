"""A morning brief: what waits first, everything counted, nothing foreign alive, and never more than Slack takes."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import actions, brief
from bot.messages.actions import OPEN_THREAD
from bot.messages.brief import BriefRows, Told, Waiting
from bot.messages.covers import Cover
from bot.messages.figures import Spend
from bot.messages.said import Said
from storage.agenda import Schedule
from storage.words import CheckpointKind, CheckpointState, RunState
from tests.bot.messages import hostile, sample

LINK = "https://jidoka.slack.com/archives/C1/p11"
LATER = sample.BEGAN + timedelta(minutes=20)


def cover(who: str = "U0BOB", **other: Any) -> Cover:
    usual: dict[str, Any] = {"since": sample.BEGAN, "until": sample.NOW, "due": sample.NOW, "links": {"run-1": LINK}}
    return Cover(who=who, **{**usual, **other})


def rows(**other: Any) -> BriefRows:
    usual: dict[str, Any] = {"cover": cover(), "spend": Spend(0.42, 12_340)}
    return BriefRows(**{**usual, **other})


def waiting(kind: CheckpointKind = CheckpointKind.DRAFT, **other: Any) -> Waiting:
    return Waiting(sample.checkpoint(kind, **other), sample.run())


def told(state: RunState = RunState.DONE, **other: Any) -> Told:
    run = {name: other.pop(name) for name in ("title", "error", "begin_at", "due_at") if name in other}
    return Told(sample.run(state=state, **run), **other)


def test_a_run_whose_approved_act_is_being_done_waits_for_no_decision():
    asking, acting = (told(RunState.WAITING, doing=doing) for doing in (False, True))
    said = "\n".join(lines(brief.build(rows(going=(asking, acting)))))

    assert said.count("waits for a decision") == said.count("what was approved is being done") == 1


def lines(said: Said) -> list[str]:
    """Return every line of a brief's text, oldest first."""
    parts = [part for block in said.blocks for part in [block.get("text"), *block.get("elements", ())] if part]
    return [line for part in parts if part.get("type") in {"mrkdwn", "plain_text"} for line in part["text"].split("\n")]


def labels(said: Said) -> list[str]:
    rows = [block for block in said.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def test_what_waits_stands_first_with_its_buttons():
    said = brief.build(rows(waits=(waiting(due_at=LATER),), ended=(told(summary="Acme is dearest. And more."),)))

    assert lines(said)[:5] == [
        "Your morning brief", "*Waits on you*", "*Three competitors compared*", "Draft: Is this right?",
        f"Asked for by <@U0ALICE> · until {brief.figures.moment(LATER)}",
    ]
    assert labels(said) == ["Approve", "Send back", "Read all", "Open thread"]
    assert said.text == "Your morning brief: 1 decision to make, 1 result."


def test_a_questions_form_is_named_by_what_it_asks():
    said = brief.build(rows(waits=(waiting(CheckpointKind.QUESTION),)))

    assert "Question: Which competitors shall be compared? Who will read it?" in lines(said)
    assert labels(said) == ["Answer", "Open thread"]


def test_a_channels_brief_says_who_decides():
    said = brief.build(rows(cover=cover("C1"), waits=(waiting(),)))

    assert lines(said)[:2] == ["This channel's morning brief", "*Waits for a decision here*"]
    assert "Asked for by <@U0ALICE> · decided by any member of this channel other than <@U0ALICE>" in lines(said)


def test_a_decided_checkpoint_has_its_outcome_in_place_of_buttons():
    ended = waiting(state=CheckpointState.APPROVED, decided_by="U0CAROL", closed_at=sample.NOW)
    said = brief.build(rows(waits=(ended,)))

    assert labels(said) == []
    assert "*Decided since*" in lines(said)
    assert f"*Approved* by <@U0CAROL> · {brief.figures.moment(sample.NOW)}" in lines(said)
    assert said.text == "Your morning brief: everything is decided."


def test_a_result_is_told_in_one_sentence_with_its_thread_and_what_people_said_of_it():
    summary = "## Summary\n\nTernway costs **least** [F201]. Oxbell goes farthest."
    told_ = tuple(told(summary=summary, judged=judged) for judged in (("U0BOB", True), ("U0BOB", False), None))
    said = lines(brief.build(rows(ended=told_)))

    head = f"• *Three competitors compared* (<{LINK}|thread>): Ternway costs least."
    assert [line.replace(head, "") for line in said if line.startswith("•")] == [
        " Accepted by <@U0BOB>.", " Not right, says <@U0BOB>.", " Nobody has accepted it yet.",
    ]


def test_what_failed_says_why_and_what_was_stopped_says_by_whom():
    ended = (told(RunState.FAILED, error="<b> broke."), told(RunState.STOPPED, error="Stopped by <@U0BOB>."))
    said = lines(brief.build(rows(ended=ended)))

    ends = [line.partition("): ")[2] for line in said if line.startswith("•")]
    assert ends == ["&lt;b&gt; broke.", "Stopped by <@U0BOB>."]


def test_what_goes_on_says_how_far_it_is_and_by_when_it_is_wanted():
    going = (told(RunState.WAITING, done=3, total=5, due_at=LATER), told(RunState.WORKING, begin_at=LATER))
    said = lines(brief.build(rows(going=going)))

    head, moment = f"• *Three competitors compared* (<{LINK}|thread>), ", brief.figures.moment(LATER)
    assert f"{head}waits for a decision, 3 of 5 done, wanted by {moment}" in said
    assert f"{head}begins {moment}" in said


def test_the_next_schedules_stand_with_their_moment_in_the_readers_time():
    schedule = Schedule(
        id="sch-1", team="T1", channel="C1", by="U0BOB", request="collect the news", repeat="0 7 * * mon-fri",
        zone="Europe/Berlin", next_at=LATER,
    )
    said = lines(brief.build(rows(schedules=(schedule,))))

    assert f"• {brief.figures.moment(LATER)}, every weekday at 07:00: collect the news" in said


@pytest.mark.parametrize(("late", "says"), [(timedelta(minutes=15), False), (timedelta(minutes=16), True)])
def test_only_what_is_more_than_a_quarter_of_an_hour_late_says_so(late: timedelta, says: bool):
    said = lines(brief.build(rows(cover=cover(due=sample.NOW - late))))

    assert any("This comes late" in line for line in said) is says


def test_what_does_not_fit_is_counted():
    said = brief.build(rows(waits=(waiting(),) * 25, ended=(told(summary="x " * 400),) * 25))

    assert any("more decisions, on my Home tab." in line for line in lines(said))
    assert any(line.endswith(" more.") for line in lines(said))
    assert said.text == "Your morning brief: 25 decisions to make, 25 results."


def test_a_cover_is_read_as_it_was_written():
    one = cover("C1", waits=("chk-1",), ended=("run-1",))

    assert Cover.from_text(one.to_text()) == one
    assert (one.is_for_channel, one.of, cover().of) == (True, {"channel": "C1"}, {"requester": "U0BOB"})


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_foreign_is_alive_and_slack_takes_every_brief(count: int):
    chance = random.Random(11)
    for _ in range(count):
        said = brief.build(_hostile(chance))
        for shape in said.rungs():
            bare = replace(shape, text=shape.text, blocks=tuple(_without_links(shape.blocks)))
            assert hostile.alive(bare) == []
            assert hostile.raw_controls(shape.blocks) == []
            assert blockkit.validate(list(shape.blocks), "message", "emit") == [] or not shape.blocks


def _hostile(chance: random.Random) -> BriefRows:
    def text() -> str:
        return hostile.text(chance)

    states = [CheckpointState.OPEN, CheckpointState.OPEN, CheckpointState.APPROVED, CheckpointState.WITHDRAWN]
    waits = tuple(
        Waiting(
            sample.checkpoint(
                chance.choice(list(CheckpointKind)), question=text(), state=chance.choice(states),
                payload={"fields": [{"name": "a", "question": text()}]}, decided_by="U0BOB", closed_at=sample.NOW,
            ),
            sample.run(title=text(), request=text()),
        )
        for _ in range(chance.randint(0, 25))
    )  # fmt: skip
    runs = [
        told(chance.choice(list(RunState)), title=text(), error=text(), summary=text(), judged=("U0BOB", True))
        for _ in range(chance.randint(0, 25))
    ]
    schedule = Schedule(
        id="s", team="T1", channel="C1", by="U0BOB", request=text(), repeat="0 7 * * *", zone="UTC", next_at=sample.NOW
    )
    who = chance.choice(["U0BOB", "C1"])
    return BriefRows(cover(who, since=sample.NOW), waits, tuple(runs[:9]), tuple(runs[9:]), (schedule,))


def _without_links(blocks: Any) -> list[dict[str, Any]]:
    """Return blocks without our own links to threads, which lead to Slack alone."""
    kept = []
    for block in blocks:
        if block["type"] == "section":
            words = block["text"]["text"].replace(f"<{LINK}|thread>", "thread")
            block = {**block, "text": {**block["text"], "text": words}}
        elif block["type"] == "actions":
            mine = [part for part in block["elements"] if part["action_id"] != OPEN_THREAD or part["url"] != LINK]
            assert {part["action_id"] for part in mine} <= hostile.OURS | {"checkpoint_finish"}
            mine = [part for part in mine if actions.pointer(part["value"]) is None]
            block = {**block, "elements": mine}
        kept.append(block)
    return kept
