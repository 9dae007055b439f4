"""Fetching one page: from the public internet only, within a deadline, and as readable text."""

from __future__ import annotations

import asyncio
import codecs
import re
import ssl
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Final

import httpx

from agents.errors import FetchError, UnreadableError
from agents.tools import documents
from agents.tools.documents import Limits, Parsed, Picture, Span
from agents.tools.guarded import Allowed, GuardedBackend, GuardedTransport, Resolve, resolve
from agents.tools.unpacking import ACCEPTED, Unpacker
from agents.trust import Trusted

_PORTS: Final = (80, 443)
_USUAL: Final = {"http": 80, "https": 443}
_MOST_REDIRECTS: Final = 5
_LONGEST_URL: Final = 4_000  # characters
_HEADERS: Final = {
    "User-Agent": "Jidoka/0.1 (reads pages that people ask about)",
    "Accept": "text/html, application/pdf, text/*;q=0.9, */*;q=0.5",
    "Accept-Encoding": ACCEPTED,
}
_HOST: Final = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_CHARSETS: Final = re.compile(r"utf|iso8859|cp[0-9]|koi8|shift_jis|euc_|gb|big5|ascii|mac-", re.IGNORECASE)
_TABLE_OR_NOTE: Final = (".csv", ".tsv", ".md", ".markdown")
_ENDINGS: Final = {
    "text/csv": ".csv",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
}


@dataclass(frozen=True)
class Fetched:
    """A page as it arrived, and its text."""

    url: str  # as asked for
    final_url: str  # after redirects
    media_type: str  # as the bytes say, such as "text/html"
    content: bytes  # unpacked
    text: str  # the readable part; `spans` says what stands where
    title: str  # empty where the page gives none
    spans: tuple[Span, ...] = ()
    pictures: tuple[Picture, ...] = ()  # parts that only eyes can read
    unread: tuple[str, ...] = ()  # labels of such parts that there is no picture of


@dataclass(frozen=True)
class _Arrived:
    url: httpx.URL
    said_type: str  # the Content-Type header
    content: bytes


