"""A small site to break, and the built course to read."""

from __future__ import annotations

import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import drawn
import pytest
from course import Course
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page, sync_playwright
from sites import EPOCH, NOBODY_LISTENS, ROOT, SESSION, Built, Site

from streamdocs.checking.pytest_plugin import TranscriptItem

__all__ = ["EPOCH", "NOBODY_LISTENS", "ROOT", "SESSION", "Built", "Site"]

COURSE = Course(ROOT)
DOCS = COURSE.docs

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def fake_java(folder: Path, answer: str) -> None:
    """The one stub of the suite: a java that only says its version, in a folder of a Java's."""
    java = folder / "jdk" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{answer}' >&2\n")
    java.chmod(0o755)
    (folder / "jdk" / "release").write_text("")
    (folder / "java").symlink_to(java)


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

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to «nox -s full» the transcripts that this commit does not draw."""
    transcripts = [item for item in items if isinstance(item, TranscriptItem)]
    names = {item: item.path.relative_to(ROOT).as_posix() for item in transcripts}
    tried = drawn.files(names.values())
    for item in transcripts:
        if names[item] not in tried:
            item.add_marker("full")


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether many random faults are tried, and not a few."""
    return bool(request.config.getoption("--faults"))


@pytest.fixture(scope="session")
def course() -> Callable[[str], NotebookNode]:
    """Reads the executed notebook of a page of the built course, by its name, once."""
    return functools.cache(COURSE.executed)


def page_names() -> list[str]:
    """The names of the course's pages."""
    return COURSE.names()


@contextmanager
def read_by(browser: Browser, address: str, *others: str, **options: Any) -> Iterator[Page]:
    """A page of the site at ``address``, which fails on what a reader should never meet.

    That is an error, or a request to anything but the site and what begins like ``others``;
    ``options`` are those of the browser's context.
    """
    context = browser.new_context(base_url=address, **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((address, *others)) else wrong.append(asked.url),
    )
    yield page
    context.close()
    assert wrong == []
