"""The page on disk: read again when it changes, and never for the worse."""

import os
from pathlib import Path

import pytest

from agents.catalog import SHIPPED, read
from agents.errors import PolicyError
from agents.policies import PAGE, Policies, Rules, resolve
from agents.tools.toolbox import EFFECTS
from storage.words import CheckpointKind

CATALOG = read([SHIPPED], EFFECTS)


class Page:
    """A page that is edited, and what is told about it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.told: list[str] = []
        self.save(text)
        self.policies = Policies(path, CATALOG, tell=self.told.extend)

    def save(self, text: str, age_s: int = 0) -> None:
        self.path.write_text(text, encoding="utf-8")
        seen = self.path.stat().st_mtime_ns + age_s * 10**9
        os.utime(self.path, ns=(seen, seen))

    def quorum(self) -> int:
        return resolve(self.policies.rules(), CheckpointKind.DRAFT).quorum


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path / "policy.toml", "[draft]\nquorum = 2\n")


def test_without_a_page_everything_is_as_shipped(tmp_path: Path):
    assert Policies(tmp_path / PAGE).rules() == Rules()


def test_a_page_that_comes_later_is_read(tmp_path: Path):
    policies = Policies(tmp_path / PAGE)
    (tmp_path / PAGE).write_text("[draft]\nquorum = 3\n")

    assert resolve(policies.rules(), CheckpointKind.DRAFT).quorum == 3


def test_a_changed_page_counts_at_once_also_when_it_is_as_long_as_before(page: Page):
    before = page.policies.rules()
    page.save("[draft]\nquorum = 3\n", age_s=1)

    assert (page.quorum(), page.told) == (3, [])
    assert page.policies.rules() is page.policies.rules() is not before


def test_a_page_put_in_the_place_of_another_counts_at_once(page: Page):
    other = page.path.with_name("other.toml")
    other.write_text("[draft]\nquorum = 4\n")
    os.utime(other, ns=(page.path.stat().st_mtime_ns,) * 2)
    other.replace(page.path)

    assert page.quorum() == 4


def test_a_broken_change_is_told_once_and_the_rules_before_still_hold(page: Page):
    page.save('[draft]\nquorum = 3\nsilence = "x"\n[lines.x.draft]\nquorum = 2\n')
    seen = [page.quorum() for _ in range(3)]

    assert seen == [2, 2, 2]
    known = ", ".join(sorted(read([SHIPPED], EFFECTS).lines))
    assert page.told == [
        "policy.toml, line 3: [draft]: silence: 'x' is not a word I know here. I know: wait, stop, skip, proceed.",
        f"policy.toml, line 4: [lines.x]: no line is called 'x'. There is: {known}.",
        "The rules read before still hold.",
    ]
    page.save("[draft]\nquorum = 5\n", age_s=1)
    assert page.quorum() == 5


def test_a_page_taken_away_loosens_nothing(page: Page):
    page.path.unlink()

    assert (page.quorum(), page.quorum()) == (2, 2)
    assert page.told == [
        "policy.toml is gone. The rules read before still hold. To go back to what is shipped, put an empty file there."
    ]
    page.save("")
    assert page.policies.rules() == Rules()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"[draft]\nquorum = 0\nsilence = 3\n",
            ["policy.toml, line 2: [draft]: quorum: 0", "policy.toml, line 3: [draft]: silence: 3"],
        ),
        (
            b'[draft]\ndeciders = ["requester"]\n',
            ["policy.toml, line 1: [draft]: only whoever asked is a decider"],
        ),
        (b"\xff\xfe", ["policy.toml: the file is not UTF-8 text. Save it again as UTF-8."]),
    ],
)
def test_a_broken_page_at_the_start_is_an_error_with_every_sentence(
    tmp_path: Path, content: bytes, said: list[str]
):
    (tmp_path / PAGE).write_bytes(content)
    with pytest.raises(PolicyError) as wrong:
        Policies(tmp_path / PAGE)
    lines = str(wrong.value).splitlines()

    assert [line.startswith(start) for line, start in zip(lines, said, strict=True)] == [True] * len(said)


def test_a_folder_in_its_place_is_an_error(tmp_path: Path):
    (tmp_path / PAGE).mkdir()

    with pytest.raises(PolicyError, match="the file cannot be read"):
        Policies(tmp_path / PAGE)


def test_a_line_whose_own_page_has_mistakes_may_still_be_named(tmp_path: Path):
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "news.md").write_text("---\nname: news\ndescription: x\n---\n")
    (tmp_path / PAGE).write_text("[lines.news.stations.Anything.draft]\nquorum = 2\n")

    assert "news" not in read([SHIPPED, tmp_path], EFFECTS).lines
    assert Policies(tmp_path / PAGE, read([SHIPPED, tmp_path], EFFECTS)).rules().stations
