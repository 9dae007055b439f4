"""Whatever agents and people write, nothing of it is alive in a message, and every message is one Slack takes."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from bot import blockkit
from bot.messages import checkpoint, markdown, modals, result, status
from bot.messages import text as texts
from bot.messages.said import Said
from storage.tables import Document, Handoff
from storage.words import CheckpointKind, CheckpointState, RunState, TaskState
from tests.bot.messages import hostile, sample

COUNT = [pytest.param(250, id="some"), pytest.param(10_000, id="all", marks=pytest.mark.long)]
Text = Callable[[], str]


def _status(text: Text, chance: random.Random) -> Said:
    state = chance.choice(list(RunState))
    route = chance.choice(["line", "plan"])
    run = sample.run(title=text(), line=text(), reason=text(), error=text(), state=state, route=route)
    tasks = [
        sample.task(
            f"t-{n}", chance.choice(list(TaskState)), text(), station=text() or "S", failures=n % 2,
            error=text() + chance.choice(["", f" Next attempt: {hostile.REST} UTC."]),
        )
        for n in range(chance.choice([0, 3, 30]))
    ]
    asked = (sample.checkpoint(CheckpointKind.DRAFT, question=text()),)
    return status.build(sample.under_way(run=run, tasks=tuple(tasks), open=asked, mode=text()))


def _payload(kind: CheckpointKind, text: Text) -> dict[str, Any]:
    problem = {"rule": text(), "message": text(), "quote": text(), "fix": text()}
    names = ("title", "role", "review", "ask", "instructions")
    tasks = [{**task, **{name: text() for name in names}} for task in sample.plan(20)["tasks"]]
    plan = {**sample.plan(), "reason": text(), "tasks": tasks}
    fields = [{"name": f"n{i}", "question": text(), "optional": False} for i in range(5)]
    return {
        CheckpointKind.QUESTION: {"fields": fields, "why": text()},
        CheckpointKind.PLAN: {"plan": plan, "receipt": sample.RECEIPT, "remark": text()},
        CheckpointKind.DRAFT: {"summary": text(), "problems": [problem] * 9, "changed": text() * 30, "title": text()},
        CheckpointKind.ESCALATION: {"failed": text(), "task": text()},
        CheckpointKind.EFFECT: {text(): text(), "to": text()},
        CheckpointKind.BUDGET: {"wanted": text()},
    }[kind]


def _card(text: Text, chance: random.Random) -> Said:
    kind, state = chance.choice(list(CheckpointKind)), chance.choice([CheckpointState.OPEN, *CheckpointState])
    made = sample.artifact(text() * 40, label=text(), made_by=chance.choice(["writer", "U0BOB", text()]))
    answers = {f"n{i}": text() for i in range(5)}
    closed = {"decided_by": "U0BOB", "closed_at": sample.NOW, "note": text() * 9, "answers": answers}
    return checkpoint.build(
        sample.seen(
            kind, question=text(), payload=_payload(kind, text), state=state, artifact=made, run=sample.run(title=text()),
            next=(text(), text()), addresses=hostile.ADDRESSES, **(closed if state is not CheckpointState.OPEN else {}),
        )
    )  # fmt: skip


def _result(text: Text, chance: random.Random) -> Said:
    handoff = Handoff(
        run_id="run-1", task_key="brief", attempt=1, artifact_id="art-1", summary=text(), open_questions=[text()] * 12
    )
    document = Document(run_id="run-1", id="d1", origin="F1", name=text(), problem=text())
    made = sample.artifact(text() * chance.choice([1, 100]), label=text(), made_by=text(), problems=[{"message": text()}])
    run = sample.run(title=text(), state=RunState.DONE)
    tasks = (sample.task("a", TaskState.FAILED, text(), error=text()),)
    about = {"handoff": handoff, "documents": (document,), "artifact": made, "tasks": tasks}
    return result.build(sample.finished(run=run, addresses=hostile.ADDRESSES, **about))


@pytest.mark.parametrize("count", COUNT)
@pytest.mark.parametrize("build", [_status, _card, _result])
def test_nothing_in_foreign_words_is_alive(build: Callable[[Text, random.Random], Said], count: int):
    chance = random.Random(7)
    for _ in range(count):
        said = build(lambda: hostile.text(chance), chance)
        for shape in said.rungs():
            assert hostile.alive(shape) == []
            assert hostile.raw_controls(shape.blocks) == []
            assert blockkit.validate(list(shape.blocks), "message", "emit") == [] or not shape.blocks
            assert 0 < len(shape.text) <= 3_900


@pytest.mark.parametrize("count", COUNT)
def test_nothing_in_an_artifact_is_alive_wherever_it_is_read(count: int):
    chance = random.Random(8)
    for _ in range(count):
        made = sample.artifact(hostile.text(chance, 60))
        view = modals.read(sample.checkpoint(CheckpointKind.DRAFT), made, hostile.ADDRESSES)

        assert hostile.blocks_alive(view["blocks"]) == []
        assert hostile.raw_controls(view["blocks"]) == []
        assert blockkit.validate_view(view, "emit") == []


def test_a_control_that_turns_text_around_is_shown_and_a_zero_width_one_dropped():
    assert texts.shown("pay \u202e001 to\u200b Bob\x00") == "pay ⟨U+202E⟩001 to Bob⟨U+0000⟩"


def test_an_emoji_of_several_people_stays_one_and_a_lone_joiner_goes():
    assert texts.shown("👩‍💻 a\u200db") == "👩‍💻 ab"


def test_escaped_text_holds_no_markup_of_slack():
    assert texts.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_what_is_cut_is_counted():
    cut = texts.shorten("word " * 100, 100)

    kept = cut[: cut.index(" …")]
    assert len(cut) <= 100
    assert cut == f"{kept} … ({500 - len(kept):,} more characters)"


@pytest.mark.parametrize(
    ("written", "host_shown", "is_live"),
    [
        ("[bank.com](https://evil.example/x)", "evil.example/x", False),
        ("[page](https://good.example/page?q=1)", "good.example/page?q=1", True),
        ("[page](https://good.example/page?q=CANARY)", "good.example/page?q=CANARY", False),
        ("[page](https://good.example/x#CANARY)", "good.example/x#CANARY", False),
        ("https://good.example/CANARY", "good.example/CANARY", False),
        ("https://CANARY.good.example/x", "CANARY.good.example/x", False),
        ("https://GOOD.example/x/", "GOOD.example/x/", True),
        ("https://good.example/x", "good.example/x", True),
        ("https://evil.example/x", "evil.example/x", False),
        ("<https://good.example/x>", "good.example/x", True),
        ("https://good.example@evil.example/x", "good.example@evil.example/x", False),
        ("[a](https://good.example/" + "x" * 400 + ")", "good.example/" + "x" * 400, False),
        ("[a](slack://channel?id=1)", "channel?id=1", False),
    ],
)
def test_a_link_shows_where_it_leads_and_leads_only_where_the_run_has_read(written: str, host_shown: str, is_live: bool):
    [block] = markdown.blocks(written, hostile.ADDRESSES)
    [section] = block["elements"]

    shown = [part for part in section["elements"] if part["text"] == host_shown]
    assert [part["type"] for part in shown] == ["link" if is_live else "text"]


def test_a_chart_of_ours_is_named_and_nothing_is_loaded_for_it():
    [block] = markdown.blocks("![Price by maker](chart-price-by-maker-3f9a12.png)", hostile.ADDRESSES)

    shown = {"type": "text", "text": "[picture: Price by maker, chart-price-by-maker-3f9a12.png]"}
    assert block["elements"][0]["elements"] == [shown]


def test_a_picture_is_left_out_by_name():
    [block] = markdown.blocks("before ![the chart](https://good.example/p.png) after", hostile.ADDRESSES)

    assert block["elements"][0]["elements"] == [{"type": "text", "text": "before [picture left out: the chart] after"}]
