"""Whose turn it is: a user's builds take turns, since their pages listen on the same ports."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from typing import IO

import platformdirs
import psutil

from streamdocs.errors import WaitTimeoutError

DEADLINE = 3600.0
"""Seconds after which a build waits no longer: the whole course takes half of it."""

_BETWEEN_LOOKS = 0.2


def take(announce: Callable[[str], None]) -> IO[str]:
    """Wait until no other build of this user runs; then it is the caller's turn.

    The turn ends when the file that is returned is closed by all that hold it, also by the death
    of their processes. ``announce`` is told, once for each, which process is waited for.

    Raises WaitTimeoutError after DEADLINE seconds.
    """
    folder = platformdirs.user_cache_path("streamdocs", ensure_exists=True)
    file = (folder / "turno").open("a+", encoding="ascii")
    deadline = time.monotonic() + DEADLINE
    announced = ""
    while not _locked(file):
        holder = _holder(file)
        if _started_us(holder):
            return file
        what = f"acabe la construcción del proceso PID {holder}"
        if holder and holder != announced:
            announce(f"espero a que {what}")
            announced = holder
        if time.monotonic() > deadline:
            file.close()
            raise WaitTimeoutError(what, DEADLINE)
        time.sleep(_BETWEEN_LOOKS)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[str]) -> str:
    """The PID of the build whose turn it is; "" while it has not yet written it."""
    file.seek(0)
    return file.read()


def _started_us(holder: str) -> bool:
    """Whether ``holder`` waits for us: tests that hold a build of their own start others."""
    return holder in {str(process.pid) for process in psutil.Process().parents()}
