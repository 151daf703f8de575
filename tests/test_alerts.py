"""While the page on alerts runs, nothing of it can be called from outside; then it is gone."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from conftest import DOCS, ROOT

from streamdocs.checking.one_page import run
from streamdocs.course.course import Course
from streamdocs.running.build import Build
from streamdocs.system import waiting
from streamdocs.system.programs import NO_SERVICES

HOME = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
LISTENERS = {4040, 9090, 9093, 9095, 9099}
"""Spark's web, Prometheus, Alertmanager, who exports numbers, and who gets the alerts."""

Place = tuple[str, int]


def listening() -> set[Place]:
    """The addresses and ports on which anyone listens now."""
    return {
        (one.laddr.ip, one.laddr.port)
        for one in psutil.net_connections("inet")
        if one.laddr and one.status == psutil.CONN_LISTEN
    }


def home(process: psutil.Process) -> str:
    """The HOME with which a process was started; "" if it is gone, or not ours to look at."""
    try:
        return process.environ().get("HOME", "")
    except psutil.Error:
        return ""


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
        folder = str(build.workspace.folder)
    assert finished
    assert {port for _, port in seen} >= LISTENERS
    assert {address for address, _ in seen} <= HOME
    assert not listening() - before
    assert not [one for one in psutil.process_iter() if folder in home(one)]


def test_the_page_installs_as_the_build_does() -> None:
    text = (DOCS / "trabajo" / "alertas.md").read_text("utf-8")
    assert [option for option in NO_SERVICES if option.removeprefix("-o=") not in text] == []


WORK = ROOT / "examples" / "trabajo"
LATENCY = "metrics_curso_driver_spark_streaming_ventas_latency_Value"
WRONG_RULES = {
    "a good reading in between is not seen": (
        f"{LATENCY} > 5000",
        f"max_over_time({LATENCY}[2s]) > 5000",
    ),
    "a slow batch alone": ("for: 2s", "for: 0s"),
    "a reading that is lost": ("for: 3s", "for: 30s"),
    "a threshold too low": ("> 5000", "> 1"),
    "numbers that are zero are there": ("absent(", "0 == ("),
    "rows dropped are never enough": ("[10s]) > 0", "[10s]) > 5"),
    "rows dropped long ago": ("[10s]", "[100s]"),
    "what a counter is, and not what it has grown": ("increase(", "max_over_time("),
    "who hangs has long to do so": ("consulta_senal > 8", "consulta_senal > 800"),
    "who is idle hangs": ("time() - consulta_senal", "consulta_senal"),
}


def rules_are_right(folder: Path) -> bool:
    """Whether promtool finds that the rules do as their tests say."""
    command = ("promtool", "test", "rules", str(folder / "prueba_reglas.yml"))
    return subprocess.run(command, capture_output=True, timeout=60).returncode == 0


def test_the_rules_do_as_their_tests_say() -> None:
    assert rules_are_right(WORK)


@pytest.mark.parametrize(("right", "wrong"), WRONG_RULES.values(), ids=WRONG_RULES)
def test_a_wrong_rule_is_caught(right: str, wrong: str, tmp_path: Path) -> None:
    text = (WORK / "reglas.yml").read_text("utf-8")
    assert right in text
    (tmp_path / "reglas.yml").write_text(text.replace(right, wrong), "utf-8")
    shutil.copy(WORK / "prueba_reglas.yml", tmp_path)
    assert not rules_are_right(tmp_path)
