"""What judges a project's tests inside the sandbox, and says in one last line what came of it.

It runs nothing of the project itself. It counts the tests in the files first; then a copy of it runs each file's tests and
tells of them through a pipe, and what is told must fit what was counted. Where all passed, they run once more with what they
expect turned around: a test that passes then too was never a test, or something lets it pass.

Its text is handed to ``python -c``, and those of ``telling`` and ``turning`` as arguments, so it needs nothing but the
standard library and no file of ours. All it uses is imported before a file of the project can be found.
"""

import ast
import ctypes
import json
import os
import re
import resource
import select
import shutil
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PLACE = Path("/project")
MARK = "tests of this project: "  # begins the last line; JSON follows
TEST_FILES = re.compile(r"(?:test_\w+|\w+_test|tests?)\.py")
CHECKING = re.compile(r"assert|check|expect|fail|raises|verify", re.IGNORECASE)
MOST_NAMED = 40
MOST_TOLD = 2_000_000  # bytes that are taken from the tests of one file
MOST_PRINTED = 20_000
GRACE_S = 1.0  # for what a test began to come to its end
TURNED_S = 5.0  # for one file, when what it expects is turned around
TOOTHLESS = "It passes also when what it expects is turned around, so it shows nothing."
_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER, linux/prctl.h
_LINE = "-" * 70


@dataclass
class Told:
    """What the tests of one file said.

    Args:
        tests: Each with ``id``, ``name``, ``verdict`` and ``detail``, in the order they ran.
        stopped: Why it is no account, as the end of a sentence that begins with the file; empty when it is one.
    """

    tests: list[dict[str, Any]] = field(default_factory=list)
    stopped: str = ""
    printed: str = ""

    def of(self, verdict: str) -> list[dict[str, Any]]:
        """Return the tests that ended so."""
        return [one for one in self.tests if one["verdict"] == verdict]


def main() -> None:
    """Judge the tests below the working folder."""
    if (root := Path.cwd()) != PLACE:
        sys.exit(f"This puts every file of its folder back again and again, so it runs in {PLACE} of a sandbox alone.")
    ctypes.CDLL(None).prctl(_ORPHANS, 1, 0, 0, 0)
    files = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    parts = [part("telling", sys.argv[1]), part("turning", sys.argv[2])]
    found = sorted(path for path in files if TEST_FILES.fullmatch(path.name))
    every, stopped = Told(), ""
    for path in found:
        told = examined(root, path, files, parts, turned=False)
        sys.stdout.write(told.printed + "".join(f"{one['id']} ... {one['verdict']}\n" for one in told.tests))
        every.tests += told.tests
        if told.stopped:
            stopped = stopped or f"{path} {told.stopped}"
        else:
            every.tests += missing(path, files[path], told)
    if not stopped and not every.of("failed"):
        bare = {id for path in found for id in toothless(root, path, files, parts)}
        every.tests = [one | {"verdict": "failed", "detail": TOOTHLESS} if one["id"] in bare else one for one in every.tests]
    summed(every, stopped, [name for path in found for name in empty(path, files[path])])


def part(name: str, text: str) -> Any:  # noqa: ANN401  a module
    """Return one of our modules from its text."""
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name, "exec"), vars(module))  # noqa: S102  ours
    del sys.modules[name]  # the project has no way to it by name
    return module


def examined(root: Path, path: Path, files: dict[Path, bytes], parts: list[Any], *, turned: bool) -> Told:
    """Return what the tests of a file say, run in a process of their own on the files as they came."""
    if wrong := restored(root, files):
        return Told(stopped=wrong)
    heard, telling = os.pipe()
    seen, printing = os.pipe()
    token = os.urandom(16).hex()
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        os.dup2(printing, 1)
        os.dup2(printing, 2)
        os.dup2(telling, 3)
        os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        run(root, path, files[path], token, parts, turned=turned)
    os.close(telling)
    os.close(printing)
    try:
        account, printed, ended = listen(pid, heard, seen, TURNED_S if turned else 0)
    finally:
        os.close(heard)
        os.close(seen)
    told = Told(stopped=ended, printed=printed) if ended else read(account, token)
    told.printed = printed
    return told if ended or not (left := leftover()) else Told(told.tests, left, printed)


def run(root: Path, path: Path, source: bytes, token: str, parts: list[Any], *, turned: bool) -> None:
    """Run the tests of a file, tell of them, and end this process."""
    telling, turning = parts
    write, end, dumps = os.write, os._exit, json.dumps

    def say(one: dict[str, Any]) -> None:
        text = f"{token} {dumps(one)}\n".encode()
        while text:
            text = text[write(3, text) :]

    changed = {"turn": turning.turn, "known": ((turning.HERE, turning),)} if turned else {}
    order = telling.Order(root, path, source, **changed)
    wrong = telling.silently(lambda: telling.tell(order, say))
    sys.stdout.flush()
    os.write(2, wrong.encode())
    end(1 if wrong else 0)


def listen(pid: int, heard: int, seen: int, most_s: float) -> tuple[bytes, str, str]:
    """Return what was told and printed until the process ended, and how it ended if not well."""
    texts = {heard: bytearray(), seen: bytearray()}
    ended = os.pidfd_open(pid)
    until = time.monotonic() + most_s if most_s else None
    poll = select.poll()
    for one in (heard, seen, ended):
        poll.register(one, select.POLLIN)
    while True:
        left_s = None if until is None else max(0.0, until - time.monotonic())
        ready = [fd for fd, _ in poll.poll(None if left_s is None else left_s * 1000)]
        for fd in [fd for fd in ready if fd in texts]:
            chunk = os.read(fd, 1 << 16)
            texts[fd] += chunk[: max(0, MOST_TOLD - len(texts[fd]))]
            if not chunk:
                poll.unregister(fd)
        if not ready or ready == [ended]:
            break
    if not ready:
        os.kill(pid, signal.SIGKILL)
    os.close(ended)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return bytes(texts[heard]), texts[seen][-MOST_PRINTED:].decode(errors="replace"), how(code, b'"done": ' in texts[heard])


