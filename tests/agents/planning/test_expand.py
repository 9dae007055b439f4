"""A line and its inputs become a plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import PlanError
from agents.planning.expand import DONE_WHEN, expand, items, missing
from storage.words import Route
from tests.agents.catalog.writing import ode, pages, station

HEAD = (
    "---\nname: ode\ndescription: x\ninputs:\n  muses: Which muses?\n  meter: Which meter? (optional)\n---\n"
)
CATALOG = pages(
    ode(
        station("Verse", "role: poet", "each: muses", "makes: verses", prose="Listen."),
        station("Place", "role: critic", "each: sea, sky", "makes: places"),
        station(
            "Finish", "role: poet", "reads: request, places, verses", "makes: ode", "review: critic",
            "ask: Shall it be read?", "sections: Opening, Close", "words: at most 90", prose="End.\n\nDone when it ends.",
        ),
        head=HEAD,
    )
)  # fmt: skip
LINE = CATALOG.line("ode")


def plan(muses="Erato and Clio"):
    return expand(LINE, CATALOG.roles, {"muses": muses}, reason="It is a song.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Acme, Globex and Initech", ("Acme", "Globex", "Initech")),
        ("Acme, Globex, and Initech.", ("Acme", "Globex", "Initech")),
        ("Acme; Globex\nInitech", ("Acme", "Globex", "Initech")),
        ("- Acme\n- Globex\n1. Initech", ("Acme", "Globex", "Initech")),
        ("Acme, Inc. and Globex, LLC.", ("Acme, Inc.", "Globex, LLC.")),
        ('"Sand and Sons", Acme', ("Sand and Sons", "Acme")),
        ("Sandy AND Andrea", ("Sandy", "Andrea")),
        ("Acme, acme , ACME", ("Acme",)),
        ("Johnson & Johnson", ("Johnson & Johnson",)),
        ("St. Mary's   Hospital", ("St. Mary's Hospital",)),
        ("and Acme", ("Acme",)),
        (" , ; \n . and ", ()),
        ("", ()),
    ],
)
def test_a_list_is_split_where_people_split_it(text, found):
    assert items(text) == found


@given(st.text(alphabet='ab,;. \n"“”-\x00and', max_size=60))
def test_any_list_gives_items_that_are_there_once_and_not_empty(text):
    found = items(text)

    assert all(item.strip() for item in found)
    assert len({item.casefold() for item in found}) == len(found)


def test_required_inputs_that_are_empty_are_missing_and_optional_ones_are_not():
    assert [wanted.name for wanted in missing(LINE, {"muses": "  "})] == ["muses"]
    assert [wanted.name for wanted in missing(LINE, {"muses": " , "})] == ["muses"]
    assert missing(LINE, {"muses": "Clio"}) == []


def test_a_plan_is_not_made_while_an_input_is_missing():
    with pytest.raises(PlanError, match=r"Not everything is known yet: Which muses\?"):
        expand(LINE, CATALOG.roles, {})


def test_an_each_station_becomes_one_task_an_item():
    made = plan()

    assert [(task.key, task.title, task.item) for task in made.tasks] == [
        ("verse-1", "Verse: Erato", "Erato"),
        ("verse-2", "Verse: Clio", "Clio"),
        ("place-1", "Place: sea", "sea"),
        ("place-2", "Place: sky", "sky"),
        ("finish", "Finish", ""),
    ]
    assert {task.makes for task in made.tasks[:2]} == {"verses"}


def test_whoever_reads_an_artifact_of_many_needs_all_of_it_in_the_order_of_its_reads():
    assert plan().task("finish").needs == ("place-1", "place-2", "verse-1", "verse-2")


def test_one_item_still_has_a_number():
    assert [task.key for task in plan("Clio").tasks][:1] == ["verse-1"]


def test_a_task_carries_what_its_station_and_role_say():
    task = plan().task("finish")

    assert (task.role, task.review, task.ask, task.tools) == (
        "poet",
        "critic",
        "Shall it be read?",
        ("read_artifact",),
    )
    assert (task.instructions, task.done_when) == ("End.", ("it ends",))
    assert (task.sections, task.most_words) == (("Opening", "Close"), 90)


def test_a_station_that_does_not_say_when_it_is_done_is_still_checked():
    assert plan().task("verse-1").done_when == DONE_WHEN


def test_the_plan_says_its_route_its_line_and_why():
    made = plan()

    assert (made.route, made.line, made.reason, made.background) == (
        Route.LINE,
        "ode",
        "It is a song.",
        "We sell to poets.",
    )


def test_a_line_of_one_station_is_one_task():
    catalog = pages(ode(station("Verse", "role: poet", "makes: verse")))

    assert [task.key for task in expand(catalog.line("ode"), catalog.roles, {}).tasks] == ["verse"]


def test_the_same_page_and_inputs_give_the_same_plan():
    assert plan().digest() == plan().digest()
    assert plan().digest() != plan("Clio and Erato").digest()


def test_more_items_than_a_run_has_tasks_are_refused_with_how_many_may_be_named():
    many = ", ".join(f"muse {number}" for number in range(18))

    with pytest.raises(PlanError) as refused:
        plan(many)

    assert str(refused.value) == (
        "'Verse' would become 18 tasks and the run has 21; 20 is the most. Name at most 17, or make two requests."
    )
    assert len(plan(", ".join(f"muse {number}" for number in range(17))).tasks) == 20
