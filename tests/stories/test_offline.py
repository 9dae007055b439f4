"""The same work with no key: the offline engine reads the sample files, quotes, compares, and says that it does no more."""

import json
import re
from pathlib import Path

from agents.rendering.chart import Chart
from agents.stations.charting import used
from agents.stations.deliverable import deliverable
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
    file = (await here.alice.sees(GENERAL, ts, '.md"'))["files"][0]  # Word or PDF may follow
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
        asked, _, _ = await here.alice.button(GENERAL, ts, "Approve", "Shall the work go down the line")
        await here.alice.press(GENERAL, ts, "Approve", "Shall the work go down the line")
        await here.bob.press(GENERAL, ts, "Approve", "Is this brief right")
        text = await delivered(here, ts, "Done: ")
        thread = plain({"blocks": await here.alice.thread(GENERAL, ts)})
        await here.kill_bot()
    database = Database(tmp_path / "bot" / "jidoka.db")
    made = {row.id: row for row in await rows(database, Artifact)}
    handoff = next(row for row in await rows(database, Handoff, task_key="brief"))
    await database.close()
    artifact = made[handoff.artifact_id]
    by_name = {row.name: Chart.model_validate_json(row.text) for row in made.values() if row.name.startswith("chart-")}
    whole = deliverable(
        artifact.text, handoff.findings, label=LABEL, left_open=handoff.open_questions, charts=used(artifact.text, by_name)
    )

    assert text == whole.markdown()
    titles = [chart.title for chart in whole.charts]
    assert titles == ["price-survey.csv: list price, including VAT", "price-survey.csv: battery"]
    assert artifact.label == LABEL and artifact.problems == []
    assert text.startswith("# Comparison of our three competitors Haulwren, Ternway and Oxbell\n")
    assert handoff.summary.startswith("- The list price of the Haulwren Duo is EUR 5,490")
    assert "*Expected*" not in plain(asked) and "xpected about" not in thread
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


async def test_a_contract_holds_what_the_term_sheet_says_and_leaves_the_rest_to_people(tmp_path: Path):
    request, files = sample("legal")
    async with town(tmp_path, None) as here:
        ts = await here.alice.say(GENERAL, request, files=files)
        await here.alice.press(GENERAL, ts, "Approve", "Shall the work go down the line")
        await here.bob.press(GENERAL, ts, "Approve", "Is the substance right")
        await here.bob.press(GENERAL, ts, "Approve", "May this version go")
        text = await delivered(here, ts, "Done: ")
    parts = sections(text)
    clauses = "\n".join(
        body for name, body in parts.items() if name not in {"Open points", "Left open", "Sources"}
    )

    assert text.startswith("# Supply agreement between Ferrant Cargo Bikes Limited and Northmoor Cells Oy\n")
    assert "limited to EUR 500,000 a year" in parts["Liability"]
    assert not re.search(
        r"Finland|Helsinki|45 days|36 months|no less than the contract's total value", clauses
    )
    assert "Aoife Brannigan, Ferrant: I have not agreed to 36 months." in parts["Open points"]
    assert "Liability: The supplier's liability is limited to no less" in parts["Open points"]


async def test_a_request_with_nothing_attached_is_told_so_at_once_and_asks_nobody(tmp_path: Path):
    request, _ = sample("competitors")
    async with town(tmp_path, None) as here:
        ts = await here.alice.say(GENERAL, request)
        told = plain(await here.alice.sees(GENERAL, ts, "Nothing is attached, and the request names no page."))
        thread = [plain(message) for message in await here.alice.thread(GENERAL, ts)]

    assert "Ask again with files attached or with addresses" in told
    assert not any("Done: " in message for message in thread)
    assert not any("Shall the work go down the line" in message for message in thread)
