"""What the words name is there, and what is there has its words: settings, keys, tools, commands, paths, the glossary."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from agents import catalog
from agents.catalog import lines, roles
from agents.policies import fields
from agents.tools.toolbox import EFFECTS, INPUTS
from bot.__main__ import COMMANDS
from bot.manifest import SCOPES
from bot.settings import Settings
from tests import readme
from tests.readme import ROOT

PACKAGES: Final = ("agents", "bot", "storage")
INTERNAL: Final = {"system"}  # targets that only other targets call
MADE: Final = {  # files that come to be where it runs
    ".env", ".jidoka", "policy.toml", "servers.toml", "jidoka.db", "jidoka.db-wal", "jidoka.db-shm", "workspace.db",
    "workspace.json", "out/offline/", "out/scripted/",
}  # fmt: skip
PATH: Final = re.compile(r"\.?[\w.-]+(?:/[\w.-]+)*/?")
ENDINGS: Final = (".md", ".py", ".json", ".lock", ".toml", ".png", ".sample")

# One word for one thing. A library's own words stay behind its door.
INSTEAD: Final = {
    "gate": "checkpoint", "approval": "vote or decision", "pipeline": "line", "subtask": "task", "swarm": "run",
    "human": "person",
}  # fmt: skip
BEHIND: Final = {
    "workflow": ("agents/engine/", "bot/blockkit/", "bot/workspace/"),  # DBOS's; and Slack's, of a kind of button
    "job": ("bot/clock.py",),  # APScheduler's
}
REGISTRIES: Final = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "crates" + ".io", "proxy.go" + "lang.org")
WORKPLACE: Final = re.compile(r"/wor" + r"k/(?:main|shared)\b|/tmp/hel" + r"pers\b")
BINARY: Final = {".png", ".pdf", ".docx", ".pptx", ".xlsx", ".pyc"}


def test_every_setting_is_in_the_readme_and_back():
    assert readme.firsts("variable") == {name.upper() for name in Settings.model_fields}


def test_every_setting_is_in_the_sample_file_and_back():
    sample = (ROOT / ".env.sample").read_text(encoding="utf-8")

    assert set(re.findall(r"^(\w+)=", sample, re.MULTILINE)) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("column, keys", [
    ("key of a role", roles.KEYS), ("key of a line", lines.KEYS), ("bullet of a station", lines.BULLETS), ("tool", INPUTS),
    ("key of a rule", fields.RULE),
    ("key of the policy", {"[spend]", "[ask_first]", *fields.SETTINGS, *fields.SPEND, *fields.ASK_FIRST}),
])  # fmt: skip
def test_every_key_of_a_page_and_every_tool_is_in_the_readme_and_back(column, keys):
    assert readme.firsts(column) == set(keys)


def test_every_command_is_in_the_readme_and_back():
    named = readme.firsts("command")

    assert {name for name in named if name.startswith("make ")} == {f"make {target}" for target in _targets()}
    assert {name for name in named if name.startswith("python ")} == {
        "python -m bot", *(f"python -m bot {name}" for name in COMMANDS)
    }


def test_no_command_is_named_that_does_not_exist():
    known = readme.firsts("command")
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CHANGELOG.md", ".env.sample")]
    used = {found for text in texts for found in re.findall(r"`((?:make|python -m bot)(?: [\w-]+)?)`", text)}

    assert used - known == set()


def test_every_scope_is_in_the_readme_and_back():
    [told] = [paragraph for paragraph in readme.PROSE.split("\n\n") if "these bot scopes" in paragraph]
    named = readme.marked(told.partition("these bot scopes")[2])

    assert sorted(name for name in named if "/" not in name) == sorted(SCOPES)


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_every_path_a_page_names_exists(page):
    text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    shown = re.findall(r'(?:src|srcset)="([^"]+)"|\]\((?!https?:)([^)#]+)', text)
    named = {*readme.marked(text), *(one for pair in shown for one in pair if one)}
    paths = {name for name in named if PATH.fullmatch(name) and ("/" in name or name.endswith(ENDINGS)) and name not in MADE}

    assert {path for path in paths if not path.startswith("/") and not (ROOT / path).exists()} == set()
    assert paths or page != "README.md"


def test_locks_name_no_address():
    assert [path.name for path in ROOT.glob("*.lock") if "://" in path.read_text(encoding="utf-8")] == []


def test_every_shipped_page_can_be_used():
    read = catalog.read([catalog.SHIPPED], EFFECTS)

    assert (read.problems, read.warnings) == ((), ())
    assert catalog.troubles(read)[-1] == "All pages can be used."


def test_no_file_names_a_registry_or_the_place_it_was_made_at():
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _committed()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any(host in line for host in REGISTRIES) or WORKPLACE.search(line)
    ]

    assert wrong == []


def test_nothing_is_promised_that_no_network_can_keep():
    said = re.compile(r"exactly[ -]once", re.IGNORECASE)

    assert [path.name for path in _written() if said.search(path.read_text(encoding="utf-8"))] == []


def test_one_word_for_one_thing():
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {word!r}, not {INSTEAD.get(word, 'here')!r}"
        for path in _written()
        for number, text in _prose(path)
        for word in _words(text)
        if word in INSTEAD or not _is_at_home(word, path)
    ]

    assert wrong == []


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    return {target for line in declared for target in line.split()} - INTERNAL


def _committed() -> Iterator[Path]:
    """Return every file of ours that is text; what .gitignore names is not ours."""
    ignored = {line.strip("/ \n") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()} | {".git"}
    for top in (path for path in sorted(ROOT.iterdir()) if path.name not in ignored):
        inside = sorted(top.rglob("*")) if top.is_dir() else [top]
        yield from (path for path in inside if path.is_file() and path.suffix not in BINARY)


def _written() -> Iterator[Path]:
    """Return what the glossary holds for: our packages, their pages, and what is said about them."""
    yield from (ROOT / name for name in ("README.md", "CHANGELOG.md"))
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*")) if path.suffix in {".py", ".md", ".js", ".html"})


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Return the words of a file with their line: of code the comments, the strings, and what things are called."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), start=1)
        return
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        told = token.type in {tokenize.COMMENT, tokenize.STRING} or tokenize.tok_name[token.type].startswith("FSTRING")
        if told or before in {"def", "class"}:
            yield token.start[0], token.string
        before = token.string


def _words(text: str) -> set[str]:
    return {found.lower().removesuffix("s") for found in re.findall(r"[A-Z]?[a-z]+", text)}


def _is_at_home(word: str, path: Path) -> bool:
    """Whether a library's word stands behind its door. Pages for people explain such words, so they may use them."""
    homes = BEHIND.get(word, ())
    return not homes or path.suffix != ".py" or str(path.relative_to(ROOT)).startswith(homes)
