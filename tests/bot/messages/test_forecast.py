"""The forecast: a number is shown only where it is meant."""

from dataclasses import replace

from bot.messages import figures, result, status
from bot.messages.said import Said
from storage.tables import Run
from tests.bot.messages import sample

FREE = {
    "chosen": {"tokens": 141_985, "usd": 0.0, "minutes": 3},
    "one_agent": {"tokens": 51_000, "usd": 0, "minutes": 3},
}


def _free() -> Run:
    return sample.run(receipt=FREE)


def _words(said: Said) -> str:
    return str(said.blocks)


def test_work_without_a_price_has_no_forecast():
    assert figures.predicted(FREE) == figures.predicted(FREE, "one_agent") == ""


def test_neither_the_status_nor_the_result_of_free_work_expects_anything():
    under_way, done = sample.under_way(), sample.finished()

    assert "Expected: " in _words(status.build(under_way))
    assert "Expected: " not in _words(status.build(replace(under_way, run=_free())))
    assert "expected about" in _words(result.build(done))
    assert "expected about" not in _words(result.build(replace(done, run=_free())))
