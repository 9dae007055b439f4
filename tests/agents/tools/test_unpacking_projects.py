"""A project sent as one archive: its text files with their paths, and nothing that reaches beyond them."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from agents.errors import UnreadableError
from agents.stations import enclosed
from agents.tools.documents import Limits, Parsed, unpack
from agents.tools.parsing import folder
from tests.agents.tools import files

CODE = "def price():\n\n    return 7"


def tarred(entries: dict[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """Return a packed TAR archive."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as whole:
        for path, content in entries.items():
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname, entry.size = kind, link, len(content)
            whole.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def linked() -> bytes:
    """Return a ZIP archive with a symbolic link."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as whole:
        entry = zipfile.ZipInfo("passwd.py")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        whole.writestr(entry, "/etc/passwd")
    return held.getvalue()


def twice() -> bytes:
    """Return a ZIP archive with two files of one path."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as whole:
        whole.writestr("a.py", "x = 1")
        whole.filelist.append(whole.infolist()[0])
    return held.getvalue()


def understated() -> bytes:
    """Return an archive that says its megabytes are ten bytes."""
    content = files.archive({"a.py": b"x" * 3_000_000})
    return content.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize(("name", "pack"), [("shop.zip", files.archive), ("shop.tar.gz", tarred), ("shop.tgz", tarred)])
async def test_text_files_come_with_their_paths_and_as_they_stand(name: str, pack: Callable[..., bytes]):
    content = pack({
        "shop-main/src/shop/__init__.py": b"",
        "shop-main/src/shop/prices.py": f"{CODE}\n".encode(),
        "shop-main/tests/data/rows.csv": b"  item;price\r\n\r\n  rack;7\r\n",
        "shop-main/logo.png": files.picture(),
        "shop-main/.git/config": b"[remote]",
        "shop-main/src/__pycache__/prices.pyc": b"\x00\x01",
    })  # fmt: skip
    found = await unpack(name, content)

    assert {one.name: one.text for one in found.files} == {
        "src/shop/__init__.py": "", "src/shop/prices.py": CODE, "tests/data/rows.csv": "  item;price\n\n  rack;7",
    }  # fmt: skip
    assert [span.label for span in found.files[1].spans] == ["line 1", "line 3"]
    assert enclosed.contents(name, found).text.split("\n") == [
        "src/shop/__init__.py: empty",
        "src/shop/prices.py: 3 lines",
        "tests/data/rows.csv: 3 lines",
        "Left out: shop-main/.git (hidden or generated)",
        "Left out: shop-main/src/__pycache__ (hidden or generated)",
        "Left out: logo.png (no text)",
        "Everything lay in the folder 'shop-main/'; the paths are told without it.",
    ]


@pytest.mark.parametrize("path", ["shop/__init__.py", "src/prices.py"])
async def test_a_folder_that_means_something_stays_part_of_the_paths(path: str):
    assert [one.name for one in (await unpack("a.zip", files.archive({path: b"x = 1"}))).files] == [path]


async def test_what_is_no_archive_of_files_is_read_as_it_is():
    assert (await unpack("renamed.zip", files.word(["Hello."]))).files[0].text == "Hello."


@pytest.mark.parametrize(("content", "sentence"), [
    (files.archive({"../../etc/cron.py": b"x"}), "leads out of its folder"),
    (files.archive({"/etc/cron.py": b"x"}), "leads out of its folder"),
    (files.archive({"a/..\\..\\b.py": b"x"}), "leads out of its folder"),
    (files.archive({"C:/b.py": b"x"}), "leads out of its folder"),
    (tarred({"../b.py": b"x"}), "leads out of its folder"),
    (tarred({"/b.py": b"x"}), "leads out of its folder"),
    (tarred({"b.py": b""}, tarfile.SYMTYPE, "/etc/passwd"), "a link or a device"),
    (tarred({"b.py": b""}, tarfile.LNKTYPE, "a.py"), "a link or a device"),
    (tarred({"b.py": b""}, tarfile.CHRTYPE), "a link or a device"),
    (tarred({"b.py": b""}, tarfile.FIFOTYPE), "a link or a device"),
    (linked(), "a link or a device"),
    (twice(), "two files of one path"),
    (tarred({"a/b.py": b"x"})[:-30], "is damaged"),
    (files.archive({"a/b.py": b"x" * 999})[:-30], "is damaged"),
    (understated(), "is damaged"),
    (files.archive({f"{n}.py": b"x" for n in range(folder.MOST_FILES + 1)}), "unpacks to more than 200 files or 20 MB"),
    (files.archive({"a.py": bytes(folder.MOST_BYTES + 1)}), "unpacks to more than"),
    (tarred({"a.py": bytes(folder.MOST_BYTES * 2)}), "unpacks to more than"),
    (files.archive({"/".join("a" * 14) + ".py": b"x"}), "deeper than 12 folders"),
    (files.archive({"a.zip": files.archive({"a.py": b"x"}), "b.exe": b"MZ" + bytes(99)}), "without text files"),
], ids=range(20))  # fmt: skip
def test_a_hostile_archive_is_refused_whole_with_a_sentence(content: bytes, sentence: str):
    with pytest.raises(UnreadableError, match=sentence):
        folder.read("shop.zip", content, Limits())


async def test_the_refusal_comes_from_a_process_of_its_own():
    with pytest.raises(UnreadableError, match=r"^'shop\.zip' was not unpacked: it holds a link or a device"):
        await unpack("shop.zip", linked())


def test_a_file_of_an_archive_is_known_by_its_path_and_a_page_is_none():
    inside = Parsed("src/a.py", "", "", ())

    assert enclosed.is_inside(inside.name, enclosed.origin("F1", inside.name))
    assert not enclosed.is_inside("a.py", "https://acme.test/a.py")
    assert not enclosed.is_inside("a.py", "F1")
