"""What agents are shown, over the shipped lines on their sample files, worked by the offline engine.

    python -m bench.briefs [FOLDER …]     prints one line of JSON a sample

* ``of_transcripts``: tokens in the briefs of the plan's tasks, against handing each call whole transcripts along, as
  chains of chats do. Aim: at most 0.30.
* ``without_routing``: the same where the conversation that routed the request is handed to nobody.
* ``shared_prefix``: bytes of a role's second brief and all later ones of a run that are the beginning of an earlier brief
  of that role: what a prompt cache holds. Aim: at least 0.70.
* ``coordination``: tokens of routing, planning and handing over, of all tokens, as the run's receipt says. Aim: at most
  0.35.

* ``tokens``: what stands in the briefs of the plan's tasks, by kind of part; ``page`` is the role's page.

A transcript is what was said in a conversation: the role's page, the parts of its brief, all that tools and the model
answered. A chain of chats hands a call the transcripts of routing and planning, of every task that its own task builds on,
with all their rounds, and of its own task's rounds before it. Each stands there once, however often it is handed on: what
our briefs repeat of it (handoffs, findings, the text under review) is in no transcript again. Both sides show the call's
own page, goal, constraints, contract and documents.

Briefs are what a conversation begins with. What tools answer within one comes on top of it on both sides, and is carried
along from there: the figures are on the careful side. The offline engine counts four characters a token.
"""

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from agents.contracts import Part, PartKind, read_parts, written
from bench.rigs.lines import Worked, samples, worked
from storage.tables import Brief, Call, Task
from storage.words import CallKind, TaskKind

CHARACTERS: int = 4  # a token
TAG: str = "k" * 10  # as long as a run's
AGAIN = frozenset({PartKind.HANDOFF, PartKind.FINDING, PartKind.ARTIFACT, PartKind.REVIEW})  # said in a conversation before
INTAKE = frozenset({TaskKind.TRIAGE, TaskKind.PLAN})


def of_transcripts(found: Worked, *, routing: bool = True) -> float:
    """Return the tokens of the briefs of the plan's tasks as a share of what whole transcripts would take."""
    tasks = {task.key: task for task in found.tasks if task.kind is TaskKind.WORK}
    intake = [task.key for task in found.tasks if task.kind in INTAKE and routing]
    said = {task.key: _said(found, task.key) for task in found.tasks}
    carried = {key: sum(said[one] for one in (*intake, *_behind(key, tasks))) for key in tasks}
    briefs = [brief for brief in found.briefs if brief.task_key in tasks]
    chats = sum(_own(brief) + carried[brief.task_key] + _rounds_before(brief, found) for brief in briefs)
    return sum(map(_tokens, briefs)) / chats


def _behind(key: str, tasks: Mapping[str, Task]) -> set[str]:
    needs = {need for need in tasks[key].spec.get("needs", ()) if need in tasks}
    return needs.union(*(_behind(need, tasks) for need in needs))


def _said(found: Worked, key: str) -> int:
    """Return the tokens of a task's transcript: what its briefs brought, and all that was answered."""
    brought = sum(_own(brief) for brief in found.briefs if brief.task_key == key)
    return brought + sum(map(_answered, (call for call in found.calls if call.task_key == key)))


def _rounds_before(brief: Brief, found: Worked) -> int:
    """Return the tokens of what was said in a brief's own task before it, in earlier rounds and attempts."""
    briefs = sorted((one for one in found.briefs if one.task_key == brief.task_key), key=_place)
    earlier = briefs[: briefs.index(brief)]
    calls = [call for call in found.calls if call.task_key == brief.task_key]
    began = _began(brief, earlier, calls)
    answers = sum(_answered(call) for call in calls if (call.attempt, call.seq) < began)
    return sum(map(_own, earlier)) + answers


