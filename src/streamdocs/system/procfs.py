"""What Linux tells of processes and sockets, read from /proc."""

import os
import platform
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from streamdocs.errors import StreamdocsError

_SWITCHES = re.compile(r"ctxt_switches:\s+(\d+)")
_LISTENING = "0A"

# The system calls in which a program waits, by machine and number: the argument that matters, and
# what it is. Numbers from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h.
_FILE = "the file that is read"
_MILLISECONDS = "a limit in milliseconds; none, if negative"
_POINTER = "where the limit stands; none, if null"
_SLEEP = "a sleep has always a limit"
_WAITS = {
    "x86_64": {
        0: (0, _FILE),  # read
        35: (0, _SLEEP),  # nanosleep
        230: (0, _SLEEP),  # clock_nanosleep
        7: (2, _MILLISECONDS),  # poll
        232: (3, _MILLISECONDS),  # epoll_wait
        281: (3, _MILLISECONDS),  # epoll_pwait
        23: (4, _POINTER),  # select
        270: (4, _POINTER),  # pselect6
        271: (2, _POINTER),  # ppoll
    },
    "aarch64": {
        63: (0, _FILE),  # read
        101: (0, _SLEEP),  # nanosleep
        115: (0, _SLEEP),  # clock_nanosleep
        22: (3, _MILLISECONDS),  # epoll_pwait
        72: (4, _POINTER),  # pselect6
        73: (2, _POINTER),  # ppoll
    },
}


class UnobservableError(StreamdocsError):
    """Linux does not tell what a process waits for."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"No puedo saber si un terminal ha acabado: Linux no deja leer /proc/{pid}/syscall. "
            "Construye como root, o permite «ptrace» (sysctl kernel.yama.ptrace_scope=0)."
        )


@dataclass(frozen=True)
class Look:
    """One look at a process or thread: how it is, and its numbers of context switches."""

    state: str
    group: int
    session: int
    threads: int
    switches: tuple[str, ...]

    @property
    def asleep(self) -> bool:
        """Whether it slept, or was stopped, when it was looked at."""
        return self.state in "ST"


def look(task: Path) -> Look | None:
    """Look at the process or thread ``task`` (a folder of /proc); None if it is gone or dead.

    One whose first thread has ended is not dead while others live: so a JVM ends, and for tens of
    milliseconds nobody who waits for its end has been told.
    """
    try:
        fields = stat(task)
        switches = tuple(_SWITCHES.findall(_text(task / "status")))
    except (OSError, IndexError):
        return None
    state, group, session, threads_ = fields[0], *(int(fields[at]) for at in (2, 3, 17))
    dead = state == "Z" and threads_ == 1
    return None if dead else Look(state, group, session, threads_, switches)


def stat(task: Path) -> list[str]:
    """What proc_pid_stat(5) says of a process or thread from its state, the third field, on."""
    return _text(task / "stat").rsplit(")", 1)[1].split()


def _text(file: Path) -> str:
    """A file of /proc that holds a name: cut at 15 bytes, it may end in half a letter."""
    return file.read_text(errors="replace")


def sessions(leaders: Collection[int], folder: Path | None = None) -> dict[int, Look]:
    """A look at each process, by pid, in the sessions that ``leaders`` lead.

    With it, one at each of the PostgreSQL that runs in a ``folder`` of that one: its processes
    lead sessions of their own, and a client that waits for them looks as if it waited for ever.
    """
    serves = folder is not None and any(folder.glob("*/postmaster.pid"))

    def inside(process: Path) -> bool:
        if os.getsid(int(process.name)) in leaders:
            return True
        return (
            serves
            and _name(process) == "postgres"
            and folder in (process / "cwd").readlink().parents
        )

    return _looks((Path(f"/proc/{pid}") for pid in psutil.pids()), inside)


def terminal(pid: int) -> Path | None:
    """The terminal of an interactive ``pid``, as xterm or Jupyter give one; None without it.

    psutil's own answer knows only those that were there when it was asked for the first time.
    """
    try:
        device = int(stat(Path(f"/proc/{pid}"))[4])
    except (OSError, IndexError):
        return None
    return Path(f"/dev/pts/{os.minor(device)}") if device else None


def _name(task: Path) -> str:
    return _text(task / "comm").rstrip("\n")


def threads(pid: int, name: str) -> dict[int, Look]:
    """A look at each thread of the JVM ``pid``, by id, whose name begins with ``name``.

    Linux keeps 15 bytes: up to Java 25 the first ones, later the first 7, two dots and the last 6.
    """
    kept = (name[:15], f"{name[:7]}..")
    return _looks(Path(f"/proc/{pid}/task").glob("*"), lambda task: _name(task).startswith(kept))


def _looks(tasks: Iterable[Path], wanted: Callable[[Path], bool]) -> dict[int, Look]:
    """A look at each of ``tasks`` that is ``wanted`` and lives, by its number."""
    found = {}
    for task in tasks:
        try:
            seen = look(task) if wanted(task) else None
        except OSError:
            continue
        if seen is not None:
            found[int(task.name)] = seen
    return found


def waits_for_time(pid: int) -> bool:
    """Whether ``pid`` sleeps in a system call that ends by itself, such as a sleep."""
    what, value = _wait(pid)
    if what == _MILLISECONDS:
        return value & 0xFFFFFFFF < 0x80000000
    return what == _SLEEP or (what == _POINTER and value != 0)


def reads_input(pid: int) -> bool:
    """Whether ``pid`` sleeps in a read of its standard input."""
    return _wait(pid) == (_FILE, 0)


def _wait(pid: int) -> tuple[str, int]:
    """What the argument that matters of the call in which ``pid`` waits is, and its value."""
    machine, process = platform.machine(), Path(f"/proc/{pid}")
    if machine not in _WAITS:
        raise StreamdocsError(
            f"No conozco las llamadas al sistema de {machine}: construye en {' o '.join(_WAITS)}."
        )
    try:
        number, *arguments = (process / "syscall").read_text().split()
    except OSError as error:
        if look(process) is None:
            return "", 0
        raise UnobservableError(pid) from error
    if not number.isdigit() or int(number) not in _WAITS[machine]:
        return "", 0
    index, what = _WAITS[machine][int(number)]
    return what, int(arguments[index], 16)


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
    lines = Path("/proc/net", name).read_text().split("\n")[1:-1]
    return (row for row in map(str.split, lines) if row[3] != _LISTENING)
