"""Garbage waits while a start loads, and what was loaded is not looked through again."""

import gc
from collections.abc import Iterator

import pytest

from bot import garbage


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.enable()


@pytest.mark.usefixtures("_as_it_was")
def test_a_start_is_not_interrupted_and_looking_begins_again_once_it_is_over():
    garbage.put_off()
    during, frozen = gc.isenabled(), gc.get_freeze_count()
    loaded = [[number] for number in range(1_000)]
    garbage.leave_what_is_loaded()

    assert (during, gc.isenabled(), gc.get_threshold()) == (False, True, garbage.THRESHOLDS)
    assert gc.get_freeze_count() >= frozen + len(loaded)
