"""While the page on alerts runs, nothing of it can be called from outside; then it is gone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from conftest import DOCS, ROOT

from streamdocs.checking.one_page import run
from streamdocs.course.course import Course
from streamdocs.running.build import Build
from streamdocs.system import waiting

HOME = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
LISTENERS = {4040, 9090, 9093, 9099}
"""Spark's web, Prometheus, Alertmanager, and who gets the alerts."""

Place = tuple[str, int]


def listening() -> set[Place]:
    """The addresses and ports on which anyone listens now."""
    return {
        (one.laddr.ip, one.laddr.port)
        for one in psutil.net_connections("inet")
        if one.laddr and one.status == psutil.CONN_LISTEN
    }


@contextmanager
def watched() -> Iterator[set[Place]]:
    """The places where somebody has begun to listen meanwhile, also those gone again."""
    before, seen, over = listening(), set[Place](), threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.update(listening() - before)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield seen
    finally:
        over.set()
        looker.join()


def test_who_listens_on_every_address_is_seen() -> None:
    with watched() as seen, socket.create_server(("0.0.0.0", 0)) as server:
        place = server.getsockname()
        waiting.until(lambda: place in seen, "se vea quién escucha", 10.0)
    assert not {address for address, _ in seen} <= HOME


@pytest.mark.full
def test_alerts_stay_at_home_and_end_with_the_page() -> None:
    before = listening()
    course = Course(DOCS, ROOT / "examples", ROOT / "tests" / "expected")
    with watched() as seen, Build(course.examples, lambda event: None) as build:
        _, finished = run(build, course, "trabajo/alertas")
    assert finished
    assert {port for _, port in seen} >= LISTENERS
    assert {address for address, _ in seen} <= HOME
    assert not listening() - before
    assert not [one for one in psutil.process_iter() if one.name().startswith("prometheus")]
