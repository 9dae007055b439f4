"""Pages from folders, and from what a run kept."""

import pytest

from agents import catalog
from agents.errors import PageError
from tests.agents.catalog.writing import CRITIC, POET, TOOLS, ode, pages, station

RESEARCHER = """---
name: market-researcher
description: Finds what a buyer would find. Call on it first: it gathers, it does not judge.
model: haiku
tools: web_search, read_document
---
You gather facts for people who will decide something with them.
"""
CAMPAIGN = """---
name: marketing-campaign
description: From a product request to a campaign pack ready to publish.
---
We sell to small bakeries. We never compare ourselves with a named rival.

## Research
- role: market-researcher
- each: competitors, audience, channels
- makes: findings

Find what a buyer would find. Quiet hours are 22:00 to 07:00: read no sites then.

## Strategy
- role: poet
- reads: request, findings
- makes: strategy
- review: critic
- ask: Shall we build the campaign on this strategy?

Choose one position.

Done when every claim names a finding, and the page fits on one screen.
"""


def write(folder, texts):
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_pages_of_a_later_folder_take_the_place_of_earlier_ones(tmp_path):
    product = write(
        tmp_path / "product", {"roles/poet.md": POET, "roles/critic.md": CRITIC, "roles/README.md": "Hi."}
    )
    home = write(tmp_path / "home", {"roles/poet.md": POET.replace("Rhyme.", "Do not rhyme.")})

    found = catalog.read([product, home, tmp_path / "nowhere"], TOOLS)

    assert (found.role("poet").instructions, sorted(found.roles)) == ("Do not rhyme.", ["critic", "poet"])
    assert found.problems == ()


def test_a_change_with_a_mistake_is_never_passed_over_for_the_page_it_replaced(tmp_path):
    product = write(tmp_path / "product", {"roles/poet.md": POET})
    home = write(tmp_path / "home", {"roles/poet.md": b"\xff\xfe"})

    found = catalog.read([product, home], TOOLS)

    assert [str(problem) for problem in found.problems] == [
        "roles/poet.md: the file is not UTF-8 text. Save it again as UTF-8."
    ]
    assert found.roles == {}


def test_a_page_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "lines" / "ode.md").mkdir(parents=True)

    found = catalog.read([tmp_path], TOOLS)

    assert [str(problem) for problem in found.problems] == [
        "lines/ode.md: the file cannot be read (Is a directory)."
    ]


def test_what_a_run_kept_gives_the_same_line_and_roles_again():
    found = pages(
        ode(station("Verse", "role: poet", "makes: verse", "review: critic", prose="Done when it rhymes."))
    )

    kept = catalog.from_texts(found.texts_for("ode"), TOOLS)

    assert sorted(found.texts_for("ode")) == ["lines/ode.md", "roles/critic.md", "roles/poet.md"]
    assert (kept.line("ode"), kept.role("poet"), kept.problems) == (found.line("ode"), found.role("poet"), ())


def test_the_orchestrator_is_kept_with_every_line_and_all_roles_where_there_is_no_line():
    orchestrator = "---\nname: orchestrator\ndescription: x\n---\nPlan.\n"
    found = pages(ode(station("Verse", "role: poet", "makes: verse")), orchestrator=orchestrator)

    assert "roles/orchestrator.md" in found.texts_for("ode")
    assert sorted(found.texts_for()) == [
        f"roles/{name}.md" for name in ("critic", "orchestrator", "poet", "sender")
    ]


def test_nothing_is_kept_of_a_line_that_cannot_be_used():
    with pytest.raises(PageError, match="No line is called 'epic'"):
        pages(ode(station("Verse", "role: poet", "makes: verse"))).texts_for("epic")


def test_the_pages_of_the_style_guide_can_be_used():
    texts = {"roles/market-researcher.md": RESEARCHER, "lines/marketing-campaign.md": CAMPAIGN}
    found = catalog.from_texts({**texts, "roles/poet.md": POET, "roles/critic.md": CRITIC}, TOOLS)

    research, strategy = found.line("marketing-campaign").stations
    assert found.problems == ()
    assert research.items == ("competitors", "audience", "channels")
    assert strategy.done_when == ("every claim names a finding, and the page fits on one screen",)


def test_the_catalog_explains_itself_in_sentences():
    asked = station("Verse", "role: poet", "makes: verse", "ask: Good?")
    fine = pages(ode(asked))
    said, wrong = catalog.explain(fine), pages(ode(station("Verse", "role: muse", "makes: verse")))

    assert said[0] == "Line 'ode': Verse. People are asked after Verse."
    assert said[1:] == [
        "Role 'critic' works with the model 'fast' and has no tools.",
        "Role 'poet' works with the model 'strong' and may use read_artifact.",
        "Role 'sender' works with the model 'fast' and may use send_email.",
    ]
    assert catalog.troubles(fine) == ["All pages can be used."]
    assert catalog.troubles(wrong) == [
        "Wrong: lines/ode.md, line 8: no role is called 'muse'. I know: critic, poet, sender.",
        "1 page cannot be used until this is mended; everything else can.",
    ]


def test_mistakes_are_told_from_the_top_of_a_page_down():
    verse = station("Verse", "role: muse", "makes: verse", "words: about 9")

    told = catalog.troubles(pages(ode(verse)))

    assert [sentence.split(":")[1].split(", ")[1] for sentence in told[:-1]] == ["line 8", "line 10"]


def test_what_lies_beside_pages_and_is_none_is_said(tmp_path):
    texts = {"lines/ode.markdown": "x", "lines/old/ode.md": "x", "roles/README.txt": "x", "roles/.ode.md.swp": "x"}
    home = write(tmp_path / "home", texts)

    found = catalog.read([home], TOOLS)

    assert [sentence.split(": ")[:2] for sentence in catalog.troubles(found)[:-1]] == [
        ["Ignored", "lines/ode.markdown"], ["Ignored", "lines/old"],
    ]  # fmt: skip
