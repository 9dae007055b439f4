"""Sections of reports: what is denied and spoken of, tables that are not whole, documents nobody gave, fields of readers."""

from __future__ import annotations

from agents.contracts import Draft, Findings, Part
from tests.agents.offline.asking import ask, contract, document, finding, given, goal, task

READERS = "Read for this one area. People: number, notice, who could leave. Figures and tax: revenue, result, tax, debts."
MEMO = document(
    "d1.1",
    "memo.pdf, page 1",
    "Revenue in 2025 was EUR 900,000. Six people work here. There are no disputes of any kind.",
)
ROWS = document(
    "d2.1",
    "staff.csv, row 2 to row 3",
    "position: Cook | notice: 1 month | works as: employee\nposition: Driver | notice: 14 days | works as: contractor",
)


async def _draft(sections: str, *found: Part, words: int = 0) -> str:
    asked = goal("Examine the company from the files")
    return (
        await ask("analyst", [contract(sections, words), asked, *found, task(station="Flags")], Draft)
    ).text


async def test_a_reader_of_a_field_takes_the_words_of_its_field_and_whole_tables() -> None:
    parts = [goal("Examine the company"), MEMO, ROWS]
    people = await ask("researcher", [*parts, task(READERS, item="people")], Findings)
    figures = await ask("researcher", [*parts, task(READERS, item="figures and tax")], Findings)

    assert [one.source for one in people.findings].count("d2.1") == 2
    assert "Six people work here." in [one.quote for one in people.findings]
    assert "Revenue in 2025 was EUR 900,000." in [one.quote for one in figures.findings]
    assert not {one.quote for one in people.findings} & {one.quote for one in figures.findings}


async def test_what_one_file_denies_and_another_speaks_of_stands_side_by_side_and_becomes_a_question() -> (
    None
):
    text = await _draft(
        "Contradictions, Questions to management",
        finding("F1", "There are no disputes, pending or threatened.", "memo.pdf, page 3"),
        finding("F2", "A supplier claims damages of EUR 40,000.", "minutes.md, line 9"),
    )

    assert "- memo.pdf says that there is none, and other files speak of one:" in text
    assert "  - A supplier claims damages of EUR 40,000. [F2] (minutes.md)" in text
    assert "How does that go with [F2]?" in text


async def test_severity_is_left_to_a_person_and_evidence_is_quoted() -> None:
    text = await _draft(
        "Red flags", finding("F1", "The loan of EUR 90,000 is overdue.", "minutes.md, line 2")
    )

    assert "no language model was used" in text
    assert (
        "| money owed or short | minutes.md | not judged | The loan of EUR 90,000 is overdue. [F1] |" in text
    )


async def test_a_table_that_is_not_whole_says_so_and_adds_nothing_up() -> None:
    rows = [
        finding(f"F{n}", f"town: {town} | shops: {count}", f"shops.csv, row {n + 1}", f"shops/{town.lower()}")
        for n, (town, count) in enumerate(
            [("Cork", 310), ("Galway", 120), ("Sligo", 45), ("Tralee", 30), ("Total", 505)], start=1
        )
    ]
    whole, part = await _draft("Shops", *rows), await _draft("Shops", *rows, words=44)

    assert "| Total | 505 | [F5] |" in whole and "left out" not in whole
    assert "of this table" in part and "| Total" not in part


async def test_a_document_that_is_spoken_of_and_not_there_is_named_with_its_words() -> None:
    asks = "Find what there is. A document that a file speaks of and that is not among the files is an open question."
    minutes = document(
        "d1.1", "minutes.md, line 1", "The option agreement is being drafted. Costs are set out in Annex 4."
    )
    found = await ask("researcher", [goal("Examine it"), minutes, task(asks)], Findings)

    assert found.open_questions == [
        "Option agreement is not among the files; minutes.md speaks of it: “The option agreement is being drafted.”",
        "Annex 4 is not among the files; minutes.md speaks of it: “Costs are set out in Annex 4.”",
    ]


