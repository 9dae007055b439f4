"""The same work with no key: the offline engine reads the sample files, quotes, compares, and says that it does no more."""

import json
import re
from pathlib import Path

from agents.stations.deliverable import document
from storage.database import Database
from storage.tables import Artifact, Handoff
from tests.bot.waiting import rows
from tests.stories.town import Town, plain, town
from tests.workshop import SAMPLES

GENERAL = "C0GENERAL"
LABEL = "offline mode: no language model"


def sample(folder: str) -> tuple[str, tuple[Path, ...]]:
    """Return a sample's request and its files."""
    about = json.loads((SAMPLES / "samples.json").read_text())[folder]
    return about["request"].replace("@jidoka", "<@U0JIDOKA>"), tuple(
        SAMPLES / folder / name for name in about["files"]
    )


async def delivered(here: Town, ts: str, title: str) -> str:
    """Approve what is asked until the document is there, and return its text."""
    done = await here.alice.sees(GENERAL, ts, title)
    file = (await here.alice.sees(GENERAL, ts, "url_private"))["files"][0]
    assert LABEL in plain(done)
    address = file["url_private"]
    url = address if address.startswith("http") else f"{here.facts['url']}{address}"
    async with here.page.get(url, headers={"Authorization": "Bearer xoxp-alice"}) as answer:
        return (await answer.read()).decode()


def sections(text: str) -> dict[str, str]:
    """Return the text under each heading of the second level."""
    return {
        name: body.strip()
        for name, body in re.findall(r"^## (.+?)$\n(.*?)(?=^## |^---$|\Z)", text, re.M | re.S)
    }


async def test_three_competitors_are_compared_from_the_sample_files_by_rules(tmp_path: Path):
    request, files = sample("competitors")
    async with town(tmp_path, None) as here:
        ts = await here.alice.say(GENERAL, request, files=files)
        await here.alice.press(GENERAL, ts, "Approve", "Shall the work go down the line")
        await here.bob.press(GENERAL, ts, "Approve", "Is this brief right")
        text = await delivered(here, ts, "Done: ")
        await here.kill_bot()
    database = Database(tmp_path / "bot" / "jidoka.db")
    made = {row.id: row for row in await rows(database, Artifact)}
    handoff = next(row for row in await rows(database, Handoff, task_key="brief"))
    await database.close()
    artifact = made[handoff.artifact_id]

    assert text == document(artifact.text, handoff.findings, label=LABEL, left_open=handoff.open_questions)
    assert artifact.label == LABEL and artifact.problems == []
    parts = sections(text)
    assert {
        "Summary",
        "Comparison",
        "What sets each apart",
        "Contradictions",
        "What is missing",
        "Sources",
    } <= set(parts)
    assert all(body for body in parts.values())
    assert "5,490" in parts["Contradictions"] and "5,290" in parts["Contradictions"]
    assert all(name in parts["Comparison"] for name in ("Haulwren", "Ternway", "Oxbell"))
    assert text.rstrip().endswith(f"*{LABEL}*")
    assert len(re.findall(r"\w+", artifact.text)) < 1_000
