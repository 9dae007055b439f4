from __future__ import annotations

import asyncio
import gzip
import sys
import time
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.errors import FetchError
from agents.tools.unpacking import Unpacker
from agents.tools.web import Fetcher
from tests.agents.tools import files
from tests.agents.tools.pages import Pages, names, page, redirect, serving

MIB = 1 << 20


@pytest.fixture
async def site() -> AsyncIterator[Pages]:
    async with serving() as pages:
        yield pages


def fetcher(site: Pages, deadline_s: float = 10.0) -> Fetcher:
    known = {"other_test": ["127.0.0.1"]}
    return Fetcher(allow={("127.0.0.1", site.port)}, deadline_s=deadline_s, look_up=names(**known))


async def test_a_web_page_is_fetched_as_readable_text_with_its_title(site: Pages):
    story = "".join(f"<p>The plan number {n} costs {n}0 dollars a month and a seat.</p>" for n in (1, 2))
    whole = (
        f"<!doctype html><head><title>Plans</title></head><body><article>{story}</article></body>".encode()
    )
    site.answers["/plans"] = page(whole, kind="text/html")

    fetched = await fetcher(site).fetch(site.url("/plans"))

    assert (fetched.media_type, fetched.title, fetched.content) == ("text/html", "Plans", whole)
    assert fetched.text.splitlines() == [
        f"The plan number {n} costs {n}0 dollars a month and a seat." for n in (1, 2)
    ]
    assert [span.label for span in fetched.spans] == ["paragraph 1", "paragraph 2"]


@pytest.mark.parametrize(
    ("path", "kind", "content", "media"),
    [
        ("/a?id=1", "application/octet-stream", files.pdf("One."), "application/pdf"),
        ("/a.html", "text/html", files.pdf("One."), "application/pdf"),
        ("/a", "application/octet-stream", files.word(["One."]), None),
        ("/a.csv", "text/plain", b"a,b\n1,2\n", "text/csv"),
        ("/a", "text/csv; charset=utf-8", b"a,b\n1,2\n", "text/csv"),
        ("/a.json", "application/json", b'{"a": 1}', "text/plain"),
        (
            "/a.pdf",
            "application/pdf",
            b"<!doctype html><p>A viewer of PDF files, for people.</p>",
            "text/html",
        ),
    ],
)
async def test_what_a_page_is_is_told_by_its_bytes(
    site: Pages, path: str, kind: str, content: bytes, media: str | None
):
    site.answers[path] = page(content, kind=kind)

    fetched = await fetcher(site).fetch(site.url(path))

    assert fetched.media_type == (
        media or "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )


async def test_the_charset_a_server_names_is_understood(site: Pages):
    site.answers["/"] = page("Größe in ½".encode("latin-1"), kind="text/plain; charset=ISO-8859-1")
    site.answers["/ru"] = page("Цена".encode("koi8-r"), kind='text/plain; charset="koi8-r"')
    site.answers["/odd"] = page("Größe".encode(), kind="text/plain; charset=punycode")

    texts = [(await fetcher(site).fetch(site.url(path))).text for path in ("/", "/ru", "/odd")]

    assert texts == ["Größe in ½", "Цена", "Größe"]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello world", mtime=0)),
        ("x-gzip", gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0)),
        ("deflate", zlib.compress(b"hello world")),
        ("deflate", zlib.compress(b"hello world")[2:-4]),
        ("identity", b"hello world"),
    ],
)
async def test_packed_pages_are_unpacked(site: Pages, encoding: str, packed: bytes):
    site.answers["/"] = page(packed, f"Content-Encoding: {encoding}")

    assert (await fetcher(site).fetch(site.url())).content == b"hello world"


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_unpacking_gives_every_byte_however_the_pieces_fall(size: int):
    whole = bytes(range(256)) * 4_000
    packed = gzip.compress(whole[:500_000], mtime=0) + gzip.compress(whole[500_000:], mtime=0) + b"\x00" * 5
    unpacker = Unpacker("gzip", 2 * MIB)
    for start in range(0, len(packed), size):
        unpacker.add(packed[start : start + size])

    assert unpacker.content() == whole


async def test_redirects_are_followed_up_to_five(site: Pages):
    for n in range(5):
        site.answers[f"/{n}"] = redirect(f"/{n + 1}")
    site.answers["/5"] = page(b"arrived")

    fetched = await fetcher(site).fetch(site.url("/0"))

    assert (fetched.url, fetched.final_url, fetched.text) == (site.url("/0"), site.url("/5"), "arrived")


async def test_nothing_a_page_sets_or_is_told_goes_on_to_another(site: Pages):
    site.answers["/"] = page(
        b"", "Set-Cookie: a=1", f"Location: {site.url('/2', 'other.test')}", status="302 Found"
    )
    site.answers["/2"] = page(b"", "Set-Cookie: b=2", "Location: /3", status="302 Found")
    site.answers["/3"] = page(b"arrived")

    await fetcher(site).fetch(site.url())

    sent = {line.split(":")[0].lower() for head in site.heads for line in head.splitlines()[1:] if line}
    assert sent == {"host", "user-agent", "accept", "accept-encoding"}


