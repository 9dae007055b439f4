"""What follows when an attempt is over: rows for what was made, the next attempt, or a question to people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from agents.checks import disagreement
from agents.engine import charts, effects, known_plans, standstill
from agents.engine.naming import ask_again
from agents.engine.transitions import Transition, changed, hand_over, intake_task
from agents.planning.plan import PlanTask
from agents.planning.receipt import asks_first
from agents.policies import settings_for
from agents.policies.values import AskFirst
from agents.questions import Question
from agents.stations.assignment import Asked, Failed, Made, Outcome, Planned, Routed
from storage import artifacts, clock, judges
from storage.database import insert
from storage.tables import Artifact, Review, Task
from storage.words import AnswerKind, Cause, CheckpointKind, MessageKind, Route, RunState, TaskKind, TaskState

MOST_FAILURES: Final = 3  # technical ones in a row, then a person is asked
# Seconds before the second attempt and the third: most outages of a service end meanwhile.
RESTS_S: Final = (30.0, 900.0)
NIGHT_RESTS_S: Final = (300.0, 3_600.0)  # nobody is awake who could press: the longer ones too
LONGEST_REST_S: Final = 3_600.0  # whoever asks for more patience is asked again after an hour
_INTAKE: Final = {TaskKind.TRIAGE: "Understanding the request", TaskKind.PLAN: "Planning the work"}
OTHER_FILES: Final = "other_files"  # the field that asks for files instead of those nobody can read
NOT_MENDED: Final = "Not mended: "  # begins an open point of a review
SUMMARY: Final = 600  # characters of a handoff's summary that a checkpoint repeats


async def follow(moving: Transition, task: Task, outcome: Outcome) -> None:
    """Write down what came of an attempt and what that starts."""
    match outcome:
        case Made():
            await _made(moving, task, outcome)
        case Routed():
            await _routed(moving, task, outcome)
        case Planned():
            await _planned(moving, task, outcome)
        case Asked():
            await moving.ask(
                task,
                outcome.kind,
                outcome.question,
                {"fields": [dict(f) for f in outcome.fields], "why": task.spec["title"]},
            )
        case Failed():
            await _failed(moving, task, outcome)


async def _made(moving: Transition, task: Task, made: Made) -> None:
    """Keep the artifact, its reviews and its handoff; ask people where the plan says so or review did not end."""
    spec = PlanTask.model_validate(task.spec)
    problems = [dict(problem) for problem in made.problems]
    artifact = await artifacts.add(
        moving.session,
        moving.run.id,
        task.key,
        name=spec.makes,
        text=made.text,
        made_by=made.made_by,
        label=made.label,
        problems=problems,
    )
    for number, one in enumerate(made.rounds, start=1):
        await insert(moving.session, _review(task, number, one.role, one.problems, one.criteria))
    await charts.keep(moving, made)
    await hand_over(moving, task, artifact.id, _passed_on(made))
    await moving.event(
        "artifact made", task=task.key, artifact=artifact.id, version=artifact.version, sha256=artifact.sha256
    )
    if made.raised:
        await moving.event(standstill.RAISED, task=task.key, attempt=task.attempt, round=made.raised)
    if await standstill.plan_anew(moving, task, made):
        return
    await effects.propose(moving, task, made)
    if question := _question(spec, made, free=moving.run.route == Route.PLAN):
        kind = CheckpointKind.DRAFT if spec.ask else CheckpointKind.ESCALATION
        payload = await _draft(moving, task, artifact, made)
        await charts.show(moving, made.text)
        await ask_again(moving, await moving.ask(task, kind, question, payload, artifact.id))
    else:
        await effects.go_on(moving, task)


def _question(spec: PlanTask, made: Made, *, free: bool = False) -> str:
    """Return what people are asked now; what is open about a text that others work on is shown where they are."""
    if spec.ask:
        return spec.ask
    if made.stalled and (spec.review or free):
        return f"“{spec.title}” stands still: three versions brought nothing new. Shall it go on as it is?"
    if spec.review and made.problems:
        return f"Review did not come to an end for “{spec.title}”. Shall it go on as it is?"
    return ""


def _passed_on(made: Made) -> dict[str, Any]:
    open_points = (*made.open_questions, *(_left(problem) for problem in made.problems))
    return {
        "summary": made.summary,
        "findings": [dict(finding) for finding in made.findings],
        "decisions": [dict(choice) for choice in made.decisions],
        "open_questions": list(open_points),
    }


def _left(problem: Mapping[str, Any]) -> str:
    """Return what stays open of a problem: that sources disagree is no fault of the text's alone."""
    message = str(problem["message"])
    return message if problem["rule"] == disagreement.RULE else f"{NOT_MENDED}{message}"


def _review(task: Task, number: int, role: str, problems: Any, criteria: Any) -> Review:  # noqa: ANN401  rows of JSON
    return Review(
        run_id=task.run_id,
        task_key=task.key,
        attempt=task.attempt,
        round=number,
        role=role,
        problems=[dict(one) for one in problems],
        criteria=[dict(one) for one in criteria],
    )


async def _draft(moving: Transition, task: Task, artifact: Artifact, made: Made) -> dict[str, Any]:
    """Return exactly what people decide on: this version, what is open about it, what changed since they last saw it."""
    versions = await artifacts.versions(moving.session, moving.run.id, task.key)
    before = versions[-2].text if task.note and len(versions) > 1 else ""
    tried = [] if task.spec.get("ask") else _versions(made)
    return {
        "artifact_id": artifact.id,
        "sha256": artifact.sha256,
        "version": artifact.version,
        "title": task.spec["title"],
        "summary": begun(made.summary),
        "problems": [dict(problem) for problem in made.problems],
        "changed": changed(before or (made.rounds[0].text if tried else ""), artifact.text),
        "rounds": len(made.rounds),
        "found": [str(problem["rule"]) for problem in made.problems],
        "judge": await _judge(moving, task),
        "raised": made.raised,
        "versions": tried,
    }


