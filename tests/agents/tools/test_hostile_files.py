"""Files that lie, explode or never end: each is refused with a sentence, and the bot itself is untouched."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import re
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.errors import UnreadableError
from agents.tools import documents, running
from agents.tools.documents import Limits, parse
from tests.agents.tools import files

MB = 1_000_000
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DOCX = files.word(["Hello."])
PPTX = files.slides("Hello.")
XLSX = files.excel({"S": [["a", "b"], [1, 2]]})
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
LOGIN = b"\n<!DOCTYPE html>\n<html><body><form><input name=password></form></body></html>"
WORD_BEGINS = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8))
    + b"]>"
    + WORD_BEGINS
    + b"<w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + WORD_BEGINS
    + b"<w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
)


def inflating_pdf() -> bytes:
    """Return a PDF of one page whose content is 400 MB of blanks, deflated."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MB) for _ in range(400)) + packer.flush()
    return files.raw_pdf(
        [
            CATALOG,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream ",
        ]
    )


def pages_in_a_circle() -> bytes:
    return files.raw_pdf([CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"])


def long_pdf() -> bytes:
    """Return a PDF of ten thousand pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 10_003))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return files.raw_pdf([CATALOG, b"<</Type/Pages/Count 10000/Kids[" + kids + b"]>>", *[page] * 10_000])


def long_deck() -> bytes:
    """Return a presentation that shows its one slide ten thousand times."""
    written = _entry(PPTX, "ppt/presentation.xml")
    shown = re.search(rb'<p:sldId [^>]*r:id="([^"]+)"[^>]*/>', written)
    assert shown
    slides = b"".join(b'<p:sldId id="%d" r:id="%s"/>' % (256 + n, shown[1]) for n in range(10_000))
    return files.with_entries(PPTX, {"ppt/presentation.xml": written.replace(shown[0], slides)})


def with_slide(content: bytes) -> bytes:
    """Return a presentation whose slide is this."""
    return files.with_entries(PPTX, {"ppt/slides/slide1.xml": content})


def show() -> bytes:
    """Return a presentation that says it is a show."""
    types = _entry(PPTX, "[Content_Types].xml")
    return files.with_entries(PPTX, {"[Content_Types].xml": types.replace(b"presentation.main+xml", b"slideshow.main+xml")})


def _entry(office: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(office)) as packed:
        return packed.read(name)


def huge_png() -> bytes:
    """Return a PNG of a few bytes that says it has 3,600 million pixels."""
    about = struct.pack(">II", 60_000, 60_000) + b"\x08\x02\x00\x00\x00"
    chunks = (b"IHDR" + about, b"IDAT" + zlib.compress(bytes(999)), b"IEND")
    whole = b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + whole


def overlapping() -> bytes:
    """Return an archive whose directory names one packed megabyte three hundred times."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", bytes(MB))
        entry = packed.infolist()[0]
        packed.filelist.extend([entry] * 299)
    return held.getvalue()


def zeros(megabytes: int, name: str = "word/document.xml") -> bytes:
    """Return an archive with one entry of that many zeros."""
    held = io.BytesIO()
    packed = zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED)
    with packed, packed.open(name, "w") as entry:
        for _ in range(megabytes):
            entry.write(bytes(MB))
    return held.getvalue()


def understated() -> bytes:
    """Return an archive that says its 300 MB are 10 bytes."""
    return zeros(300).replace((300 * MB).to_bytes(4, "little"), (10).to_bytes(4, "little"))


