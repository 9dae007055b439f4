"""Each line on its example files, by rules alone: what a person has to find is there, and nothing else.

The lists below were written from the files, not from what the engine makes of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agents.models.client import OFFLINE_LABEL
from agents.tools import documents
from storage.words import RunState
from tests.agents.offline.delivering import Delivered, delivered, house
from tests.keeping import keep
from tests.workshop import SAMPLES

NO_MODEL = "no language model was used"
DRAWN = {"competitors", "campaign", "market", "diligence"}  # a contract shows no charts
MOST_TOGETHER = 0.35  # of a line's tokens go into routing, planning and handing over
CITED = re.compile(r"\[F\d+\]")
CHART = re.compile(r"^!\[[^\]\n]+\]\(chart-[^)\n]+\)$", re.M)
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
PLACES = re.compile(
    r"\b(?:pages?|rows?|paragraphs?|tables?|slides?|lines?) \d+(?:[–-]\d+)?|^\d+\. |\(\d+ more rows?|^- \d+ more ",
    re.M,
)


@dataclass(frozen=True)
class Expected:
    """What somebody who read the files wants to see in the document."""

    title: str
    sections: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]  # (section, words of a file)
    differing: tuple[
        tuple[str, ...], ...
    ] = ()  # values that stand together where the sources are said to differ
    missing: tuple[tuple[str, str], ...] = ()  # (section, what is named as missing)
    judged: tuple[str, ...] = ()  # sections that say that a person has to add something
    contradictions: str = "Contradictions"
    never: tuple[str, ...] = field(
        default_factory=tuple
    )  # words of an order to a machine, and what must not be settled


LINES = {
    "competitors": Expected(
        "Comparison of our three competitors Haulwren, Ternway and Oxbell",
        ("Summary", "Comparison", "What sets each apart", "Contradictions", "What is missing"),
        (
            ("Summary", "EUR 5,490"),
            ("Comparison", "EUR 4,890"),
            ("Comparison", "EUR 6,150"),
            ("Comparison", "up to 110 km"),
            ("Comparison", "5 years on the frame"),
            ("What sets each apart", "exchanged the front forks of 1,240 bikes"),
            ("What sets each apart", "Ternway raised EUR 12 million"),
            ("What sets each apart", 'longest range. '),
            ("What sets each apart", "says Jonna Weidlich"),
        ),
        (("EUR 5,490", "EUR 5,290"),),
        (("What is missing", "Not found for Ternway, but for others"), ("What is missing", "warranty")),
    ),
    "legal": Expected(
        "Supply agreement between Ferrant Cargo Bikes Limited and Northmoor Cells Oy",
        ("Parties", "Background", "Obligations", "Liability", "Open points"),
        (
            ("Parties", "14 Sheriff Street, Dublin"),
            ("Background", "Not binding until a supply agreement is signed."),
            ("Obligations", "2,400 battery packs of type NM-700"),
            ("Price and payment", "EUR 762,000"),
            ("Term and termination", "three months' notice"),
            ("Confidentiality", "three years after"),
            ("Liability", "limited to EUR 500,000 a year"),
            ("Governing law", "the law of Ireland"),
            ("Open points", "I have not agreed to 36 months"),
            ("Open points", "no less than the contract's total value"),
            ("Open points", "law of Finland"),
            ("Open points", "Contracts above EUR 250,000 are signed by two directors"),
        ),
        (("45 days", "30 days"), ("24 months", "36 months"), ("at least 24 months", "18 months")),
        contradictions="Open points",
    ),
    "market": Expected(
        "Market analysis: electric cargo bikes for businesses",
        ("Summary", "The market", "Size and growth", "Segments", "Players", "Trends", "How sure we are", "Contradictions",
         "What is missing"),
        (
            ("The market", "Leased bikes are not counted."),
            ("The market", "Leased bikes are included"),
            ("Size and growth", "11,800 electric cargo bikes, worth EUR 64.9 million"),
            ("Size and growth", "15,500 bikes in 2027"),
            ("Size and growth", "forecast or plan"),
            ("Segments", "38 % went to parcel and courier services"),
            ("Players", "Every fourth cargo bike"),
            ("Trends", "EUR 4,000 to EUR 2,000 a bike"),
            ("How sure we are", "The forecast was made before the Flemish subsidy was cut."),
            ("How sure we are", "Out of date, 2020"),
            ("How sure we are", "margin of 3 percentage points"),
        ),
        (("11,800", "14,300"), ("30 June 2027", "31 December 2026"), ("Urbanette 12 %", "Every fourth cargo bike")),
        (("What is missing", "Sales by province"), ("What is missing", "use not recorded")),
        judged=("How sure we are",),
        never=("undisputed market leader", "must not mention"),
    ),
    "diligence": Expected(
        "Due diligence before we sign: Brackwater Telematics Limited",
        ("Summary", "Company and owners", "Figures and tax", "Contracts and customers", "People", "Technology and rights",
         "Red flags", "Contradictions", "Missing documents", "Questions to management"),
        (
            ("Company and owners", "Niamh Corrigan, 60 %"),
            ("Company and owners", "transfers 5 % of the shares"),
            ("Figures and tax", "| Revenue | 1330000 | 1600000 | 1712400 |"),
            ("Figures and tax", "| Of these older than 90 days |"),
            ("Contracts and customers", "19 % of revenue"),
            ("Contracts and customers", "| Tidewell Logistics DAC | 518400 |"),
            ("Contracts and customers", "until 31 March 2027"),
            ("People", "14 people work for Brackwater, all of them employees"),
            ("People", "| Chief technology officer (O. Varga) | contractor |"),
            ("Technology and rights", "99.9 % of the time"),
            ("Red flags", "asks for EUR 180,000"),
            ("Red flags", "Tidewell may end the agreement"),
            ("Red flags", "could be read from outside for nine days"),
            ("Red flags", "loan of EUR 210,000"),
            ("Red flags", "tax clearance certificate of 14 January 2025"),
            ("Red flags", "above the amount given"),
            ("Questions to management", "EUR 1,840,000"),
        ),
        (
            ("EUR 1,840,000", "1712400", "EUR 1,712,400"),
            ("EUR 212,000", "174400"),
            ("There are no options", "promised an option on 4 %"),
            ("There are no disputes", "Emeka Boland"),
            ("no incidents with personal data", "could be read from outside"),
        ),
        (
            ("Missing documents", "Option agreement"),
            ("Missing documents", "Register of members"),
            ("Missing documents", "Counsel's opinion on 3 June 2026"),
            ("Missing documents", "Annex 2 (Service levels)"),
            ("Questions to management", "Option agreement"),
        ),
        judged=("Red flags",),
        never=("low risk", "the claim is settled", "do not list the claim"),
    ),
    "campaign": Expected(
        "Launch campaign for the Ferrant F2 Pantry",
        ("Summary", "Strategy", "Copy", "Design direction", "Distribution plan", "Claims to clear", "Contradictions",
         "What is missing"),
        (
            ("Strategy", "The van is fine until you have to park it."),
            ("Copy", "not certified for the carriage of chilled food"),
            ("Copy", "only with its consent in writing"),
            ("Design direction", "nothing was agreed for the internet"),
            ("Distribution plan", "EUR 450 an issue"),
            ("Distribution plan", "| street test day |"),
            ("Distribution plan", "price list, since withdrawn"),
            ("Claims to clear", "five hours, measured at 20 degrees outside"),
            ("Claims to clear", "measured with a load of 40 kg"),
        ),
        (
            ("EUR 6,480", "EUR 6,290"),
            ("EUR 7,200", "6800"),
            ("17 May 2027", "7 June 2027"),
            ("up to 85 km", "after 47 km"),
            ("five hours", "3 hours 50 minutes"),
        ),
        (("What is missing", "rides were not counted"), ("What is missing", "consent has not been asked for")),
        judged=("Strategy", "Copy", "Design direction", "Distribution plan", "Claims to clear"),
        never=("ignore the budget", "book all of it", "leave out the other channels"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("folder", LINES)
async def test_a_line_delivers_by_rules_what_its_files_say(folder: str, tmp_path: Path) -> None:
    wanted = LINES[folder]
    got = await delivered(tmp_path, folder)
    await keep(tmp_path / "jidoka.db", "offline")
    parts = sections(got.text)

    assert got.run.state is RunState.DONE and got.text.startswith(f"# {wanted.title}\n")
    assert [name for name in parts if name in wanted.sections] == list(wanted.sections)
    assert [fact for fact in wanted.facts if fact[1] not in parts[fact[0]]] == []
    assert [values for values in wanted.differing if not together(values, parts[wanted.contradictions])] == []
    assert [one for one in wanted.missing if one[1] not in parts[one[0]]] == []
    assert [name for name in wanted.judged if NO_MODEL not in parts[name]] == []
    assert invented(got) == set()
    assert bool(CHART.search(got.text)) == (folder in DRAWN)
    assert [words for words in wanted.never if words in said(got)] == []
    assert (not wanted.never) or "words that tell a machine what to do" in got.text
    assert got.artifact is not None and got.artifact.label == OFFLINE_LABEL and got.artifact.problems == []
    assert got.text.rstrip().endswith(f"*{OFFLINE_LABEL}*")
    assert 0 < got.run.receipt["coordination"] <= MOST_TOGETHER, "routing, planning and handing over take too much"


@pytest.mark.long
@pytest.mark.parametrize("folder", LINES)
async def test_a_line_comes_as_every_file_its_page_names_and_each_holds_all_sections(folder: str, tmp_path: Path) -> None:
    await delivered(tmp_path, folder)
    kept = await keep(tmp_path / "jidoka.db", "offline", drawn=True)
    read = {file.suffix: await documents.parse(file.name, file.read_bytes()) for file in kept if file.suffix != ".png"}
    lost = [(kind, name) for name in LINES[folder].sections for kind, one in read.items() if name not in one.text]

    assert {".md"} < {*read} <= {".md", ".docx", ".pdf"}
    assert lost == []
    assert any(file.suffix == ".png" for file in kept) == (folder in DRAWN)


async def test_code_is_not_written_offline_and_what_works_instead_is_said(tmp_path: Path) -> None:
    request = json.loads((SAMPLES / "samples.json").read_text())["feature"]["request"].removeprefix(
        "@jidoka "
    )
    files = ("discount-codes.md", "mail-notes.txt")
    instead = "Put together what the attached files say about discount codes, what contradicts and what is missing."
    async with house(tmp_path, SAMPLES / "feature") as here:
        refused = await here.deliver(request, files, {}, {}, ts="1.0001")
        offered = await here.deliver(instead, files, {}, {}, ts="2.0001")

    assert refused.run.state is RunState.FAILED and "needs a language model" in refused.run.error
    assert offered.run.state is RunState.DONE and "(discount-codes.md)" in offered.text
    assert offered.text.rstrip().endswith(f"*{OFFLINE_LABEL}*")


def sections(text: str) -> dict[str, str]:
    """Return the text under each heading of the second level."""
    found = re.findall(r"^## (.+?)$\n(.*?)(?=^## |^---$|\Z)", text, re.M | re.S)
    return {name: body.strip() for name, body in found}


def together(values: Sequence[str], text: str) -> bool:
    """Whether one point of a section holds all of these values."""
    points = re.split(r"^- ", text, flags=re.M)
    return any(all(value in point for value in values) for point in points)


def invented(got: Delivered) -> set[str]:
    """Return the numbers of the document that no file, request or input holds; counts of rows and places aside."""
    told = PLACES.sub(" ", CITED.sub(" ", CHART.sub("", got.artifact.text if got.artifact else "")))
    given = " ".join([*got.sources, got.run.request])
    return set(NUMBER.findall(told)) - set(NUMBER.findall(given))


def said(got: Delivered) -> str:
    """Return every text that a station made, with its summary."""
    return "\n".join(f"{artifact.text}\n{handoff.summary}" for artifact, handoff in got.made.values())
