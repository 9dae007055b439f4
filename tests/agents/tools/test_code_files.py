"""Source code that people attach is read as it stands: without its indentation and empty lines it would be other code."""

import ast
from pathlib import Path

from agents.tools.documents import at, parse

SOURCE = Path(__file__).parents[2].parent / "bot" / "workspace" / "samples" / "feature" / "pricing.py"


async def test_code_keeps_its_indentation_and_its_empty_lines():
    written = SOURCE.read_text(encoding="utf-8")
    read = await parse("pricing.py", written.replace("\n", "\r\n").encode())
    first = next(span for span in read.spans if span.label == "line 31")

    assert f"{read.text}\n" == written
    assert ast.dump(ast.parse(read.text)) == ast.dump(ast.parse(written))
    assert read.text[first.start : first.end] == written.split("\n")[30]
    assert at(read.spans, first.start, first.end) == "line 31"


async def test_prose_is_still_read_without_the_space_around_its_lines():
    read = await parse("notes.txt", b"  First.\n\n\n\n  Second.  \n")

    assert read.text == "First.\n\nSecond."
