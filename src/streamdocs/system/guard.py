"""End what a build started and remove its folder, also when the build itself was killed.

The guard is a process of its own that reads a pipe whose other end only the build holds. When
the pipe closes, for whatever reason, it kills every process that carries the build's tag in its
environment: children that were detached with ``nohup``, ``setsid`` or ``disown`` keep it too.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from streamdocs.errors import BuildError

TAG = "STREAMDOCS_TAG"
"""Environment variable that marks the processes of a build, and of each page in it."""

SOCKET = "STREAMDOCS_SOCKET"
"""Environment variable with the address at which a kernel reaches its build."""

_PR_SET_PDEATHSIG = 1  # from linux/prctl.h
_READY = 30.0
"""Seconds that the guard itself may take to come up."""

_PATIENCE = 10.0
"""Seconds after which processes that will not die are left to the system."""


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
        try:
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and process.environ().get(TAG, "").startswith(tag):
                yield process
        except psutil.Error:
            continue


def kill(tag: str) -> None:
    """Kill every process that carries ``tag``, and those that they start meanwhile."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        victims = list(tagged(tag))
        if not victims:
            return
        for process in victims:
            try:
                process.kill()
            except psutil.Error:
                continue
        psutil.wait_procs(victims, timeout=1)


def main() -> None:
    """Wait for the end of the build, then clean up after it."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    folder, tag = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.buffer.read()
    kill(tag)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