class Fetcher:
    """Fetches pages. It keeps no cookies, sends no credentials and reads no environment."""

    def __init__(
        self,
        allow: Allowed = (),
        *,
        deadline_s: float = 30.0,
        most_bytes: int = 20_000_000,
        look_up: Resolve = resolve,
    ) -> None:
        """Keep what bounds every fetch.

        Args:
            allow: Addresses with a port that may be reached though not public: ``("127.0.0.1", 8080)``.
            deadline_s: Seconds for all of it: looking up, redirects, arriving, reading.
            most_bytes: The largest page, packed and unpacked.
            look_up: Returns the addresses of a host.
        """
        self._allow = frozenset(allow)
        self._deadline_s = deadline_s
        self._most_bytes = most_bytes
        self._look_up = look_up

    async def fetch(self, url: Trusted) -> Fetched:
        """Return one page.

        Args:
            url: ``https://…`` or ``http://…``, ports 80 and 443.

        Raises:
            FetchError: It may not or cannot be fetched; the sentence is for the agent.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                arrived = await self._arrive(_checked(url, self._allow))
                parsed = await self._parse(arrived)
        except TimeoutError as late:
            raise FetchError(
                f"{url!r} took longer than {self._deadline_s:g} s. Use another source."
            ) from late
        except UnreadableError as unreadable:
            raise FetchError(str(unreadable)) from unreadable
        read = (parsed.media_type, arrived.content, parsed.text, parsed.title, parsed.spans)
        return Fetched(url, str(arrived.url), *read, parsed.pictures, parsed.unread)

    async def _arrive(self, url: httpx.URL) -> _Arrived:
        # The transport alone, without a client around it: no cookies, no environment, no redirects of its own.
        async with GuardedTransport(GuardedBackend(self._look_up, self._allow), _trusted()) as transport:
            for _ in range(_MOST_REDIRECTS + 1):
                request = httpx.Request("GET", url, headers=_HEADERS)
                async with aclosing(await transport.handle_async_request(request)) as answer:
                    if not answer.has_redirect_location:
                        return await self._read(url, answer)
                    url = _redirected(url, answer.headers["location"], self._allow)
        raise FetchError(f"{url.host!r} sends on more than {_MOST_REDIRECTS} times. Use another address.")

    async def _read(self, url: httpx.URL, answer: httpx.Response) -> _Arrived:
        if answer.status_code != HTTPStatus.OK:
            raise FetchError(
                f"{url.host!r} answered {_told(answer.status_code)}. Check the address or use another source."
            )
        unpacker = Unpacker(answer.headers.get("content-encoding", ""), self._most_bytes)
        async for piece in answer.aiter_raw():
            unpacker.add(piece)
        return _Arrived(url, answer.headers.get("content-type", ""), unpacker.content())

    async def _parse(self, arrived: _Arrived) -> Parsed:
        limits = Limits(input_bytes=max(self._most_bytes, Limits.input_bytes), wall_s=self._deadline_s)
        return await documents.parse(_name(arrived), _in_utf8(arrived), limits=limits, address=str(arrived.url))


def canonical(raw: str) -> str:
    """Return a web address in its one form: small letters in scheme and host, no default port, no fragment.

    What differs in anything else, such as one letter of the path, is another address.

    Raises:
        FetchError: It is no address of a web page.
    """
    url = _address(raw)
    usual = url.port is None or url.port == _USUAL[url.scheme]
    where = url.copy_with(port=None if usual else url.port).netloc.decode("ascii")
    return f"{url.scheme}://{where}{url.raw_path.decode('ascii')}"


def _checked(raw: str, allow: Allowed) -> httpx.URL:
    """Return the URL that is judged and fetched, one and the same value."""
    url = _address(raw)
    _check_port(url, allow)
    return url


def _address(raw: str) -> httpx.URL:
    if len(raw) > _LONGEST_URL or any(c.isspace() or not c.isprintable() or c == "\\" for c in raw):
        raise FetchError(
            f"{raw[:100]!r} is not a web address: it is too long or has blanks or backslashes in it."
        )
    try:
        url = httpx.URL(raw)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as wrong:
        raise FetchError(f"{raw[:100]!r} is not a web address.") from wrong
    if url.scheme not in ("http", "https"):
        raise FetchError(f"{raw[:100]!r} is not a web page; addresses begin with https:// or http://.")
    if url.userinfo:
        raise FetchError("The address carries a user name or password; give it without.")
    _check_host(host)
    return url


def _check_host(host: str) -> None:
    if not _HOST.fullmatch(host):
        raise FetchError(f"{host[:100]!r} is not a host.")
    last = host.rstrip(".").rpartition(".")[2]
    if ":" not in host and _NUMBER.fullmatch(last) and not _plain_address(host):
        raise FetchError(f"{host[:100]!r} is a number in an unusual form, which is not followed.")


def _plain_address(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


def _check_port(url: httpx.URL, allow: Allowed) -> None:
    if url.port is not None and url.port not in _PORTS and url.port not in {port for _, port in allow}:
        raise FetchError(f"Port {url.port} may not be fetched from; web pages are on ports 80 and 443.")


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom we trust, read once: the list of certificates is long."""
    return httpx.create_ssl_context(trust_env=False)


def _redirected(url: httpx.URL, location: str, allow: Allowed) -> httpx.URL:
    try:
        target = url.join(location)
    except (httpx.InvalidURL, ValueError) as wrong:
        raise FetchError(f"{url.host!r} sends on to something that is not a web address.") from wrong
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError(f"{url.host!r} sends on from https to http, which is not followed.")
    return _checked(str(target), allow)


def _told(status: int) -> str:
    return f"{status} ({HTTPStatus(status).phrase})" if status in set(HTTPStatus) else str(status)


def _name(arrived: _Arrived) -> str:
    """Return what the page is called in sentences; its ending only says which kind of text a text is."""
    path = PurePosixPath(arrived.url.path)
    ending = path.suffix.lower() if path.suffix.lower() in _TABLE_OR_NOTE else ""
    if not ending and _is_text(arrived.content):
        ending = _ENDINGS.get(arrived.said_type.partition(";")[0].strip().lower(), "")
    return f"{arrived.url.host}{str(path).removesuffix(path.suffix)[:200]}{ending}"


def _in_utf8(arrived: _Arrived) -> bytes:
    """Return the bytes in UTF-8 where the server names another known charset of text."""
    found = re.search(r"charset=[\"']?([\w.:-]+)", arrived.said_type, re.IGNORECASE)
    if found is None or not _is_text(arrived.content):
        return arrived.content
    try:
        charset = codecs.lookup(found[1]).name
    except LookupError:
        return arrived.content
    if charset == "utf-8" or not _CHARSETS.match(charset):
        return arrived.content
    return arrived.content.decode(charset, errors="replace").encode("utf-8", errors="replace")


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:1024] and not content.lstrip().startswith((b"%PDF-", b"PK\x03\x04"))
