"""End what a build started and remove its folder, also when the build itself was killed.

The guard is a process of its own that reads a pipe whose other end only the build holds. When
the pipe closes, for whatever reason, it kills every process that carries the build's tag in its
environment: children that were detached with ``nohup``, ``setsid`` or ``disown`` keep it too. Those
that took it off, as ``env -i`` does, are found below the others, or by the folder that they are in.
"""

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from streamdocs.errors import BuildError
from streamdocs.system import procfs

TAG = "STREAMDOCS_TAG"
"""Environment variable that marks the processes of a build, and of each page in it."""

# From linux/prctl.h.
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_READY = 30.0
"""Seconds that the guard itself may take to come up."""

_PATIENCE = 10.0
"""Seconds after which processes that will not die are left to the system."""

_QUIT = 2.0
"""Seconds that a server which is told to quit may take; it needs a tenth of one."""

_BETWEEN_LOOKS = 0.01


def start(folder: Path, tag: str, turn: socket.socket) -> subprocess.Popen[bytes]:
    """Start the guard of a build; closing its ``stdin`` sets it off.

    ``folder`` is removed at the end; ``tag`` is the value of TAG in the build's children. The
    guard holds the ``turn``, too: the next build's begins when this one's ports are free.

    Raises BuildError if it does not come up: nothing may be started that nobody would end.
    """
    env = {key: value for key, value in os.environ.items() if key != TAG}
    # The package that is running, and not another of that name.
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    started = subprocess.Popen(
        [sys.executable, "-m", "streamdocs.system.guard", str(folder), tag],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=env,
        pass_fds=[turn.fileno()],
    )
    assert started.stdout
    up, _, _ = select.select([started.stdout], [], [], _READY)
    if not up or not started.stdout.readline():
        started.kill()
        started.communicate()
        raise BuildError(
            f"El guardián que limpia tras la construcción no ha arrancado: prueba a mano "
            f"«{sys.executable} -m streamdocs.system.guard» y corrige lo que diga."
        )
    return started


def end_with(parent: int) -> None:
    """Have this process killed when its parent, which has the PID ``parent``, ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It has ended already.
        os.kill(os.getpid(), signal.SIGKILL)


def tagged(tag: str) -> Iterator[psutil.Process]:
    """Living processes whose environment holds ``tag``, or a tag that begins with it."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if _lives(process) and process.environ().get(TAG, "").startswith(tag):
                yield process


def adopt_orphans() -> None:
    """Keep the descendants of this process below it when their own parents end."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def kill(tag: str, folder: Path) -> None:
    """Kill every process that carries ``tag``, and those that they start meanwhile.

    What they started without the tag goes first, while its ancestors are stopped: later, nothing
    would tell whose it was. Where they are dead already, orphans in ``folder`` are theirs.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        marked = list(tagged(tag))
        _quit_servers(marked)
        _send(signal.SIGSTOP, marked)
        victims = _untagged(marked, folder) or marked
        if not victims:
            return
        _send(signal.SIGKILL, victims)
        time.sleep(_BETWEEN_LOOKS)


def _send(kind: signal.Signals, processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(kind)


def _quit_servers(processes: Iterable[psutil.Process]) -> None:
    """Have PostgreSQL stop at once by itself: killed, it leaves memory of the system's behind."""
    servers = [process for process in processes if _name(process) == "postgres"]
    _send(signal.SIGQUIT, servers)
    psutil.wait_procs(servers, _QUIT)


def _name(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return str(process.name())
    return ""


def _untagged(marked: Collection[psutil.Process], folder: Path) -> list[psutil.Process]:
    """Living descendants of ``marked`` that are none of these, and orphans in ``folder``."""
    found = {process for process in psutil.process_iter() if _orphan_in(folder, process)}
    for process in marked:
        with suppress(psutil.Error):
            found.update(process.children(recursive=True))
    return [process for process in found.difference(marked) if _lives(process)]


def _lives(process: psutil.Process) -> bool:
    return procfs.look(Path(f"/proc/{process.pid}")) is not None


def _orphan_in(folder: Path, process: psutil.Process) -> bool:
    """Whether ``process`` works below ``folder``, and no terminal is left that it belongs to."""
    with suppress(psutil.Error):
        return folder in Path(process.cwd(), "x").parents and not procfs.terminal(process.pid)
    return False


def clean(folder: Path, tag: str) -> None:
    """Leave nothing of a build: no process, no folder."""
    kill(tag, folder)
    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Wait for the end of the build, then clean up after it."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    folder, tag = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.buffer.read()
    clean(Path(folder), tag)


if __name__ == "__main__":
    main()
