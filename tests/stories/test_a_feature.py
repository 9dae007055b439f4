"""A software feature from the sample files to the archive: specified, designed, tested, built, documented, delivered."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from agents.stations import testrun
from bench.briefs import of_transcripts
from bench.rigs.lines import Worked
from bot.outbox.reading import View, Written
from storage.tables import Artifact, Brief, Call, Handoff, OutboxMessage, Review
from storage.words import CheckpointKind, MessageKind, RunState, VoteAnswer
from tests.agents.stations import feature
from tests.keeping import keep
from tests.workshop import BOB, SAMPLES, Workshop, workshop

pytestmark = pytest.mark.usefixtures("walls")

BOASTING = "All 40 tests pass. Codes can be given with an order."
MEASURED = "9 tests ran, all passed."


def tool(text: str) -> dict[str, Any]:
    """The engineer tries its files before it hands them over."""
    use = {"type": "tool_use", "id": "toolu_1", "name": "run_tests", "input": {"text": text}}
    when = {"schema": "Draft", "task": "implementation", "tool": "run_tests"}
    return {"when": when, "reply": {"blocks": [use], "stop_reason": "tool_use"}}


def rules(review: Review) -> list[str]:
    """Return the rules one round broke, in order."""
    return [str(problem["rule"]) for problem in review.problems]


async def result_of(shop: Workshop, run_id: str) -> str:
    """Return what the thread is told when it is done."""
    [row] = [row for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.RESULT]
    async with shop.database.read() as session:
        return (await View(session).written(row.seq or 0)).said.text


async def files_of(shop: Workshop, run_id: str) -> list[Written]:
    """Return the files that are sent to the thread, in order."""
    rows = [row for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.FILE]
    async with shop.database.read() as session:
        return [
            await View(session).written(row.seq or 0) for row in sorted(rows, key=lambda row: row.seq or 0)
        ]


async def to_the_end(shop: Workshop) -> str:
    """Ask, approve everything, and return the run's id when it is done."""
    run_id = await feature.ask(shop)
    await feature.to_code(shop, run_id)
    for _ in range(2):  # the code, then its documentation
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
    assert (await shop.ended(run_id)).state is RunState.DONE
    return run_id


async def test_code_that_fails_its_tests_goes_back_and_what_is_delivered_was_measured(tmp_path: Path):
    first = feature.draft("implementation", feature.code(feature.WRONG, "All tests pass."), BOASTING)
    second = feature.draft("implementation", feature.code(feature.MODULE), BOASTING)
    judged = [feature.passes("implementation"), feature.passes("implementation")]
    boasting = feature.DOCUMENTATION.replace("9 tests ran, all passed [F501]", "All tests pass")
    told = [feature.draft("documentation", boasting), feature.passes("documentation"), *feature.documented()]
    script = [*feature.before_code(), tool(feature.code(feature.WRONG)), first, second, *judged, *told]
    async with workshop(tmp_path, script) as shop:
        run_id = await to_the_end(shop)
        reviews = await shop.rows(Review, run_id)
        handed = {row.task_key: row for row in await shop.rows(Handoff, run_id)}
        code = {row.id: row for row in await shop.rows(Artifact, run_id)}[
            handed["implementation"].artifact_id
        ]
        called = tuple(await shop.rows(Call, run_id))
        tasks, briefs = tuple((await shop.tasks(run_id)).values()), tuple(await shop.rows(Brief, run_id))
        beside_chats = of_transcripts(Worked(await shop.run(run_id), tasks, briefs, called))
        tried = [call for call in called if call.name == "run_tests"]
        calls = shop.model.calls(task="implementation", schema="Draft")
        judged_by = str(shop.model.calls(task="implementation", schema="Verdict")[0].body["messages"][0])
        document, packed = await files_of(shop, run_id)
        again = (await files_of(shop, run_id))[1].content()
        done = await result_of(shop, run_id)
    await keep(shop.database.path, "scripted")
    print(f"of transcripts {beside_chats:.3f}")
    broken = {(one.task_key, one.round): rules(one) for one in reviews if one.problems}

    assert broken == {
        ("implementation", 1): ["tests-failed", "tests-claimed"],
        ("documentation", 1): ["tests-claimed"],
    }
    assert [call.result.get("ran") for call in sorted(tried, key=lambda call: call.seq)] == [None, 9, 9]
    assert "9 tests ran, 1 failed" in str(calls[1].body["messages"][-1]), "the tool says so"
    assert "test_a_code_works_on_its_last_day" in str(calls[2].body["messages"][0]), (
        "and whoever mends it is told"
    )
    assert all(
        text in judged_by for text in ("A code must work on its last day", "class DiscountTest", "1 failed")
    )
    assert (
        handed["implementation"].summary
        == f"{testrun.MEASURED}: {MEASURED}\n\nCodes can be given with an order."
    )
    assert f"{MEASURED} [F501]" in code.text and "- Changed, of what was attached: `pricing.py`" in code.text
    assert "40 tests" not in code.text
    assert f"**[F501]** test run of “Implementation”: “{MEASURED}”" in document.content().decode()
    assert (document.file_name, packed.file_name) == ("discount-codes.md", "discount-codes.zip")
    assert "The document follows as 2 files: `discount-codes.md`, `discount-codes.zip`." in done
    assert hashlib.sha256(again).digest() == hashlib.sha256(packed.content()).digest()
    assert beside_chats <= 0.30
    _holds_what_was_measured(packed.content(), document.content().decode(), tmp_path)


