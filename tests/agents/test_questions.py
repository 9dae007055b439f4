"""Questions of a page's words, and answers that fit them."""

import pytest

from agents import questions
from agents.questions import Question
from storage.words import AnswerKind


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Who reads it?", Question("x", "Who reads it?")),
        ("Who reads it? (optional)", Question("x", "Who reads it?", optional=True)),
        ("By when? (a date)", Question("x", "By when?", kind=AnswerKind.DATE)),
        ("How many? (a number) (optional).", Question("x", "How many?", True, AnswerKind.NUMBER)),
        ("Whose law? (one of: Irish, Finnish)", Question("x", "Whose law?", False, AnswerKind.CHOICE, ("Irish", "Finnish"))),
        ("Where? (any of: web, mail, web)", Question("x", "Where?", False, AnswerKind.CHOICES, ("web", "mail"))),
        ("The signed copy? (a file)", Question("x", "The signed copy?", kind=AnswerKind.FILE)),
        ("Which model (such as Duo)?", Question("x", "Which model (such as Duo)?")),
        ("Which? (one of: alone)", Question("x", "Which? (one of: alone)")),
    ],
)
def test_the_end_of_a_question_says_what_is_wanted(text: str, wanted: Question):
    assert questions.read("x", text) == wanted


@pytest.mark.parametrize(
    ("suffix", "right", "wrong"),
    [
        ("(a number)", ["3", "-3.5", "1,5"], ["three", "3 days", ""]),
        ("(a date)", ["2026-12-24"], ["24.12.2026", "2026-02-30"]),
        ("(one of: a, b)", ["a"], ["c", "a\nb"]),
        ("(any of: a, b)", ["a", "a\nb"], ["a\nc"]),
        ("", ["anything"], []),
    ],
)
def test_an_answer_must_be_of_the_kind_that_is_wanted(suffix: str, right: list[str], wrong: list[str]):
    asked = questions.read("x", f"Which? {suffix}").plain()

    assert [questions.wrong(asked, answer) for answer in right] == [""] * len(right)
    assert all(questions.wrong(asked, answer) for answer in wrong)
