"""Drafts: sources' words and given facts in their sections; what is missing is said; notes change what rules can."""

from __future__ import annotations

import re

from agents import checks
from agents.contracts import Draft, Part, PartKind
from tests.agents.offline.asking import (
    ACME,
    DOCUMENTS,
    FINDINGS,
    REQUEST,
    SUBJECTS,
    ask,
    contract,
    document,
    finding,
    given,
    goal,
    note,
    task,
)

SECTIONS = "Summary, Comparison, What sets each apart, Contradictions, What is missing"
CONSTRAINTS = [
    Part("C1", PartKind.CONSTRAINT, "under 900 words"),
    Part("C2", PartKind.CONSTRAINT, "no pricing of our own"),
]
AUDIENCE = given("audience", "the sales team")


async def _written(*more: Part, sections: str = SECTIONS, words: int = 900, role: str = "writer") -> Draft:
    parts = [contract(sections, words), *CONSTRAINTS, REQUEST, AUDIENCE, SUBJECTS, *FINDINGS, *more]
    return await ask(role, [*parts, task(station="Brief")], Draft)


def _evidence() -> dict[str, checks.Evidence]:
    whole = "\n".join(part.text for part in DOCUMENTS)
    found = {}
    for part in FINDINGS:
        quote = "\n".join(line.removeprefix("> ") for line in part.text.split("\n") if line.startswith("> "))
        start = whole.index(quote)
        found[part.id] = checks.Evidence(part.id, quote, whole, start, start + len(quote))
    return found


def _section(text: str, title: str) -> str:
    return text.split(f"## {title}\n")[1].split("\n## ")[0]


async def test_a_draft_passes_every_check_by_code() -> None:
    draft = await _written()
    wanted = checks.Contract(
        tuple(SECTIONS.split(", ")), 900, constraints=(("C1", "under 900 words"),), cites=True
    )
    sources = {checks.GIVEN: f"{REQUEST.text}\n{SUBJECTS.text}", **{part.id: part.text for part in DOCUMENTS}}

    assert checks.check(draft.text, wanted, _evidence(), sources) == []


async def test_every_number_of_a_draft_stands_in_what_was_given() -> None:
    draft = await _written()
    known = " ".join(f"{part.source} {part.text}" for part in [REQUEST, SUBJECTS, *FINDINGS])
    told = set(re.findall(r"\d[\d.,]*\d|\d", re.sub(r"\[F\d+\]", "", draft.text)))

    assert told
    assert told <= set(re.findall(r"\d[\d.,]*\d|\d", known))


async def test_the_contract_s_sections_stand_in_their_order() -> None:
    draft = await _written()

    assert re.findall(r"^## (.+)$", draft.text, re.MULTILINE) == SECTIONS.split(", ")


async def test_values_that_differ_are_shown_side_by_side() -> None:
    draft = await _written()

    assert _section(draft.text, "Contradictions").strip().splitlines() == [
        "- Acme, price, starter: the sources differ:",
        "  - The Starter plan costs EUR 29 per month. [F101] (acme.pdf, page 1)",
        "  - Price per month: EUR 35 [F102] (market.csv, row 2)",
    ]


async def test_a_subject_of_which_no_source_speaks_is_named_as_missing() -> None:
    draft = await _written()

    assert "Nothing was found in the given sources about Initech." in _section(draft.text, "Comparison")
    assert "### Initech\n\nNothing was found in the given sources about Initech." in draft.text


async def test_an_empty_section_says_what_is_missing_and_given_facts_fill_theirs() -> None:
    draft = await _written(sections="Audience, Warranty")

    assert _section(draft.text, "Audience").strip() == "- Audience: the sales team"
    assert _section(draft.text, "Warranty").startswith(
        "\nNothing was found in the given sources about warranty."
    )


async def test_the_length_is_kept_by_leaving_findings_out_and_saying_so() -> None:
    draft = await _written(words=170)

    assert checks.words(draft.text) <= 170
    assert "left out" in draft.summary
    assert "Nothing was found in the given sources about Globex." not in draft.text


async def test_a_request_s_own_limit_counts_too() -> None:
    limit = Part("C3", PartKind.CONSTRAINT, "at most 180 words")
    draft = await _written(limit)

    assert checks.words(draft.text) <= 180


async def test_a_note_on_words_changes_headings_and_never_a_quote() -> None:
    said = "Acme calls its competitors names."
    quote = finding("F105", said, "acme.pdf, page 1", "acme/market")
    draft = await _written(
        note("Call them vendors, not competitors."), quote, sections="Competitors, What is missing"
    )

    assert "## Vendors" in draft.text
    assert "## Competitors" not in draft.text
    assert "competitors" not in draft.text.replace(said, "").lower() or said in draft.text


