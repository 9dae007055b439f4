"""Lines: what a page says, and each thing that can be wrong with it."""

import pytest

from agents.catalog.lines import delivered, key_of, words
from agents.errors import PageError
from agents.questions import Question
from agents.rendering.formats import Format
from tests.agents.catalog.writing import HEAD, ode, pages, station, told

VERSE = station("Verse", "role: poet", "makes: verse")
DONE = "Rhyme.\n\nDone when it rhymes."
WITH_INPUTS = (
    "---\nname: ode\ndescription: x\ninputs:\n  muses: Which muses?\n  meter: Which meter? (optional)\n---\n"
)


def test_a_line_is_its_page():
    text = ode(
        station("First verse", "role: poet", "each: muses", "makes: verse"),
        station(
            "Finish", "role: poet", "reads: request, verse", "makes: ode", "review: critic",
            "ask: Shall it be read?", "sections: Opening, Close", "words: at most 1,200", prose=DONE,
        ),
        head=WITH_INPUTS + "\n",
    )  # fmt: skip
    line = pages(text).line("ode")

    assert line.inputs == (Question("muses", "Which muses?"), Question("meter", "Which meter?", optional=True))
    assert (line.background, line.needs_model, line.roles()) == (
        "We sell to poets.",
        False,
        ("poet", "critic"),
    )
    first, finish = line.stations
    assert (first.key, first.each, first.reads, first.makes) == (
        "first-verse",
        "muses",
        ("request",),
        "verse",
    )
    assert (finish.reads, finish.review, finish.ask) == (("request", "verse"), "critic", "Shall it be read?")
    assert (finish.sections, finish.most_words) == (("Opening", "Close"), 1200)
    assert (finish.instructions, finish.done_when) == ("Rhyme.", ("it rhymes",))


def test_a_list_on_the_page_may_stand_where_an_input_could():
    text = ode(
        station("Verse", "role: poet", "each: war, love", "makes: verse"),
        station("End", "role: poet", "reads: verse", "makes: ode"),
    )

    assert pages(text).line("ode").stations[0].items == ("war", "love")


def test_a_line_of_one_station_is_enough():
    assert [one.name for one in pages(ode(VERSE)).line("ode").stations] == ["Verse"]


def test_a_question_may_go_on_in_the_next_line():
    head = (
        "---\nname: ode\ndescription: x\ninputs:\n  muses: Which muses?\n    Names, please. (optional)\n---\n"
    )

    assert pages(ode(VERSE, head=head)).line("ode").inputs == (
        Question("muses", "Which muses? Names, please.", True),
    )


@pytest.mark.parametrize(
    ("said", "files"),
    [
        ("", "markdown"),
        ("delivers: markdown\n", "markdown"),
        ("delivers: PDF\n", "markdown pdf"),
        ("delivers: word, markdown, pdf, word\n", "markdown word pdf"),
    ],
)
def test_a_line_delivers_what_its_page_names_markdown_always_and_first(said: str, files: str):
    line = pages(ode(VERSE, head=f"---\nname: ode\ndescription: x\n{said}---\n")).line("ode")

    assert [str(one) for one in line.delivers] == files.split()
    assert delivered({line.path: line.text}, "ode") == line.delivers


def test_a_run_without_a_line_delivers_markdown():
    assert delivered({}, "") == (Format.MARKDOWN,)


def test_needs_model_is_kept():
    assert (
        pages(ode(VERSE, head="---\nname: ode\ndescription: x\nneeds: model\n---\n")).line("ode").needs_model
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("at most 900", 900),
        ("900", 900),
        ("up to 2.500 words", 2500),
        ("under 900", 899),
        ("Fewer than 50", 49),
    ],
)
def test_the_most_words_are_read_from_plain_phrases(text, number):
    assert words(text) == number


@pytest.mark.parametrize("text", ["few", "", "900 pages", "-5"])
def test_what_is_no_number_of_words_is_none(text):
    assert words(text) is None


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Fact check", "fact-check"),
        ("Prüfung & Abnahme", "prufung-abnahme"),
        ("詩", ""),
        ("x" * 90, "x" * 36),
    ],
)
def test_a_title_becomes_a_key(title, key):
    assert key_of(title) == key


def end(*bullets, prose="Work."):
    return station("End", "role: poet", "reads: verse", "makes: ode", *bullets, prose=prose)