def _holds_what_was_measured(packed: bytes, document: str, home: Path) -> None:
    """Unpack it: its tests pass, and its patch makes the same of the attached files."""
    unpacked, patched = home / "unpacked", home / "patched"
    with zipfile.ZipFile(io.BytesIO(packed)) as whole:
        names = whole.namelist()
        whole.extractall(unpacked)
    patched.mkdir()
    for name in ("pricing.py", "test_pricing.py"):
        (patched / name).write_bytes((SAMPLES / "feature" / name).read_bytes())
    apply = ["git", "apply", str(unpacked / "jidoka" / "changes.patch")]
    subprocess.run(apply, cwd=patched, check=True)
    tests = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "-q"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=True,
    )
    mine = [name for name in names if not name.startswith("jidoka/")]

    assert names == [
        *("discounts.py", "jidoka/changes.patch", "jidoka/document.md", "jidoka/test-run.txt"),
        *("pricing.py", "test_discounts.py", "test_pricing.py"),
    ]
    assert "Ran 9 tests" in tests.stderr
    assert [(patched / name).read_bytes() for name in mine] == [
        (unpacked / name).read_bytes() for name in mine
    ]
    assert (unpacked / "jidoka" / "document.md").read_text() == document
    assert f"on exactly these files.\n\n{MEASURED}" in (unpacked / "jidoka" / "test-run.txt").read_text()


async def test_code_that_a_person_edits_afterwards_is_not_passed_off_as_tested(tmp_path: Path):
    handing_over = [
        feature.draft("implementation", feature.code(feature.MODULE)),
        feature.passes("implementation"),
    ]
    async with workshop(tmp_path, [*feature.before_code(), *handing_over, *feature.documented()]) as shop:
        run_id = await feature.ask(shop)
        await feature.to_code(shop, run_id)
        asked = await shop.open(run_id, CheckpointKind.DRAFT)
        [text] = [one.text for one in await shop.rows(Artifact, run_id) if one.id == asked.artifact_id]
        edited = {"text": text.replace("// 100", "// 10")}
        await shop.decide(asked, BOB, VoteAnswer.APPROVE, edited=edited)
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        document, packed = await files_of(shop, run_id)
    with zipfile.ZipFile(io.BytesIO(packed.content())) as whole:
        told, module = (whole.read(name).decode() for name in ("jidoka/test-run.txt", "discounts.py"))

    assert "// 10\n" in module
    assert "No test has run on them as they are." in told and "passed" not in told
    assert "- The code of “Implementation” was edited after its tests had run." in document.content().decode()


async def test_code_that_one_agent_writes_is_proved_and_packed_too(tmp_path: Path):
    routed = {"route": "answer", "reason": "One small module.", "title": "Reverse a list", "role": "engineer"}
    triage = {"when": {"schema": "Triage"}, "reply": {"json": routed}}
    test = "from turning import turned\n\n\ndef test_turned():\n    assert turned([1, 2]) == [2, 1]\n"
    module = "def turned(items: list[int]) -> list[int]:\n    return items[::-1]\n"
    wrong, right = (
        feature.fenced("turning.py", text) + "\n" + feature.fenced("test_turning.py", test)
        for text in (module.replace("[::-1]", "[::1]"), module)
    )
    script = [triage, feature.draft("answer", wrong, BOASTING), feature.draft("answer", right, BOASTING)]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask("write a function that turns a list round, with tests", samples=())
        run = await shop.ended(run_id)
        document, packed = await files_of(shop, run_id)
        tasks = await shop.tasks(run_id)
    with zipfile.ZipFile(io.BytesIO(packed.content())) as whole:
        told, names = whole.read("jidoka/test-run.txt").decode(), whole.namelist()

    assert run.state is RunState.DONE
    assert "1 test ran, it passed." in document.content().decode() and "1 test ran, it passed." in told
    assert {"turning.py", "test_turning.py"} < {*names}
    assert tasks["answer"].spec["limits"]["usd"] == 3.0
