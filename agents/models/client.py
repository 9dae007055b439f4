"""The one door to language models: Claude, a compatible server, the offline engine, one client for all."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import anthropic
import httpx2

from agents.errors import SetupError
from agents.models.batches import PATIENCE, Batches, Patience
from agents.models.faults import LostError, classify
from agents.models.wire import FAULTS, whole

VENDOR_URL: Final = "https://api.anthropic.com"
OFFLINE_MODEL: Final = "jidoka-offline"  # the model of every answer of the offline engine
OFFLINE_LABEL: Final = "offline mode: no language model"
NO_KEY: Final = "no-key"  # a server of one's own may need none, the client insists on one

_TIERS: Final = {
    "fast": "fast", "haiku": "fast",
    "strong": "strong", "sonnet": "strong",
    "best": "best", "opus": "best",
}  # fmt: skip


def label_of(answer_model: str) -> str:
    """Return what an artifact must say about the model that made it; empty where nothing needs saying."""
    return OFFLINE_LABEL if answer_model == OFFLINE_MODEL else ""


@dataclass(frozen=True)
class Capabilities:
    """What is behind a door, besides answers and tools of our own."""

    server_tools: bool = False  # the service searches the web itself
    vision: bool = False  # pictures are seen


@dataclass(frozen=True)
class Door:
    """An open way to a model. Close it when the process ends."""

    fast: str  # model id of the tier
    strong: str
    best: str
    label: str  # what every artifact made behind this door says; empty behind a language model
    batches: Batches | None  # the way at half price, for what can wait; none to an engine inside this process
    capabilities: Capabilities
    _client: anthropic.AsyncAnthropic
    _vendor: bool

    @classmethod
    def open(
        cls,
        *,
        api_key: str,
        base_url: str,
        transport: httpx2.AsyncBaseTransport | None = None,
        fast: str,
        strong: str,
        best: str,
        patience: Patience = PATIENCE,
    ) -> Door:
        """Return a door; nothing is called yet.

        Args:
            api_key: The key, or empty for a server that needs none.
            base_url: Where the Messages API is served; empty for Anthropic's own.
            transport: The offline engine, or another server inside this process that is no language model;
                None for the network.
            fast: Model id of the cheapest tier.
            strong: Model id of the tier that plans and writes.
            best: Model id of the tier for what must be right.
            patience: How often batches are looked at.

        Raises:
            SetupError: ``base_url`` is no http or https address.
        """
        url = _checked(base_url.strip() or VENDOR_URL)
        client = anthropic.AsyncAnthropic(
            api_key=api_key.strip() or NO_KEY,
            base_url=str(url),
            max_retries=0,  # retries are ours: counted, recorded and bounded
            http_client=_http_client(url, transport),
        )
        label = "" if transport is None else OFFLINE_LABEL
        vendor = vendor_serves(url)
        batches = Batches(client, vendor=vendor, patience=patience) if transport is None else None
        # whether a server of one's own sees pictures shows when it is asked to
        can = Capabilities(server_tools=vendor and transport is None, vision=transport is None)
        return cls(fast, strong, best, label, batches, can, client, vendor)

    async def close(self) -> None:
        """Close the connections; the door cannot be used afterwards. Batches go on at the service."""
        if self.batches is not None:
            await self.batches.close()
        await self._client.close()

    def model_id(self, tier_or_id: str) -> str:
        """Return the model id of a tier (``fast``, ``sonnet``, …); any other name is taken as an id."""
        name = tier_or_id.strip()
        ids = {"fast": self.fast, "strong": self.strong, "best": self.best}
        return ids.get(_TIERS.get(name.lower(), ""), name)

    async def call(self, params: dict[str, Any], total_s: float) -> dict[str, Any]:
        """Return the model's answer to one attempt, as plain JSON and just as the service sent it.

        Args:
            params: The Messages request, as ``params.request`` builds it.
            total_s: Seconds for the whole attempt, reading included.

        Raises:
            ModelError: A subclass says whether to try again, to wait, or to call a person.
        """
        try:
            async with asyncio.timeout(total_s):
                answer = await self._client.messages.create(**params, timeout=total_s)
        except FAULTS as fault:
            raise classify(fault, vendor=self._vendor) from fault
        return _plain(answer)


def vendor_serves(url: httpx2.URL) -> bool:
    """Return whether Anthropic itself answers at this address."""
    return url.host == "anthropic.com" or url.host.endswith(".anthropic.com")


def _checked(base_url: str) -> httpx2.URL:
    try:
        url = httpx2.URL(base_url)
    except httpx2.InvalidURL as wrong:
        raise SetupError(
            f"ANTHROPIC_BASE_URL is {base_url!r}, which is not a URL ({wrong}). Correct it."
        ) from wrong
    if url.scheme not in {"http", "https"} or not url.host:
        raise SetupError(f"ANTHROPIC_BASE_URL is {base_url!r}, but must begin with http:// or https://.")
    return url


def _http_client(url: httpx2.URL, transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    if transport is not None:
        return anthropic.DefaultAsyncHttpxClient(transport=transport)
    # a proxy named in the environment cannot reach this machine's own servers
    outside = not _is_loopback(url.host)
    return anthropic.DefaultAsyncHttpxClient(trust_env=outside, verify=_trusted(trust_env=outside))


@cache
def _trusted(*, trust_env: bool) -> ssl.SSLContext:
    """Return whom this machine trusts, read once: its list of certificates is long."""
    return httpx2.create_ssl_context(trust_env=trust_env)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(answer: object) -> dict[str, Any]:
    if not isinstance(answer, anthropic.types.Message):
        raise LostError("The model service answered with something that is not a message.")
    # unset fields stay out and unknown ones stay in: it goes back to the service byte for byte
    return whole(answer.model_dump(mode="json", exclude_unset=True, warnings=False))