async def test_a_note_that_leaves_something_out_is_followed() -> None:
    draft = await _written(note("Leave out Lyon."))

    assert "Lyon" in (await _written()).text
    assert "Lyon" not in draft.text
    assert "What says 'Lyon' was left out." in draft.summary


async def test_a_note_that_moves_a_section_to_the_front_is_followed() -> None:
    draft = await _written(note("Put Contradictions first."))

    assert re.findall(r"^## (.+)$", draft.text, re.MULTILINE)[0] == "Contradictions"


async def test_a_note_that_rules_cannot_follow_is_told_back_and_not_hidden() -> None:
    draft = await _written(note("Make the tone warmer."))

    told = "Without a language model this note could not be followed: “Make the tone warmer.”"
    assert told in draft.summary
    assert told in draft.open_questions


async def test_what_the_checks_found_is_taken_out_of_the_next_version() -> None:
    found = Part(
        "review", PartKind.REVIEW, "- number-unsupported: '1,200' stands in no source. “1,200” Take it out."
    )
    draft = await _written(found)

    assert "1,200" in (await _written()).text
    assert "1,200" not in draft.text


async def test_the_analyst_puts_findings_side_by_side_and_concludes_nothing() -> None:
    draft = await _written(sections="", role="analyst")

    assert re.findall(r"^## (.+)$", draft.text, re.MULTILINE)[:4] == [
        "Comparison",
        "Contradictions",
        "Timeline",
        "What is missing",
    ]
    assert "Starter: EUR 35 [F102] | Its Team plan costs EUR 45 per month. [F202] | not found |" in draft.text
    assert draft.text.rstrip().endswith("No conclusions are drawn.*")
    assert all(f"[{part.id}]" in draft.text for part in FINDINGS)


async def test_a_timeline_runs_from_the_oldest_to_the_newest() -> None:
    draft = await _written(sections="Timeline")

    assert re.findall(r"\[(F\d+)\]", _section(draft.text, "Timeline")) == ["F201", "F104"]


async def test_a_legal_text_holds_given_facts_and_found_terms_and_names_the_rest() -> None:
    terms = "Payment within 30 days of invoice. Liability is capped at EUR 100,000."
    found = [
        finding("F1", "Payment within 30 days of invoice.", "terms.pdf, page 1", "payment"),
        finding("F2", "Liability is capped at EUR 100,000.", "terms.pdf, page 1", "liability"),
    ]
    parts = [
        contract("Parties, Price and payment, Liability, Confidentiality, Governing law", 2_500),
        goal("Draft a supply agreement between Kestrel GmbH and Harbour Ltd under the law of Ireland"),
        given("parties", "Kestrel GmbH, Harbour Ltd"),
        given("law", "the law of Ireland"),
        *found,
        task(station="Draft"),
    ]
    draft = await ask("writer", parts, Draft)

    assert _section(draft.text, "Parties").strip() == "- Parties: Kestrel GmbH, Harbour Ltd"
    assert "- Payment within 30 days of invoice. [F1]" in _section(draft.text, "Price and payment")
    assert "- Liability is capped at EUR 100,000. [F2]" in _section(draft.text, "Liability")
    assert (
        _section(draft.text, "Confidentiality").strip()
        == "Nothing was found in the given sources about confidentiality."
    )
    assert "- Law: the law of Ireland" in _section(draft.text, "Governing law")
    assert all(f"{line}." in terms for line in re.findall(r"^- (.+)\. \[F", draft.text, re.MULTILINE))


async def test_what_people_decided_stands_in_its_section_word_for_word() -> None:
    decided = Part("D1", PartKind.DECISION, "The liability cap is EUR 250,000.", source="a person's decision")
    draft = await _written(decided, sections="Liability, Open points")

    assert "- The liability cap is EUR 250,000. (decided)" in _section(draft.text, "Liability")


async def test_without_findings_a_text_is_drawn_from_the_documents_themselves() -> None:
    draft = await ask("writer", [contract(), goal("Tell me about Acme"), ACME, task()], Draft)

    assert "- Acme has 1,200 customers in four countries. (acme.pdf, page 1)" in draft.text


async def test_a_hole_that_an_earlier_task_left_is_named() -> None:
    told = "Nothing came of this task: The reader failed. Say in the deliverable that this part is missing."
    hole = Part("research-3", PartKind.HANDOFF, told, source="Research: Initech")
    draft = await _written(hole)

    assert "Nothing came of this task: The reader failed." in _section(draft.text, "What is missing")


async def test_a_source_s_placeholder_does_not_enter_the_text() -> None:
    blank = finding("F106", "The warranty is TBD.", "acme.pdf, page 1", "acme/warranty")
    draft = await _written(blank, document("d9.1", "x.txt", "nothing"))

    assert "TBD" not in draft.text


