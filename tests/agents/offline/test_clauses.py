"""Legal drafts: what is a clause, what only names a document, and lists as lists."""

from __future__ import annotations

from agents.contracts import Draft, Findings, Part
from tests.agents.offline.asking import ask, contract, document, finding, given, goal, task

SECTIONS = "Parties, Background, Obligations, Price, Confidentiality, Liability, Open points"


async def _drafted(*found: Part) -> str:
    parts = [contract(SECTIONS), goal("Draft the agreement from the files"), *found, task(station="Draft")]
    return (await ask("writer", parts, Draft)).text


def _section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


async def test_who_does_what_stands_under_obligations_and_parties_under_parties() -> None:
    text = await _drafted(
        finding("F1", "Client: Harrow Vale, 8 Albion Street, Leeds", "terms.md, line 3"),
        finding("F2", "The contractor cleans the offices on five evenings a week.", "terms.md, line 7"),
        finding("F3", "The contractor is insured up to GBP 5,000,000.", "terms.md, line 9"),
        finding("F4", "The contractor keeps keys and prices secret.", "terms.md, line 11"),
    )

    assert "[F1]" in _section(text, "Parties")
    assert "[F2]" in _section(text, "Obligations")
    assert "[F3]" in _section(text, "Liability")
    assert "[F4]" in _section(text, "Confidentiality")


async def test_what_only_names_a_document_is_neither_a_clause_nor_an_open_point_nor_called_left_out() -> None:
    text = await _drafted(
        finding("F1", "Heads of terms: cleaning of offices", "terms.md, line 1"),
        finding("F2", "The charge is GBP 6,150 a month.", "terms.md, line 7", "price"),
        finding("F3", "Notes from the mails about the cleaning agreement.", "mails.txt, line 1"),
        finding("F4", "Owner: Head of Procurement", "rules.md, line 2"),
    )

    assert not any(f"[{id}]" in text for id in ("F1", "F3", "F4"))
    assert "More was found than is shown here" not in text


async def test_a_list_that_says_no_stands_as_a_list() -> None:
    quote = "Never agree to\n\n- price rises above inflation\n- subcontracting without our consent"
    text = await _drafted(
        finding("F1", "The charge is GBP 6,150 a month.", "terms.md, line 7", "price"),
        finding("F2", quote, "procurement-rules.md, lines 4–7"),
    )

    assert "  - Never agree to [F2]\n    - price rises above inflation [F2]\n    - subcontracting" in text


async def test_lines_with_labels_are_findings_of_their_own() -> None:
    words = "Client: Harrow Vale Housing Association, 8 Albion Street, Leeds\nContractor: Penrose Ltd, 40 Mill Lane, Leeds"
    found = await ask("researcher", [goal("Draft a contract"), document("d1.1", "terms.md", words), task()], Findings)

    assert [one.quote for one in found.findings] == words.split("\n")


async def test_a_name_with_an_ampersand_is_one_company() -> None:
    lines = document("d1.1", "teaser.md", "Marlow runs nine shops. Prepared for Finch on 4 August 2026 by its owners.")
    asked = [goal("Examine it"), given("target", "Marlow & Finch Bakeries Ltd"), lines, task()]
    found = await ask("researcher", asked, Findings)

    assert {one.key.split("/")[0] for one in found.findings}.isdisjoint({"marlow", "finch-bakeries"})
