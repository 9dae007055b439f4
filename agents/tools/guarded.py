"""Connections that reach only the public internet: every address is judged at the moment of connecting.

The address that was judged is the address that is connected to, so a name that changes its answer gains
nothing. Host header and TLS name stay those of the URL.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import contextmanager
from typing import Final, TypeAlias, cast

import httpcore
import httpx

from agents.errors import FetchError
from agents.tools.addresses import forbidden

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
Allowed: TypeAlias = Collection[tuple[str, int]]

_MOST_ADDRESSES: Final = 4  # tried in turn
_ONE_CONNECT_S: Final = 5.0


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the system's order of preference.

    Raises:
        FetchError: The host is not known.
    """
    loop = asyncio.get_running_loop()
    try:
        records = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise FetchError(f"The host {host!r} is not known.") from unknown
    return list(dict.fromkeys(str(record[4][0]) for record in records))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only."""

    def __init__(self, look_up: Resolve, allow: Allowed = ()) -> None:
        """Keep what decides.

        Args:
            look_up: Returns the addresses of a host.
            allow: Addresses with a port that may be reached all the same, such as ``("127.0.0.1", 8080)``.
        """
        self._look_up = look_up
        self._allow = frozenset(allow)
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to the first address of the host that answers.

        Raises:
            FetchError: One of the host's addresses is not public; then none is tried.
            httpcore.ConnectError: None of them answers.
        """
        addresses = await self._look_up(host, port)
        self._judge(host, port, addresses)
        patience = _ONE_CONNECT_S if timeout is None else min(timeout, _ONE_CONNECT_S)
        failed: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError(
            f"{host!r} has no address."
        )
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return await self._inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: a socket file is no page.

        Raises:
            FetchError: Always.
        """
        raise FetchError(f"{path!r} is a socket of this machine, where nothing may be fetched.")

    async def sleep(self, seconds: float) -> None:
        """Wait between two attempts."""
        await self._inner.sleep(seconds)

    def _judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        for address in addresses:
            if (address, port) not in self._allow and (why := forbidden(address)):
                raise FetchError(f"The host {host!r} leads to {why}, where nothing may be fetched.")


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx over guarded connections: no proxy, no environment, HTTP/1.1. Failures are FetchErrors."""

    def __init__(self, backend: GuardedBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(ssl_context=tls, network_backend=backend, max_connections=2)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to one request, its body not yet read."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        with _failures(request.url.host):
            answer = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method, url, headers=request.headers.raw, extensions=request.extensions
                )
            )
        body = cast("AsyncIterable[bytes]", answer.stream)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(body, request.url.host, answer)
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body as it arrives, packed as the server packed it."""

    def __init__(self, stream: AsyncIterable[bytes], host: str, answer: httpcore.Response) -> None:
        self._stream = stream
        self._host = host
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _failures(self._host):
            async for piece in self._stream:
                yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _failures(host: str) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as late:
        raise FetchError(f"{host!r} did not answer in time. Try again later or use another source.") from late
    except httpcore.NetworkError as broken:
        raise FetchError(f"{host!r} cannot be reached. Check the address or use another source.") from broken
    except httpcore.ProtocolError as odd:
        raise FetchError(f"{host!r} does not answer as a web server should. Use another source.") from odd