async def test_terms_on_which_documents_differ_stand_under_open_points_and_in_no_clause() -> None:
    found = [
        finding(
            "F1",
            "Payment is due within 30 days of the invoice at the latest.",
            "policy.md, line 4",
            "payment",
        ),
        finding(
            "F2",
            "The buyer pays each delivery within 45 days of the invoice.",
            "terms.docx, paragraph 8",
            "payment",
        ),
        finding(
            "F3",
            "Both parties keep prices and test results confidential.",
            "terms.docx, paragraph 9",
            "price",
        ),
    ]
    parts = [
        contract("Price and payment, Confidentiality, Open points"),
        goal("Draft a contract"),
        *found,
        task(station="Draft"),
    ]
    draft = await ask("writer", parts, Draft)

    assert "days" not in _section(draft.text, "Price and payment")
    assert "The sources differ here; the values stand under Open points." in _section(
        draft.text, "Price and payment"
    )
    assert all(
        words in _section(draft.text, "Open points") for words in ("30 days", "45 days", "[F1]", "[F2]")
    )
    assert "- Both parties keep prices and test results confidential. [F3]" in _section(
        draft.text, "Confidentiality"
    )


async def test_a_summary_begins_with_what_was_found_and_says_last_how_it_was_made() -> None:
    summary = (await _written()).summary

    assert summary.startswith("- Acme has 1,200 customers in four countries. (acme.pdf, page 1)\n")
    assert "The sources differ on Acme price starter." in summary
    assert summary.endswith("No conclusions are drawn.")


async def test_the_same_words_at_the_same_place_are_cited_once() -> None:
    again = finding(
        "F201", "Acme has 1,200 customers in four countries.", "acme.pdf, page 1", "acme/customers"
    )
    parts = [contract("Findings, Sources"), goal("What about Acme?"), FINDINGS[2], again, task()]
    text = (await ask("writer", parts, Draft)).text

    assert text.count("Acme has 1,200 customers") == 1
    assert _section(text, "Sources").strip().startswith("- acme.pdf, page 1: [F103]\n")
    assert "F201" not in text


async def test_what_only_one_subject_has_sets_it_apart_and_is_no_row_of_the_comparison() -> None:
    draft = await _written()

    assert "1,200 customers" not in _section(draft.text, "Comparison")
    assert "- Acme has 1,200 customers in four countries. [F103]" in _section(
        draft.text, "What sets each apart"
    )


async def test_a_row_reads_as_a_list_of_its_cells_without_the_name_it_stands_under() -> None:
    row = finding(
        "F203",
        "Vendor: Globex | Plan: Team | Price per month: EUR 49",
        "market.csv, row 3",
        "globex/price/team",
    )
    draft = await _written(row)

    assert "- Plan: Team · Price per month: EUR 49 [F203]" in _section(draft.text, "What sets each apart")


async def test_rules_and_mails_stand_under_open_points_and_never_in_a_clause() -> None:
    found = [
        finding(
            "F1",
            "The liability of each party is limited to EUR 500,000.",
            "terms.docx, paragraph 2",
            "liability",
        ),
        finding("F2", "The supplier's liability is unlimited.", "contracting-policy.md, line 3", "liability"),
        Part(
            "F3",
            PartKind.FINDING,
            "said by: Jo Ek, Globex\nkey: liability\n> I accept no liability at all.",
            "mails.txt, line 9",
        ),
    ]
    parts = [contract("Liability, Open points"), goal("Draft a contract"), *found, task(station="Draft")]
    text = (await ask("writer", parts, Draft)).text

    assert (
        _section(text, "Liability").strip() == "- The liability of each party is limited to EUR 500,000. [F1]"
    )
    assert _section(text, "Open points").split("\n\n*")[0].strip().splitlines() == [
        "- Rules of contracting-policy.md, to be held against the clauses by a person:",
        "  - Liability: The supplier's liability is unlimited. [F2]",
        "- Said in mails.txt; rules cannot tell what of it was agreed:",
        "  - Liability: Jo Ek, Globex: I accept no liability at all. [F3]",
    ]


async def test_without_anything_to_read_a_text_says_what_to_do_and_nothing_else() -> None:
    hole = document("d1", "scan.pdf", "(This file could not be read: It holds only pictures.)")
    nothing = await ask("researcher", [contract(), goal("Compare our prices"), task()], Draft)
    unread = await ask("researcher", [contract(), goal("Compare our prices"), hole, task()], Draft)

    assert nothing.text.startswith("Nothing is attached, and the request names no page.")
    assert unread.text.startswith("Nothing that came with this request could be read.")
    assert "#" not in nothing.text + unread.text
