"""A schedule in its form: every choice stands as it is, and handing the form in unchanged changes nothing."""

from typing import Any

import pytest

from bot import blockkit
from bot.messages import rescheduling, scheduling
from bot.workspace import inputs
from storage.agenda import Schedule
from tests.bot.messages.test_schedules import NOW, a_schedule
from tests.watch import at

FILES = [{"id": "F1", "name": "offers.csv"}, {"id": "F2", "name": "<x> & " + "long" * 40}]
LINES = ("competitive-intelligence", "market-analysis")


def handed_in(form: dict[str, Any]) -> scheduling.Filled:
    """Hand a form in as it stands."""
    return scheduling.filled({**form, "state": {"values": inputs.state(form["blocks"], None)}}, NOW)


def an_edit(schedule: Schedule) -> dict[str, Any]:
    form = scheduling.form(rescheduling.begun(schedule), LINES)
    named = [{"block_id": f"b{n}", **block} for n, block in enumerate(form["blocks"])]
    return {**form, "blocks": named}


@pytest.mark.parametrize("repeat", [
    "0 7 * * mon-fri", "15 8 * * *", "30 9 * * mon,thu", "0 9 1 * *", "0 9 L * *", "once 2026-12-03T13:00Z",
    "0 9 * * mon#1", "*/30 * * * *", "0 8,17 * * *", "0 9 * dec *", "0 9 1,15 * *", "0 9 * * friL",
])  # fmt: skip
def test_what_is_handed_in_unchanged_is_what_it_was(repeat: str):
    schedule = a_schedule(repeat=repeat, until=at("2026-12-18 23:00"), line=LINES[1], files=FILES)
    form = an_edit(schedule)
    filled = handed_in(form)

    assert blockkit.validate_view(form, "emit") == []
    assert filled.wrong == {}
    assert filled.repeat is not None and filled.repeat.to_text() == repeat
    assert (filled.channel, filled.request, filled.zone) == ("C0SALES", "send the news", "Europe/Berlin")
    assert (filled.until, filled.line, filled.files) == (at("2026-12-18 23:00"), LINES[1], {"F1", "F2"})
    assert filled.schedule_id == "sch-1"


def test_another_way_of_repeating_keeps_all_the_rest():
    form = an_edit(a_schedule(repeat="0 9 * * mon#1", until=at("2026-12-18 23:00"), line=LINES[1], files=FILES))
    chosen = {"often": {scheduling.OFTEN: {"selected_option": {"value": "day"}}}}
    filled = handed_in(scheduling.again({**form, "state": {"values": chosen}}))

    assert filled.repeat is not None and filled.repeat.to_text() == "0 7 * * *"
    assert (filled.until, filled.line, filled.files) == (at("2026-12-18 23:00"), LINES[1], {"F1", "F2"})


def test_a_line_whose_page_is_gone_can_still_be_seen():
    form = an_edit(a_schedule(line="of-old"))

    assert handed_in(form).line == "of-old"


def test_a_new_form_ends_on_no_day_and_takes_whichever_line_fits():
    filled = handed_in(scheduling.form(scheduling.Begun("Europe/Berlin", "C0SALES", "send the news"), LINES))

    assert (filled.until, filled.line, filled.files, filled.schedule_id) == (None, "", frozenset(), "")
