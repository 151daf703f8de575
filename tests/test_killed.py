"""Killed at any moment, a build leaves nothing behind, and the next one is whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import EPOCH, Site

NC = "%%terminal 1\nnc -lk 127.0.0.1 9874"
SPARK = """import sys
from pyspark.sql import SparkSession
sys.path.insert(0, {root!r})
import gates
spark = SparkSession.builder.getOrCreate()
gates.wait("in a cell")
print(spark.range(3).count())"""
# Where a gate is shut, a build says that it has come there, and waits until it is opened.
GATES = """import time
from pathlib import Path

HERE = Path(__file__).parent / "gates"


def wait(name):
    deadline = time.monotonic() + 100
    while (HERE / name).exists():
        (HERE / f"{name} reached").touch()
        assert time.monotonic() < deadline, f"nobody opens «{name}»"
        time.sleep(0.01)
"""
CONF = """
import sys
sys.path.insert(0, str(HERE))
import gates

def setup(app):
    app.connect("html-page-context", lambda *_: gates.wait("writing"))
    app.connect("build-finished", lambda *_: gates.wait("stopping"), priority=999)
"""
# What nox does.
NOX = """import os, subprocess, sys
os.environ["STREAMDOCS_PARENT"] = str(os.getpid())
sys.exit(subprocess.run(sys.argv[1:]).returncode)"""
WHILE_READING = ("nox", "sphinx", "lane", "ipykernel", "java")
PHASES = {
    "JVM start": WHILE_READING,
    "in a cell": WHILE_READING,
    "between pages": WHILE_READING,
    "writing": ("nox", "sphinx"),
    "stopping": ("nox", "sphinx"),
}
"""When a build is struck, and what lives then."""

SIGNALS = {"sphinx": (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)}
AIMS = [
    (phase, who, kind)
    for phase, living in PHASES.items()
    for who in living
    for kind in SIGNALS.get(who, (signal.SIGKILL,))
]
TRIES = 4
"""A strike that comes some time after its phase began may come too late; the last comes at once."""


@dataclass(frozen=True)
class Strike:
    """A signal to one process of a build, some seconds after a phase of it began."""

    phase: str
    who: str
    kind: signal.Signals
    delay: float

    def sooner(self, tried: int) -> Strike:
        """The same, when so many have come too late."""
        left = 0 if tried == TRIES - 1 else self.delay / 2**tried
        return replace(self, delay=left)

    def __str__(self) -> str:
        return f"{self.kind.name} a {self.who}, {self.delay:.2f} s después de «{self.phase}»"


def ours(tmp: Path) -> Iterator[psutil.Process]:
    """The processes that work below ``tmp``: each has it in its environment."""
    for process in psutil.process_iter():
        try:
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and process.environ().get("TMPDIR", "").startswith(str(tmp)):
                yield process
        except psutil.Error:
            continue


def commands(tmp: Path) -> dict[psutil.Process, str]:
    """The command of each process of ours that lives."""
    found = {}
    for process in ours(tmp):
        with suppress(psutil.Error):
            found[process] = " ".join(process.cmdline())
    return found


def victim(tmp: Path, who: str) -> psutil.Process | None:
    """The process of that kind among ours, if it lives."""
    ran = commands(tmp)
    nox = [process for process, words in ran.items() if "STREAMDOCS_PARENT" in words]
    named = {process: words for process, words in ran.items() if process not in nox}
    sphinx = [process for process, words in named.items() if " -u -m sphinx " in words]
    lanes = [process for process in sphinx if parent(process) in sphinx]
    found = {
        "nox": nox,
        "sphinx": [process for process in sphinx if process not in lanes],
        "lane": lanes,
    }.get(who, [process for process, words in named.items() if who in words])
    return found[0] if found else None


def parent(process: psutil.Process) -> psutil.Process | None:
    """Its parent, if both live."""
    try:
        return process.parent()
    except psutil.Error:
        return None


def wait(look: Callable[[], Any], seconds: float) -> bool:
    """Whether ``look`` becomes true in time."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@dataclass(frozen=True)
