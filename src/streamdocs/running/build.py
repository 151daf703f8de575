"""What the pages of one build share: a folder, a guard, a JVM, and a line to each kernel."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jupyter_cache.executors import utils

from streamdocs.course.page import Page
from streamdocs.errors import BuildError, StreamdocsError
from streamdocs.kafka import tools
from streamdocs.kafka.broker import Broker
from streamdocs.running import archive, execution, jvm
from streamdocs.system import guard, java, programs, turn

_LONGEST = 90
"""Characters that the name of a build's folder may have: a socket's may have 107, unix(7)."""

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# A reader's UI listens on 4040; a build shows nobody's UI, and listens as little as it can.
_NO_UI = "-Dspark.ui.enabled=false"

current: Build | None = None
"""The build of this process, for the kernels that it starts."""


@dataclass(frozen=True)
class Event:
    """Something to show of a page that runs: a cell that begins, or a wait that is long."""

    page: Page
    cell: int
    waiting: str = ""


class Build:
    """A context in which kernels of the kind «streamdocs» can run pages."""

    def __init__(
        self, examples: Path, report: Callable[[Event], None], *, warm: bool = True
    ) -> None:
        """Prepare a build.

        Args:
            examples: folder that each page finds as ``~/examples``.
            report: called, from other threads too, with what happens inside the pages.
            warm: whether pages share a JVM that starts soon; else each starts its own, with no
                options of ours, as a reader's notebook does.
        """
        self._warm = warm
        self.page = Page("", ())
        self._examples = examples
        self._report = report
        self._tag = ""
        self._guard: subprocess.Popen[bytes] | None = None
        self._broker: Broker | None = None
        self._jvm: Future[jvm.Jvm] | None = None
        self._starter = ThreadPoolExecutor(1)
        self._homes = 0
        self._quick: Sequence[str] = jvm.SPARK_QUICK if warm else ()
        self._archive: Sequence[str] = ()
        self._jvms = 0
        self._turn: socket.socket | None = None
        self._listener: Listener | None = None
        self._refused: Exception | None = None
        self._execution = patch.object(utils, "executenb", execution.execute)

    def __enter__(self) -> Build:
        global current
        if current is not None:
            raise BuildError("Ya hay una construcción en marcha en este proceso.")
        current = self
        self._execution.start()
        return self

    def __exit__(self, *_: object) -> None:
        global current
        current = None
        self._execution.stop()
        self._starter.shutdown()
        if self._guard is not None:
            self._stop(self._guard)
        if self._turn is not None:
            self._turn.close()

    def _stop(self, guard_: subprocess.Popen[bytes]) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._broker is not None:
            self._broker.stop("KILL")
        if self._jvm is not None and self._usable(self._jvm):
            self._jvm.result().stop()
        guard_.communicate()

    def open(self) -> None:
        """Make the folder, the guard and the socket; the first kernel needs them, not the build.

        Raises MissingProgramError when a program that the pages need is missing, WaitTimeoutError
        when another build does not end, BuildError or OSError when there is no place for it.
        """
        if self._refused is not None:
            raise self._refused
        if self._guard is not None:
            return
        try:
            self._open()
        except (StreamdocsError, OSError) as error:
            # Each page would wait as long, and fail, again.
            self._refused = error
            raise

    def _open(self) -> None:
        self._java_home = programs.java_home()
        nc = programs.find("nc")
        self._tag = uuid.uuid4().hex
        self.folder = Path(tempfile.gettempdir(), f"streamdocs-{self._tag[:8]}")
        if len(str(self.folder)) > _LONGEST:
            raise BuildError(
                f"El nombre de la carpeta temporal {self.folder.parent} es demasiado largo para "
                "los sockets que van en ella: pon en TMPDIR una de nombre más corto."
            )
        self._turn = turn.take(lambda what: self._report(Event(self.page, 0, what)))
        # The guard comes first: from here on, whatever ends the build, the folder goes.
        self._guard = guard.start(self.folder, self._tag, self._turn)
        # A terminal of another user must find the programs in it.
        self.folder.mkdir(mode=0o711)
        for name in ("bin", "tmp", "jupyter"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "nc").symlink_to(nc)
        if self._warm:
            self._archive = archive.options(self._java_home, self._training())
        # jupyter_client, in this process, keeps connection files and reads configuration here.
        for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            os.environ[name] = str(self.folder / "jupyter")
        self._listener = Listener(str(self.folder / "socket"), family="AF_UNIX")
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _training(self) -> Mapping[str, str]:
        """The environment in which the class-data archive is made."""
        return {**self.environment(self.folder), guard.TAG: f"{self._tag}/archive"}

    def new_home(self, reach: Collection[str] = (".",)) -> Path:
        """A fresh folder for the current page, with the examples that it can ``reach`` in it."""
        self._homes += 1
        home = self.folder / "pages" / str(self._homes) / "alumno"
        (home / "examples").mkdir(parents=True)
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        for name in reach:
            source, copy = self._examples / name, home / "examples" / name
            if source.is_dir():
                shutil.copytree(source, copy, ignore=hidden, dirs_exist_ok=True)
            else:
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copy)
        return home

    def environment(self, home: Path) -> Mapping[str, str]:
        """The whole environment of a page's processes: nothing else of ours reaches them."""
        tmp = self.folder / "tmp"
        # What each JVM of Spark's starts with: programs, and a cluster's daemons.
        starts = (*self._quick, *self._archive, f"-Djava.io.tmpdir={tmp}")
        return {
            "JAVA_HOME": str(self._java_home),
            "TZ": "UTC",
            "HOME": str(home),
            "PATH": os.pathsep.join(
                (str(self.folder / "bin"), str(Path(sys.executable).parent), _SYSTEM_PATH)
            ),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(tmp),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_CONF_DIR": str(archive.CONF),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LAUNCHER_OPTS": " ".join(java.QUICK if self._warm else ()),
            "SPARK_DAEMON_JAVA_OPTS": " ".join(starts),
            "SPARK_SUBMIT_OPTS": " ".join((*starts, java.keep_downloads(), _NO_UI)),
            guard.TAG: self.page_tag,
            guard.SOCKET: str(self.folder / "socket"),
        }

    @property
    def page_tag(self) -> str:
        """The tag of the current page's processes; it begins with the build's."""
        return f"{self._tag}/{self._homes}/"

    def start_kafka(self) -> None:
        """Have the broker run, and its tools on the pages' PATH.

        Raises KafkaError where there is none to be had.
        """
        folder = self.folder / "kafka"
        if not folder.exists():
            tools.install(self.folder / "bin", folder)
        if self._broker is None:
            env = {**self.environment(folder), guard.TAG: f"{self._tag}/kafka"}
            self._broker = Broker(folder, env)
        self._broker.ensure()

    def end_page(self) -> None:
        """Kill what the current page's terminals may have left."""
        guard.kill(self.page_tag)

    def warm_up(self) -> None:
        """Begin to start the pages' JVM, if none runs; ``_gateway`` waits for it."""
        if not self._warm:
            return
        if self._jvm is not None and (not self._jvm.done() or self._usable(self._jvm)):
            return
        self._jvms += 1
        folder = self.folder / f"jvm-{self._jvms}"
        env = {**self.environment(folder), guard.TAG: f"{self._tag}/jvm"}
        self._jvm = self._starter.submit(jvm.Jvm, folder, env)

    @staticmethod
    def _usable(future: Future[jvm.Jvm]) -> bool:
        return future.exception() is None and future.result().alive

    def _gateway(self, home: Path) -> jvm.Gateway | None:
        self.warm_up()
        if self._jvm is None:
            return None
        warm = self._jvm.result()
        warm.turn_page(home)
        return warm.gateway

    def _serve(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=(connection,), daemon=True).start()

    def _attend(self, connection: Connection[Any, Any]) -> None:
        """Answer one kernel until it goes."""
        page, cell = self.page, 0
        connection.send(page)
        while True:
            try:
                kind, value = connection.recv()
                if kind == "gateway":
                    connection.send(self._try_gateway(Path(value)))
                    continue
                cell = value if kind == "cell" else cell
                self._report(Event(page, cell, value if kind == "waiting" else ""))
            except (EOFError, OSError):
                return

    def _try_gateway(self, home: Path) -> jvm.Gateway | str | None:
        try:
            return self._gateway(home)
        except (StreamdocsError, OSError) as error:
            return str(error)
