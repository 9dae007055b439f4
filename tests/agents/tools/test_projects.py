"""Projects in Markdown: which files a text holds, and what is no file of a project."""

from __future__ import annotations

import pytest

from agents.tools import packing, projects


def fenced(path: str, content: str = "x = 1\n", fence: str = "```") -> str:
    return f"{fence}python path={path}\n{content}{fence}\n"


def test_files_are_those_whose_fence_names_a_path_byte_for_byte():
    inner = 'TEXT = """\n```\nnot the end\n```\n"""\n'
    text = f"# A\n\n{fenced('shop/a.py', inner, '````')}\n```python\nno_file = 1\n```\n\n{fenced('b.toml', '')}"
    read = projects.read(text)

    assert read == projects.Project({"shop/a.py": inner, "b.toml": ""})
    assert "no_file" in projects.without_files(text) and "TEXT" not in projects.without_files(text)
    assert [len(line) for line in projects.without_files(text).split("\n")] == [len(line) for line in text.split("\n")]


@pytest.mark.parametrize("path", [
    "../a.py", "/etc/passwd", "a/../../b.py", "./a.py", "a//b.py", "C:/a.py", "a\\b.py", "~/a.py", ".bashrc",
    "a/.git/hooks", "a.py.", "a b.py", "a/", "", "é.py", "a\u202eb.py", "x" * 121, "jidoka/test-run.txt", "Jidoka/x.py",
    "..", "a/..", "%2e%2e/a",
])  # fmt: skip
def test_no_path_leads_out_of_a_project_or_into_what_is_said_about_it(path):
    read = projects.read(fenced(f'"{path}"'))

    assert read.files == {} and len(read.problems) == 1


@pytest.mark.parametrize("text, why", [
    (fenced("a.py") + "\n" + fenced("A.py"), "'A.py' is given twice."),
    (fenced("a") + "\n" + fenced("a/b.py"), "one name cannot be a file and a folder"),
    ("```python path=a.py\nx = 1\n", "never closed"),
    ("- so:\n\n  ```python path=a.py\n  x = 1\n  ```\n", "inside a list"),
    (fenced("a.py", "x = 1  # TODO: the rest\n"), "'a.py', line 1: something is left to do"),
    (fenced("a.py", "x" * 100_001 + "\n"), "100,002 characters; a file has 100,000 at most"),
    ("\n".join(fenced(f"a{n}.py") for n in range(61)), "There are 61 files; 60 is the most"),
])  # fmt: skip
def test_what_is_no_whole_file_is_a_problem_in_a_sentence(text, why):
    [problem] = projects.read(text).problems

    assert why in problem and problem.endswith(".")


def test_the_digest_is_of_paths_and_contents_in_any_order():
    one, other = {"a.py": "1", "b.py": "2"}, {"b.py": "2", "a.py": "1"}

    assert projects.digest(one) == projects.digest(other)
    assert len({projects.digest(files) for files in (one, {"a.py": "12"}, {"a.py": "1", "b.py": "3"}, {})}) == 4


def test_equal_projects_are_packed_into_equal_bytes():
    one, other = {"a.py": "x\n", "b/c.py": "ü"}, {"b/c.py": "ü", "a.py": "x\n"}

    assert packing.archive(one) == packing.archive(other)
    assert packing.patch(one, one) == ""
    assert packing.patch({"a.py": "x\ny"}, {"a.py": "x\nz", "n.py": ""}).splitlines()[-1] == "new file mode 100644"
