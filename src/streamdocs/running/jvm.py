"""The one warm JVM of a build, and the process that owns it.

The owner is a child of the build (``python -m streamdocs.jvm``): PySpark's own launcher takes the
JVM's environment from its process, so a clean one needs a process of its own. The two talk in
lines on the owner's stdin and stdout.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from streamdocs.errors import BuildError
from streamdocs.system import java, procfs

SPARK_QUICK = (*java.QUICK, "-Xmn300m")
"""The same for Spark's own runs: what a page makes fits in the young generation (heap: 1 GiB)."""

READ_AT_START = ("spark.jars", "spark.driver.memory", "spark.driver.extraClassPath")
"""Beginnings of options that Spark reads only when a JVM starts."""


@dataclass(frozen=True)
class Gateway:
    """What a process needs to attach to a running JVM, and the file that gets its stdout."""

    port: int
    secret: str
    pid: int
    stdout: str


class Jvm:
    """A running JVM with PySpark's gateway, for one page after another."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        """Start it in ``folder``, which also gets its output; BuildError if it does not start."""
        folder.mkdir()
        self._errors = folder / "stderr"
        with self._errors.open("wb") as errors:
            self._owner = subprocess.Popen(
                [sys.executable, "-m", "streamdocs.running.jvm", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(env),
                text=True,
                start_new_session=True,
            )
        try:
            self.gateway = Gateway(**self._answer())
        except BuildError:
            self.stop()
            raise

    @property
    def alive(self) -> bool:
        """Whether the JVM still runs; one that was killed stays its owner's zombie."""
        return (
            self._owner.poll() is None
            and procfs.look(Path(f"/proc/{self.gateway.pid}")) is not None
        )

    def turn_page(self, home: Path) -> None:
        """Make the JVM as good as new for a page whose folder is ``home``.

        A SparkContext that the last page left is stopped; relative paths and the warehouse go to
        ``home``.
        """
        assert self._owner.stdin
        self._owner.stdin.write(f"{home}\n")
        self._owner.stdin.flush()
        self._answer()

    def stop(self) -> None:
        """End the JVM and its owner."""
        self._owner.communicate()

    def _answer(self) -> Any:
        assert self._owner.stdout
        line = self._owner.stdout.readline()
        if not line:
            log = self._errors.read_text() if self._errors.exists() else ""
            raise BuildError(f"La JVM de Spark ha terminado: {log.strip()[-400:] or 'sin mensaje'}")
        return json.loads(line)


def needs_own_jvm(option: str) -> bool:
    """Whether a Spark ``option`` only works in a JVM that was started with it."""
    return option.startswith(READ_AT_START) or option.endswith("JavaOptions")


def _turn(gateway: Any, home: str) -> None:
    companion = getattr(getattr(gateway.jvm.org.apache.spark, "SparkContext$"), "MODULE$")
    context = companion.getActive()
    if context.isDefined():
        context.get().stop()
    session = gateway.jvm.org.apache.spark.sql.classic.SparkSession
    session.clearActiveSession()
    session.clearDefaultSession()
    system = gateway.jvm.java.lang.System
    system.setProperty("user.dir", home)
    system.setProperty("spark.sql.warehouse.dir", f"{home}/spark-warehouse")
    # Hadoop's file systems remember the working directory that they were made with.
    gateway.jvm.org.apache.hadoop.fs.FileSystem.closeAll()


def _own(folder: Path, out: IO[str]) -> None:
    from pyspark.java_gateway import launch_gateway

    stdout = folder / "stdout"
    with stdout.open("wb") as file:
        gateway = launch_gateway(popen_kwargs={"stdout": file, "cwd": str(folder)})
    parameters = gateway.java_parameters
    answer: dict[str, Any] = {
        "port": parameters.port,
        "secret": parameters.auth_token,
        "pid": gateway.proc.pid,
        "stdout": str(stdout),
    }
    print(json.dumps(answer), file=out, flush=True)
    for line in sys.stdin:
        _turn(gateway, line.rstrip("\n"))
        print("{}", file=out, flush=True)
    # By itself it would take half a second; what it leaves lies in the build's folder, which goes.
    gateway.proc.kill()
    gateway.proc.wait()


if __name__ == "__main__":
    _own(Path(sys.argv[1]), sys.stdout)