PIXELS = huge_png()
HOSTILE = [
    ("login.pdf", LOGIN, "is a web page, not a PDF"),
    ("login.docx", LOGIN, "is a web page, not a Word document"),
    ("login.xlsx", LOGIN, "is a web page, not an Excel workbook"),
    ("login.csv", LOGIN, "is a web page, not a table"),
    ("table.pdf", b"a,b\n1,2\n", "is plain text, not a PDF"),
    ("a.docx", files.pdf("x"), "is a PDF, not a Word document"),
    ("a.pdf", DOCX, "is a Word document, not a PDF"),
    ("a.xlsx", DOCX, "is a Word document, not an Excel workbook"),
    ("a.docx", files.pdf("x") + DOCX, "is a PDF, not a Word document"),
    ("both.docx", files.with_entries(DOCX, {"xl/workbook.xml": b"<x/>"}), "is an archive"),
    ("prefix.docx", b"GIF89a" + DOCX, "is a picture"),
    ("a.zip", files.archive({"a.txt": b"x"}), "is an archive"),
    ("a.txt", files.archive({"a.txt": b"x"}), "is an archive"),
    ("a.gz", gzip.compress(b"x", mtime=0), "is a gzip archive"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), "is a 7z archive"),
    ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(60), "is a damaged picture"),
    ("a.jpg", files.picture("JPEG")[:200], "is a damaged picture"),
    ("a.png", files.picture("GIF"), "is a picture \\(GIF\\), not a picture \\(PNG\\)"),
    ("a.jpg", b"GIF89a" + LOGIN, "is a picture \\(GIF\\), not a picture \\(JPEG\\)"),
    ("a.png", PIXELS, "60,000 by 60,000 pixels; at most 50 million"),
    ("frames.gif", b"GIF89a" + b"\xff" * 60, "is a damaged picture|pixels"),
    ("a.tiff", b"II*\x00" + bytes(60), "is a picture \\(TIFF\\)"),
    ("a.heic", bytes(4) + b"ftypheic" + bytes(60), "is a picture \\(HEIC"),
    ("a.txt", b"\x7fELF" + bytes(60), "is a program"),
    ("a.txt", bytes(range(256)) * 4, "is neither text nor"),
    ("a.doc", OLD, "is an old Office file"),
    ("a.docx", OLD + "EncryptedPackage".encode("utf-16-le"), "is locked with a password"),
    ("locked.pdf", files.locked_pdf(), "is locked with a password"),
    ("macro.xlsm", XLSX, "carries macros"),
    ("macro.xlsx", files.with_entries(XLSX, {"xl/vbaProject.bin": b"x"}), "carries macros"),
    ("macro.docx", files.with_entries(DOCX, {"word/vbaProject.bin": b"x"}), "carries macros"),
    (
        "nested.docx",
        files.with_entries(DOCX, {"word/media/a.bin": files.archive({"a": b"x"})}),
        "archive inside",
    ),
    ("nested.xlsx", files.with_entries(XLSX, {"xl/media/a.png": gzip.compress(b"x", mtime=0)}), "archive inside"),
    ("slides.pptx", files.archive({"ppt/presentation.xml": b"<x/>"}), "cannot be read"),
    ("a.pptx", XLSX, "is an Excel workbook, not a PowerPoint presentation"),
    ("a.docx", PPTX, "is a PowerPoint presentation, not a Word document"),
    ("macro.pptm", PPTX, "carries macros"),
    ("macro.pptx", files.with_entries(PPTX, {"ppt/vbaProject.bin": b"x"}), "carries macros"),
    ("nested.pptx", files.with_entries(PPTX, {"ppt/media/a.png": files.archive({"a": b"x"})}), "archive inside"),
    ("bomb.pptx", lambda: zeros(201, "ppt/presentation.xml"), "unpacks to more than 200 MB"),
    ("many.pptx", files.archive({f"ppt/slides/slide{n}.xml": b"" for n in range(5_001)}), "unpacks to more than"),
    ("long.pptx", long_deck, "10,000 slides; at most 300"),
    ("laughs.pptx", lambda: with_slide(LAUGHS), "holds no text|cannot be read"),
    ("passwd.pptx", lambda: with_slide(OUTSIDE), "holds no text|cannot be read"),
    ("show.pptx", show, "is a slide show or a template"),
    ("a.odt", files.archive({"mimetype": b"application/vnd.oasis.opendocument.text"}), "is an OpenDocument"),
    ("bomb.docx", lambda: zeros(201), "unpacks to more than 200 MB"),
    ("overlap.docx", overlapping, "unpacks to more than 200 MB"),
    ("lies.docx", understated, "is damaged|cannot be read"),
    ("many.docx", files.archive({f"word/{n}.xml": b"" for n in range(5_001)}), "unpacks to more than"),
    ("cut.docx", DOCX[: len(DOCX) // 2], "is damaged"),
    ("cut.pdf", b"%PDF-1.4\n1 0 obj<<", "is damaged|cannot be read"),
    ("laughs.docx", files.with_entries(DOCX, {"word/document.xml": LAUGHS}), "holds no text|cannot be read"),
    ("passwd.docx", files.with_entries(DOCX, {"word/document.xml": OUTSIDE}), "holds no text|cannot be read"),
    ("long.pdf", long_pdf(), "10,000 pages; at most 300"),
    ("circle.pdf", pages_in_a_circle(), "holds no text|is damaged|cannot be read"),
    ("inflates.pdf", inflating_pdf, "holds no text|is damaged|cannot be read"),
    ("scan.pdf", files.pdf("", ""), "holds no text"),
    ("empty.txt", b" \n", "is empty"),
    ("script.html", b"<html><script>document.write('x')</script></html>", "without readable text"),
]


@pytest.mark.parametrize(("name", "made", "sentence"), HOSTILE)
async def test_a_hostile_file_is_refused_with_a_sentence(
    name: str, made: bytes | Callable[[], bytes], sentence: str
):
    content = made if isinstance(made, bytes) else made()

    with pytest.raises(UnreadableError, match=sentence) as refused:
        await parse(name, content)

    assert "Traceback" not in str(refused.value)
    assert repr(name) in str(refused.value)


async def test_a_chart_with_its_own_workbook_inside_is_no_hostile_archive():
    content = files.with_entries(DOCX, {"word/embeddings/Microsoft_Excel_Sheet.xlsx": XLSX})

    assert (await parse("chart.docx", content)).text == "Hello."


async def test_a_file_that_takes_too_long_is_put_away_in_time():
    slow = files.excel({"S": [[n] * 20 for n in range(4_000)]})
    began = time.monotonic()

    with pytest.raises(UnreadableError, match=r"longer than 0\.3 s"):
        await parse("slow.xlsx", slow, limits=Limits(wall_s=0.3))

    assert time.monotonic() - began < 1.3


async def test_a_file_that_needs_too_much_memory_ends_its_process_and_not_ours():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many = WORD_BEGINS + b"<w:p/>" * 5_000_000 + b"</w:body></w:document>"
    content = files.with_entries(DOCX, {"word/document.xml": many})

    with pytest.raises(UnreadableError, match="needs too much memory"):
        await parse("many.docx", content, limits=Limits(memory_bytes=300 * MB))

    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    )  # kB, most of it the test's own making


