"""A small site to break, and the built course to read."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from course import ROOT, Course, executed
from nbformat import NotebookNode
from playwright.sync_api import Browser, sync_playwright

COURSE = Course(ROOT)
DOCS = COURSE.docs

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
"""

EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
"""With it, a build puts no time of its own into what it writes."""

SESSION = """from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()"""
NOBODY_LISTENS = f"""{SESSION}
lineas = spark.readStream.format("socket").option("host", "localhost").option("port", 9).load()
consulta = lineas.writeStream.format("console").start()"""

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@dataclass(frozen=True)
class Built:
    """What a build of a small site said."""

    code: int
    out: str
    err: str

    @property
    def executed(self) -> frozenset[str]:
        """The pages that a kernel ran."""
        return executed(self.out)


@dataclass(frozen=True)
class Site:
    """A small site in a folder of its own."""

    root: Path

    @classmethod
    def new(cls, folder: Path) -> Site:
        """A site without pages, with the course's examples."""
        (folder / "conf.py").write_text(CONF)
        (folder / "src").mkdir()
        (folder / "src" / "errors.py").write_text("VERSION = 1\n")
        shutil.copytree(ROOT / "examples", folder / "examples")
        return cls(folder)

    def page(self, name: str, *cells: str) -> None:
        """Write a page whose cells are ``cells``, and put it into the table of contents."""
        fences = "\n\n".join(f"```{{code-cell}}\n{cell}\n```" for cell in cells)
        (self.root / f"{name}.md").write_text(f"# Página {name}\n\nUna frase.\n\n{fences}\n")
        names = sorted(file.stem for file in self.root.glob("*.md") if file.stem != "index")
        toc = "\n".join(names)
        (self.root / "index.md").write_text(f"# Sitio\n\n```{{toctree}}\n{toc}\n```\n")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace ``old``, which must be there, in a file of the site."""
        path = self.root / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def build(self, *options: str, command: Sequence[str] = (), **env: str) -> Built:
        """Build the site as the course is built, by a program that runs others, if one is given."""
        sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", *options, ".", "_build/html"]
        ran = subprocess.run(
            [*command, *sphinx],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=300,
            env=dict(os.environ) | env,
        )
        return Built(ran.returncode, ran.stdout, ran.stderr)

    def published(self, folder: str = "_build/html") -> dict[str, str]:
        """The HTML of the site, by file."""
        html = self.root / folder
        return {str(file.relative_to(html)): file.read_text() for file in html.rglob("*.html")}

    def regen(self) -> Built:
        """Accept what the pages print now."""
        built = self.build("-D", "streamdocs_regen=1")
        assert built.code == 0, built.err
        return built


def fake_java(folder: Path, answer: str) -> None:
    """The one stub of the suite: a java that only says its version."""
    java = folder / "java"
    java.write_text(f"#!/bin/sh\necho '{answer}' >&2\n")
    java.chmod(0o755)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site without pages, with the course's examples."""
    return Site.new(tmp_path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or Playwright's own where there is none."""
    with sync_playwright() as playwright:
        system = shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=system, args=QUIET)
        yield chromium
        chromium.close()


class Server(http.server.ThreadingHTTPServer):
    """A server for a browser that may leave in the middle."""

    def handle_error(self, *request: object) -> None:
        """Tell of anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*request)


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server that takes requests for no news."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the built course is served, on loopback."""
    handler = functools.partial(Silent, directory=str(DOCS / "_build" / "html"))
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let «nox -s faults» try more than «nox -s tests» has time for."""
    parser.addoption("--faults", action="store_true", help="many random edits and kills")


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether many random faults are tried, and not a few."""
    return bool(request.config.getoption("--faults"))


@pytest.fixture(scope="session")
def course() -> Callable[[str], NotebookNode]:
    """Reads the executed notebook of a page of the built course, by its name."""
    return COURSE.executed


def page_names() -> list[str]:
    """The names of the course's pages."""
    return COURSE.names()
