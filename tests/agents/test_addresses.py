"""An address stands in a text as one whole, whoever asks: what may be opened is what a link may lead to."""

from __future__ import annotations

import pytest

from agents.addresses import same, written
from agents.errors import FetchError
from agents.stations import provenance
from tests.agents.stations.test_provenance import given

STANDS = {
    "see https://acme.test/prices.": "https://acme.test/prices",
    "(https://acme.test/a_(b))": "https://acme.test/a_(b)",
    "[prices](https://acme.test/a?b=1&c=2)": "https://acme.test/a?b=1&c=2",
    "“https://acme.test/c”, they say": "https://acme.test/c",
    "| https://acme.test/d |": "https://acme.test/d",
    "https://acme.test/e|f": "https://acme.test/e",
    "*https://acme.test/g*…": "https://acme.test/g",
}


@pytest.mark.parametrize("text", STANDS)
def test_what_stands_there_may_be_linked_and_opened(text: str):
    assert list(written(text)) == [STANDS[text]]
    assert provenance.stood(STANDS[text], given(text), ()) == STANDS[text]


@pytest.mark.parametrize("text", STANDS)
def test_what_is_longer_or_shorter_may_be_neither(text: str):
    for other in (f"{STANDS[text]}x", STANDS[text][:-1]):
        with pytest.raises(FetchError):
            provenance.stood(other, given(text), ())

        assert same(other) not in {same(one) for one in written(text)}
