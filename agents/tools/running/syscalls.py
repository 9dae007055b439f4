"""The system calls a sandbox refuses: a filter the kernel runs, as bubblewrap's ``--seccomp`` takes it.

Namespaces already hold a program; this keeps it away from the parts of the kernel that holes were found in, and
from ways around a limit: memory without a file, sockets of the host machine, namespaces inside the namespace.
Numbers: the kernel's ``asm/unistd.h`` and ``asm-generic/unistd.h``.
"""

from __future__ import annotations

import errno
import platform
from collections.abc import Iterable
from struct import pack
from typing import Final, NamedTuple


class _Machine(NamedTuple):
    """One kind of processor: its audit number, and the numbers of the calls that are refused or looked at."""

    audit: int
    socket: int
    clone: int
    refused: tuple[int, ...]


# Of every machine since 2019 (one table for all): pidfd_getfd, io_uring, the new mount calls, memfd_secret.
_EVERYWHERE: Final = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447)
# In both lists: ptrace, process_vm_readv and _writev, mount, umount2, pivot_root, chroot, unshare, setns, keyctl, add_key,
# request_key, bpf, perf_event_open, userfaultfd, memfd_create, kexec_load, kexec_file_load, init_module, finit_module,
# delete_module, open_by_handle_at, name_to_handle_at, fanotify_init, quotactl, swapon, swapoff, reboot, acct, syslog,
# vhangup, personality, move_pages, migrate_pages, mbind, set_mempolicy, shmget, shmat, shmctl, msgget, semget.
# fmt: off
_MACHINES: Final = {
    "x86_64": _Machine(0xC000003E, 41, 56, (
        101, 310, 311, 165, 166, 155, 161, 272, 308, 250, 248, 249, 321, 298, 323, 319, 246, 320, 175, 313, 176, 304, 303,
        300, 179, 167, 168, 169, 163, 103, 153, 135, 279, 256, 237, 238, 29, 30, 31, 68, 64)),
    "aarch64": _Machine(0xC00000B7, 198, 220, (
        117, 270, 271, 40, 39, 41, 51, 97, 268, 219, 217, 218, 280, 241, 282, 279, 104, 294, 105, 273, 106, 265, 264,
        262, 60, 224, 225, 142, 89, 116, 58, 92, 239, 238, 235, 237, 194, 196, 195, 186, 190)),
}
# fmt: on
_CLONE3: Final = 435  # its flags are out of a filter's sight; "no such call" makes libraries use clone
_NAMESPACES: Final = 0x7E020080  # clone's flags that make one
_FAMILIES: Final = (1, 2, 10)  # unix, IPv4, IPv6; not vsock, netlink, packet: they reach the host
_OTHER_ABI: Final = 0x40000000  # x32's calls, by other numbers

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_IF_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_FAIL: Final = 0x00050000
_NUMBER, _AUDIT, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian


def refusals() -> bytes:
    """Return the filter for this machine; empty where its numbers are not known."""
    if (machine := _MACHINES.get(platform.machine())) is None:
        return b""
    return b"".join(
        [
            _line(_LOAD, _AUDIT),
            *_unless(_IF_EQUAL, machine.audit, _KILL),
            _line(_LOAD, _NUMBER),
            *_when(_IF_AT_LEAST, _OTHER_ABI, _FAIL | errno.ENOSYS),
            *_when(_IF_EQUAL, _CLONE3, _FAIL | errno.ENOSYS),
            *_each((*machine.refused, *_EVERYWHERE)),
            *_looked_at(machine.clone, [*_when(_IF_ANY_BIT, _NAMESPACES, _FAIL | errno.EPERM)]),
            *_looked_at(machine.socket, _families()),
            _line(_RETURN, _ALLOW),
        ]
    )


def _each(numbers: Iterable[int]) -> list[bytes]:
    return [line for number in numbers for line in _when(_IF_EQUAL, number, _FAIL | errno.EPERM)]


def _families() -> list[bytes]:
    known = [line for family in _FAMILIES for line in _when(_IF_EQUAL, family, _ALLOW)]
    return [*known, _line(_RETURN, _FAIL | errno.EAFNOSUPPORT)]


def _looked_at(call: int, then: list[bytes]) -> list[bytes]:
    """Return the lines that judge one call by its first argument, and let it pass when they do not refuse."""
    inside = [_line(_LOAD, _FIRST_ARGUMENT), *then, _line(_RETURN, _ALLOW)]
    return [_line(_IF_EQUAL, call, 0, len(inside)), *inside]


def _when(test: int, value: int, answer: int) -> list[bytes]:
    return [_line(test, value, 0, 1), _line(_RETURN, answer)]


def _unless(test: int, value: int, answer: int) -> list[bytes]:
    return [_line(test, value, 1, 0), _line(_RETURN, answer)]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one ``struct sock_filter``."""
    return pack("<HBBI", code, if_true, if_false, value)