async def test_a_caller_who_gives_up_leaves_no_process_behind():
    reading = asyncio.create_task(parse("a.xlsx", files.excel({"S": [[n] * 20 for n in range(4_000)]})))
    children = await _until_there_are_children()
    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading

    assert children
    assert not [pid for pid in children if _alive(pid)]


async def _until_there_are_children() -> list[int]:
    while True:
        found = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        if found:
            return [int(pid) for pid in found]
        await asyncio.sleep(0.005)


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


CAGED = """
import sys
sys.path.insert(0, {root!r})
from agents.tools.parsing import cage
from agents.tools.parsing.spans import Limits
cage.close(Limits())
import os, socket, subprocess
attempts = {{
    "socket": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "name": lambda: socket.getaddrinfo("localhost", 80),
    "program": lambda: subprocess.run(["true"]),
    "shell": lambda: os.system("true"),
    "fork": os.fork,
    "write": lambda: open("/tmp/jidoka-cage", "w"),
    "remove": lambda: os.remove("/tmp/jidoka-cage"),
    "memory": lambda: bytearray(2 << 30),
}}
for name, attempt in attempts.items():
    try:
        attempt()
        print(name, "done")
    except (PermissionError, MemoryError):
        print(name, "refused")
print(sorted(os.environ))
"""


async def test_the_reading_process_has_no_network_no_programs_no_writing_and_bounded_memory():
    root = str(running.CHECKOUT)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CAGED.format(root=root), env={}, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    lines = said.decode().splitlines()
    assert [line.split()[1] for line in lines[:8]] == ["refused"] * 8
    assert lines[8] in ("[]", "['LC_CTYPE']")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b'{"text": "abc"}',
        b'{"text": "abc", "media_type": "x", "title": "", "spans": [{"label": "a", "start": 0, "end": 9}]}',
        b'{"text": "abc", "media_type": "x", "title": "", "spans": [{"label": "a", "start": 2, "end": 1}]}',
        b'{"text": "abc", "media_type": "x", "title": "", "spans": [{"label": "a", "begin": 2, "end": 1}]}',
    ],
)
def test_an_answer_of_a_broken_reading_process_is_not_believed(answer: bytes):
    with pytest.raises(UnreadableError, match="cannot be read"):
        documents._checked("a.pdf", answer, documents._parsed)