async def test_a_redirect_from_https_to_http_is_not_followed():
    from agents.tools.web import _redirected, httpx

    with pytest.raises(FetchError, match="from https to http"):
        _redirected(httpx.URL("https://a.test/"), "http://a.test/", ())


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _drip_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _drip_informational(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("answer", [_drip, _drip_headers, _drip_informational, _silence])
async def test_a_slow_server_is_left_at_the_deadline(site: Pages, answer):
    site.answers["/"] = answer
    began = time.monotonic()

    with pytest.raises(FetchError, match="longer than 1 s"):
        await fetcher(site, deadline_s=1.0).fetch(site.url())

    assert time.monotonic() - began < 1.5


async def test_a_slow_name_server_is_left_at_the_deadline():
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    began = time.monotonic()
    with pytest.raises(FetchError, match=r"longer than 0\.3 s"):
        await Fetcher(deadline_s=0.3, look_up=never).fetch("https://slow.test/")

    assert time.monotonic() - began < 0.8


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (redirect("/"), "sends on more than 5 times"),
        (page(b"", status="302 Found"), "answered 302"),
        (page(b"x", status="404 Not Found"), r"answered 404 \(Not Found\)"),
        (page(b"x", status="503 <!channel>"), r"answered 503 \(Service Unavailable\)"),
        (page(b"x", status="799 Odd"), "answered 799"),
        (page(b"\x89PNG\r\n\x1a\n" + bytes(50), kind="text/html"), "is a damaged picture"),
        (page(gzip.compress(b"x", mtime=0), kind="application/gzip"), "is a gzip archive"),
        (page(files.archive({"a": b"x"}), kind="application/zip"), "is an archive"),
        (page(b""), "is empty"),
        (page(b"x", "Content-Encoding: br"), "packed as 'br'"),
        (page(b"x", "Content-Encoding: gzip, gzip"), "packed as 'gzip, gzip'"),
        (page(b"not gzip", "Content-Encoding: gzip"), "arrived damaged"),
        (page(gzip.compress(bytes(99))[:-9], "Content-Encoding: gzip"), "arrived incomplete"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "does not answer as a web server should"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "does not answer as a web server should"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000, "does not answer as a web server should"),
        (page(b"<html><script>x</script></html>", kind="text/html"), "without readable text"),
    ],
)
async def test_a_page_that_cannot_be_used_is_refused_with_a_sentence(
    site: Pages, answer: bytes, sentence: str
):
    async def whole(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        if not answer.startswith(b"HTTP/1.1 3"):
            writer.close()

    site.answers["/"] = whole

    with pytest.raises(FetchError, match=sentence):
        await fetcher(site).fetch(site.url())

    assert len(site.heads) <= 6


async def test_a_host_that_does_not_listen_or_exist_is_told(site: Pages):
    with pytest.raises(FetchError, match="is not known"):
        await fetcher(site).fetch(f"http://nowhere.invalid:{site.port}/")
    async with serving() as gone:
        pass
    with pytest.raises(FetchError, match="cannot be reached"):
        await fetcher(gone).fetch(gone.url())


FETCHES = """
import asyncio, resource, sys
from agents.errors import FetchError
from agents.tools.web import Fetcher

async def main(port):
    fetcher = Fetcher(allow={("127.0.0.1", port)}, deadline_s=20)
    await fetcher.fetch(f"http://127.0.0.1:{port}/small")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        await fetcher.fetch(f"http://127.0.0.1:{port}/bomb")
    except FetchError as refused:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, refused)

asyncio.run(main(int(sys.argv[1])))
"""


def _bomb(members: int) -> bytes:
    """Return 200 MiB of zeros, packed in so many members."""
    packed = bytearray()
    for _ in range(members):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        for _ in range(200 // members):
            packed += packer.compress(bytes(MIB))
        packed += packer.flush()
    return bytes(packed)


@pytest.mark.parametrize("members", [1, 100])
async def test_a_page_that_unpacks_without_end_costs_little_memory(site: Pages, members: int):
    site.answers["/small"] = page(b"small")
    site.answers["/bomb"] = page(_bomb(members), "Content-Encoding: gzip")

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FETCHES, str(site.port), cwd=Path.cwd(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    grown, sentence = said.decode().split(" ", 1)
    assert sentence.strip() == "The page is larger than 20 MB, so it was not read."
    assert int(grown) <= 50 * 1024  # kB


async def test_a_page_larger_than_the_bound_is_left(site: Pages):
    site.answers["/"] = page(b"x" * 30_000)

    with pytest.raises(FetchError, match="larger than 0 MB"):
        await Fetcher(allow={("127.0.0.1", site.port)}, most_bytes=20_000).fetch(site.url())
