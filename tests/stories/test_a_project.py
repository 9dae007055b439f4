"""A software feature for a project that comes as one archive with folders: what is delivered lies where it belongs."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from agents.engine.engine import Asked
from storage.tables import Document
from storage.words import CheckpointKind, RunState, VoteAnswer
from tests.agents.stations import feature
from tests.agents.tools import files
from tests.stories.test_a_feature import MEASURED, files_of
from tests.workshop import ALICE, BOB, SAMPLES, Workshop, workshop

pytestmark = pytest.mark.usefixtures("walls")

PLACES = {
    "discounts.py": "src/discounts.py",
    "pricing.py": "src/pricing.py",
    "test_pricing.py": "tests/unit/test_pricing.py",
    "test_discounts.py": "tests/unit/test_discounts.py",
    "discount-codes.md": "docs/discount-codes.md",
    "mail-notes.txt": "docs/mail-notes.txt",
}


def placed(script: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the script with each file where the project has it."""
    for line in script:
        answer = line["reply"]["json"]
        for name, path in PLACES.items():
            if "text" in answer:
                answer["text"] = answer["text"].replace(f" path={name}\n", f" path={path}\n")
    return script


def project() -> dict[str, bytes]:
    """Return the sample's files as a repository would pack them."""
    read = {name: (SAMPLES / "feature" / name).read_bytes() for name in feature.FILES}
    more = {"src/empty.py": b"", "logo.png": files.picture(), ".git/HEAD": b"ref: refs/heads/main\n"}
    return {f"shop-main/{path}": content for path, content in ({PLACES[name]: read[name] for name in read} | more).items()}


async def asked(shop: Workshop, packed: Path) -> str:
    """Ask for the feature with the archive, approve everything, and return the run's id when it is done."""
    packed.write_bytes(files.archive(project()))
    file = {"id": "F1", "name": "shop.zip", "sample": str(packed)}
    run_id = await shop.engine.open_run(
        Asked("T0JIDOKA", "C0GENERAL", "1.000100", "1.000100", ALICE.id, feature.REQUEST, (file,))
    )
    await feature.to_code(shop, run_id)
    for _ in range(2):  # the code, then its documentation
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
    assert (await shop.ended(run_id)).state is RunState.DONE
    return run_id


async def test_a_project_with_folders_comes_back_with_its_paths(tmp_path: Path):
    making = [feature.draft("implementation", feature.code(feature.MODULE)), feature.passes("implementation")]
    script = placed([*feature.before_code(), *making, *feature.documented()])
    async with workshop(tmp_path, script) as shop:
        run_id = await asked(shop, tmp_path / "shop.zip")
        documents = sorted(await shop.rows(Document, run_id), key=lambda row: int(row.id[1:]))
        _, packed = await files_of(shop, run_id)
        shown = str(shop.model.calls(schema="Findings")[0].body["messages"][0])
    with zipfile.ZipFile(io.BytesIO(packed.content())) as whole:
        names, patch = whole.namelist(), whole.read("jidoka/changes.patch").decode()
        whole.extractall(tmp_path / "unpacked")
    came = sorted(["src/empty.py", *(PLACES[name] for name in feature.FILES)])

    assert [row.name for row in documents] == [*came, "shop.zip"]
    assert [row.origin for row in documents] == [*(f"F1/{path}" for path in came), "F1"]
    assert "Left out: shop-main/.git (hidden or generated)\nLeft out: logo.png (no text)" in documents[-1].text
    assert all(path in shown for path in came if path != "src/empty.py")
    assert [name for name in names if not name.startswith("jidoka/")] == sorted([*PLACES.values(), "src/empty.py"])
    assert MEASURED in (tmp_path / "unpacked/jidoka/test-run.txt").read_text()
    assert "--- a/src/pricing.py\n+++ b/src/pricing.py" in patch and "+++ b/src/discounts.py" in patch
    _fits_the_archive(tmp_path)


def _fits_the_archive(home: Path) -> None:
    """Apply the patch to what came: it holds what was delivered, and its tests pass."""
    with zipfile.ZipFile(home / "shop.zip") as came:
        came.extractall(home / "came")
    there = home / "came" / "shop-main"
    subprocess.run(["git", "apply", str(home / "unpacked/jidoka/changes.patch")], cwd=there, check=True)
    tests = [sys.executable, "-B", "-m", "unittest", "discover", "-q", "-s", "tests/unit"]
    done = subprocess.run(tests, cwd=there, capture_output=True, text=True, env={"PYTHONPATH": "src"}, check=True)

    assert "Ran 9 tests" in done.stderr
    assert all((there / path).read_text() == (home / "unpacked" / path).read_text() for path in PLACES.values())
