"""Killed at any moment, a build leaves nothing behind, and the next one is whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from conftest import EPOCH, Site

SPARK = """from pyspark.sql import SparkSession
print(SparkSession.builder.getOrCreate().range(3).count())"""
NC = "%%terminal 1\nnc -lk 127.0.0.1 9874"
PHASES: dict[str, Callable[[str, Path], bool]] = {
    "JVM start": lambda _out, tmp: any(tmp.glob("streamdocs-*/jvm-1")),
    "in a cell": lambda _out, tmp: any(tmp.glob("streamdocs-*/jvm-1/stdout")),
    "between pages": lambda out, _tmp: "\na: " in f"\n{out}",
    "writing": lambda out, _tmp: "\nindex: " in f"\n{out}",
    "stopping": lambda out, _tmp: "Tiempo de cada" in out,
}
# What nox does.
NOX = """import os, subprocess, sys
os.environ["STREAMDOCS_PARENT"] = str(os.getpid())
sys.exit(subprocess.run(sys.argv[1:]).returncode)"""
VICTIMS = [
    ("nox", signal.SIGKILL),
    ("sphinx", signal.SIGKILL),
    ("sphinx", signal.SIGINT),
    ("sphinx", signal.SIGTERM),
    ("lane", signal.SIGKILL),
    ("ipykernel", signal.SIGKILL),
    ("java", signal.SIGKILL),
]


def ours(tmp: Path) -> Iterator[psutil.Process]:
    """The processes that work below ``tmp``: each has it in its environment."""
    for process in psutil.process_iter():
        try:
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and process.environ().get("TMPDIR", "").startswith(str(tmp)):
                yield process
        except psutil.Error:
            continue


def victim(tmp: Path, kind: str) -> psutil.Process | None:
    """The process of that kind among ours, if it lives."""
    commands = {process: " ".join(process.cmdline()) for process in ours(tmp)}
    nox = [process for process, words in commands.items() if "STREAMDOCS_PARENT" in words]
    named = {process: words for process, words in commands.items() if process not in nox}
    sphinx = [process for process, words in named.items() if " -u -m sphinx " in words]
    lanes = [process for process in sphinx if process.parent() in sphinx]
    found = {
        "nox": nox,
        "sphinx": [process for process in sphinx if process not in lanes],
        "lane": lanes,
    }.get(kind, [process for process, words in named.items() if kind in words])
    return found[0] if found else None


def wait(look: Callable[[], Any], seconds: float) -> bool:
    """Whether ``look`` becomes true in time."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def strike(site: Site, phase: str, who: str, kind: signal.Signals, delay: float) -> None:
    """Build; in ``phase``, after ``delay`` s, send a signal to the victim ``who``."""
    tmp = site.root / "tmp"
    tmp.mkdir()
    log = site.root / "log"
    sphinx = [sys.executable, "-u", "-m", "sphinx", "-q", "-j", "2", ".", "_build/html"]
    command = [sys.executable, "-c", NOX, *sphinx]
    with log.open("w") as out:
        build = subprocess.Popen(
            command,
            cwd=site.root,
            stdout=out,
            stderr=out,
            env=dict(os.environ) | EPOCH | {"TMPDIR": str(tmp)},
        )
    try:
        wait(lambda: build.poll() is not None or PHASES[phase](log.read_text(), tmp), 200)
        time.sleep(delay)
        with suppress(psutil.NoSuchProcess):
            process = victim(tmp, who)
            if process is not None:
                process.send_signal(kind)
        build.wait(timeout=200)
    finally:
        build.kill()
        build.wait()
    assert wait(lambda: not list(ours(tmp)), 30), list(ours(tmp))
    assert wait(lambda: not list(tmp.glob("streamdocs-*")), 10)
    shutil.rmtree(tmp)


def test_a_killed_build_leaves_nothing_and_the_next_is_whole(site: Site, thorough: bool) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    site.page("a", NC, "print(1)")
    site.page("b", SPARK, "print(2)")
    for name in ("c", "d", "e", "f"):  # fewer than six, Sphinx reads in one process
        site.page(name)
    site.regen()
    shutil.rmtree(site.root / "_build")
    assert site.build(**EPOCH).code == 0
    whole = site.published()
    phases = (
        [phase for phase in PHASES for _ in range(6)] if thorough else [chance.choice(list(PHASES))]
    )
    for number, phase in enumerate(phases):
        who, kind = chance.choice(VICTIMS)
        print(f"semilla {seed}, {number}: {kind.name} a {who} en «{phase}»")
        shutil.rmtree(site.root / "_build")
        strike(site, phase, who, kind, chance.random())
        built = site.build(**EPOCH)
        assert built.code == 0, built.err
        assert site.published() == whole
    print(f"Muertes repentinas, semilla {seed}: {len(phases)} probadas, 0 fallos.")
