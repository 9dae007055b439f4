"""The Home tab and its forms are made from rows alone, keep Slack's limits, and show nothing foreign as markup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.blockkit import validate_view
from bot.messages import home, several, together, waiting
from bot.messages.figures import Spend
from bot.messages.home import EXAMPLE, Going, HomeRows
from bot.messages.rows import RunRows
from bot.messages.waiting import Waiting
from storage.agenda import Schedule
from storage.outcomes import Figures, Period, RubberStamp
from storage.outcomes.figures import Amount
from storage.tables import Checkpoint, Run, Task
from storage.words import CheckpointKind, RunState, TaskKind, TaskState

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HOSTILE = "<!channel> <@U0BOB> *bold* `code` &amp; \u202e" + "long <https://evil.example|words> " * 200


def a_run(n: int = 0, **about: Any) -> Run:
    row = {"id": f"run-{n}", "state": RunState.WAITING, "team": "T", "channel": "C0SALES", "thread_ts": "1.1", "tag": "t"}
    asked = {"request_ts": f"1.{n}", "requester": "U0ALICE", "request": HOSTILE, "title": HOSTILE, "line": "campaign"}
    return Run(**{**row, **asked, "created_at": NOW - timedelta(hours=3), **about})


def asks(n: int = 0, kind: CheckpointKind = CheckpointKind.DRAFT, **about: Any) -> Waiting:
    payload = {"summary": HOSTILE, "fields": []}
    row = {"id": f"chk-{n}", "run_id": f"run-{n}", "task_key": "brief", "attempt": 1, "nonce": "n", "digest": "d"}
    said = {"kind": kind, "question": HOSTILE, "requester": "U0ALICE", "payload": payload}
    policy, hour = {"deciders": [["members"]], "quorum": 1}, timedelta(hours=1)
    times = {"opened_at": NOW - 2 * hour, "due_at": NOW + 9 * hour}
    asked = Checkpoint(**{**row, **said, **times, "policy": policy, **about})
    return Waiting(asked, a_run(n), "https://x.example/archives/C0SALES/p1", "Brief", Spend(1.25, 900))


def going(n: int) -> Going:
    tasks = tuple(
        Task(run_id=f"run-{n}", key=f"t{k}", kind=TaskKind.WORK, position=k, state=state, spec={"title": HOSTILE})
        for k, state in enumerate([TaskState.DONE, TaskState.WORKING, TaskState.BLOCKED])
    )
    return Going(RunRows(run=a_run(n), now=NOW, tasks=tasks), "https://x.example/archives/C0SALES/p1")


def schedule(n: int) -> Schedule:
    about = {"team": "T", "channel": "C0SALES", "by": "U0ALICE", "request": HOSTILE, "repeat": "0 7 * * mon-fri"}
    return Schedule(id=f"s-{n}", **about, zone="Europe/Berlin", next_at=NOW + timedelta(hours=12))


def period(**counted: Any) -> Period:
    return Period(since=NOW - timedelta(days=28), until=NOW, **counted)


FIGURES = Figures(
    whole=period(judged=4, accepted=3, first_pass=2, rounds=2, decisions=5, wall=timedelta(minutes=40), usd=Amount(3.0, 4)),
    weeks=(), signals=(RubberStamp("U0BOB", 20, 20, timedelta(seconds=1)),),
)


def words(view: Any) -> str:
    return str(view)


def test_a_full_home_keeps_slacks_limits_and_shows_nothing_foreign_as_markup():
    everything = HomeRows(
        "U0ALICE", NOW, tuple(asks(n) for n in range(40)), tuple(going(n) for n in range(40)),
        tuple(schedule(n) for n in range(30)), FIGURES, tuple(f"C0GONE{n}" for n in range(9)),
    )  # fmt: skip

    view = home.view(everything)

    assert validate_view(view, "emit") == []
    assert len(view["blocks"]) <= 100
    assert "<!channel>" not in words(view)
    assert "<https://evil" not in words(view)


def test_ten_decisions_are_shown_and_the_rest_is_counted():
    view = home.view(HomeRows("U0BOB", NOW, tuple(asks(n) for n in range(12))))

    heads = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert heads == ["12 decisions waiting on you"]
    assert sum("Open thread" in str(block) for block in view["blocks"]) == home.MOST_DECISIONS
    assert "And 2 more decisions: as you decide, they move up." in words(view)


def test_an_entry_says_who_asked_since_and_until_when_and_what_it_cost():
    assert waiting.facts(asks(), "U0BOB") == (
        "Asked for by <@U0ALICE> · waits since <!date^1795363200^{date_short_pretty}, {time}|22 Nov 2026, 16:00 UTC>"
        " · until <!date^1795402800^{date_short_pretty}, {time}|23 Nov 2026, 03:00 UTC> · $1.25 so far"
    )


def test_an_empty_home_says_how_to_ask():
    view = home.view(HomeRows("U0ALICE", NOW))

    assert EXAMPLE in words(view)
    assert validate_view(view, "emit") == []


def test_a_channel_slack_is_silent_about_is_named_and_quiet_is_not_claimed():
    view = home.view(HomeRows("U0ALICE", NOW, silent=("C0SALES", "D0ALICE")))

    assert "who you are in <#C0SALES> and other conversations" in words(view)
    assert home.QUIET not in words(view)


def test_what_the_work_came_to_takes_four_lines_and_names_nobody():
    view = home.view(HomeRows("U0ALICE", NOW, figures=FIGURES))

    [lines] = [b["text"]["text"] for b in view["blocks"] if b["type"] == "section" and b["text"]["text"].startswith("•")]
    assert 1 <= len(lines.splitlines()) <= home.MOST_LINES
    assert "U0BOB" not in words(view)


def test_weeks_without_anything_are_not_shown():
    assert "came to" not in words(home.view(HomeRows("U0ALICE", NOW, figures=Figures(period(), ()))))


def test_a_few_decisions_are_too_little_to_tell_anything_from():
    few = Figures(replace(period(), decisions=4, unjudged=1), ())

    assert home.TOO_LITTLE in words(home.view(HomeRows("U0ALICE", NOW, figures=few)))


def test_two_groups_of_alike_decisions_are_told_apart_by_their_buttons():
    budgets = [replace(asks(n, CheckpointKind.BUDGET), station="") for n in (2, 3)]
    view = home.view(HomeRows("U0BOB", NOW, (asks(0), asks(1), *budgets)))

    pressed = [element for block in view["blocks"] for element in block.get("elements", ())]
    assert [each["text"]["text"] for each in pressed if each.get("action_id") == several.DECIDE_ALIKE] == [
        "Decide 2 alike: drafts at “Brief” of the line “campaign”", "Decide 2 alike: budgets of the line “campaign”",
    ]  # fmt: skip
    assert validate_view(view, "emit") == [], "Slack refuses a whole Home for two such buttons in one block"


def test_the_form_of_many_alike_decisions_keeps_slacks_limits():
    [(what, inside)] = several.groups([asks(n) for n in range(30)]).items()

    form = several.form(what, inside, "U0BOB")

    assert validate_view(form, "emit") == []
    assert "20 more decisions like these come after them." in words(form)
    assert several.pointed(what.value()) == what


@pytest.mark.parametrize("carried", [
    "", "[]", "{}", '{"line": 1}', '{"line": "a", "station": "", "kind": "question"}', "{" * 5_000,
])  # fmt: skip
def test_a_foreign_button_stands_for_nothing(carried: str):
    assert several.pointed(carried) is None


def test_what_counted_is_told_whole_even_of_ten_with_long_names():
    why = "Nothing changed: " + "why & " * 400
    counted = [several.Counted(waiting.title(a_run(n)), why if n % 2 else "") for n in range(10)]

    assert validate_view(several.results(counted), "emit") == []


def test_a_form_of_questions_keeps_slacks_limits_and_leaves_out_what_it_cannot_hold():
    fields = [{"name": f"f{k}", "question": HOSTILE[:1_000], "optional": False} for k in range(20)]
    asked = [asks(n, CheckpointKind.QUESTION, payload={"fields": fields}).checkpoint for n in range(12)]

    kept = together.fit(asked)

    assert len(kept) == 4
    assert validate_view(together.form(kept), "emit") == []


def test_an_answer_that_does_not_fit_is_told_at_its_own_field():
    fields = [{"name": "when", "question": "By when?", "optional": False, "kind": "date"},
              {"name": "why", "question": "Why?", "optional": True}]
    asked = asks(0, CheckpointKind.QUESTION, payload={"fields": fields}).checkpoint

    assert together.problems(asked, together.Part("", {"when": "soon"})) == {
        "chk-0/answer-when": "“soon” is no date such as 2026-12-24. By when?"
    }
