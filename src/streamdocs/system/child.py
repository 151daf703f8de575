"""Run a program to its end, in a time that has an end, too."""

import os
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from streamdocs.errors import WaitTimeoutError


def run(
    command: Sequence[str], what: str, seconds: float, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``command``, which gets no input, and return what it wrote; ``options`` are Popen's.

    Raises WaitTimeoutError, which says «que {what}», after that many ``seconds``. Whatever keeps
    it from ending, it is killed with all that it started.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        **options,
    ) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise WaitTimeoutError(what, seconds) from None
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)
