"""Roles are Claude Code subagent files, with nothing taken on trust."""

import pytest

from agents import catalog
from agents.errors import PageError
from tests.agents.catalog.writing import TOOLS


def read(front, body="Work.", name="poet"):
    return catalog.from_texts({f"roles/{name}.md": f"---\n{front}\n---\n{body}\n"}, TOOLS)


def front(**more):
    return "\n".join(
        f"{key}: {value}" for key, value in {"name": "poet", "description": "Rhymes.", **more}.items()
    )


def test_a_role_is_its_page():
    role = read(front(tools="fetch, extract"), body="## How\n- role: none\n\nRhyme.").role("poet")

    assert (role.name, role.description, role.tools) == ("poet", "Rhymes.", ("fetch", "extract"))
    assert role.instructions == "## How\n- role: none\n\nRhyme."
    assert role.path == "roles/poet.md"


@pytest.mark.parametrize(
    ("model", "tier"),
    [
        ("haiku", "fast"),
        ("sonnet", "strong"),
        ("opus", "best"),
        ("strong", "strong"),
        ("claude-x-9", "claude-x-9"),
    ],
)
def test_a_model_is_a_tier_or_an_id(model, tier):
    assert read(front(model=model)).role("poet").tier == tier


@pytest.mark.parametrize(
    ("name", "tier"),
    [("poet", "fast"), ("orchestrator", "strong"), ("writer", "strong"), ("reviewer", "strong")],
)
def test_without_a_model_planners_writers_and_reviewers_are_strong_and_others_fast(name, tier):
    bare, inherits = (
        read(f"name: {name}\ndescription: x{more}", name=name) for more in ("", "\nmodel: inherit")
    )

    assert {bare.role(name).tier, inherits.role(name).tier} == {tier}


def test_no_tools_means_none():
    assert read(front()).role("poet").tools == ()


def test_other_products_keys_are_ignored_with_a_warning_and_grant_nothing():
    found = read(front(color="blue", permissionMode="bypassPermissions"))

    assert found.role("poet").tools == ()
    assert [str(warning) for warning in found.warnings] == [
        "roles/poet.md, line 4: 'color' belongs to another product and is ignored here.",
        "roles/poet.md, line 5: 'permissionMode' belongs to another product and is ignored here.",
    ]


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (
            "name: poet\ndescription: x\ndescripton: y",
            "roles/poet.md, line 4: 'descripton' is not a key I know. I know: description, model, name, tools.",
        ),
        ("name: poet", "roles/poet.md, line 2: 'description' is missing. Every page has one."),
        ("description: x", "roles/poet.md, line 2: 'name' is missing. Every page has one."),
        (
            "name: bard\ndescription: x",
            "roles/poet.md, line 2: the name is 'bard', but the file is called 'poet'. ",
        ),
        (
            "name: poet\ndescription: x\nmodel: hiaku",
            "roles/poet.md, line 4: 'hiaku' is no model I know. Write haiku",
        ),
        (
            "name: poet\ndescription: x\ntools: fetch, Bash",
            "roles/poet.md, line 4: no tool is called 'Bash'. I know: ask_person, chart, extract, fetch",
        ),
        ("name: poet\ndescription: x\nmodel:", "roles/poet.md, line 4: 'model' says nothing."),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(page, sentence):
    found = read(page)

    assert [str(problem).startswith(sentence) for problem in found.problems] == [True]
    assert found.roles == {}


def test_a_role_needs_instructions():
    assert "has no instructions" in str(read(front(), body=" ").problems[0])


def test_a_page_without_front_matter_is_told_so_once():
    found = catalog.from_texts({"roles/poet.md": "Rhyme."}, TOOLS)

    assert [str(problem)[:50] for problem in found.problems] == [
        "roles/poet.md, line 1: a page begins with a line '"
    ]


def test_whoever_asks_for_a_role_that_cannot_be_used_is_told_why():
    found = read("name: poet")

    with pytest.raises(
        PageError, match=r"The role 'poet' cannot be used\. roles/poet\.md, line 2: 'description'"
    ):
        found.role("poet")
    with pytest.raises(PageError, match=r"No role is called 'bard'\. I know: none\."):
        found.role("bard")
