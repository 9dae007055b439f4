"""What files have to add to a text: what could not be done or read, each by its name and once."""

from __future__ import annotations

import pytest

from bot.messages.holes import unnamed
from storage.tables import Document

SCAN = "It holds pictures of pages only."


@pytest.mark.parametrize("told", [
    "As board-minutes.pdf says, the price is 5 €.",
    "The request is about minutes.pdf and its terms.",
    f"old.pdf was not read. {SCAN}",
])  # fmt: skip
def test_a_text_that_names_an_unread_file_or_its_like_does_not_say_that_it_was_not_read(told: str):
    minutes = Document(id="d1", run_id="r1", origin="F1", name="minutes.pdf", problem=SCAN)

    assert unnamed([], [minutes], told) == [f"minutes.pdf could not be read: {SCAN}"]


def test_what_a_text_says_of_an_unread_file_is_not_said_twice():
    minutes = Document(id="d1", run_id="r1", origin="F1", name="minutes.pdf", problem="It holds pictures\nof pages only.")

    assert unnamed([], [minutes], f"- minutes.pdf was not read. (This file could not be read: {SCAN})") == []
