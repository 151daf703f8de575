"""What Linux tells of processes and sockets, read from /proc."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from streamdocs.errors import StreamdocsError

_T = TypeVar("_T")
_SWITCHES = re.compile(r"ctxt_switches:\s+(\d+)")
_LISTENING = "0A"

# Where the system calls that wait keep their time limit: the argument's index, and whether it is
# a number of milliseconds (negative: no limit) or a pointer (null: no limit). None: always limited.
# Numbers from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h.
_MILLISECONDS, _POINTER = True, False
_WAITS = {
    "x86_64": {
        35: None,  # nanosleep
        230: None,  # clock_nanosleep
        7: (2, _MILLISECONDS),  # poll
        232: (3, _MILLISECONDS),  # epoll_wait
        281: (3, _MILLISECONDS),  # epoll_pwait
        23: (4, _POINTER),  # select
        270: (4, _POINTER),  # pselect6
        271: (2, _POINTER),  # ppoll
    },
    "aarch64": {
        101: None,  # nanosleep
        115: None,  # clock_nanosleep
        22: (3, _MILLISECONDS),  # epoll_pwait
        72: (4, _POINTER),  # pselect6
        73: (2, _POINTER),  # ppoll
    },
}
_READ = {"x86_64": 0, "aarch64": 63}


@dataclass(frozen=True)
class Look:
    """One look at a process or thread: how it is, and its numbers of context switches."""

    state: str
    group: int
    threads: int
    switches: tuple[str, ...]

    @property
    def asleep(self) -> bool:
        """Whether it slept, or was stopped, when it was looked at."""
        return self.state in "ST"


def look(task: Path) -> Look | None:
    """Look at the process or thread ``task`` (a folder of /proc); None if it is gone or dead."""
    try:
        fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
        switches = tuple(_SWITCHES.findall((task / "status").read_text()))
    except (OSError, IndexError):
        return None
    return None if fields[0] == "Z" else Look(fields[0], int(fields[2]), int(fields[17]), switches)


def sessions(leaders: Collection[int]) -> dict[int, Look]:
    """A look at each process, by pid, in the sessions that ``leaders`` lead."""
    found = {}
    for pid in psutil.pids():
        try:
            inside = os.getsid(pid) in leaders
        except OSError:
            continue
        seen = look(Path(f"/proc/{pid}")) if inside else None
        if seen is not None:
            found[pid] = seen
    return found


def threads(pid: int, name: str) -> dict[int, Look]:
    """A look at each thread of ``pid``, by id, whose name begins with ``name`` (15 bytes kept)."""
    found = {}
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            matches = (task / "comm").read_text().startswith(name[:15])
        except OSError:
            continue
        seen = look(task) if matches else None
        if seen is not None:
            found[int(task.name)] = seen
    return found


def waits_for_time(pid: int) -> bool:
    """Whether ``pid`` sleeps in a system call that ends by itself, such as a sleep."""
    call = _system_call(pid)
    if call is None:
        return False
    number, arguments = call
    waits = _table(_WAITS)
    if number not in waits:
        return False
    limit = waits[number]
    if limit is None:
        return True
    index, milliseconds = limit
    value = arguments[index]
    return value & 0xFFFFFFFF < 0x80000000 if milliseconds else value != 0


def reads_input(pid: int) -> bool:
    """Whether ``pid`` sleeps in a read of its standard input."""
    call = _system_call(pid)
    return call is not None and call[0] == _table(_READ) and call[1][0] == 0


def _system_call(pid: int) -> tuple[int, list[int]] | None:
    try:
        first, *rest = Path(f"/proc/{pid}/syscall").read_text().split()
    except OSError:
        return None
    if not first.isdigit():
        return None
    return int(first), [int(value, 16) for value in rest]


def _table(by_machine: dict[str, _T]) -> _T:
    machine = platform.machine()
    if machine not in by_machine:
        raise StreamdocsError(
            f"No conozco las llamadas al sistema de {machine}: construye en "
            f"{' o '.join(by_machine)}."
        )
    return by_machine[machine]


def unread_bytes(pids: Iterable[int]) -> int:
    """Bytes that wait in the queues of the connected sockets of ``pids``.

    Those at the other end of their connections, where it is on this machine, count too.
    """
    mine = {inode for pid in pids for inode in _sockets(pid)}
    if not mine:
        return 0
    rows = [row for name in ("tcp", "tcp6", "udp", "udp6") for row in _connections(name)]
    ends = {_ipv4(row[1]) for row in rows if row[9] in mine}
    return sum(
        sum(int(size, 16) for size in row[4].split(":"))
        for row in rows
        if row[9] in mine or _ipv4(row[2]) in ends
    )


def _ipv4(address: str) -> str:
    """The end of an address that IPv4 («0100007F:270F») and IPv4 mapped into IPv6 share."""
    return address[-13:]


def _sockets(pid: int) -> Iterable[str]:
    try:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                yield target[8:-1]
    except OSError:
        return


def _connections(name: str) -> Iterable[list[str]]:
    lines = Path("/proc/net", name).read_text().splitlines()[1:]
    return (row for row in map(str.split, lines) if row[3] != _LISTENING)
