"""An open checkpoint holds up only what builds on its task: every other branch of any plan goes on to its end."""

from __future__ import annotations

import random

from agents.planning.moves import Finish, RunView, Stand, Start, TaskView, next_moves
from storage.words import RunState, TaskState
from tests.agents.planning.test_moves import random_plan
from tests.storage.voting import seeded

PLANS = 2_000
ASKS = 0.3  # of tasks


def above(tasks: dict[str, TaskView], asking: set[str]) -> set[str]:
    """Return the tasks that need one of these, directly or through others."""
    found: set[str] = set()
    for key, task in tasks.items():  # a plan's tasks stand after what they need
        if {*task.needs} & (asking | found):
            found.add(key)
    return found


def worked(tasks: dict[str, TaskView], asking: set[str], chance: random.Random) -> list[str]:
    """Do all that can be done while nobody answers; return what was started, in order."""
    started: list[str] = []
    while True:
        moves = next_moves(RunView(tuple(tasks.values()), at_once=chance.randint(1, 6)))
        begun = [move.key for move in moves if isinstance(move, Start)]
        started += begun
        tasks |= {key: at(tasks[key], TaskState.WORKING) for key in begun}
        under_way = [key for key, task in tasks.items() if task.state is TaskState.WORKING]
        if not under_way:
            assert moves[-1] in (Finish(RunState.DONE), Stand(RunState.WAITING))
            return started
        done = chance.choice(under_way)
        tasks[done] = at(tasks[done], TaskState.ASKING if done in asking else TaskState.DONE)


def at(task: TaskView, state: TaskState) -> TaskView:
    return TaskView(task.key, state, task.needs, task.makes)


def test_in_any_plan_only_what_builds_on_an_open_question_waits_and_all_else_is_done():
    chance, waited = seeded(), 0
    for number in range(PLANS):
        tasks = {task.key: task for task in random_plan(chance)}
        asking = {key for key in tasks if chance.random() < ASKS}
        held = above(tasks, asking)
        started = worked(tasks, asking, chance)
        waited += bool(held)

        assert sorted(started) == sorted({*tasks} - held), number
        assert {key for key, task in tasks.items() if task.state is TaskState.DONE} == {
            *tasks
        } - asking - held
        assert {key for key, task in tasks.items() if task.state is TaskState.BLOCKED} == held

    assert waited > PLANS / 4


def test_once_all_is_answered_the_rest_of_any_plan_is_done_too():
    chance = seeded()
    for number in range(PLANS):
        tasks = {task.key: task for task in random_plan(chance)}
        asking = {key for key in tasks if chance.random() < ASKS}
        started = worked(tasks, asking, chance)
        while waiting := [key for key, task in tasks.items() if task.state is TaskState.ASKING]:
            answered = chance.choice(waiting)
            tasks[answered] = at(tasks[answered], TaskState.DONE)
            started += worked(tasks, asking, chance)

        assert sorted(started) == sorted(tasks), number
        assert {task.state for task in tasks.values()} == {TaskState.DONE}
