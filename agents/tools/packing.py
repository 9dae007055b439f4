"""A project as one file to take away. PURE: equal files give equal bytes, whenever and wherever they are packed."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP archive can name: an archive holds no clock
_MODE: Final = 0o100644 << 16  # a plain file that its owner may change
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_UNIX: Final = 3  # who made it, so that it is the same wherever it is made


def archive(files: Mapping[str, str]) -> bytes:
    """Return a ZIP archive of these files by path, in the order of their paths.

    They are stored, not squeezed: what zlib makes of the same text differs between its versions.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as whole:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.external_attr, entry.create_system = _MODE, _UNIX
            whole.writestr(entry, content.encode())
    return packed.getvalue()


def patch(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return the changes as ``git apply`` and ``patch -p1`` take them; empty when there are none.

    Only what ``after`` holds is compared: a file that it does not name stays as it is.
    """
    return "".join(_changes(path, before.get(path), after[path]) for path in sorted(after))


def _changes(path: str, old: str | None, new: str) -> str:
    if old == new:
        return ""
    origin = "/dev/null" if old is None else f"a/{path}"
    head = f"diff --git a/{path} b/{path}\n" + ("new file mode 100644\n" if old is None else "")
    told = difflib.unified_diff(_lines(old or ""), _lines(new), origin, f"b/{path}")
    return head + "".join(_ended(told))


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as for the programs that apply a patch."""
    return _LINE.findall(text)


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
