from decimal import Decimal

import pytest

from agents.models.prices import Cost, cost_usd, estimate_usd, tokens

USAGE = {  # 10k fresh, 20k written for an hour, 40k read, 10k out, 3 searches
    "input_tokens": 10_000,
    "cache_creation_input_tokens": 20_000,
    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 20_000},
    "cache_read_input_tokens": 40_000,
    "output_tokens": 10_000,
    "server_tool_use": {"web_search_requests": 3},
}


def used(model, **usage):
    return {"model": model, "usage": usage}


def test_an_answer_costs_its_fresh_cached_and_written_tokens_and_searches():
    assert cost_usd({"model": "claude-sonnet-5-5", "usage": USAGE}) == Cost(Decimal("0.234"), known=True)


def test_a_batch_costs_half_of_all_but_the_searches():
    answer = {"model": "claude-sonnet-5-5", "usage": USAGE}
    says_so = {"model": "claude-sonnet-5-5", "usage": {**USAGE, "service_tier": "batch"}}

    assert cost_usd(answer, batched=True).usd == cost_usd(says_so).usd == Decimal("0.132")


def test_staying_in_the_us_costs_a_tenth_more_for_tokens():
    answer = {"model": "claude-sonnet-5-5", "usage": {**USAGE, "inference_geo": "us"}}

    assert cost_usd(answer).usd == Decimal("0.2544")  # 0.204 of tokens, 0.03 of searches


def test_one_token_over_the_cliff_reprices_a_whole_haiku_call():
    at = cost_usd(used("claude-haiku-5-5", input_tokens=100_000, output_tokens=0))
    over = cost_usd(used("claude-haiku-5-5", input_tokens=100_001, output_tokens=0))

    assert (at.usd, over.usd) == (Decimal("0.010"), Decimal("0.0500005"))


def test_cached_tokens_count_towards_the_cliff():
    answer = used("claude-haiku-5-5", input_tokens=1, cache_read_input_tokens=100_000, output_tokens=0)

    assert cost_usd(answer).usd == Decimal("0.0050005")


@pytest.mark.parametrize("model", ["jidoka-offline", "jidoka-local"])
def test_engines_of_our_own_cost_nothing(model):
    free = Cost(Decimal(0), known=True)

    assert cost_usd({"model": model, "usage": USAGE}) == free
    assert estimate_usd(model, 1_000_000, 16_000) == free


def test_an_unknown_model_costs_as_much_as_the_dearest_and_says_so():
    unknown = cost_usd(used("llama-9", input_tokens=1_000_000, output_tokens=1_000_000))
    dearest = cost_usd(used("claude-opus-4-0", input_tokens=1_000_000, output_tokens=1_000_000))

    assert (unknown, dearest) == (Cost(Decimal(90), known=False), Cost(Decimal(90), known=True))


@pytest.mark.parametrize("model", ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "llama-9"])
def test_an_estimate_is_never_below_what_such_a_call_costs(model):
    cost = cost_usd(used(model, input_tokens=90_000, cache_read_input_tokens=9_000, output_tokens=1_000))
    estimate = estimate_usd(model, 99_000, 4_000)

    assert estimate.usd >= cost.usd
    assert estimate.known is cost.known


def test_the_estimate_of_a_call_is_its_input_and_its_longest_answer():
    assert estimate_usd("claude-sonnet-5-5", 12_000, 1_500) == Cost(Decimal("0.039"), known=True)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a", 1), ("abcdef", 2), ("价格", 2), ("naïve", 2)])
def test_tokens_are_estimated_by_bytes(text, count):
    assert tokens(text) == count