BAD = {
    "line 8: 'rol' is not a bullet I know. I know: ask, each, makes, reads, review, role, sections, words.": [
        station("Verse", "rol: poet", "role: poet", "makes: verse")
    ],
    "line 7: 'Verse' has no 'role'. Every station has one.": [station("Verse", "makes: verse")],
    "line 7: 'Verse' has no 'makes'. Every station has one.": [station("Verse", "role: poet")],
    "line 8: 'role' says nothing.": [station("Verse", "role:", "makes: verse")],
    "line 9: 'The Verse' is no name for an artifact.": [station("Verse", "role: poet", "makes: The Verse")],
    "line 9: 'request' is no name for an artifact.": [station("Verse", "role: poet", "makes: request")],
    "line 10: 'few' is no number of words.": [station("Verse", "role: poet", "makes: verse", "words: few")],
    "line 10: 'Verse' names 'A' twice in 'sections'.": [
        station("Verse", "role: poet", "makes: v", "sections: a, A")
    ],
    "line 7: '7 verses' is no name for a station.": [station("7 verses", "role: poet", "makes: verse")],
    "line 8: no role is called 'muse'. I know: critic, poet, sender.": [
        station("Verse", "role: muse", "makes: v")
    ],
    "line 10: no role is called 'muse'.": [
        station("Verse", "role: poet", "makes: v", "review: muse", prose=DONE)
    ],
    "line 8: 'orchestrator' plans and never works at a station.": [
        station("Verse", "role: orchestrator", "makes: v")
    ],
    "line 10: 'Verse' reads 'muse', but no station before it makes that.": [
        station("Verse", "role: poet", "makes: verse", "reads: muse")
    ],
    "line 10: 'Verse' reads 'verse', but": [station("Verse", "role: poet", "makes: verse", "reads: verse")],
    "line 9: 'Verse' makes 'verse', but no later station reads that.": [
        VERSE,
        station("End", "role: poet", "makes: ode"),
    ],
    "line 15: an earlier station makes 'verse' already.": [
        VERSE,
        station("End", "role: poet", "makes: verse", "reads: verse"),
    ],
    "line 13: two stations are called 'Verse'.": [
        VERSE,
        station("Verse", "role: poet", "makes: o", "reads: verse"),
    ],
    "line 10: 'critic' would review its own work at 'Verse'.": [
        station("Verse", "role: critic", "makes: v", "review: critic", prose=DONE)
    ],
    "line 10: 'Verse' has a review but no paragraph that begins 'Done when'.": [
        station("Verse", "role: poet", "makes: v", "review: critic")
    ],
    "line 10: 'muses' is neither an input nor a list with commas. The inputs are: none.": [
        station("Verse", "role: poet", "makes: verse", "each: muses"),
        end(),
    ],
    "line 11: 'Verse' would ask once for each item.": [
        station("Verse", "role: poet", "makes: verse", "each: a, b", "ask: Good?"),
        end(),
    ],
    "line 10: 'Verse' is the last station and makes many.": [
        station("Verse", "role: poet", "makes: v", "each: a, b")
    ],
    "line 14: 'Verse 2' would be mixed up with a task of another station.": [
        station("Verse", "role: poet", "makes: verse", "each: a, b"),
        station("Verse 2", "role: poet", "makes: ode", "reads: verse"),
    ],
}


@pytest.mark.parametrize("sentence", BAD)
def test_each_mistake_is_told_with_its_line(sentence):
    orchestrator = "---\nname: orchestrator\ndescription: x\n---\nPlan.\n"
    further = {"orchestrator": orchestrator} if "'orchestrator'" in sentence else {}
    found = [one.removeprefix("lines/ode.md, ") for one in told(ode(*BAD[sentence]), **further)]

    assert [one for one in found if one.startswith(sentence)] != [], found


FRONT = {
    "line 4: 'model' is not a key I know. I know: delivers, description, inputs, name, needs.": "model: haiku",
    "line 4: a line cannot need 'money'. The one thing to need is 'model'.": "needs: money",
    "line 5: the input 'a' has no question to ask people.": "inputs:\n  a: (optional)",
    "line 5: the input 'a' offers fewer than two choices. Separate them by commas": "inputs:\n  a: Which? (one of: )",
    "line 5: the input 'a' offers fewer than two choices.": "inputs:\n  a: Which? (any of: red; blue) (optional)",
    "line 5: the input 'a' needs a colon before its choices: '(one of: x, y)'.": "inputs:\n  a: Which? (one of x, y)",
    "line 5: the input 'a' offers 60 choices, and people can be shown 50.": (
        f"inputs:\n  a: Which? (one of: {', '.join(map(str, range(60)))}) (optional)"
    ),
    f"line 5: the input 'a' offers '{'x' * 40}…', and a choice has at most 75": f"inputs:\n  a: Eh? (one of: {'x' * 76}, y)",
    "line 6: 'When' is no name of an input. Write it in lower case: 'when'.": "inputs:\n  a: Which?\n  When: From when?",
    "line 6: the input 'a' is given twice.": "inputs:\n  a: What?\n  a: What else?",
    "line 4: 'some, others' is not 'name: question'": "inputs: some, others",
    "line 4: 'inputs' says nothing.": "inputs:",
    "line 4: a line cannot deliver 'odt'. It can deliver: markdown, word, pdf.": "delivers: Word, odt",
}


@pytest.mark.parametrize("sentence", FRONT)
def test_mistakes_of_the_front_matter_are_told(sentence):
    found = told(ode(VERSE, head=f"---\nname: ode\ndescription: x\n{FRONT[sentence]}\n---\n"))

    assert [one.removeprefix("lines/ode.md, ").startswith(sentence) for one in found] == [True]


