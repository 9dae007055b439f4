"""Plans without a line."""

import pytest

from agents import catalog, contracts
from agents.errors import PlanError
from agents.planning.expand import expand
from agents.planning.free import from_answer, single
from agents.planning.plan_checks import problems
from agents.planning.triage import Accepted
from storage.words import Route
from tests.agents.catalog.writing import TOOLS

SHIPPED = catalog.read([catalog.SHIPPED], TOOLS)


def task(key, role="researcher", needs=(), **more):
    told = {"instructions": f"Work on {key}.", "done_when": f"{key} is there; it cites", "title": key.title()}
    return contracts.PlannedTask(
        key=key, role=role, needs=list(needs), makes=more.pop("makes", key), **{**told, **more}
    )


def planned(*tasks):
    return from_answer(contracts.Plan(reason="Two questions.", tasks=list(tasks)), SHIPPED)


def test_the_orchestrators_tasks_become_the_plan_with_the_roles_tools():
    made = planned(task("a"), task("b"), task("end", "writer", ["a", "b"], review="reviewer", ask="Good?"))

    assert (made.route, made.reason, [one.key for one in made.tasks]) == (
        Route.PLAN,
        "Two questions.",
        ["a", "b", "end"],
    )
    assert made.task("a").tools == SHIPPED.role("researcher").tools
    assert made.task("a").done_when == ("a is there", "it cites")
    assert (made.task("end").needs, made.task("end").review, made.task("end").ask) == (
        ("a", "b"),
        "reviewer",
        "Good?",
    )
    assert problems(made, SHIPPED) == []


def test_neighbours_of_one_role_become_one_task_under_the_later_key():
    made = planned(
        task("look"),
        task("dig", needs=["look"]),
        task("sift", needs=["dig"]),
        task("end", "writer", ["sift"]),
    )

    assert [one.key for one in made.tasks] == ["sift", "end"]
    one = made.task("sift")
    assert one.instructions == "Work on look.\n\nWork on dig.\n\nWork on sift."
    assert one.done_when == ("look is there", "it cites", "dig is there", "sift is there")
    assert (one.needs, made.task("end").needs) == ((), ("sift",))
    assert problems(made, SHIPPED) == []


@pytest.mark.parametrize(
    "tasks",
    [
        [task("a"), task("b", "writer", ["a"])],
        [task("a", review="reviewer"), task("b", needs=["a"])],
        [task("a", ask="Go on?"), task("b", needs=["a"])],
        [task("a"), task("b", needs=["a"]), task("c", "writer", ["a", "b"])],
        [task("a"), task("x"), task("b", needs=["a", "x"])],
    ],
    ids=["another role", "a review between", "people between", "two consumers", "two needs"],
)
def test_tasks_stay_apart_where_something_stands_between_them(tasks):
    assert len(planned(*tasks).tasks) == len(tasks)


def test_a_bad_plan_is_kept_as_it_is_for_the_checks_to_name():
    made = planned(task("a", "poet", ["b"]), task("b", needs=["a"]))

    assert problems(made, SHIPPED) == [
        "'a' and 'b' wait for one another in a circle.",
        f"'a' names the role 'poet', which does not exist. I know: {', '.join(sorted(SHIPPED.roles))}.",
    ]


def test_two_tasks_that_need_only_each_other_are_still_a_circle():
    assert problems(planned(task("a", needs=["b"]), task("b", needs=["a"])), SHIPPED) != []


def test_a_plan_made_again_keeps_what_the_orchestrator_is_not_asked_for():
    line = SHIPPED.line("competitive-intelligence")
    before = expand(line, SHIPPED.roles, {"competitors": "Acme, Globex", "audience": "sales"})
    again = [
        task(
            one.key,
            one.role,
            one.needs,
            makes=one.makes,
            title=one.title,
            instructions=f"{one.instructions} Newest!",
        )
        for one in before.tasks
    ]

    made = from_answer(contracts.Plan(reason="As noted.", tasks=again), SHIPPED, before)

    assert problems(made, SHIPPED) == []
    assert (made.route, made.line, made.background) == (Route.PLAN, line.name, line.background)
    assert [(one.station, one.item, one.sections, one.most_words) for one in made.tasks] == [
        (one.station, one.item, one.sections, one.most_words) for one in before.tasks
    ]
    assert all(one.instructions.endswith("Newest!") for one in made.tasks)


def test_a_task_given_to_another_role_keeps_nothing_of_the_old_one():
    line = SHIPPED.line("competitive-intelligence")
    before = expand(line, SHIPPED.roles, {"competitors": "Acme", "audience": "sales"})

    made = from_answer(contracts.Plan(reason="x", tasks=[task("brief", "analyst")]), SHIPPED, before)

    assert (made.task("brief").sections, made.task("brief").station) == ((), "Brief")


def test_a_simple_request_is_one_task_without_review():
    made = single(
        Accepted(Route.ANSWER, reason="One question.", title="Opening hours", role="researcher"), SHIPPED
    )

    assert [(one.key, one.title, one.role, one.makes, one.review) for one in made.tasks] == [
        ("answer", "Opening hours", "researcher", "answer", "")
    ]
    assert problems(made, SHIPPED) == []


@pytest.mark.parametrize("role", ["", "poet", "orchestrator"])
def test_when_triage_names_nobody_fit_the_writer_answers(role):
    answer = contracts.Triage(route="answer", reason="x", title="", role=role)

    assert single(answer, SHIPPED).tasks[0].role == "writer"


def test_nobody_answers_where_no_role_can():
    bare = catalog.from_texts({}, TOOLS)

    with pytest.raises(PlanError, match="No role can answer"):
        single(Accepted(Route.ANSWER), bare)
