"""Where an aula works: a folder with a guard, and in it a home and an environment for each page."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Self

from streamdocs.errors import BuildError, StreamdocsError, WaitTimeoutError
from streamdocs.kafka.jars import SPARK_HOME
from streamdocs.running import archive, jvm
from streamdocs.running.workspace import ENDED, Home
from streamdocs.system import guard, java, programs

_LONGEST = 66
"""Bytes that the folder's name may have: a check builds in it, and its folder's may have 90."""

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_EXAMPLES = "ejemplos.zip"


class NoSiteError(StreamdocsError):
    """The folder is not that of a site of the course."""


class NoPageError(StreamdocsError):
    """The site has no page of that name."""


class Place:
    """The folder of one aula; whatever ends its process, it goes, and all that runs in it."""

    def __init__(self, site: Path) -> None:
        """Find what the pages of the built ``site`` need.

        Raises NoSiteError where there is no such site, MissingProgramError without a program.
        """
        self._site = site
        self._examples = _examples(site)
        self._java_home = programs.java_home()
        self._nc = programs.find("nc")
        self.tag = uuid.uuid4().hex
        self.folder = Path(tempfile.gettempdir(), f"aula-{self.tag[:8]}")
        if len(os.fsencode(self.folder)) > _LONGEST:
            raise BuildError(
                f"El nombre de la carpeta temporal {self.folder.parent} es demasiado largo para "
                "los sockets que van en ella: pon en TMPDIR una de nombre más corto."
            )
        self._homes = 0
        self._archive: Future[Sequence[str]] = Future()

    def __enter__(self) -> Self:
        # The guard comes first: from here on, whatever ends the aula, the folder goes.
        with socket.socket(socket.AF_UNIX) as nobodys_turn:
            self._guard = guard.start(self.folder, self.tag, nobodys_turn)
        self.folder.mkdir(mode=0o700)
        for name in ("bin", "tmp", "runtime", "config", "data", "sockets"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "nc").symlink_to(self._nc)
        training = self.environment(self.shared("archive"))
        # Made once for an environment, which takes a minute: nobody waits for it, not even at the
        # end, since it may wait for another process that makes it.
        threading.Thread(target=self._make_archive, args=[training], daemon=True).start()
        return self

    def _make_archive(self, env: Mapping[str, str]) -> None:
        try:
            self._archive.set_result(archive.options(self._java_home, env))
        except Exception as error:
            self._archive.set_exception(error)

    def __exit__(self, *_: object) -> None:
        try:
            self._guard.communicate(timeout=ENDED)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.communicate()
            what = f"el guardián acabe con lo que arrancó el aula en {self.folder}"
            raise WaitTimeoutError(what, ENDED) from None

    def text(self, page: str) -> str:
        """What the site has of a page, as HTML. Raises NoPageError where it has none."""
        file = (self._site / f"{page}.html").resolve()
        if not file.is_relative_to(self._site) or not file.is_file():
            raise NoPageError(f"En el sitio no hay ninguna página que se llame {page}.")
        return file.read_text("utf-8")

    @property
    def tmp(self) -> Path:
        """Where what runs leaves what nobody will look for."""
        return self.folder / "tmp"

    def shared(self, name: str) -> Home:
        """A home for what serves one page after another; its folder is not made."""
        return Home(self.folder / name, f"{self.tag}/{name}/")

    def new_home(self) -> Home:
        """A fresh folder for a page, with the examples in it."""
        self._homes += 1
        name = f"page-{self._homes}"
        home = Home(self.folder / name / "alumno", f"{self.tag}/{name}/")
        home.path.mkdir(parents=True)
        with zipfile.ZipFile(self._examples) as examples:
            examples.extractall(home.path)
        return home

    def environment(self, home: Home) -> Mapping[str, str]:
        """The whole environment of what runs in ``home``: nothing else of ours reaches it."""
        made = self._archive.done() and self._archive.exception() is None
        quick = (*jvm.SPARK_QUICK, *(self._archive.result() if made else ()))
        starts = java.options(*quick, java.keep_downloads(), f"-Djava.io.tmpdir={self.tmp}")
        path = (str(self.folder / "bin"), str(Path(sys.executable).parent), _SYSTEM_PATH)
        return {
            "HOME": str(home.path),
            "PATH": os.pathsep.join(path),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TMPDIR": str(self.tmp),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "JAVA_HOME": str(self._java_home),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_HOME": str(SPARK_HOME),
            "SPARK_CONF_DIR": str(archive.CONF),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LAUNCHER_OPTS": " ".join(java.QUICK),
            "SPARK_SUBMIT_OPTS": starts,
            guard.TAG: home.tag,
        }

    def ender(self, home: Home) -> Sequence[str]:
        """The program that ends what runs in ``home`` and removes its folder.

        A process of its own: here it would take from Jupyter the news of its children's end.
        """
        return (sys.executable, "-m", "streamdocs.system.guard", str(home.path.parent), home.tag)


def _examples(site: Path) -> Path:
    found = next(site.glob(f"_downloads/*/{_EXAMPLES}"), None)
    if found is None:
        raise NoSiteError(
            f"En {site} no hay un sitio del curso: constrúyelo con «uvx nox -s docs», o escribe "
            "la carpeta en que está."
        )
    return found
