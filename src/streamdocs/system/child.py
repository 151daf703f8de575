"""Run a program to its end, in a time that has an end, too."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from streamdocs.errors import WaitTimeoutError

_running: set[subprocess.Popen[str]] = set()
"""What runs now, in whichever thread."""

_leaving = threading.Event()
"""Whether nothing is to run any more beside what has failed, or was interrupted."""

_TIED = ("/usr/bin/setpriv", "--pdeathsig", "KILL")
"""What has a program killed when the one that started it is gone, also by kill -9: setpriv(1)."""


@contextmanager
def beside() -> Iterator[Executor]:
    """Threads for programs that run beside what is done while this is entered.

    It is left when they have ended. Where what is done fails, or is interrupted, all that runs is
    killed: nobody waits for it in vain.
    """
    try:
        with ThreadPoolExecutor() as threads:
            try:
                yield threads
            except BaseException:
                # A thread may be between two programs.
                _leaving.set()
                for process in tuple(_running):
                    _kill(process)
                raise
    finally:
        _leaving.clear()


def run(
    command: Sequence[str], what: str, seconds: float, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``command``, which gets no input, and return what it wrote; ``options`` are Popen's.

    Raises WaitTimeoutError, which says «que {what}», after that many ``seconds``. Whatever keeps
    it from ending, it is killed with all that it started.
    """
    with subprocess.Popen(
        [*_TIED, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        **options,
    ) as process:
        _running.add(process)
        if _leaving.is_set():
            _kill(process)
        try:
            out, err = process.communicate(timeout=seconds)
        except BaseException as error:
            _kill(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise WaitTimeoutError(what, seconds) from None
            raise
        finally:
            _running.discard(process)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        os.killpg(process.pid, signal.SIGKILL)
