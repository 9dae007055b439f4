"""What a checkpoint repeats of what was made."""

import pytest

from agents.engine.outcomes import SUMMARY, begun


@pytest.mark.parametrize("summary", ["Short.", "x" * SUMMARY, "- one\n- two"])
def test_a_summary_that_fits_is_repeated_as_it_is(summary: str):
    assert begun(summary) == summary


@pytest.mark.parametrize("word", ["word ", "a longer word\n", "\u00e9\U0001f469 ", "w" * 400 + " "])
def test_a_summary_that_is_cut_ends_after_a_whole_word_and_says_that_it_goes_on(word: str):
    summary = word * 700

    cut = begun(summary)

    assert cut.endswith("…")
    assert len(cut) <= SUMMARY
    assert summary.startswith(cut[:-1])
    assert summary[len(cut) - 1].isspace()
