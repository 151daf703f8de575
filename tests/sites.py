"""A site in a folder of its own, to edit and to build, and what a build of it said and cost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bench.pairs import Peak

ROOT = Path(__file__).parents[1]
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
"""With it, a build puts no time of its own into what it writes."""

SESSION = """from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()"""
NOBODY_LISTENS = f"""{SESSION}
lineas = spark.readStream.format("socket").option("host", "localhost").option("port", 9).load()
consulta = lineas.writeStream.format("console").start()"""

CONF = """
from pathlib import Path
from streamdocs.course import page
from streamdocs.running import cache

HERE = Path(__file__).parent
extensions = ["myst_nb", "streamdocs.publishing.sphinx_ext"]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["_build"]
myst_enable_extensions = list(page.EXTENSIONS)
html_theme = "basic"
nb_custom_formats = {".md": ["streamdocs.course.page.read", {"examples": str(HERE / "examples")}]}
nb_execution_mode = "cache"
nb_execution_timeout = 300
nb_execution_cache_path = str(cache.folder(HERE / "_build" / "jupyter-cache", HERE / "src"))
suppress_warnings = ["mystnb.exec"]
streamdocs_examples = "examples"
streamdocs_expected = "expected"
streamdocs_model = "model"
"""


@dataclass(frozen=True)
class Built:
    """What a build said and cost."""

    code: int
    out: str
    err: str
    seconds: float
    peak: int
    """The most memory that it had at once, in bytes, if it was watched."""

    @property
    def executed(self) -> Set[str]:
        """The pages that a kernel ran."""
        return frozenset(re.findall(r"^(\S+): \d+ celdas, [\d.]+ s$", self.out, re.MULTILINE))

    def green(self) -> Built:
        """This build, which must not have failed."""
        assert self.code == 0, self.err
        return self


@dataclass(frozen=True)
class Site:
    """A small site in a folder of its own, strictly built."""

    root: Path
    watched: bool = False
    """Whether the memory of its builds is looked at."""

    patience: ClassVar[int] = 300
    """Seconds after which a build is given up."""

    @classmethod
    def new(cls, folder: Path) -> Site:
        """A site without pages, with the course's examples."""
        (folder / "conf.py").write_text(CONF)
        (folder / "src").mkdir()
        (folder / "src" / "errors.py").write_text("VERSION = 1\n")
        shutil.copytree(ROOT / "examples", folder / "examples")
        return cls(folder)

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root

    def names(self) -> list[str]:
        """The names of the pages."""
        files = (file.relative_to(self.docs) for file in self.docs.rglob("*.md"))
        return sorted(
            file.with_suffix("").as_posix() for file in files if "_build" not in file.parts
        )

    def page(self, name: str, *cells: str) -> None:
        """Write a page whose cells are ``cells``, and put it into the table of contents."""
        fences = "\n\n".join(f"```{{code-cell}}\n{cell}\n```" for cell in cells)
        self.write(name, f"# Página {name}\n\nUna frase.\n\n{fences}\n")
        self.contents()

    def write(self, name: str, text: str) -> None:
        """Write a page's whole text."""
        file = self.docs / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def contents(self) -> None:
        """Put every page into the table of contents of a front page."""
        names = "\n".join(name for name in self.names() if name != "index")
        self.write("index", f"# Sitio\n\n```{{toctree}}\n{names}\n```\n")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace ``old``, which must be there, in a file of the site."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} no dice «{old}»"
        path.write_text(text.replace(old, new), "utf-8")

    def append(self, file: str, text: str) -> None:
        """Add ``text`` to the end of a file of the site, which may be new."""
        with (self.root / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def clean(self) -> None:
        """Forget all builds."""
        shutil.rmtree(self.docs / "_build", ignore_errors=True)

    def build(
        self, *options: str, command: Sequence[str] = (), folder: str = "html", **env: str
    ) -> Built:
        """Build the site into a folder below _build; the build ends with this process.

        ``command`` is a program that runs others, if one has to run this.
        """
        with subprocess.Popen(
            [*command, sys.executable, "-m", "sphinx", "-q", *options, *self._arguments(folder)],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ) | {"STREAMDOCS_PARENT": str(os.getpid())} | env,
        ) as running:
            started = time.monotonic()
            peak = Peak(running.pid)
            try:
                with peak.watched() if self.watched else nullcontext():
                    out, err = running.communicate(timeout=self.patience)
            except BaseException:
                running.kill()
                raise
            seconds = time.monotonic() - started
        return Built(running.returncode, out, err, seconds, peak.bytes)

    def _arguments(self, folder: str) -> list[str]:
        return ["-W", "-n", ".", f"_build/{folder}"]

    def served(self, folder: str = "_build/html") -> dict[str, str]:
        """What is served of the site, by file."""
        html = self.docs / folder
        kinds = (".html", ".ipynb", ".js", ".css", ".md", ".txt")
        files = sorted(file for file in html.rglob("*") if file.suffix in kinds)
        return {str(file.relative_to(html)): file.read_text("utf-8") for file in files}

    def published(self, folder: str = "_build/html") -> dict[str, str]:
        """The same without the search index: Sphinx keeps in it words that no page has now."""
        files = self.served(folder)
        del files["searchindex.js"]
        return files

    def regen(self) -> Built:
        """Accept what the pages print now."""
        return self.build("-D", "streamdocs_regen=1").green()


HOLD = """import sys, time
from streamdocs.system import turn
held = turn.take(print)
print("mío", flush=True)
time.sleep(600)"""


def hold_turn() -> subprocess.Popen[str]:
    """A process whose turn it is to build."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    assert holder.stdout.readline() == "mío\n"
    return holder
