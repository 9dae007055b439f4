"""Attempts to reach what is not public: none is connected to, nothing leaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from agents.errors import FetchError
from agents.tools.web import Fetcher
from tests.agents.tools.pages import Pages, names, page, redirect, serving, watching

SECRET = b"the secret"

# PORT is a port on which 127.0.0.1 may be fetched from; the secret is on 127.0.0.2, ::1 and every address else of it.
VECTORS = """
http://127.0.0.2:PORT/ http://127.0.0.2.:PORT/ http://2130706434:PORT/ http://0177.0.0.2:PORT/ http://0x7f000002:PORT/
http://0x7f.0.0.2:PORT/ http://127.2:PORT/ http://127.0.2:PORT/ http://017700000002:PORT/ http://127.0.0.002:PORT/
http://00000177.0.0.2:PORT/ http://0:PORT/ http://0.0.0.0:PORT/ http://127.0.0.1.2:PORT/ http://4294967298:PORT/
http://[::1]:PORT/ http://[::]:PORT/ http://[0:0:0:0:0:0:0:1]:PORT/ http://[::ffff:127.0.0.2]:PORT/ http://[::ffff:7f00:2]:PORT/
http://[::127.0.0.2]:PORT/ http://[::ffff:0:127.0.0.2]:PORT/ http://[64:ff9b::127.0.0.2]:PORT/
http://[64:ff9b::a9fe:a9fe]/ http://[64:ff9b:1::7f00:2]:PORT/ http://[2002:7f00:2::]:PORT/ http://[2001::1]/
http://[fe80::1%25lo]:PORT/ http://[fe80::1%lo]:PORT/ http://[fec0::1]/ http://[fd00:ec2::254]/ http://[ff02::1]/
http://[3fff::1]/ http://[5f00::1]/ http://169.254.169.254/latest/meta-data/ http://168.63.129.16/ http://100.100.100.200/
http://192.0.0.192/ http://10.0.0.1/ http://172.16.0.1/ http://192.168.0.1/ http://198.18.0.1/ http://224.0.0.1/
http://255.255.255.255/ http://localhost/ http://LOCALHOST/ http://localhost./
http://someone@127.0.0.1:PORT/ http://public.test:80@127.0.0.2:PORT/ http://127.0.0.1:PORT@127.0.0.2:PORT/
http://127.0.0.2:PORT\\@public.test/ http://public.test\\@127.0.0.2:PORT/ http://127.0.0%2e2:PORT/ http://%31%32%37.0.0.2:PORT/
http://①②⑦.⓪.⓪.②:PORT/ http://１２７.0.0.2:PORT/ http://127。0。0。2:PORT/ http://127.0.0.2TAB:PORT/
file:///etc/passwd ftp://127.0.0.2/ gopher://127.0.0.2:PORT/ dict://127.0.0.2:PORT/ data:text/plain,secret unix:///run/x
javascript:alert(1) //127.0.0.2:PORT/ 127.0.0.2:PORT http:/127.0.0.2:PORT/ http:127.0.0.2:PORT http:///127.0.0.2:PORT/ http://
http://127.0.0.1:22/ http://127.0.0.1:0/ http://127.0.0.1:99999/ https://127.0.0.2:PORT/ http://private.test:PORT/ http://mapped.test:PORT/
http://mixed.test:PORT/ http://mixed.test.:PORT/ http://six.test:PORT/ http://meta.test/
"""
FORBIDDEN = [url.replace("TAB", "\t") for url in VECTORS.split()]

RECORDS: dict[str, Sequence[str]] = {
    "private_test": ["127.0.0.2"],
    "mapped_test": ["::ffff:127.0.0.2"],
    "mixed_test": ["127.0.0.1", "127.0.0.2"],
    "six_test": ["::1"],
    "meta_test": ["169.254.169.254"],
    "public_test": ["127.0.0.1"],
}


@pytest.fixture
async def public() -> AsyncIterator[Pages]:
    """A server that may be fetched from, with the secret at the same port of other loopback addresses."""
    async with serving() as pages:
        pages.answers["/"] = page(b"a public page")
        async with serving("127.0.0.2", pages.port) as four, serving("::1", pages.port) as six:
            four.answers["/"] = six.answers["/"] = page(SECRET)
            yield pages
            assert four.heads == six.heads == []


def fetcher(public: Pages) -> Fetcher:
    return Fetcher(allow={("127.0.0.1", public.port)}, deadline_s=5, look_up=names(**RECORDS))


async def test_the_allowed_page_itself_is_fetched(public: Pages):
    fetched = await fetcher(public).fetch(public.url(host="public.test"))

    assert fetched.text == "a public page"
    assert public.heads[0].splitlines()[1] == f"Host: public.test:{public.port}"


@pytest.mark.parametrize("url", FORBIDDEN)
async def test_no_connection_is_opened_to_what_is_not_public(url: str, public: Pages):
    with watching() as connections, pytest.raises(FetchError) as refused:
        await fetcher(public).fetch(url.replace("PORT", str(public.port)))

    assert connections == []
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "url", [url for url in FORBIDDEN if url.startswith(("http://", "file", "//", "ftp"))]
)
async def test_no_redirect_leads_to_what_is_not_public(url: str, public: Pages):
    public.answers["/"] = redirect(url.replace("PORT", str(public.port)).encode("utf-8").decode("latin-1"))

    with watching() as connections, pytest.raises(FetchError):
        await fetcher(public).fetch(public.url())

    assert set(connections) == {("127.0.0.1", public.port)}


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
async def test_every_kind_of_redirect_is_judged(status: str, public: Pages):
    public.answers["/"] = redirect(f"http://private.test:{public.port}/", status)

    with watching() as connections, pytest.raises(FetchError, match="leads to this very machine"):
        await fetcher(public).fetch(public.url())

    assert connections == [("127.0.0.1", public.port)]


async def test_a_name_that_changes_its_answer_is_looked_up_once_and_judged_each_time(public: Pages):
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    public.answers["/"] = page(
        b"", "Connection: close", f"Location: {public.url('/2', 'x.test')}", status="302 Found"
    )
    one = Fetcher(allow={("127.0.0.1", public.port)}, look_up=rebinding)

    with watching() as connections, pytest.raises(FetchError, match="leads to this very machine"):
        await one.fetch(public.url(host="x.test"))

    assert connections == [("127.0.0.1", public.port)]
    assert answers == []


async def test_the_address_that_was_judged_is_the_one_connected_to(public: Pages):
    asked: list[str] = []

    async def once(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with watching() as connections:
        await Fetcher(allow={("127.0.0.1", public.port)}, look_up=once).fetch(public.url(host="x.test"))

    assert (asked, connections) == (["x.test"], [("127.0.0.1", public.port)])


async def test_a_proxy_of_the_environment_is_not_used(public: Pages, monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.2:{public.port}")

    with watching() as connections:
        await fetcher(public).fetch(public.url())

    assert connections == [("127.0.0.1", public.port)]


async def test_https_names_the_host_of_the_url_and_reaches_the_judged_address():
    greeted: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeted.set_result(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(FetchError, match=r"'public\.test'"):
        await Fetcher(allow={("127.0.0.1", port)}, look_up=names(**RECORDS)).fetch(
            f"https://public.test:{port}/"
        )
    server.close()

    assert b"public.test" in await greeted
