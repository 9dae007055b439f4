"""What a run does next: examples, and properties over random plans and random outcomes."""

import random

import pytest

from agents.planning.moves import Finish, RunView, Stand, Start, TaskView, next_moves
from storage.words import RunState, TaskState

DONE, FAILED, BLOCKED = TaskState.DONE, TaskState.FAILED, TaskState.BLOCKED
ENDS = {DONE, FAILED}
UNDER_WAY = {TaskState.QUEUED, TaskState.WORKING}


def view(*tasks: TaskView, **more) -> RunView:
    return RunView(tuple(tasks), **more)


def test_a_task_starts_when_all_it_needs_is_there():
    run = view(TaskView("a", DONE, makes="a"), TaskView("b", BLOCKED, ("a",), "b"))

    assert next_moves(run) == [Start("b"), Stand(RunState.WORKING)]


def test_no_more_tasks_start_than_may_work_at_once():
    tasks = [TaskView(f"t{n}", BLOCKED, makes=f"m{n}") for n in range(5)]

    assert next_moves(view(*tasks, at_once=3)) == [Start("t0"), Start("t1"), Start("t2"), Stand(RunState.WORKING)]


def test_a_run_whose_tasks_all_ask_waits_for_people():
    assert next_moves(view(TaskView("a", TaskState.ASKING))) == [Stand(RunState.WAITING)]


def test_an_open_question_holds_up_only_what_needs_its_answer():
    asking = TaskView("a", TaskState.ASKING, makes="a")
    run = view(asking, TaskView("b", BLOCKED, ("a",), "b"), TaskView("c", BLOCKED, makes="c"))

    assert next_moves(run) == [Start("c"), Stand(RunState.WORKING)]


def test_a_failed_part_leaves_a_hole_while_another_part_is_there():
    parts = TaskView("a-1", FAILED, makes="findings"), TaskView("a-2", DONE, makes="findings")
    run = view(*parts, TaskView("b", BLOCKED, ("a-1", "a-2"), "brief"))

    assert next_moves(run) == [Start("b"), Stand(RunState.WORKING)]


def test_a_run_fails_when_every_part_of_something_needed_failed():
    parts = TaskView("a-1", FAILED, makes="findings"), TaskView("a-2", FAILED, makes="findings")
    run = view(*parts, TaskView("b", BLOCKED, ("a-1", "a-2"), "brief"))

    [move] = next_moves(run)

    assert isinstance(move, Finish) and move.state is RunState.FAILED and "a-1" in move.why


def test_a_paused_run_starts_nothing():
    assert next_moves(view(TaskView("a", BLOCKED), paused=True)) == [Stand(RunState.PAUSED)]


def test_a_run_ends_well_when_its_tasks_have():
    assert next_moves(view(TaskView("a", DONE, makes="a"))) == [Finish(RunState.DONE)]


def random_plan(chance: random.Random) -> list[TaskView]:
    tasks: list[TaskView] = []
    for number in range(chance.randint(1, 12)):
        needs = tuple(t.key for t in chance.sample(tasks, chance.randint(0, min(3, len(tasks)))))
        tasks.append(TaskView(f"t{number}", BLOCKED, needs, chance.choice([f"m{number}", "shared"])))
    return tasks


@pytest.mark.parametrize("seed", range(400))
def test_whatever_happens_a_run_goes_on_until_it_ends_and_starts_each_task_once(seed: int):
    """Each state of affairs is followed by a start, an open end, or the end: nothing stands still unasked."""
    chance = random.Random(seed)
    tasks = {task.key: task for task in random_plan(chance)}
    started: list[str] = []
    while True:
        moves = next_moves(RunView(tuple(tasks.values()), at_once=chance.randint(1, 6)))
        for move in moves:
            if isinstance(move, Start):
                assert all(tasks[need].state in ENDS for need in tasks[move.key].needs)
                tasks[move.key] = _as(tasks[move.key], TaskState.WORKING)
                started.append(move.key)
        if isinstance(moves[-1], Finish):
            break
        at_work = [key for key, task in tasks.items() if task.state in UNDER_WAY]
        assert at_work, f"seed {seed}: the run stands still"
        key = chance.choice(at_work)
        tasks[key] = _as(tasks[key], chance.choices([DONE, FAILED], [8, 2])[0])

    assert len(started) == len(set(started))
    if moves[-1].state is RunState.DONE:
        assert all(task.state in ENDS for task in tasks.values())


def _as(task: TaskView, state: TaskState) -> TaskView:
    return TaskView(task.key, state, task.needs, task.makes)