@pytest.mark.parametrize("mark", ["#", "###"])
def test_a_station_under_a_heading_of_another_rank_is_told_where_it_stands(mark: str):
    text = ode(VERSE).replace("## ", f"{mark} ")

    assert any(f"'{mark} Verse' begins no station. A station's heading has two #: '## Name'." in one for one in told(text))
    assert told(ode(VERSE + "\n### Of a kind\n- with a list\n")) == []


def test_brackets_that_only_belong_to_a_question_are_no_mistake():
    asked = "  a: Who signs (one of the two we named)?\n  b: Which? (one of: x, y)"
    head = f"---\nname: ode\ndescription: x\ninputs:\n{asked}\n---\n"

    assert told(ode(VERSE, head=head)) == []


def test_an_optional_input_cannot_be_worked_on_item_by_item():
    text = ode(station("Verse", "role: poet", "makes: verse", "each: meter"), end(), head=WITH_INPUTS)

    assert told(text) == [
        "lines/ode.md, line 13: 'Verse' works on each of 'meter', so that input cannot be optional."
    ]


def row(count, *bullets):
    """Return stations in a row, each reading the one before."""
    first = [station("S0", "role: poet", "makes: a0", *bullets)]
    rest = [
        station(f"S{n}", "role: poet", f"makes: a{n}", f"reads: a{n - 1}", *bullets) for n in range(1, count)
    ]
    return ode(*first, *rest)


def test_a_line_asks_people_three_times_at_most():
    assert told(row(3, "ask: Good?")) == []
    assert told(row(4, "ask: Good?")) == [
        "lines/ode.md: the line asks people 4 times; 3 is the most. Bundle what you ask."
    ]


def test_six_stations_may_wait_in_a_row_and_no_more():
    assert told(row(6)) == []
    assert told(row(7)) == ["lines/ode.md: 7 stations wait for one another in a row; 6 is the most."]


def test_a_line_makes_twenty_tasks_at_most():
    many = ", ".join(f"m{n}" for n in range(20))
    text = ode(station("Verse", "role: poet", "makes: verse", f"each: {many}"), end())

    assert told(text) == ["lines/ode.md: the line makes 21 tasks; a run has 20 at most."]


def test_whoever_may_act_outside_works_only_after_people_were_asked_and_somebody_reviewed():
    send = station("Send", "role: sender", "reads: verse", "makes: sent")
    asked = station("Verse", "role: poet", "makes: verse", "review: critic", "ask: Send it?", prose=DONE)

    assert told(ode(asked, send)) == []
    assert told(ode(VERSE, send)) == [
        "lines/ode.md, line 14: 'Send' may use 'send_email', but nobody is asked before it. "
        "Give an earlier station an 'ask'.",
        "lines/ode.md, line 14: 'Send' may use 'send_email', but nobody reviews 'verse' before it. "
        "Give an earlier station a 'review'.",
    ]


def test_a_station_that_asks_but_is_not_read_does_not_count():
    asks = station("Verse", "role: poet", "makes: verse", "review: critic", "ask: Send it?", prose=DONE)
    send = station("Send", "role: sender", "makes: sent")
    last = station("End", "role: poet", "reads: verse, sent", "makes: ode")

    assert [one for one in told(ode(asks, send, last)) if "nobody is asked before it" in one] != []


def test_nobody_reads_strangers_words_and_acts_outside():
    both = "---\nname: both\ndescription: x\ntools: fetch, wire_money\n---\nDo.\n"
    asked = station("Verse", "role: poet", "makes: verse", "review: critic", "ask: Send it?", prose=DONE)
    send = station("Send", "role: both", "reads: verse", "makes: sent")

    assert told(ode(asked, send), both=both) == [
        "lines/ode.md, line 18: 'Send' may use 'fetch' and 'wire_money': what it reads could steer it. "
        "Let an earlier station read."
    ]


def test_a_line_without_a_station_is_no_line():
    assert told(HEAD + "Only prose.") == [
        "lines/ode.md: the line has no station. Begin one with '## ' and its name."
    ]


def test_a_line_whose_role_is_broken_says_what_is_wrong_with_the_role():
    found = pages(ode(VERSE), poet="---\nname: poet\n---\nRhyme.\n")

    with pytest.raises(PageError) as refused:
        found.line("ode")

    assert str(refused.value) == (
        "The line 'ode' cannot be used. lines/ode.md, line 8: the role 'poet' cannot be used: "
        "roles/poet.md, line 2: 'description' is missing. Every page has one."
    )


def test_all_problems_are_told_at_once_and_the_right_pages_stay_usable():
    found = pages(ode(station("Verse", "role: muse", "makes: The Verse")), fine="---\nname: fine\n---\n")

    assert len([one for one in found.problems if one.page == "lines/ode.md"]) == 2
    assert len([one for one in found.problems if one.page == "roles/fine.md"]) == 2
    assert (sorted(found.roles), found.lines) == (["critic", "poet", "sender"], {})
