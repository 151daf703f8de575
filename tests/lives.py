"""A program with Spark that a test starts, and that does not outlive it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from streamdocs.running import archive
from streamdocs.system import java
from streamdocs.system.programs import java_home

DEADLINE = 120.0


@dataclass(frozen=True)
class Life:
    """A program that runs, and where what it prints is."""

    process: subprocess.Popen[bytes]
    log: Path

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Return when ``reached``; the program has to live until then."""
        deadline = time.monotonic() + DEADLINE
        while not reached():
            assert self.process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < deadline, f"the program gets no further: {what}"
            time.sleep(0.002)

    def end(self) -> None:
        """Return when the program has ended by itself, and well."""
        assert self.process.wait(DEADLINE) == 0, self.log.read_text("utf-8")


@contextmanager
def life(script: Path, folder: Path, **env: str) -> Iterator[Life]:
    """While this is entered the program runs in ``folder``; then it is killed, with its JVM."""
    quick = (*java.QUICK, java.keep_downloads(), "-Dspark.ui.enabled=false")
    spark = {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(archive.CONF),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_SUBMIT_OPTS": java.options(*quick),
    }
    # The first that asks for the archive makes it, with these options.
    shared = archive.options(java_home(), os.environ | spark)
    spark["SPARK_SUBMIT_OPTS"] = java.options(*quick, *shared)
    log = folder / "registro.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(script)],
            cwd=folder,
            env=os.environ | spark | env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield Life(process, log)
    finally:
        # Its JVM may be there when it has gone.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def numbers(checkpoint: Path, what: str) -> set[str]:
    """The batches that are in a folder of the checkpoint's."""
    return {file.name for file in (checkpoint / what).glob("[0-9]*")}
