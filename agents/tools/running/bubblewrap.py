"""The walls: how bubblewrap is started, what a program inside finds, and whether that works on this machine.

Inside: the system and this Python, read-only; an empty network; one bounded place in memory to write to. No /proc, no
/etc, no home, nothing of the environment. See ``bwrap --help`` for each argument.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from agents.tools.running import syscalls

PLACE: Final = "/project"  # where a program starts, and may write
PATIENCE_S: Final = 10.0  # the first start on a busy machine
_TRANSIENT: Final = range(
    61_184, 65_520
)  # systemd's uids for services without a user: nobody owns a file as one
_SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_LINKER: Final = ("/etc/ld.so.cache", "/etc/alternatives")
_DEVICES: Final = ("null", "zero", "full", "random", "urandom")
CHECKOUT: Final = Path(__file__).resolve().parents[3]
CODE: Final = (
    CHECKOUT / "agents",
)  # all of ours that a reader of files needs; no data of this installation is in it
_FIRST_INSIDE: Final = re.compile(rb'"child-pid": (\d+)')
# What is needed can be read inside, and not by root.
_PROOF: Final = "import os, pydantic, agents.errors, sys; sys.exit(os.getuid() == 0)"


def unavailable() -> str:
    """Return one sentence why programs cannot be walled in here, "" when they can. Tried once; it waits, up to 10 s."""
    found = shutil.which("bwrap")
    if found is None:
        return "Real Python is off: bubblewrap is not installed. Install it with: sudo apt-get install -y bubblewrap"
    try:
        return _tried(found)
    except subprocess.TimeoutExpired:  # not remembered: the machine may just be busy
        return _said(found, f"it took longer than {PATIENCE_S:g} s")


def walls(
    filtered: int, *, room: int = 0, shown: Sequence[Path] = (), place: str = "/", status: int = -1
) -> list[str]:
    """Return the command line up to the program that is to run inside.

    Args:
        filtered: A descriptor that holds the filter of system calls; -1 for none.
        room: Bytes that may be written under ``/project``, ``/tmp`` and ``/dev/shm`` each; 0 for none at all.
        shown: More folders or files that are readable inside, at their own paths.
        place: Where the program starts.
        status: A descriptor bubblewrap writes its own account to, as JSON; the program does not get it. -1 for none.
    """
    return [
        shutil.which("bwrap") or "bwrap",
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
        *("--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"),
        *_rights(),
        *_written(room),  # first: the checkout itself may lie under /tmp
        *_readable([*_installation(), *shown]),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", place),
        *(("--json-status-fd", str(status)) if status >= 0 else ()),
        *(("--seccomp", str(filtered)) if filtered >= 0 else ()),
        "--",
        *_as_nobody(),
    ]


@contextmanager
def system_calls() -> Iterator[int]:
    """Give the descriptor of a pipe that holds the filter of system calls; -1 on a machine without one."""
    if not (program := syscalls.refusals()):
        yield -1
        return
    reading, writing = os.pipe()
    try:
        os.write(writing, program)  # about 1 kB: it fits a pipe
        os.close(writing)
        yield reading
    finally:
        os.close(reading)


def first_inside(said: bytes) -> int:
    """Return the process id, out here, of the first process inside, from bubblewrap's account; 0 before there is one."""
    found = _FIRST_INSIDE.search(said)
    return int(found[1]) if found else 0


def bury(said: bytes) -> None:
    """Wait for the first process inside where nobody else will: bubblewrap ends before it, and a container has no init."""
    if os.getpid() == 1 and (first := first_inside(said)):
        with suppress(ChildProcessError):
            os.waitpid(first, 0)


def _rights() -> list[str]:
    """Root must stay root until it becomes nobody; everybody else gets a namespace of users."""
    if os.geteuid() == 0:
        return ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--uid", "65534", "--gid", "65534"]


def _as_nobody() -> list[str]:
    """Limits on processes do not bind root, so a program root starts becomes a user of its own first."""
    if os.geteuid() != 0:
        return []
    uid = str(random.SystemRandom().choice(_TRANSIENT))
    return ["/usr/bin/setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"]


def _readable(more: Sequence[Path]) -> Iterator[str]:
    for name in _SYSTEM:
        if (path := Path(name)).is_symlink():
            yield from ("--symlink", os.readlink(path), name)  # noqa: PTH115  as it stands, not resolved
        else:
            yield from ("--ro-bind-try", name, name)
    for path in (*map(Path, _LINKER), *more):
        for above in reversed(path.parents[:-1]):
            yield from ("--perms", "0755", "--dir", str(above))  # bubblewrap's own would be root's alone
        yield from ("--ro-bind-try", str(path), str(path))


def _written(room: int) -> Iterator[str]:
    yield from ("--tmpfs", "/dev")
    for name in _DEVICES:
        yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
    if not room:  # bubblewrap takes a size of 0 for no bound
        return
    for place in (PLACE, "/tmp", "/dev/shm"):  # noqa: S108  inside, not ours
        yield from ("--perms", "1777", "--size", str(room), "--tmpfs", place)


@cache
def _installation() -> tuple[Path, ...]:
    """Return the folders this Python is made of: the environment, and where its links lead."""
    found = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()]
    step = Path(sys.executable)
    while step.is_symlink():
        step = step.parent / step.readlink()
        found.append(step.parent.parent)
    return tuple(dict.fromkeys(path for path in found if path not in {Path("/"), Path("/usr")}))


@cache
def _tried(bwrap: str) -> str:  # the path is the key: another bwrap is tried anew
    reading, writing = os.pipe()
    try:
        with system_calls() as filtered:
            around = walls(filtered, shown=CODE, place=str(CHECKOUT), status=writing)
            done = subprocess.run(  # noqa: S603
                [*around, sys.executable, "-B", "-s", "-c", _PROOF],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={},
                timeout=PATIENCE_S,
                pass_fds=[fd for fd in (writing, filtered) if fd >= 0],
                check=False,
            )
    except OSError as wrong:
        return _said(bwrap, str(wrong))
    finally:
        os.close(writing)
        bury(os.read(reading, 1 << 12))
        os.close(reading)
    return "" if done.returncode == 0 else _said(bwrap, done.stderr.decode(errors="replace"))


def _said(bwrap: str, why: str) -> str:
    first = (why.strip().splitlines() or ["it ended without a word"])[0]
    return (
        f"Real Python is off: {bwrap!r} cannot wall a program in here ({first[:200]}). Allow user namespaces for "
        "the bot's user, or run the bot where they are allowed."
    )
