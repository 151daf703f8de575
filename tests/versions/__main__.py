"""Run each example's transcript on the last releases of Spark: ``nox -s versiones``.

What is in the table already, of the same example and release, is not run again. Each version has
a process, with a network of its own, and each example a folder: two of them do not meet.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock

import msgspec

from streamdocs.course import needs
from streamdocs.publishing.releases import UNKNOWN, Row, fingerprint, read
from streamdocs.running.build import Build
from versions import releases, table, trial
from versions.releases import BY_VERSION, RELEASES, WITH_CONNECTOR, Release
from versions.trial import Outcome

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ENVIRONMENTS = ROOT / ".nox"
WHOLE = 4 * 3600.0
"""Seconds that all examples of one version may take."""

NO_CONNECTOR = "no se pudo descargar su conector con Kafka"


def connected(name: str) -> bool:
    """Whether an example asks for Spark's own packages, of the version of Spark."""
    return "pyspark.__version__" in (EXAMPLES / name).read_text("utf-8")


def release_for(minor: Release, name: str) -> Release | None:
    """The release on which an example is tried for a minor version; None if there is none."""
    return WITH_CONNECTOR.get(minor.minor) if connected(name) else minor


def adapted(release: Release, home: Path) -> None:
    """Say the Scala of the release where an example names it: it is a part of a package's name."""
    if release.scala == "2.13":
        return
    for script in home.rglob("*.py"):
        text = script.read_text("utf-8")
        if "pyspark.__version__" in text:
            script.write_text(text.replace("_2.13", f"_{release.scala}"), "utf-8")


def todo(minor: Release, *, again: bool) -> list[Row]:
    """A line without a result for each example that is to be tried on a minor version."""
    had = read(table.TABLE)
    today = date.today().isoformat()
    rows = []
    for script in trial.transcripts(EXAMPLES):
        name = script.relative_to(EXAMPLES).as_posix()
        release = release_for(minor, name)
        version = release.version if release else ""
        row = Row(name, minor.minor, version, fingerprint(EXAMPLES, name), "", "", today)
        old = had.get((name, minor.minor))
        if again or old is None or not _stands(old, row):
            rows.append(row)
    return rows


def _stands(old: Row, row: Row) -> bool:
    """Whether what is known of a line needs no other trial: the same was tried, and it ended."""
    if (old.version, old.huella) != (row.version, row.huella):
        return False
    return old.resultado != UNKNOWN or not row.version


def work(rows: list[Row]) -> None:
    """Try those examples, and print each line with its result as soon as there is one."""
    with Build(EXAMPLES, lambda event: None, warm=False) as build:
        build.open()
        for row in rows:
            found = _tried(build, row, BY_VERSION.get(row.version))
            done = replace(row, resultado=found.verdict, detalle=found.why)
            print(msgspec.json.encode(done).decode(), flush=True)


def _tried(build: Build, row: Row, release: Release | None) -> Outcome:
    if release is None:
        return Outcome("no se sabe", NO_CONNECTOR)
    bin_ = ENVIRONMENTS / f"spark-{release.version}" / "bin"
    env = partial(releases.environment, bin_)
    return trial.replay(build, EXAMPLES / row.ejemplo, partial(adapted, release), env)


def prepare(rows: list[Row], uv: str) -> None:
    """Have the environments and packages that ``rows`` need: who tries them has no network."""
    texts = [(EXAMPLES / row.ejemplo).read_text("utf-8") for row in rows]
    others = sorted(needs.packages(texts))
    for version in sorted({row.version for row in rows} - {""}):
        print(f"Preparo Spark {version}…", flush=True)
        bin_ = releases.install(BY_VERSION[version], ENVIRONMENTS, uv)
        if BY_VERSION[version] in WITH_CONNECTOR.values():
            releases.download(BY_VERSION[version].packages(), bin_)
        for package in others:
            releases.download([package], bin_)


def main() -> None:
    """Entry point of ``python -m versions``."""
    parser = argparse.ArgumentParser(prog="versions")
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--lanes", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="también lo que ya está en la tabla")
    parser.add_argument("--lock", action="store_true", help="vuelve a fijar los entornos")
    parser.add_argument("--only", nargs="*", metavar="3.5", help="solo estas versiones")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(msgspec.json.decode(sys.stdin.buffer.read(), type=list[Row]))
        return
    if options.lock:
        for release in BY_VERSION.values():
            releases.compile_lock(release, options.uv)
        return
    chosen = [one for one in RELEASES if not options.only or one.minor in options.only]
    wanted = {one.minor: todo(one, again=options.again) for one in chosen}
    prepare([row for rows in wanted.values() for row in rows], options.uv)
    writing = Lock()
    with ThreadPoolExecutor(options.lanes) as pool:
        for _ in pool.map(partial(_lane, writing), filter(None, wanted.values())):
            pass


def _lane(writing: Lock, rows: list[Row]) -> None:
    """Have a process try ``rows``, and write each into the table."""
    apart = [sys.executable, "-m", "streamdocs.system.netns", sys.executable]
    with subprocess.Popen(
        [*apart, "-m", "versions", "--work"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(msgspec.json.encode(rows))
        process.stdin.close()
        for line in process.stdout:
            row = msgspec.json.decode(line, type=Row)
            with writing:
                table.write((read(table.TABLE) | {(row.ejemplo, row.spark): row}).values())
            print(f"Spark {row.version:8} {row.resultado:10} {row.ejemplo}", flush=True)
        if process.wait(WHOLE) != 0:
            sys.exit(f"Spark {rows[0].spark}: no se han probado todos los ejemplos.")


if __name__ == "__main__":
    main()