async def test_a_section_that_needs_a_mind_says_what_a_person_has_to_add() -> None:
    parts = [
        contract("Position, Design direction"),
        goal("Make a campaign"),
        given("audience", "bakers"),
        finding("F1", "Colours: petrol and white.", "guide.pptx, slide 1", "colours"),
        task(station="Strategy"),
    ]
    text = (await ask("strategist", parts, Draft)).text

    assert "a person has to add one position, and why this one and no other.*" in text
    assert "- Colours: petrol and white. [F1]" in text.partition("## Design direction")[2]


async def test_dates_that_one_thing_cannot_both_have_are_shown_together() -> None:
    text = await _draft(
        "Contradictions",
        finding("F1", "The Flemish subsidy of EUR 2,000 a bike ends on 30 June 2027.", "a.docx, paragraph 1"),
        finding(
            "F2",
            "The Flemish subsidy of EUR 2,000 ends on 31 December 2026, the ministry said.",
            "b.md, line 2",
        ),
        finding("F3", "The Brussels subsidy of EUR 3,000 ends on 31 December 2029.", "c.md, line 2"),
    )

    point = text.partition("## Other")[0]

    assert "[F1]" in point and "[F2]" in point and "[F3]" not in point


async def test_claims_rest_on_figures_prices_and_conditions_alone() -> None:
    text = await _draft(
        "Claims",
        finding("F1", "The kiln reaches 1,280 degrees in four hours.", "sheet.pdf, page 1"),
        finding("F2", "The list price is GBP 2,150.", "sheet.pdf, page 1"),
        finding("F3", "Notes about the launch of the kiln.", "mails.txt, line 1"),
    )

    assert "What a claim could rest on, in the words of the sources:*" in text
    assert "| The kiln reaches 1,280 degrees in four hours. [F1] |" in text
    assert "| The list price is GBP 2,150. [F2] |" in text
    assert "| Notes about" not in text


async def test_how_sure_a_figure_is_is_said_to_be_for_a_person() -> None:
    text = await _draft("How sure we are", finding("F1", "We asked 40 potters in May 2026.", "survey.md, line 2"))

    assert "strong, fair or weak is for a person to say.*" in text


async def test_what_is_said_of_all_stands_beside_what_speaks_against_it() -> None:
    text = await _draft(
        "Contradictions, Questions to management",
        finding("F1", "All kilns are owned by the pottery.", "teaser.md, line 4"),
        finding("F2", "The kilns in the yard are leased from Orm Finance until 2029.", "minutes.txt, line 9"),
        finding("F3", "Nine people work here, all of them employees.", "teaser.md, line 5"),
        finding("F4", "position: Thrower | works as: contractor | fee: GBP 30,000", "staff.csv, row 2"),
        finding("F5", "item: Staff and contractors | 2025 (GBP): 90000", "accounts.csv, row 2"),
    )
    contradictions, _, questions = text.partition("## Questions to management")

    assert contradictions.count("- teaser.md says this of all, and other files do not:") == 2
    assert all(f"[{id}]" in contradictions for id in ("F1", "F2", "F3", "F4"))
    assert "[F5]" not in contradictions
    assert "All kilns are owned by the pottery. [F1] How does that go with [F2]?" in questions


async def test_a_claim_of_money_speaks_against_a_denial_of_disputes() -> None:
    text = await _draft(
        "Contradictions, Red flags",
        finding("F1", "There is no litigation and none is threatened.", "teaser.md, line 4"),
        finding("F2", "A former manager claims unpaid overtime of GBP 38,000.", "minutes.txt, line 9"),
    )

    assert "  - A former manager claims unpaid overtime of GBP 38,000. [F2] (minutes.txt)" in text
    assert "| a dispute or a claim | minutes.txt |" in text


async def test_prices_of_different_things_are_no_contradiction() -> None:
    text = await _draft(
        "Contradictions",
        finding("F1", "A night ticket costs GBP 9; members enter free.", "facts.md, line 4", "price"),
        finding("F2", "Posters at the station cost GBP 340 for two weeks.", "mails.txt, line 9", "price"),
    )

    assert "No two sources give different values" in text


