"""Where a build works: a folder with a guard, a home for each page, and its environment."""

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from streamdocs.errors import BuildError, StreamdocsError, WaitTimeoutError
from streamdocs.kafka.jars import SPARK_HOME
from streamdocs.running import archive, channel
from streamdocs.system import child, guard, java, programs, turn

ENDED = 60.0
"""Seconds that the guard may take to end what is left of a build and to remove its folder."""

_LONGEST = 87
"""Bytes that the name of a build's folder may have.

That of a socket may have 107, unix(7), and the longest below it is «/jupyter/page-999-1».
"""

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# A reader's UI listens on 4040; a build shows nobody's UI, and listens as little as it can.
_NO_UI = "-Dspark.ui.enabled=false"
_EXECUTORS = "spark.executor.defaultJavaOptions"


@dataclass(frozen=True)
class Home:
    """A folder in which processes work, and the tag that they carry."""

    path: Path
    tag: str


class Workspace:
    """The folder of a build, and all that runs in it."""

    def __init__(
        self, examples: Path, announce: Callable[[str], None], quick: Sequence[str] | None
    ) -> None:
        """Prepare a workspace.

        Args:
            examples: the folder that pages find as ``~/examples``.
            announce: told of what is waited for.
            quick: options for each of Spark's JVMs; None to let them start as a reader's do.
        """
        self._examples = examples
        self._announce = announce
        self._quick = quick
        self._starts = tuple(quick or ())
        self._homes = 0
        self._leaving = ExitStack()

    def open(self) -> None:
        """Make the folder and start its guard.

        Raises MissingProgramError when a program that the pages need is missing, WaitTimeoutError
        when another build does not end, BuildError or OSError when there is no place for it.
        """
        self._java_home = programs.java_home()
        nc = programs.find("nc")
        self._tag = uuid.uuid4().hex
        self.folder = Path(tempfile.gettempdir(), f"streamdocs-{self._tag[:8]}")
        if len(os.fsencode(self.folder)) > _LONGEST:
            raise BuildError(
                f"El nombre de la carpeta temporal {self.folder.parent} es demasiado largo para "
                "los sockets que van en ella: pon en TMPDIR una de nombre más corto."
            )
        mine = self._leaving.enter_context(turn.take(self._announce))
        # The guard comes first: from here on, whatever ends the build, the folder goes.
        self._leaving.callback(self._end, guard.start(self.folder, self._tag, mine))
        # A terminal of another user must find the programs in it.
        self.folder.mkdir(mode=0o711)
        for name in ("bin", "tmp", "jupyter"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "nc").symlink_to(nc)
        if self._quick is not None:
            self._starts += java.forks(java.java_major(str(programs.java())))
            env = self.environment(self.place("archive"))
            self._starts += tuple(archive.options(self._java_home, env))

    def place(self, name: str) -> Home:
        """A home for something that all pages share; its folder is not made."""
        return Home(self.folder / name, f"{self._tag}/{name}/")

    def new_home(self, files: Iterable[str] = (".",)) -> Home:
        """A fresh folder for a page, with those ``files`` and folders of the examples in it."""
        self._homes += 1
        place = self.place(f"page-{self._homes}")
        home = Home(place.path / "alumno", place.tag)
        (home.path / "examples").mkdir(parents=True)
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        for name in files:
            source, copy = self._examples / name, home.path / "examples" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy, ignore=hidden, dirs_exist_ok=True)
            else:
                shutil.copy2(source, copy)
        return home

    def environment(self, home: Home) -> Mapping[str, str]:
        """The whole environment of the processes in ``home``: nothing else of ours reaches them."""
        tmp = self.folder / "tmp"
        # What each JVM of Spark's starts with: programs, and a cluster's daemons.
        starts = (*self._starts, f"-Djava.io.tmpdir={tmp}")
        return {
            "JAVA_HOME": str(self._java_home),
            "TZ": "UTC",
            "HOME": str(home.path),
            "PATH": os.pathsep.join(
                (str(self.folder / "bin"), str(Path(sys.executable).parent), _SYSTEM_PATH)
            ),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(tmp),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_HOME": str(SPARK_HOME),
            "SPARK_CONF_DIR": str(archive.CONF),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LAUNCHER_OPTS": " ".join(() if self._quick is None else java.QUICK),
            "SPARK_DAEMON_JAVA_OPTS": java.options(*starts),
            "SPARK_SUBMIT_OPTS": java.options(
                *starts,
                java.keep_downloads(),
                _NO_UI,
                # A worker starts executors with what the program's own JVM tells it.
                f"-D{_EXECUTORS}={java.options(*starts)}",
            ),
            guard.TAG: home.tag,
            channel.SOCKET: str(self.folder / "socket"),
        }

    def end(self, home: Home) -> None:
        """Kill what runs in ``home``, and what its terminals may have left."""
        guard.kill(home.tag, home.path)

    def close(self) -> None:
        """End what runs, remove the folder, and let the next build begin."""
        self._leaving.close()

    def _end(self, guard_: subprocess.Popen[bytes]) -> None:
        try:
            guard_.communicate(timeout=ENDED)
        except subprocess.TimeoutExpired:
            guard_.kill()
            guard_.communicate()
            what = f"el guardián acabe con lo que arrancó la construcción en {self.folder}"
            raise WaitTimeoutError(what, ENDED) from None


@contextmanager
def training(quick: Sequence[str]) -> Iterator[None]:
    """Have the archive of classes made while this is entered, if there is none.

    The first workspace that opens makes it, and all others wait: this one is for nothing else, and
    does not wait for its turn. ``quick`` as a workspace's. What goes wrong, the next one says.
    """

    def give_up(what: str) -> None:
        raise BuildError(what)

    def train() -> None:
        with suppress(StreamdocsError, OSError):
            if archive.lacks(programs.java_home()):
                with closing(Workspace(Path(), give_up, quick)) as workspace:
                    workspace.open()

    with child.beside() as threads:
        trained = threads.submit(train)
        yield
        trained.result()
