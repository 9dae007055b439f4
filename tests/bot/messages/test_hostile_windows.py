"""Nothing foreign is alive in a window, a form, on Home or in a sentence of ours, and each is one Slack takes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from bot import blockkit
from bot.messages import checkpoint, control, deeds, home, judged, modals, notice, outcome, several, together
from bot.messages.figures import Spend
from bot.messages.home import Going, HomeRows
from bot.messages.several import Alike, Counted
from bot.messages.waiting import Waiting
from storage.agenda import Schedule
from storage.tables import Checkpoint, Event
from storage.words import CheckpointKind, CheckpointState, TaskState
from tests.bot.messages import hostile, sample

Text = Callable[[], str]
View = dict[str, Any]
LINK: Final = "https://jidoka.slack.com/archives/C1/p11"
OURS: Final = re.compile(
    rf"<@U0(?:ALICE|BOB)>|<#C0?[A-Z0-9]+>|<{LINK}\|[a-z ]+>|&(?:amp|lt|gt);"
    r"|(?m:^> )|<!date\^\d+\^\{date_short_pretty\}, \{time\}\|[^<>|]*UTC>"
)
SENTENCES: Final = [pytest.param(50, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)]
COUNT: Final = [pytest.param(20, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)]


def asked(text: Text, chance: random.Random, kind: CheckpointKind = CheckpointKind.QUESTION) -> Checkpoint:
    wanted = ("text", "choice", "choices", "number", "date")
    fields: list[dict[str, Any]] = [
        {"name": f"n{n}", "question": text(), "optional": n > 0, "kind": one} for n, one in enumerate(wanted)
    ]
    for field in fields:
        field["options"] = [f"{field['name']} {text()[:60]}", "another"]
    names = ("title", "role", "review", "ask", "instructions")
    tasks = [{**task, **{name: text() for name in names}, "done_when": [text()]} for task in sample.plan(4)["tasks"]]
    payload: dict[CheckpointKind, View] = {
        CheckpointKind.QUESTION: {"fields": fields, "why": text()},
        CheckpointKind.PLAN: {"plan": {**sample.plan(), "reason": text(), "tasks": tasks}},
        CheckpointKind.EFFECT: {"effect": text(), "target": {"channel": text()}, text(): text() * 30, "why": text()},
    }
    id = f"chk-{chance.randrange(10**9)}"
    return sample.checkpoint(kind, id=id, question=text(), payload=payload.get(kind, {"summary": text()}))


def waits(text: Text, chance: random.Random, kind: CheckpointKind) -> Waiting:
    return Waiting(asked(text, chance, kind), sample.run(title=text(), request=text()), LINK, text(), Spend(1.0, 9))


def windows(text: Text, chance: random.Random) -> Iterator[View]:
    """Yield every window and form with hostile words wherever words can be."""
    made = sample.artifact(text() * 9, label=text(), made_by=text())
    tasks = [sample.task(f"t-{n}", TaskState.DONE, text(), station=text() or "S") for n in range(4)]
    draft, plan = asked(text, chance, CheckpointKind.DRAFT), asked(text, chance, CheckpointKind.PLAN)
    yield modals.answer(asked(text, chance))
    yield modals.send_back(draft)
    yield modals.edit_draft(draft, made)
    yield modals.edit_plan(plan, {"writer": [text()], "reader": []})
    yield modals.read(plan, None)
    yield modals.read(asked(text, chance, CheckpointKind.EFFECT), None)
    yield modals.read(draft, made, hostile.ADDRESSES)
    yield together.form([asked(text, chance) for _ in range(3)])
    alike = Alike(text(), text(), CheckpointKind.DRAFT)
    yield several.form(alike, [waits(text, chance, CheckpointKind.DRAFT) for _ in range(3)], "U0BOB")
    yield several.results([Counted(text(), re.sub("<[@#!]", "", text())), Counted(text(), "")])  # it may name people
    yield control.again(sample.run(title=text()), tasks)
    yield control.cap(sample.run(title=text()), Spend(1.0, 9))
    yield control.deadline(sample.run(title=text()))
    yield control.hand_over(sample.run(title=text()))
    yield control.delegate(draft)


def at_home(text: Text, chance: random.Random) -> View:
    waiting = tuple(waits(text, chance, chance.choice(list(CheckpointKind))) for _ in range(chance.randint(0, 12)))
    run = sample.run(title=text(), request=text(), line=text(), reason=text(), error=text())
    going = (Going(sample.under_way(run=run, tasks=(sample.task("a", TaskState.WORKING, text()),)), LINK),)
    about = {"team": "T1", "channel": "C1", "by": "U0BOB", "repeat": "0 7 * * *", "zone": "UTC", "next_at": sample.NOW}
    return home.view(HomeRows("U0BOB", sample.NOW, waiting, going, (Schedule(id="s", request=text(), **about),)))


def alive(blocks: Any) -> list[str]:
    """Return what foreign text may not contain. Buttons and menus carry pointers of ours; those are read elsewhere."""
    found = []
    for part in hostile._parts(list(blocks)):
        match part.get("type"):
            case "mrkdwn":
                found += [part["text"]] if set("<>&") & set(OURS.sub("", part["text"])) else []
                found += [] if part.get("verbatim") is True else ["not verbatim"]
            case "plain_text" | "link" | "user" | "usergroup" | "broadcast" | "channel" | "emoji" | "image" | "date":
                found += hostile._part(part, hostile.ADDRESSES)
    return found


@pytest.mark.parametrize("count", COUNT)
def test_nothing_foreign_is_alive_in_any_window_or_on_home(count: int):
    chance = random.Random(12)
    for _ in range(count):
        for view in (*windows(lambda: hostile.text(chance), chance), at_home(lambda: hostile.text(chance), chance)):
            assert alive(view["blocks"]) == [], view.get("callback_id")
            assert hostile.raw_controls(_shown(view["blocks"])) == []
            assert blockkit.validate_view(view, "emit") == []


def _shown(blocks: Any) -> list[Any]:
    """Return the blocks without what a form holds to be edited: that comes back byte for byte."""
    return [{k: v for k, v in block.items() if k != "element"} for block in blocks]


@pytest.mark.parametrize("count", SENTENCES)
def test_nothing_foreign_is_alive_in_a_sentence_of_ours(count: int):
    chance = random.Random(13)
    for _ in range(count):
        words = hostile.text(chance)
        about = {"effect": "post_message", "target": {"channel": words}}
        event = Event(kind="effect done", payload={**about, "permalink": LINK})
        left = Event(kind="effect not done", payload={**about, "why": words})
        closed = {"state": CheckpointState.APPROVED, "decided_by": "U0BOB", "closed_at": sample.NOW, "note": words}
        said = [
            notice.build(words), deeds.where({"target": {"channel": words}}), *deeds.done((event,)), deeds.post(words).text,
            outcome.decided(sample.seen(CheckpointKind.DRAFT, question=words, **closed)),
        ]  # fmt: skip
        blocks = [*judged.lines({"judge": {"role": words, "agreed": 1, "pairs": 2}}), *deeds.post(words).blocks]

        assert [one for one in said if set("<>&") & set(OURS.sub("", one))] == []
        assert alive(blocks) == [] and all(isinstance(one, str) for one in deeds.left((left,)))


def test_a_question_that_an_agent_worded_is_shown_as_its_words_and_one_of_ours_is_not():
    agents, ours = (
        str(checkpoint.build(sample.seen(CheckpointKind.QUESTION, task_key=key)).blocks) for key in ("brief", "triage")
    )

    assert "An agent asks this, in its own words" in agents
    assert "An agent asks this" not in ours and "Asked because of this:" in ours
