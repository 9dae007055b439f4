"""What agents are shown, over the shipped lines on their sample files, worked by the offline engine.

    python -m bench.briefs [FOLDER …]     prints one line of JSON a sample

* ``of_transcripts``: tokens in the briefs, against handing each task the whole transcripts (briefs and answers) of all
  tasks before it, as chains of chats do. Aim: at most 0.30.
* ``shared_prefix``: bytes of a role's second brief and all later ones of a run that are the beginning of an earlier brief
  of that role: what a prompt cache holds. Aim: at least 0.70.
* ``coordination``: tokens of routing, planning and handing over, of all tokens, as the run's receipt says. Aim: at most
  0.35.

Briefs are what a conversation begins with. What tools answer within one comes on top of it and begins with it, so both
figures are on the careful side. The offline engine counts four characters a token.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.rigs.lines import Worked, samples, worked
from storage.tables import Brief, Task
from storage.words import TaskKind

CHARACTERS: int = 4  # a token
HANDED = frozenset({"handoff", "finding"})


def of_transcripts(found: Worked) -> float:
    """Return the tokens of the briefs of the plan's tasks as a share of what whole transcripts would take."""
    tasks = {task.key: task for task in found.tasks if task.kind is TaskKind.WORK}
    behind = {key: _behind(key, tasks) for key in tasks}
    said = {key: _said(found, key) for key in tasks}
    briefs = [brief for brief in found.briefs if brief.task_key in tasks]
    chats = sum(_own(brief) + sum(said[key] for key in behind[brief.task_key]) for brief in briefs)
    return sum(map(_tokens, briefs)) / chats


def _behind(key: str, tasks: Mapping[str, Task]) -> set[str]:
    needs = {need for need in tasks[key].spec.get("needs", ()) if need in tasks}
    return needs.union(*(_behind(need, tasks) for need in needs))


def _said(found: Worked, key: str) -> int:
    """Return the tokens of a task's transcript: every brief it was shown and every answer it gave."""
    answers = [call.result["usage"] for call in found.calls if call.task_key == key and "usage" in call.result]
    shown = sum(_tokens(brief) for brief in found.briefs if brief.task_key == key)
    return shown + sum(int(usage["output_tokens"]) for usage in answers)


def _own(brief: Brief) -> int:
    """Return a brief's tokens without what earlier tasks handed over."""
    return _tokens(brief) - sum(int(part["tokens"]) for part in brief.manifest if part["kind"] in HANDED)


def _tokens(brief: Brief) -> int:
    return len(_bytes(brief)) // CHARACTERS


def _bytes(brief: Brief) -> bytes:
    return f"{brief.system}\n{brief.text}".encode()


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
    work = [brief for brief in found.briefs if order.get(brief.task_key, -1) >= 0]
    work.sort(key=lambda brief: (order[brief.task_key], brief.attempt, _round(brief.name)))
    return {
        "line": found.run.line or found.run.route,
        "state": found.run.state.value,
        "briefs": len(work),
        "of_transcripts": round(of_transcripts(found), 3),
        "shared_prefix": round(shared_prefix(work), 3),
        "coordination": found.run.receipt.get("coordination"),
    }


def _round(name: str) -> tuple[int, str]:
    """Return the place of a brief in its task: ``work``, ``review-1``, ``revision-1``, ``review-2``, …"""
    kind, _, number = name.partition("-")
    return (int(number) if number.isdigit() else 0), {"work": "0", "revision": "2"}.get(kind, "1")


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