def begun(summary: str) -> str:
    """Return a summary, or the words it begins with and a sign that it goes on."""
    return summary if len(summary) <= SUMMARY else f"{summary[: SUMMARY - 1].rsplit(None, 1)[0]}…"


def _versions(made: Made) -> list[dict[str, Any]]:
    """Return what was tried where review did not come to an end: how much was open each time, and which one is shown."""
    return [{"points": len(one.problems), "shown": one.text == made.text} for one in made.rounds]


async def _judge(moving: Transition, task: Task) -> dict[str, Any]:
    """Return how far people agreed with the task's reviewer so far. However far: what is asked, people decide."""
    if not (role := task.spec.get("review")):
        return {}
    found = await judges.standing(moving.session, moving.run.team, role)
    return {"role": role, "pairs": found.pairs, "agreed": found.agreed}


async def _routed(moving: Transition, task: Task, routed: Routed) -> None:
    run, accepted = moving.run, routed.accepted
    run.route, run.line, run.role = accepted.route, accepted.line, accepted.role
    run.reason, run.title = accepted.reason, accepted.title
    run.constraints = [list(one) for one in accepted.constraints]
    run.inputs, run.pages = dict(accepted.inputs), dict(routed.pages)
    await moving.event(
        "routed", route=accepted.route, line=accepted.line, reason=accepted.reason, role=accepted.role
    )
    if accepted.refused:
        await moving.done(task)
        await moving.end(RunState.FAILED, accepted.refused)
        return
    wanted = [dict(field) for field in routed.missing] + await _unread(moving)
    if wanted:
        payload = {"fields": wanted, "why": accepted.reason}
        await moving.ask(task, CheckpointKind.QUESTION, "Before the work starts, please tell me:", payload)
    else:
        await to_plan(moving, task)


async def _unread(moving: Transition) -> list[dict[str, Any]]:
    """Say at once which files the work goes on without: at the end it would be too late. Without any, ask for others."""
    unread = [row for row in await artifacts.documents(moving.session, moving.run.id) if row.problem]
    points = "\n".join(f"• {row.problem}" for row in unread)
    if unread and len(unread) == len(moving.run.files):
        which = "No file" if len(unread) == 1 else f"None of the {len(unread)} files"
        said = f"{which} could be read:\n{points}\nSend others here. Without any I have only the words of the request."
        return [Question(OTHER_FILES, said, optional=True, kind=AnswerKind.FILE).plain()]
    if unread:
        which = f"{len(unread)} of the {len(moving.run.files)} files"
        text = f"I go on without {which}:\n{points}\nTo have them read, stop this and ask again with files I can read."
        moving.say(MessageKind.NOTICE, text=text)
    return []


async def to_plan(moving: Transition, triage: Task) -> None:
    """End triage and begin the plan."""
    await moving.done(triage)
    await moving.add(intake_task(moving.run.id, TaskKind.PLAN))


async def _planned(moving: Transition, task: Task, planned: Planned) -> None:
    moving.run.receipt = planned.receipt.plain()
    rules = settings_for(moving.ground.policies.rules(), moving.run.channel, moving.run.line)
    plan = planned.plan.model_copy(update={"at_once": rules.at_once})
    why = _asks_first(planned, rules.ask_first, sent_back=bool(task.note))
    remark = " ".join(part for part in (planned.remark, "" if planned.ask else why) if part)
    payload = {"plan": plan.canonical(), "receipt": moving.run.receipt, "remark": remark}
    if not why or await known_plans.is_known(moving, task, payload):
        await moving.done(task)
        await moving.add_tasks(plan)
        return
    await moving.ask(task, CheckpointKind.PLAN, "Shall the work go down the line like this?", payload)


def _asks_first(planned: Planned, first: AskFirst, *, sent_back: bool) -> str:
    """Return why a person sees the plan before it runs, or an empty text."""
    if first.above_usd is not None and planned.receipt.chosen.usd > first.above_usd:
        return f"It should cost more than ${first.above_usd:.2f}, and the policy asks first then."
    if asks_first(planned.receipt, first.times_one_agent):
        return f"It should cost more than {first.times_one_agent:g} times what one agent does."
    wanted = planned.ask and (first.plan or sent_back or planned.remark)
    return "A plan is put to whoever asked." if wanted else ""


async def _failed(moving: Transition, task: Task, failed: Failed) -> None:
    """Try again a few times; then leave a hole where others stand beside it, else ask a person."""
    task.failures, task.error = task.failures + 1, failed.why
    await moving.event("attempt failed", task=task.key, attempt=task.attempt, why=failed.why)
    if failed.again and task.failures < MOST_FAILURES:
        rests = NIGHT_RESTS_S if moving.run.night else RESTS_S
        seconds = max(rests[task.failures - 1], min(failed.after_s, LONGEST_REST_S))
        next_at = clock.now() + timedelta(seconds=seconds)
        task.error = f"{failed.why} Next attempt: {next_at:%H:%M} UTC."
        moving.rest(task, seconds)
        await (moving.resume if failed.keeps else moving.again)(task, Cause.RETRY)
    elif task.spec.get("item"):
        task.state = TaskState.FAILED
    else:
        title = _INTAKE.get(task.kind, task.spec["title"])
        question = f"“{title}” could not be done. Shall it be tried again?"
        await moving.ask(task, CheckpointKind.ESCALATION, question, {"failed": failed.why, "task": title})