def _began(brief: Brief, earlier: Iterable[Brief], calls: Iterable[Call]) -> tuple[int, int]:
    """Return the attempt and number of a brief's first call: a conversation begins where another role takes over.

    Number 0 where one role follows itself, since nothing says then which of its answers was the first.
    """
    asked = [one for one in calls if one.attempt == brief.attempt and one.kind is CallKind.MODEL]
    asked.sort(key=lambda call: call.seq)
    begins = [call for last, call in pairwise([None, *asked]) if call and (last is None or last.name != call.name)]
    mine = [call.seq for call in begins if call.name == brief.role]
    turn = sum(one.attempt == brief.attempt and one.role == brief.role for one in earlier)
    return brief.attempt, mine[turn] if turn < len(mine) else 0


def _answered(call: Call) -> int:
    """Return the tokens of what a model or a tool said."""
    usage = call.result.get("usage")
    return int(usage["output_tokens"]) if usage else len(str(call.result.get("content", "")).encode()) // CHARACTERS


def _own(brief: Brief) -> int:
    """Return a brief's tokens without what was said before it, which a chat holds already."""
    return _length(brief.system) + sum(size for kind, size in _sizes(brief).items() if kind not in AGAIN)


def _sizes(brief: Brief) -> Counter[PartKind]:
    """Return the tokens of a brief's parts by kind, marks included."""
    by_kind: dict[PartKind, list[Part]] = {}
    for part in read_parts(brief.text):
        by_kind.setdefault(part.kind, []).append(part)
    return Counter({kind: _length(written(parts, TAG)) for kind, parts in by_kind.items()})


def _tokens(brief: Brief) -> int:
    return _length(f"{brief.system}\n{brief.text}")


def _length(text: str) -> int:
    return len(text.encode()) // CHARACTERS


def _bytes(brief: Brief) -> bytes:
    return f"{brief.system}\n{brief.text}".encode()


def split(briefs: Iterable[Brief]) -> dict[str, int]:
    """Return the tokens in these briefs by kind of part, the most first."""
    found = Counter[str]()
    for brief in briefs:
        found += Counter({"page": _length(brief.system)}) + Counter({k.value: n for k, n in _sizes(brief).items()})
    return dict(found.most_common())


def shared_prefix(briefs: Iterable[Brief]) -> float:
    """Return the share of bytes that begin like an earlier brief of the same role; 1 where no role is asked twice."""
    by_role: dict[str, list[bytes]] = {}
    shared = total = 0
    for brief in briefs:
        earlier, mine = by_role.setdefault(brief.role, []), _bytes(brief)
        if earlier:
            total += len(mine)
            shared += max(_alike(mine, one) for one in earlier)
        earlier.append(mine)
    return shared / total if total else 1.0


def _alike(one: bytes, other: bytes) -> int:
    """Return how many bytes two briefs begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def figures(found: Worked) -> dict[str, object]:
    """Return the figures of one run."""
    order = {task.key: number for number, task in enumerate(found.tasks)}
    shown = sorted(found.briefs, key=lambda brief: (order[brief.task_key], _place(brief)))
    work = {task.key for task in found.tasks if task.kind is TaskKind.WORK}
    return {
        "line": found.run.line or found.run.route,
        "state": found.run.state.value,
        "briefs": len(shown),
        "of_transcripts": round(of_transcripts(found), 3),
        "without_routing": round(of_transcripts(found, routing=False), 3),
        "shared_prefix": round(shared_prefix(shown), 3),
        "coordination": found.run.receipt.get("coordination"),
        "tokens": split(brief for brief in shown if brief.task_key in work),
    }


def _place(brief: Brief) -> tuple[int, int, str]:
    """Return the place of a brief in its task: ``work``, ``review-1``, ``revision-1``, ``review-2``, …"""
    kind, _, number = brief.name.partition("-")
    turn = {"work": "0", "revision": "2"}.get(kind, "1")
    return brief.attempt, (int(number) if number.isdigit() else 0), turn


async def main(folders: Sequence[str]) -> None:
    """Print the figures of these samples, of all where none is named."""
    known = samples()
    for folder in folders or known:
        with tempfile.TemporaryDirectory() as home:
            found = await worked(Path(home), folder, known[folder])
        shown = figures(found) if len(found.tasks) > 2 else {"line": found.run.line, "state": found.run.state.value}
        print(json.dumps({"sample": folder, **shown}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", help="samples, such as legal; none: all of them")
    asyncio.run(main(parser.parse_args().folders))
