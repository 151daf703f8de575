"""Whose turn it is: builds take turns, since their pages listen on the same ports.

The turn is the one listening socket of its name. The name is Linux's abstract kind: it belongs to
a network namespace, as the ports do, and is free again once the last process that holds it ends.
"""

import errno
import os
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from streamdocs.errors import BuildError, WaitTimeoutError

DEADLINE = 3600.0
"""Seconds after which a build waits no longer: the whole course takes half of it."""

_NAME = "\0streamdocs/turno"
_CREDENTIALS = struct.Struct("3i")  # PID, user and group of a socket's other end: unix(7)


def take(announce: Callable[[str], None]) -> socket.socket:
    """Wait until no other build runs on these ports; then it is the caller's turn.

    The turn ends when the socket that is returned is closed by all that hold it, also by the death
    of their processes. ``announce`` is told which process is waited for.

    Raises WaitTimeoutError after DEADLINE seconds, and BuildError when this process has it.
    """
    deadline = time.monotonic() + DEADLINE
    while True:
        mine = _listen()
        if mine is not None:
            return mine
        with socket.socket(socket.AF_UNIX) as other, suppress(ConnectionError):
            other.connect(_NAME)
            holder = _peer(other)
            if holder == os.getpid():
                raise BuildError(
                    "Este proceso no ha cerrado su construcción anterior: ciérrala antes de abrir "
                    "otra."
                )
            if _started_us(holder):
                return socket.socket(socket.AF_UNIX)  # nothing of ours to hold
            what = f"acabe la construcción del proceso PID {holder}"
            announce(f"espero a que {what}")
            other.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                # Nobody answers: the call returns when the last holder is gone.
                other.recv(1)
            except TimeoutError:
                raise WaitTimeoutError(what, DEADLINE) from None


def _listen() -> socket.socket | None:
    mine = socket.socket(socket.AF_UNIX)
    try:
        mine.bind(_NAME)
    except OSError as error:
        mine.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None
    mine.listen()
    return mine


def _peer(connected: socket.socket) -> int:
    """The process that listens at the other end."""
    option = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, _, _ = _CREDENTIALS.unpack(option)
    return int(pid)


def _started_us(holder: int) -> bool:
    """Whether ``holder`` waits for us: tests that hold a build of their own start others."""
    return holder in {process.pid for process in psutil.Process().parents()}
