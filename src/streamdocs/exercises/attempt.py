"""A reader's program, run against real Spark, and what Spark itself says that it read.

What was read is taken from Spark's event log, which a configuration of ours switches on: the
program neither knows nor can forge it by printing.
"""

import json
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import psutil

from streamdocs.errors import StreamdocsError
from streamdocs.running import settle
from streamdocs.running.build import Build
from streamdocs.running.jvm import Gateway
from streamdocs.system import guard, java, waiting

_SETTINGS = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
    # Spark counts the rows that a filter lets through to it: with this, all that it has read.
    "spark.sql.csv.filterPushdown.enabled": "false",
    # A query that finds nothing to do says so in the log twice a second.
    "spark.sql.streaming.noDataProgressEventInterval": "500",
    "spark.sql.json.filterPushdown.enabled": "false",
}
_PROGRESS = "StreamingQueryListener$QueryProgressEvent"
_RAISED = re.compile(r"^[\w.]*(?:Error|Exception|Exit|Interrupt)\b.*", re.MULTILINE)
_BETWEEN_LOOKS = 0.1


class ProgramEndedError(StreamdocsError):
    """The program has ended before it had done what was waited for."""


class Attempt:
    """One try of a reader's file, in a folder of its own."""

    def __init__(self, build: Build, file: Path, *, shared: bool = False) -> None:
        """Prepare to run ``file`` in the next folder of ``build``.

        It starts a JVM of its own, as a reader's program does, unless it is to take the ``shared``
        one of the build, which runs it in a third of the time. There it cannot name packages, and
        a query would go on if the program were killed.
        """
        self._build = build
        self._shared = shared
        self._workspace = build.workspace
        # Without the examples: the solution is one of them.
        self._own = self._workspace.new_home(())
        self.home = self._own.path
        self._file = file.resolve()
        self.events = self.home.parent / "events"
        self.events.mkdir()
        self._settings = _SETTINGS | {"spark.eventLog.dir": f"file:{self.events}"}
        env = self._workspace.environment(self._own)
        options = java.options(*(f"-D{name}={value}" for name, value in self._settings.items()))
        self._env = {
            **env,
            "SPARK_SUBMIT_OPTS": f"{env['SPARK_SUBMIT_OPTS']} {options}",
            "PYTHONUNBUFFERED": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._jvm: Gateway | None = None
        self._shown = 0
        self._stdout = self.home.parent / "stdout"
        self._stderr = self.home.parent / "stderr"

    def start(self, **env: str) -> None:
        """Start the program, with ``env`` added to its environment."""
        command = [sys.executable, str(self._file)]
        if self._shared:
            command[1:1] = ["-m", "streamdocs.exercises.shared"]
            env |= self._turned()
        with self._stdout.open("wb") as out, self._stderr.open("wb") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=self.home,
                env=self._env | env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                # Control+C is for whoever checks.
                start_new_session=True,
            )

    def stop(self) -> None:
        """Kill the program and all that it started."""
        self._workspace.end(self._own)
        if self._process is not None:  # else, what comes before it has failed
            self._process.wait()

    def ask_to_end(self) -> None:
        """Send the program SIGTERM, and nothing to what it started."""
        assert self._process is not None
        self._process.terminate()

    def pause(self, on: bool = True) -> None:
        """Hold the program and all that it started where they are, or let them go on."""
        for process in guard.tagged(self._own.tag):
            with suppress(psutil.Error):  # it has just ended
                process.suspend() if on else process.resume()

    def start_kafka(self) -> None:
        """Have the broker of the build run; raises KafkaError where there is none to be had."""
        self._build.start_kafka()

    def kafka_suspended(self) -> AbstractContextManager[None]:
        """While this is entered, the broker of the build answers nobody."""
        return self._build.kafka_suspended()

    def reach(self, port: int) -> None:
        """Wait until the program has called ``port``, or has ended."""
        what = f"el programa se conecte al puerto {port}"
        waiting.until(lambda: not self.running or self._calls(port), what, settle.DEADLINE)

    def _calls(self, port: int) -> bool:
        with suppress(psutil.Error):  # it has just ended
            return any(
                each.raddr and each.raddr.port == port
                for process in guard.tagged(self._own.tag)
                for each in process.net_connections("tcp")
            )
        return False

    @property
    def printed(self) -> str:
        """What the program has printed since it was started."""
        text = self._stdout.read_text("utf-8", "replace")
        return text + self._jvm_printed().decode("utf-8", "replace")

    def _turned(self) -> dict[str, str]:
        """Where the shared JVM is, that has just been made as good as new."""
        self._jvm = self._build.gateway(str(self.home), self._settings)
        assert self._jvm is not None, "a build that shares no JVM cannot lend one"
        self._shown = Path(self._jvm.stdout).stat().st_size
        port, secret = "PYSPARK_GATEWAY_PORT", "PYSPARK_GATEWAY_SECRET"
        return {port: str(self._jvm.port), secret: self._jvm.secret}

    def _jvm_printed(self) -> bytes:
        if self._jvm is None:
            return b""
        with Path(self._jvm.stdout).open("rb") as stdout:
            stdout.seek(self._shown)
            return stdout.read()

    @property
    def running(self) -> bool:
        """Whether the program, or a JVM that it started, still runs."""
        assert self._process is not None
        return self._process.poll() is None or any(guard.tagged(self._own.tag))

    def wait(self, reached: Callable[[], bool], what: str, within: float = math.inf) -> None:
        """Wait until ``reached()``; ``what`` says so in words: «que {what}».

        Raises ProgramEndedError, or WaitTimeoutError after as many seconds as it must be
        ``within``, and at most settle.DEADLINE.
        """

        def done() -> bool:
            # Looked at first: what a program did last, it did before it ended.
            running = self.running
            if reached():
                return True
            if not running:
                raise ProgramEndedError(f"El programa ha terminado sin que {what}.{self._why()}")
            return False

        waiting.until(done, what, min(within, settle.DEADLINE), _BETWEEN_LOOKS)

    def ended(self) -> int:
        """Wait until the program has ended by itself; its exit code."""
        self.wait(lambda: not self.running, "el programa termine por sí solo")
        assert self._process is not None
        return self._process.returncode

    def finish(self) -> None:
        """Wait until the program has ended by itself, without an error."""
        if self.ended() != 0:
            raise ProgramEndedError(f"El programa ha fallado.{self._why()}")

    def rows_read(self, source: str) -> int:
        """Rows that streaming queries have read from sources whose description has ``source``."""
        return sum(self.rows_by_batch(source).values())

    def rows_by_batch(self, source: str) -> dict[int, int]:
        """The same, for each number that a micro-batch with rows has."""
        rows: Counter[int] = Counter()
        for progress in self._progresses():
            read = sum(
                found["numInputRows"]
                for found in progress["sources"]
                if source in found["description"]
            )
            if read:
                rows[progress["batchId"]] += read
        return dict(rows)

    def _progresses(self) -> Iterator[dict[str, Any]]:
        for file in self.events.iterdir():
            # The last one is not whole yet.
            for line in file.read_text("utf-8", "replace").split("\n")[:-1]:
                if _PROGRESS in line:
                    yield json.loads(line)["progress"]

    def _why(self) -> str:
        """The last error that the program wrote, and the line of the file that it points at."""
        errors = self._stderr.read_text("utf-8", "replace")
        raised = _RAISED.findall(errors)
        if not raised:
            return ""
        lines = re.findall(rf'File "{re.escape(str(self._file))}", line (\d+)', errors)
        where = f"{self._file.name}:{lines[-1]}: " if lines else ""
        return f"\n  {where}{raised[-1]}"