async def test_a_contradiction_without_a_name_goes_by_the_phrases_its_sources_share() -> None:
    text = await _draft(
        "Contradictions",
        finding("F1", "The grant of DKK 27,000 for a heat pump ends on 31 December 2026.", "panel.md, line 4"),
        finding("F2", "The grant of DKK 27,000 for a heat pump ends on 30 June 2027.", "guild.txt, line 9"),
    )

    assert "- grant, heat pump: the sources differ:" in text


async def test_the_size_of_a_market_stands_with_its_year_whoever_read_it_and_the_asked_period_is_not_old() -> None:
    found = [
        finding("F1", "Report of 11 February 2026.", "panel.md, line 1"),
        finding("F2", "In 2023 households bought 35,800 heat pumps.", "panel.md, line 3"),
        finding("F3", "Members sold 46,200 heat pumps in 2025.", "guild.txt, line 3"),
        finding("F4", "The market was worth DKK 9 million in 2019.", "study.md, line 3"),
    ]
    text = await _draft("Size and growth, How sure we are", given("period", "2023 to 2027"), *found)
    sizes, _, sure = text.partition("## How sure we are")

    assert "| 2023 | In 2023 households bought 35,800 heat pumps. [F2] |" in sizes
    assert "| 2025 | Members sold 46,200 heat pumps in 2025. [F3] |" in sizes
    assert "- Out of date, 2019 is the newest year in it: The market was worth DKK 9 million in 2019. [F4]" in sure
    assert "2023 is the newest year" not in sure


async def test_of_a_table_by_year_the_newest_rows_are_left_out_last() -> None:
    rows = [
        finding(f"F{year - 2000}", f"year: {year} | region: Funen | heat pumps put in: {year * 2}", "pumps.csv, row 2")
        for year in range(2012, 2026)
    ]
    text = await _draft("Findings, Pumps", *rows, words=80)

    assert "| 2025 | Funen | 4050 | [F25] |" in text
    assert "[F12]" not in text


def _delivered(number: int) -> Part:
    return finding(f"F{number}", f"port: P{number} | delivery time: {number} weeks", f"lead.csv, row {number}")


async def test_a_table_below_what_people_gave_begins_after_an_empty_line() -> None:
    rows = [finding(f"F{n}", f"channel: C{n} | budget: EUR {n}00", f"media.csv, row {n}") for n in (2, 3)]
    text = await _draft("Channels and budget", given("budget", "EUR 900"), *rows)
    told = await _draft("Delivery", given("delivery", "by ship"), *[_delivered(n) for n in (1, 2)])

    assert "- Budget: EUR 900\n\n*Rules do not write this" in text
    assert "- Delivery: by ship\n\nlead.csv:\n\n| port |" in told
    assert "\n\n\n" not in text


async def test_a_share_that_the_table_of_all_does_not_give_stands_beside_its_rows() -> None:
    said = "The largest customer, a chain of cafes, stands for {} % of turnover."
    rows = [
        finding(f"F{n}", f"customer: {name} | turnover 2025 (GBP): {amount}", f"customers.csv, row {n}")
        for n, (name, amount) in enumerate((("Bright", 480000), ("Fen", 90000), ("31 others", 412000), ("Total", 982000)), 2)
    ]
    wrong = await _draft("Contradictions", finding("F1", said.format(11), "teaser.md, line 3"), *rows)
    right = await _draft("Contradictions", finding("F1", said.format(48.9), "teaser.md, line 3"), *rows)

    assert "- teaser.md says a share that these rows do not give:" in wrong
    assert all(f"[{id}] (" in wrong for id in ("F1", "F2", "F5")) and "[F4] (" not in wrong
    assert "customer: Bright · turnover 2025 (GBP): 480000 [F2]" in wrong
    assert "No two sources give different values" in right
