"""The one warm JVM of a build, and the process that owns it.

The owner is a child of the build (``python -m streamdocs.running.jvm``): PySpark's own launcher
takes the JVM's environment from its process, so a clean one needs a process of its own. The two
talk over a pipe; when the build's end of it closes, the owner ends, and with it the JVM.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import RLock
from typing import Any

from streamdocs.errors import BuildError, StreamdocsError, WaitTimeoutError
from streamdocs.running import upstream
from streamdocs.running.workspace import Home, Workspace
from streamdocs.system import guard, java

SPARK_QUICK = (
    *(*java.QUICK, "-Xmn300m", "-XX:ReservedCodeCacheSize=240m"),
    *("-XX:+UnlockExperimentalVMOptions", "-XX:SymbolTableSize=262144"),
)
"""The same for Spark's own runs.

What a page makes fits in the young generation (heap: 1 GiB), and what C1 makes of the code of many
pages, in its cache: with the 48 MiB that it has by default, it makes room all the time. HotSpot
looks for each name of Spark's classes in a table that by default is an eighth of this one.
"""

READ_AT_START = ("spark.jars", "spark.driver.memory", "spark.driver.extraClassPath")
"""Beginnings of options that Spark reads only when a JVM starts."""

STARTED = 120.0
"""Seconds that a JVM may take to start; here it takes five."""

TURNED = 30.0
"""Seconds that a JVM may take to get ready for the next page; here it takes a tenth of one."""


@dataclass(frozen=True)
class Gateway:
    """What a process needs to attach to a running JVM, and the file that gets its stdout."""

    port: int
    secret: str
    pid: int
    stdout: str


class Jvm:
    """A running JVM with PySpark's gateway, for one page after another."""

    def __init__(self, workspace: Workspace, home: Home) -> None:
        """Start it in ``home``, which also gets its output.

        Raises BuildError if it does not start, WaitTimeoutError after STARTED seconds.
        """
        home.path.mkdir()
        self._home = home
        self._line, theirs = Pipe()
        with theirs, (home.path / "stderr").open("wb") as errors:
            command = [sys.executable, "-m", "streamdocs.running.jvm", str(theirs.fileno())]
            self._owner = subprocess.Popen(
                [*command, str(home.path)],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=workspace.environment(home),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.gateway = Gateway(*self._answer("la JVM de Spark arranque", STARTED))

    def turn_page(self, home: str, settings: Mapping[str, str]) -> None:
        """Make the JVM as good as new for a page whose folder is ``home``.

        A SparkContext that the last page left is stopped; relative paths and the warehouse go to
        ``home``, and ``settings`` are options of the next. Raises BuildError or WaitTimeoutError if
        it does not; then it has been ended.
        """
        with suppress(OSError):  # that it is gone, its answer says
            self._line.send((home, dict(settings)))
        self._answer("la JVM de Spark se prepare para la página siguiente", TURNED)

    def stop(self) -> None:
        """End the JVM and its owner, whatever they do."""
        guard.kill(self._home.tag, self._home.path)
        self._owner.wait()
        self._line.close()

    def _answer(self, what: str, seconds: float) -> Any:
        try:
            if self._line.poll(seconds):
                return self._line.recv()
            error: StreamdocsError = WaitTimeoutError(what, seconds)
        except (EOFError, OSError):
            log = (self._home.path / "stderr").read_text("utf-8", "replace").strip()
            error = BuildError(f"La JVM de Spark ha terminado: {log[-400:] or 'sin mensaje'}")
        self.stop()
        raise error


class Warm:
    """The JVM that a build has ready: begun ahead, and replaced when it answers no more."""

    def __init__(self, start: Callable[[], Jvm]) -> None:
        """``start`` starts a JVM, and is called in a thread of its own."""
        self._start = start
        self._starter = ThreadPoolExecutor(1)
        self._starting: Future[Jvm] | None = None
        # A page that was given up may still wait for its answer when the next one asks.
        self._asked = RLock()

    def begin(self) -> None:
        """Begin to start a JVM, if there is none."""
        with self._asked:
            if self._starting is None:
                self._starting = self._starter.submit(self._start)

    def gateway(self, home: str, settings: Mapping[str, str]) -> Gateway:
        """A JVM that is as good as new for a page whose folder is ``home``; see ``turn_page``.

        Raises BuildError or WaitTimeoutError where there is none to be had.
        """
        with self._asked:
            one = self._started()
            try:
                one.turn_page(home, settings)
            except StreamdocsError:
                # It was the last page's doing, which says so itself.
                self._starting = None
                one = self._started()
                one.turn_page(home, settings)
            return one.gateway

    def _started(self) -> Jvm:
        self.begin()
        assert self._starting is not None
        try:
            return self._starting.result()
        except (StreamdocsError, OSError):
            self._starting = None
            raise

    def close(self) -> None:
        """Leave no thread and no zombie behind; the guard has ended what they waited for."""
        self._starter.shutdown()
        if self._starting is not None and self._starting.exception() is None:
            self._starting.result().stop()


def needs_own_jvm(option: str) -> bool:
    """Whether a Spark ``option`` only works in a JVM that was started with it."""
    return option.startswith(READ_AT_START) or option.endswith("JavaOptions")


def launch(stdout: Path, conf: Any = None, **popen: Any) -> tuple[Any, Gateway]:
    """Start a JVM as PySpark does, whose standard output goes to the file ``stdout``."""
    from pyspark.java_gateway import launch_gateway

    with stdout.open("wb") as file:
        gateway = launch_gateway(conf, {"stdout": file, **popen})
    parameters = gateway.java_parameters
    return gateway, Gateway(parameters.port, parameters.auth_token, gateway.proc.pid, str(stdout))


def _own(line: "Connection[Any, Any]", folder: Path) -> None:
    gateway, address = launch(folder / "stdout", cwd=str(folder))
    line.send(astuple(address))
    with suppress(EOFError):
        while turned := line.recv():
            upstream.turn(gateway.jvm, *turned)
            line.send(None)


if __name__ == "__main__":
    _own(Connection(int(sys.argv[1])), Path(sys.argv[2]))