def how(code: int, done: bool) -> str:
    """Return how a process ended, as the end of a sentence; empty when it ended well."""
    if code == -signal.SIGXCPU:
        return f"used more than {resource.getrlimit(resource.RLIMIT_CPU)[0]} s of processor time."
    if code or not done:
        return f"ended early, with {f'exit code {code}' if code >= 0 else f'signal {-code}'}."
    return ""


def read(account: bytes, token: str) -> Told:
    """Take the account of one file; a line that we did not write, or a number that is not right, makes it none."""
    over = Told(stopped="was written over: the program tampers with the account of its own tests.")
    *lines, rest = account.decode(errors="replace").split("\n")
    said = [line.removeprefix(f"{token} ") for line in lines]
    if rest or any(one == line for one, line in zip(said, lines, strict=True)):
        return over
    try:
        *events, last = map(json.loads, said)
    except ValueError:
        return over
    tests = [one for one in events if "id" in one]
    if last.get("done") != len(tests):
        return over
    if last["changed"]:
        return Told(tests, f"changed what judges it: {', '.join(last['changed'][:5])}.")
    whole = [{**one, "id": one["whole"], "name": ""} for one in events if "whole" in one]
    return Told([*tests, *whole])


def leftover() -> str:
    """Return that something a test began still runs, as the end of a sentence; empty when nothing does."""
    until = time.monotonic() + GRACE_S
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
        except ChildProcessError:
            return ""
    return "left programs running. End in each test what it began."


def restored(root: Path, files: dict[Path, bytes]) -> str:
    """Put back every file as it came, and nothing else; return why that cannot be, as the end of a sentence."""
    try:
        for path in root.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
    except OSError as wrong:
        return f"cannot run: what an earlier test left behind cannot be removed ({wrong.strerror})."
    return ""


def missing(path: Path, source: bytes, told: Told) -> Iterator[dict[str, Any]]:
    """Yield the tests that stand in a file and of which nothing was told."""
    if told.of("failed"):
        return  # it says itself what went wrong
    ran = Counter(one["name"].rpartition(".")[2] for one in told.tests)
    skipped = any(not one["name"] for one in told.of("skipped"))
    for name, classes in written(source).items():
        for one in sorted(classes)[: max(0, len(classes) - ran[name])]:
            id = f"{path}: {one}{name}"
            detail = "It stands in the file and never ran. Make it a method of a unittest.TestCase, or a plain function."
            yield {"id": id, "name": name, "verdict": "skipped" if skipped else "failed", "detail": detail}


def written(source: bytes) -> dict[str, set[str]]:
    """Return the names of the tests in a file, each with the classes that have one of this name."""
    found: dict[str, set[str]] = {}
    for node in parsed(source).body:
        inner = [(f"{node.name}.", one) for one in node.body] if isinstance(node, ast.ClassDef) else [("", node)]
        for place, one in inner:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test"):
                found.setdefault(one.name, set()).add(place)
    return found


def toothless(root: Path, path: Path, files: dict[Path, bytes], parts: list[Any]) -> Iterator[str]:
    """Yield the ids of the tests of a file that pass whatever they expect."""
    if sure := parts[1].turn(parsed(files[path])):
        told = examined(root, path, files, parts, turned=True)
        yield from (one["id"] for one in told.of("ok") if one["name"] in sure)


def summed(every: Told, stopped: str, never: list[str]) -> None:
    """Write the account of all files, and the line that counts."""
    failed = {one["id"]: one["detail"] for one in every.of("failed")}
    skipped = every.of("skipped")
    for id, detail in failed.items():
        sys.stdout.write(f"\n{'=' * 70}\nFAIL: {id}\n{_LINE}\n{detail.rstrip()}\n")
    ran = len(every.tests) - len(skipped)
    verdict = f"FAILED ({len(failed)})" if failed else "OK"
    sys.stdout.write(f"\n{_LINE}\nRan {ran} test{'' if ran == 1 else 's'}\n\n{stopped or verdict}\n")
    said = {
        "ran": ran,
        "failed": len(failed),
        "names": list(failed)[:MOST_NAMED],
        "skipped": len(skipped),
        "empty": never[:MOST_NAMED],
        "stopped": stopped,
    }
    sys.stdout.write(f"\n{MARK}{json.dumps(said)}\n")


def parsed(source: bytes) -> ast.Module:
    """Return the syntax tree of a file; that of nothing where it has none: running it says so."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def empty(path: Path, source: bytes) -> Iterator[str]:
    """Yield the tests of a file that check nothing."""
    found = (node for node in ast.walk(parsed(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for test in (one for one in found if one.name.startswith("test")):
        if not any(map(checks, ast.walk(test))):
            yield f"{path}: {test.name}"


def checks(node: ast.AST) -> bool:
    """Return whether this part of a test can make it fail: an assertion that is not about a constant."""
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Raise)
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    plain = bool(node.args or node.keywords) and all(isinstance(one, ast.Constant) for one in node.args)
    return bool(CHECKING.search(called)) and not (plain and called.startswith("assert"))


if __name__ == "__main__":
    main()
