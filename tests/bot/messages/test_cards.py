"""Status, checkpoints and results as people see them."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import blocks, checkpoint, figures, result, status
from bot.messages.figures import Spend
from bot.messages.said import Said, cut
from storage.words import CheckpointKind, CheckpointState, RunState, TaskState
from tests.bot.messages import sample

OPEN = list(CheckpointKind)


def _words(said: Said) -> str:
    """Return everything a person reads, one string a line."""

    def read(value: Any) -> list[str]:
        if isinstance(value, list | tuple):
            return [word for one in value for word in read(one)]
        if not isinstance(value, dict):
            return []
        own = [value[name] for name in ("text", "title") if isinstance(value.get(name), str)]
        return [*own, *(word for name, one in value.items() if name != "value" for word in read(one))]

    return "\n".join(read(said.blocks))


def _buttons(said: Said) -> list[str]:
    rows = [block["elements"] for block in said.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]


def test_a_status_shows_route_plan_progress_spend_and_who_is_awaited():
    asked = (sample.checkpoint(CheckpointKind.DRAFT),)

    said = status.build(sample.under_way(open=asked, mode="offline mode: no language model"))

    stop = {"type": "plain_text", "text": "Stop", "emoji": False}
    card = {block["type"]: block for block in said.blocks}
    assert said.text == (
        "Working: Three competitors compared. ▰▱▱▱ 1 of 4 "
        "Waiting for any member of this channel other than <@U0ALICE> to decide on a draft."
    )
    assert [block["type"] for block in said.blocks] == [
        "header", "section", "rich_text", "plan", "section", "context", "actions",
    ]  # fmt: skip
    assert [(task["title"], task["status"]) for task in card["plan"]["tasks"]] == [
        ("Research: Acme", "complete"), ("Research: Globex", "error"), ("Compare", "in_progress"),
        ("Write the brief", "pending"),
    ]  # fmt: skip
    assert card["section"]["text"]["text"].endswith("to decide on a draft.\nNext: “Write the brief”.")
    assert card["context"]["elements"][0]["text"] == (
        "▰▱▱▱ 1 of 4 · 12 min · $0.42 · 12,340 tokens · offline mode: no language model"
    )
    assert card["actions"]["elements"][0]["text"] == stop
    assert json.loads(card["actions"]["elements"][0]["value"]) == {"run": "run-1"}


@pytest.mark.parametrize(
    ("state", "error", "says"),
    [
        (RunState.DONE, "", "The result is in this thread. 1 part could not be done; the result says which."),
        (RunState.FAILED, "'Compare' could not be done.", "'Compare' could not be done."),
        (RunState.STOPPED, "Stopped by <@U0BOB>.", "Stopped by <@U0BOB>. Nothing more is done or spent."),
    ],
)
def test_a_run_that_ended_says_how_and_has_no_stop(state: RunState, error: str, says: str):
    run = sample.run(state=state, error=error, ended_at=sample.BEGAN + timedelta(hours=3, minutes=5))

    said = status.build(sample.under_way(run=run, open=(sample.checkpoint(CheckpointKind.PLAN),)))

    assert says in said.text
    assert "Waiting for" not in said.text
    assert _buttons(said) == []
    assert "3 h 05 min" in _words(said)


def test_in_a_run_that_was_stopped_no_task_is_called_at_work_or_waiting():
    said = status.build(sample.under_way(run=sample.run(state=RunState.STOPPED, ended_at=sample.NOW)))

    [plan] = [block for block in said.blocks if block["type"] == "plan"]
    assert [task["status"] for task in plan["tasks"]] == ["complete", "error", "error", "error"]


def test_a_task_that_asks_people_is_shown_as_waiting_and_as_at_work_while_their_yes_is_carried_out():
    asking = sample.task("send", TaskState.ASKING, "Send it")
    seen = [status.build(sample.under_way(tasks=(asking,), doing=doing)) for doing in (frozenset(), {"send"})]

    cards = [block["tasks"][0] for said in seen for block in said.blocks if block["type"] == "plan"]
    assert [card["status"] for card in cards] == ["pending", "in_progress"]
    assert ["A person is asked." in str(cards[0]), status.DOING in str(cards[1])] == [True, True]


def test_a_request_that_was_only_just_made_says_that_it_is_read():
    run = sample.run(title="", route="", line="", reason="", receipt={})
    tasks = (sample.task("triage", TaskState.WORKING, kind="triage"),)

    said = status.build(sample.under_way(run=run, tasks=tasks, spend=Spend()))

    assert said.text == "Working: Your request."
    assert [task["title"] for task in said.blocks[1]["tasks"]] == ["Understand the request"]


def test_more_tasks_than_people_can_read_are_shown_by_station():
    states = [TaskState.DONE] * 15 + [TaskState.WORKING] * 10 + [TaskState.BLOCKED] * 5
    tasks = tuple(
        sample.task(f"t-{n}", state, f"T {n}", station="Research" if n < 25 else "Write") for n, state in enumerate(states)
    )

    said = status.build(sample.under_way(tasks=tasks))

    [plan] = [block for block in said.blocks if block["type"] == "plan"]
    assert [(task["title"], task["status"]) for task in plan["tasks"]] == [
        ("Research (15 of 25)", "in_progress"), ("Write (0 of 5)", "pending"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", OPEN)
def test_an_open_checkpoint_holds_all_a_decision_needs_on_one_screen(kind: CheckpointKind):
    said = checkpoint.build(sample.seen(kind, next=("Send it",)))

    words = _words(said)
    for wanted in (
        "Is this right?", "About “Three competitors compared”, asked for by <@U0ALICE>", "*Stop*:",
        "*Who decides*:", "*By when*:", "*Risk* (R1, a draft):",
        "*So far*: $0.42 · 12,340 tokens · 12 min since it was asked",
        "Next in line: “Send it”.", "decision chk-1.1, digest dddddddddddd",
    ):  # fmt: skip
        assert wanted in words
    assert blockkit.validate(list(said.blocks), "message", "emit") == []
    assert len(said.blocks) <= 16
    assert "It waits for" in said.text


@pytest.mark.parametrize(
    ("kind", "payload", "names"),
    [
        (CheckpointKind.QUESTION, None, ["Answer", "Stop"]),
        (CheckpointKind.PLAN, None, ["Approve", "Edit and approve", "Send back", "Read all", "Stop"]),
        (CheckpointKind.DRAFT, None, ["Approve", "Edit and approve", "Send back", "Read all", "Stop"]),
        (CheckpointKind.ESCALATION, None, ["Try again", "Stop"]),
        (
            CheckpointKind.ESCALATION,
            sample.PAYLOADS[CheckpointKind.DRAFT],
            ["Approve", "Edit and approve", "Send back", "Read all", "Stop"],
        ),
        (CheckpointKind.BUDGET, None, ["Go on with $1.00 more", "Finish with what there is", "Stop"]),
        (CheckpointKind.EFFECT, None, ["Approve", "Send back", "Read all", "Stop"]),
    ],
)
def test_a_checkpoint_has_the_buttons_that_fit_it(kind: CheckpointKind, payload: dict[str, Any] | None, names: list[str]):
    said = checkpoint.build(sample.seen(kind, **({"payload": payload} if payload else {})))

    assert _buttons(said) == names


def test_a_draft_shows_its_version_its_open_points_what_changed_and_what_it_stands_on():
    words = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT)))

    assert "The review left 1 point open:\nIt has 940 words; 900 were allowed." in words
    assert "What changed since the version that was sent back:\nGone: \nold\nNew: \nnew\n" in words
    assert "*Stands on*: 7 quotes from its sources" in words
    assert "Draft · version 2 · text 4f1a9c3e77d0 · decision chk-1" in words
    assert "The whole text, as the agent “writer” wrote it:" in words


def test_of_many_changed_lines_a_few_are_shown_and_the_rest_counted():
    changed = "--- a\n+++ b\n@@ -1,9 +1,9 @@\n same\n" + "".join(f"-old {n}\n+new {n}\n" for n in range(5))
    payload = {**sample.PAYLOADS[CheckpointKind.DRAFT], "changed": changed}

    words = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, payload=payload)))

    assert "Gone: \nold 2\nNew: \nnew 2\n… and 4 more changed lines." in words
    assert "same" not in words


def test_a_changed_row_of_a_table_reads_as_words_and_its_rule_is_no_change():
    changed = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n-| price | EUR 5 |\n-| --- | --- |\n+| price | EUR 6 |\n+---\n"
    payload = {**sample.PAYLOADS[CheckpointKind.DRAFT], "changed": changed}

    words = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, payload=payload)))

    assert "Gone: \nprice · EUR 5\nNew: \nprice · EUR 6\n" in words
    assert "---" not in words


LONG = "A sentence of a long draft. " * 1_000


def test_a_long_draft_says_what_it_says_how_long_it_is_and_how_to_read_it():
    words = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, artifact=sample.artifact(LONG))))

    assert "A brief.\nSummary by the agent “writer”. *Read all*: 28,000 characters." in words
    assert "A sentence of a long draft." not in words


def test_a_long_draft_nobody_summed_up_shows_how_it_begins():
    payload = {**sample.PAYLOADS[CheckpointKind.DRAFT], "summary": ""}

    words = _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, payload=payload, artifact=sample.artifact(LONG))))

    assert "The first 699 of 28,000 characters. *Read all* shows them all." in words


def test_a_draft_a_person_edited_is_called_theirs():
    made = sample.artifact(made_by="U0BOB")

    assert "as <@U0BOB> wrote it" in _words(checkpoint.build(sample.seen(CheckpointKind.DRAFT, artifact=made)))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (CheckpointState.APPROVED, f"*Approved* by <@U0BOB> · {figures.moment(sample.NOW)}\nThis version goes on."),
        (CheckpointState.SENT_BACK, f"*Sent back* by <@U0BOB> · {figures.moment(sample.NOW)}\nA new version is made"),
        (CheckpointState.STOPPED, f"*Stopped* by <@U0BOB> · {figures.moment(sample.NOW)}\nThe run ended here."),
    ],
)
def test_a_decided_checkpoint_says_who_when_and_why_and_has_no_buttons(state: CheckpointState, says: str):
    decided = {"decided_by": "U0BOB", "closed_at": sample.NOW, "note": "Name <!here> fewer rivals."}

    said = checkpoint.build(sample.seen(CheckpointKind.DRAFT, state=state, **decided))

    assert says in _words(said)
    assert "In their words:\nName <!here> fewer rivals." in _words(said)  # a rich_text element: shown, never parsed
    assert "digest dddddddddddd" in _words(said)
    assert _buttons(said) == []


def test_an_approved_plan_says_where_to_watch_it():
    decided = {"state": CheckpointState.APPROVED, "decided_by": "U0ALICE", "closed_at": sample.NOW}

    said = checkpoint.build(sample.seen(CheckpointKind.PLAN, **decided))

    assert "The status message of this thread says when the work begins, and follows it." in _words(said)
    assert len(said.blocks) <= 4


def test_an_answered_question_shows_each_answer_under_its_question():
    answers = {"competitors": "Acme, Globex", "audience": "Sales"}
    decided = {"state": CheckpointState.ANSWERED, "decided_by": "U0ALICE", "closed_at": sample.NOW, "answers": answers}

    words = _words(checkpoint.build(sample.seen(CheckpointKind.QUESTION, **decided)))

    assert "Which competitors shall be compared?\nAcme, Globex\nWho will read it?\nSales" in words


@pytest.mark.parametrize("state", [CheckpointState.EXPIRED, CheckpointState.WITHDRAWN])
def test_nobodys_decision_is_not_called_a_no(state: CheckpointState):
    words = _words(checkpoint.build(sample.seen(CheckpointKind.PLAN, state=state, closed_at=sample.NOW)))

    assert "by <@" not in words.partition("*")[2].partition("\n")[0]
    assert "ran out" in words or "no longer needed" in words


@pytest.mark.parametrize(("state", "why"), [(RunState.STOPPED, "the run ended"), (RunState.WORKING, "went on another way")])
def test_what_was_withdrawn_says_whether_the_run_ended(state: RunState, why: str):
    closed = {"state": CheckpointState.WITHDRAWN, "closed_at": sample.NOW}
    rows = sample.seen(CheckpointKind.BUDGET, run=sample.run(state=state), **closed)

    assert why in _words(checkpoint.build(rows))


@pytest.mark.parametrize("kind", OPEN)
@pytest.mark.parametrize("state", list(CheckpointState))
def test_the_largest_checkpoint_still_fits_a_message(kind: CheckpointKind, state: CheckpointState):
    huge = "word & <word> " * 3_000
    problems = [{"rule": "r", "message": huge, "quote": huge, "fix": ""}] * 30
    tasks = [{**task, "title": huge, "role": huge} for task in sample.plan(20)["tasks"]]
    payload = {
        **sample.PAYLOADS[kind], "problems": problems, "changed": huge, "remark": huge, "why": huge,
        "plan": {**sample.plan(), "tasks": tasks, "reason": huge},
        "fields": [{"name": f"n{n}", "question": huge, "optional": False} for n in range(30)],
    }  # fmt: skip
    about = {"note": huge, "answers": {f"n{n}": huge for n in range(30)}, "question": huge, "payload": payload}
    about |= {"artifact": sample.artifact(huge), "next": (huge,) * 9, "decided_by": "U0BOB", "closed_at": sample.NOW}

    said = checkpoint.build(sample.seen(kind, state=state, **about))

    assert blockkit.validate(list(said.blocks), "message", "emit") == []


def test_where_review_does_not_end_the_card_says_what_was_tried():
    tried = [{"points": 4, "shown": False}, {"points": 2, "shown": True}, {"points": 3, "shown": False}]
    payload = {**sample.PAYLOADS[CheckpointKind.DRAFT], "versions": tried}

    words = _words(checkpoint.build(sample.seen(CheckpointKind.ESCALATION, payload=payload)))

    assert "*3 versions were made*: 4, 2 and 3 points stayed open. This is version 2, the best." in words
    assert "What changed since the first one:" in words


def test_a_result_that_leaves_nothing_open_says_so():
    rows = sample.finished()
    artifact = rows.artifact.model_copy(update={"problems": []})
    whole = replace(rows, artifact=artifact, handoff=None, tasks=(), documents=())

    assert "Nothing is left open." in result.build(whole).text


def test_a_result_names_the_files_it_comes_as_where_there_are_several():
    several = result.build(replace(sample.finished(), files=("three.md", "three.docx")))
    alone = result.build(replace(sample.finished(), files=("three.md",)))

    named = "The document follows as 2 files: `three.md`, `three.docx`."
    assert (several.text.endswith(named), named in _words(several)) == (True, True)
    assert alone.text.endswith("The document follows as a file.")
    assert "follows" not in _words(alone)


def test_a_result_shows_the_text_what_was_left_open_holes_cost_and_time():
    said = result.build(sample.finished())

    words = _words(said)
    assert said.text == (
        "<@U0ALICE>, “Three competitors compared” is done. 3 points left open. The document follows as a file."
    )
    assert "Acme costs 5 € [F1]." in words
    assert "Left open:\nWhen does Globex ship?" in words
    assert "“Research: Globex” could not be done: The page could not be read." in words
    assert "prices.pdf could not be read: It is encrypted." in words
    assert "$0.42 · 12,340 tokens · 12 min · expected about $0.61 · 30,000 tokens" in words


def test_a_long_result_is_summed_up():
    made = sample.artifact("Long text. " * 2_000, label="offline mode: no language model")

    said = result.build(sample.finished(artifact=made))

    assert "Summary, in the agent's words:\nAcme is dearest." in _words(said)
    assert "offline mode: no language model" in _words(said)
    assert blocks.fits(said.blocks)


def test_what_its_maker_summed_up_is_not_repeated_at_length():
    made = sample.artifact("A fact [F1]. " * 100)

    words = _words(result.build(sample.finished(artifact=made)))

    assert "Acme is dearest." in words
    assert "A fact [F1]." not in words


def test_a_forecast_is_no_more_exact_than_a_forecast_is():
    receipt = {"chosen": {"tokens": 141_985, "usd": 0.18, "minutes": 3}}

    assert figures.predicted(receipt) == "about $0.18 · 140,000 tokens · 3 min"


def test_a_refused_card_is_said_with_its_buttons_and_then_in_words_alone():
    full, plain, bare = checkpoint.build(sample.seen(CheckpointKind.PLAN)).rungs()

    assert [block["type"] for block in plain.blocks] == ["section", "actions"]
    assert plain.blocks[0]["text"]["text"] == full.text == plain.text
    assert bare.blocks == ()
    assert bare.text.startswith(full.text)
    assert "write `stop` in its thread" in bare.text
    assert "the id `chk-1.1`" in bare.text


@pytest.mark.parametrize("n", range(41, 80))
def test_a_cut_never_leaves_half_a_mention_or_half_an_escape(n: int):
    words = "a&amp;<@U0ALICE>&lt;b " * 9

    kept = cut(words, n).partition(" …")[0]

    assert words.startswith(kept)
    assert (kept.count("<"), kept.count("&")) == (kept.count(">"), kept.count(";"))
