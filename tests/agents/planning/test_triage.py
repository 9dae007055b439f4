"""What triage says, held against the request."""

import pytest

from agents import catalog, contracts
from agents.planning.triage import accept
from storage.words import Route
from tests.agents.catalog.writing import HEAD, TOOLS, ode, station

REQUEST = (
    "<@U0JIDOKA> compare our three competitors Haulwren, Ternway and Oxbell from the attached files and write a\n"
    "two-page brief for the Sales  team; keep it under 900 words; no pricing of our own; do not mention Ferrant"
)
SHIPPED = catalog.read([catalog.SHIPPED], TOOLS)
CI = "competitive-intelligence"


def triage(route="line", line=CI, inputs=(), **more):
    told = {"reason": "It names competitors.", "title": "Compare competitors", **more}
    values = [contracts.Value(name=name, value=value) for name, value in inputs]
    return contracts.Triage(route=route, line=line, inputs=values, **told)


def constraints(*said, request=REQUEST):
    return accept(triage(constraints=list(said)), request, SHIPPED).constraints


def test_a_line_is_accepted_with_reason_and_title():
    found = accept(triage(), REQUEST, SHIPPED)

    assert (found.route, found.line, found.reason, found.title, found.refused) == (
        Route.LINE,
        CI,
        "It names competitors.",
        "Compare competitors",
        "",
    )


def test_a_line_that_a_person_chose_is_taken_whatever_the_orchestrator_says():
    said = triage(route="answer", line="", inputs=[("competitors", "Haulwren")])
    found = accept(said, REQUEST, SHIPPED, chosen=CI)

    assert (found.route, found.line, found.reason) == (Route.LINE, CI, "A person chose this line beforehand.")
    assert found.inputs == {"competitors": "Haulwren"}


def test_constraints_are_numbered_and_stand_word_for_word_in_the_request():
    assert constraints("keep it under 900 words", "no pricing of our own") == (
        ("C1", "keep it under 900 words"),
        ("C2", "no pricing of our own"),
    )


def test_a_constraint_the_request_does_not_say_is_dropped():
    assert constraints(
        "keep it below 900 words", "No pricing of our own", "pricing of our o", "", "keep it"
    ) == (("C1", "keep it"),)


def test_a_constraint_keeps_the_line_ends_of_the_request_and_is_said_once():
    assert constraints("write a two-page brief", "write a\ntwo-page brief") == (
        ("C1", "write a\ntwo-page brief"),
    )


def test_a_constraint_cannot_lose_the_words_that_limit_it():
    assert constraints("mention Ferrant", "900 words", "pricing of our own") == (
        ("C1", "do not mention Ferrant"),
        ("C2", "under 900 words"),
        ("C3", "no pricing of our own"),
    )


@pytest.mark.parametrize(
    ("request_", "said", "kept"),
    [
        ("use at most three pages", "three pages", "at most three pages"),
        ("it must not name rivals", "name rivals", "must not name rivals"),
        ("you may not use less than two sources", "two sources", "may not use less than two sources"),
        ("do not mention Ferrant", "Ferrant", "do not mention Ferrant"),
        ("do not guess and keep it short", "keep it short", "keep it short"),
        ("never guess; keep it short", "keep it short", "keep it short"),
        ("We are a small bakery", "a small bakery", "a small bakery"),
        ("send it to Ana", "Ana", "Ana"),
    ],
)
def test_only_words_that_limit_are_put_back_before_a_clause(request_, said, kept):
    assert constraints(said, request=request_) == (("C1", kept),)


def test_inputs_are_found_whatever_case_and_spaces_and_told_as_the_request_says_them():
    found = accept(triage(inputs=[("audience", "the sales team")]), REQUEST, SHIPPED)

    assert found.inputs == {"audience": "the Sales team"}


def test_each_item_of_a_list_must_be_said():
    found = accept(triage(inputs=[("competitors", "haulwren, Ternway, Oxbell, Globex")]), REQUEST, SHIPPED)

    assert found.inputs == {"competitors": "Haulwren, Ternway, Oxbell"}


def test_an_input_may_stand_in_the_name_of_a_file():
    told = triage(inputs=[("competitors", "Haulwren and Ternway")])

    found = accept(
        told, "compare them for sales", SHIPPED, files=["haulwren-product-sheet.pdf", "Ternway_kit.pdf"]
    )

    assert found.inputs == {"competitors": "haulwren, Ternway"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("audience", "the board"),
        ("audience", "ale"),
        ("audience", "  "),
        ("budget", "two-page"),
        ("competitors", "Globex"),
    ],
)
def test_an_input_that_was_not_said_or_is_not_asked_for_is_dropped(name, value):
    assert accept(triage(inputs=[(name, value)]), REQUEST, SHIPPED).inputs == {}


def test_a_line_nobody_knows_becomes_a_free_plan_that_says_so():
    found = accept(triage(line="tax-return"), REQUEST, SHIPPED)

    assert (found.route, found.line, found.refused) == (Route.PLAN, "", "")
    assert found.reason.endswith("No line is called 'tax-return', so the work is planned freely.")


def test_whoever_asks_for_a_line_with_a_mistake_is_told_why():
    broken = catalog.from_texts({"lines/ode.md": ode(station("Verse", "role: muse", "makes: verse"))}, TOOLS)

    found = accept(triage(line="ode"), REQUEST, broken)

    assert (found.route, found.line) == (Route.LINE, "ode")
    assert found.refused == (
        "The line 'ode' cannot be used until its page is mended. "
        "lines/ode.md, line 8: no role is called 'muse'. I know: none."
    )


def test_a_line_that_needs_a_model_is_refused_offline_and_only_there():
    head = HEAD.replace("---\n", "---\nneeds: model\n", 1)
    texts = {"lines/ode.md": ode(station("Verse", "role: writer", "makes: verse"), head=head)}
    needs = catalog.from_texts({**SHIPPED.texts_for(), **texts}, TOOLS)

    assert accept(triage(line="ode"), REQUEST, needs).refused == ""
    refused = accept(triage(line="ode"), REQUEST, needs, offline=True).refused
    assert refused.startswith("The line 'ode' needs a language model, and I am working without one.")
    assert accept(triage(), REQUEST, SHIPPED, offline=True).refused == ""


@pytest.mark.parametrize(
    ("named", "kept"), [("writer", "writer"), ("poet", ""), ("orchestrator", ""), ("", "")]
)
def test_only_a_role_that_is_there_and_works_may_answer(named, kept):
    assert accept(triage("answer", role=named), REQUEST, SHIPPED).role == kept


def test_without_a_title_the_request_names_itself():
    assert accept(triage(title=" "), "@jidoka what is  new?", SHIPPED).title == "what is new?"
    long = accept(triage(title=""), REQUEST, SHIPPED).title
    assert long == "compare our three competitors Haulwren, Ternway and Oxbell from the attached…"
