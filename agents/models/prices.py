"""What model calls cost, from the usage they report, and what they may cost before they are made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from genai_prices import Usage, calc_price, data_snapshot, extract_usage
from genai_prices.types import AbstractUsage, PriceCalculation

from agents.tools.bills import Bill
from storage import clock

PROVIDER: Final = "anthropic"
OWN: Final = "jidoka-"  # how the ids of the offline engine and of local models begin; they cost nothing
US_ONLY: Final = Decimal("1.1")  # factor on tokens of a call that stays in the US; Anthropic's price list
COUNTED: Final = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
BYTES_A_TOKEN: Final = 3  # of UTF-8; the 5.5 tokenizer counts about 30 % more than one in four characters


@dataclass(frozen=True)
class Cost:
    """US dollars; where ``known`` is False, the model has no known price and the dearest is used."""

    usd: Decimal
    known: bool


NOTHING: Final = Cost(Decimal(0), known=True)


def cost_usd(message: dict[str, Any], *, batched: bool = False) -> Cost:
    """Return what an answer cost.

    Args:
        message: The answer, or just its ``model`` and ``usage``.
        batched: It came by a message batch, at half price.
    """
    usage = message["usage"]
    half = batched or usage.get("service_tier") == "batch"
    factor = US_ONLY if usage.get("inference_geo") == "us" else Decimal(1)
    return _cost(message["model"], lambda id_: _total(_calculation(id_, _counted(id_, usage), half), factor))


def bill_of(answer: Mapping[str, Any]) -> Bill:
    """Return what an answer took: its tokens, whatever they cost, and its price with its searches."""
    cost = cost_usd(dict(answer))
    taken = sum(int(answer["usage"].get(name) or 0) for name in COUNTED)
    return Bill(str(answer.get("model", "")), taken, float(cost.usd), cost.known)


def estimate_usd(model: str, input_tokens: int, max_output_tokens: int, searches: int = 0) -> Cost:
    """Return the most that a call costs: all input fresh, the answer as long as it may be, every search made."""
    usage = Usage(input_tokens=input_tokens, output_tokens=max_output_tokens, web_searches=searches)
    return _cost(model, lambda id_: _total(_calculation(id_, usage, False), Decimal(1)))


def tokens(text: str) -> int:
    """Return an estimate of the text's tokens, rather too many; the service counts in its own way."""
    return math.ceil(len(text.encode()) / BYTES_A_TOKEN)


def _cost(model: str, price: Callable[[str], Decimal]) -> Cost:
    if model.startswith(OWN):
        return NOTHING
    try:
        return Cost(price(model), known=True)
    except LookupError:  # genai-prices knows no such model
        return Cost(max(price(id_) for id_ in _known_models()), known=False)


def _counted(model: str, usage: dict[str, Any]) -> AbstractUsage:
    # our input_tokens exclude cached ones, those of genai-prices include them: it adds them up itself
    return extract_usage({"model": model, "usage": usage}, provider_id=PROVIDER).usage


def _calculation(model: str, usage: AbstractUsage, half: bool) -> PriceCalculation:
    return calc_price(
        usage,
        model_ref=model,
        provider_id=PROVIDER,
        genai_request_timestamp=clock.now(),
        price_context={"processing": "batch"} if half else None,
    )


def _total(price: PriceCalculation, factor: Decimal) -> Decimal:
    tokens_only = price.input_price + price.output_price
    return price.total_price + tokens_only * (factor - 1)  # searches have one price everywhere


def _known_models() -> list[str]:
    providers = data_snapshot.get_snapshot().providers
    return [model.id for provider in providers if provider.id == PROVIDER for model in provider.models]