class Struck:
    """A site's build that is to be struck in a phase; what it left is in ``tmp``."""

    site: Site
    phase: str

    @property
    def tmp(self) -> Path:
        """Where it keeps what is temporary."""
        return Path(tempfile.gettempdir(), f"k{os.getpid()}")  # sockets want a short name

    @property
    def gate(self) -> Path:
        """What it waits at: the page with Spark is not over before the others."""
        name = "in a cell" if "ipykernel" in PHASES[self.phase] else self.phase
        return self.site.root / "gates" / name

    def begun(self) -> bool:
        """Whether the phase has begun."""
        if self.phase == "JVM start":
            return any(self.tmp.glob("streamdocs-*/jvm-1/stdout"))
        if self.phase == "between pages":
            return "\na: " in "\n" + (self.site.root / "log").read_text()
        return self.gate.with_name(f"{self.phase} reached").exists()

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The build, begun, and dead at the end."""
        shutil.rmtree(self.gate.parent, ignore_errors=True)
        self.gate.parent.mkdir()
        self.gate.touch()
        self.tmp.mkdir()
        sphinx = [sys.executable, "-u", "-m", "sphinx", "-q", "-j", "2", ".", "_build/html"]
        with (self.site.root / "log").open("w") as log:
            build = subprocess.Popen(
                [sys.executable, "-c", NOX, *sphinx],
                cwd=self.site.root,
                stdout=log,
                stderr=log,
                env=dict(os.environ) | EPOCH | {"TMPDIR": str(self.tmp)},
            )
        try:
            yield build
        finally:
            build.kill()
            build.wait()


def send(process: psutil.Process | None, kind: signal.Signals) -> bool:
    """Whether there is such a process, and it lived to get the signal."""
    try:
        if process is not None:
            process.send_signal(kind)
    except psutil.NoSuchProcess:
        return False
    return process is not None


def hits(site: Site, strike: Strike) -> bool:
    """Whether the strike, in a build of its own, hit a process that lived; nothing is left."""
    struck = Struck(site, strike.phase)
    with struck.running() as build:
        # Which waits: what is there now is there when it is struck at once.
        assert wait(lambda: struck.begun() and victim(struck.tmp, strike.who), 100), str(strike)
        struck.gate.unlink()
        time.sleep(strike.delay)
        sent = send(victim(struck.tmp, strike.who), strike.kind)
        code = build.wait(timeout=200)
    assert wait(lambda: not list(ours(struck.tmp)), 30), list(ours(struck.tmp))
    assert wait(lambda: not list(struck.tmp.glob("streamdocs-*")), 10)
    shutil.rmtree(struck.tmp)
    # Python may be past the point where it minds the other signals.
    return sent and (strike.kind == signal.SIGKILL or code != 0)


@pytest.fixture
def gated(site: Site) -> Site:
    """Seven pages, three of them with cells: with fewer than six, Sphinx has one process."""
    (site.root / "gates.py").write_text(GATES)
    site.append("conf.py", CONF)
    site.page("a", NC, "print(1)")
    site.page("b", SPARK.format(root=str(site.root)), "print(2)")
    site.page("c", "print(3)")
    for name in ("d", "e", "f"):
        site.page(name)
    site.regen()
    site.clean()
    return site


def until_hit(site: Site, whole: dict[str, str], aimed: Strike) -> int:
    """Strike until it hits; how many came too late. The build after each must be ``whole``."""
    for late in range(TRIES):
        site.clean()
        strike = aimed.sooner(late)
        hit = hits(site, strike)
        print(strike, "alcanzado" if hit else "tarde")
        site.build(**EPOCH).green()
        assert site.published() == whole
        if hit:
            return late
    raise AssertionError(f"nada alcanza: {aimed}")


def test_a_killed_build_leaves_nothing_and_the_next_is_whole(gated: Site, thorough: bool) -> None:
    seed = random.randrange(10**6)
    print(f"semilla {seed}")
    chance = random.Random(seed)
    gated.build(**EPOCH).green()
    whole = gated.published()
    aims = AIMS if thorough else [chance.choice(AIMS)]
    late = sum(until_hit(gated, whole, Strike(*aim, chance.random())) for aim in aims)
    print(f"Muertes repentinas, semilla {seed}: {len(aims)} probadas, {late} tarde, 0 fallos.")
