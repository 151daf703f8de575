"""The shells in a live page's terminals: whether what runs in them is at rest."""

import fcntl
import os
import sys
import termios
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from streamdocs.running import settle
from streamdocs.system import guard, procfs


def of_page() -> list[int]:
    """The numbers of the processes that are shells of the page's terminals."""
    tagged = (process.pid for process in guard.tagged(os.environ[guard.TAG]))
    return [pid for pid in tagged if _leads(pid)]


def unread(shell: int) -> int:
    """Bytes of whole lines that wait in the terminal of a ``shell`` for a program to read them."""
    with suppress(OSError):
        keyboard = os.open(str(procfs.terminal(shell)), os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            size = fcntl.ioctl(keyboard, termios.FIONREAD, bytes(4))
        finally:
            os.close(keyboard)
        return int.from_bytes(size, sys.byteorder)
    return 0


def _leads(pid: int) -> bool:
    """Whether it is the shell of a terminal."""
    with suppress(ProcessLookupError):
        return procfs.terminal(pid) is not None and os.getsid(pid) == pid
    return False


def look(shells: Collection[int], busy: Collection[int] = ()) -> settle.Rest | None:
    """What two looks at all that runs in the terminals agree on; None if something ran.

    What ``busy`` shells run must not go on, either; it is asked between the looks, when it sleeps.
    """
    folder = Path.home()
    first = procfs.sessions(shells, folder)
    if not all(seen.asleep for seen in first.values()):
        return None
    queued = (procfs.unread_bytes(first), *map(unread, shells))
    if any(map(goes_on, busy)) or procfs.sessions(shells, folder) != first:
        return None
    return first, queued


def goes_on(shell: int) -> bool:
    """Whether a program in the foreground of a shell will run again without being spoken to.

    Where Linux does not tell whether one waits for a time, only those with threads (a JVM) do.
    """
    with suppress(OSError):  # the shell has ended
        front = int(procfs.stat(Path(f"/proc/{shell}"))[5])
        running = procfs.sessions([shell])
        ahead = {pid: seen for pid, seen in running.items() if seen.group == front}
        # Where nobody is left, the program is ending, and the shell will speak next.
        return not ahead or any(_runs(pid, seen) for pid, seen in ahead.items() if pid != shell)
    return False


def _runs(pid: int, seen: procfs.Look) -> bool:
    try:
        return settle.runs_by_itself(pid, seen)
    except procfs.UnobservableError:
        return False
