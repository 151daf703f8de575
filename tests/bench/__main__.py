"""Measure how fast the course builds, against what is possible: ``nox -s bench``.

Each figure is a pair, measured in turns in one run. Nothing counts that did not print the same.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median

import psutil
from course import ALONE, OFF, PLAIN, SIX, Course
from rich.console import Console
from rich.table import Table
from sites import ROOT, Built

from bench import limit
from bench.pairs import alternate, ratio
from streamdocs.system import programs

FIGURES = ROOT / "docs" / "rapidez"
ROUNDS = 3
MOST_TESTS = 900
STRICT = ("-W", "-n")
SENTENCE = "nc/udp"
CELL = "modos/ejercicio"
EXAMPLE = "ventanas/watermark.py"
COLD = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
lineas = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 3).load()
consulta = lineas.writeStream.format("console").trigger(availableNow=True).start()
consulta.awaitTermination()
spark.stop()
"""


@dataclass(frozen=True)
class Figure:
    """A line of the table: what was measured, what against, their ratio, and the most allowed."""

    letter: str
    ours: str
    theirs: str
    ratio: float
    most: float

    def row(self) -> list[str]:
        """The line as text, with a decimal comma."""
        fits = "sí" if self.ratio <= self.most else "no"
        numbers = (f"{number:.2f}".replace(".", ",") for number in (self.ratio, self.most))
        return [self.letter, self.ours, self.theirs, *numbers, fits]


HEADINGS = ["Medida", "Lo nuestro", "Frente a", "Razón", "Como mucho", "¿Llega?"]


def seconds(value: float) -> str:
    """A time as text."""
    return f"{value:.1f} s".replace(".", ",")


def same(course: Course, built: Built, *, executed: Iterable[str]) -> Built:
    """``built``, if it executed those pages and they printed what they must."""
    if built.green().executed != frozenset(executed):
        raise RuntimeError(f"Se esperaba ejecutar {sorted(executed)}: {sorted(built.executed)}.")
    different = course.differences()
    if different:
        raise RuntimeError("Han impreso otra cosa:\n" + "\n".join(different))
    return built


def clean_build(course: Course, *options: str) -> Built:
    """Build from nothing; the pages must all run and print what they must."""
    course.clean()
    built = course.build(*options)
    return same(course, built, executed=course.with_cells())


def off(course: Course) -> Built:
    """Build from nothing with execution off."""
    course.clean()
    return course.build(*OFF).green()


def limit_of(course: Course, names: list[str]) -> limit.Limit:
    """Run the cells of the pages called ``names`` as fast as can be."""
    found = limit.run(course, names)
    different = course.differences(found.notebooks)
    if different:
        raise RuntimeError("En el límite han impreso otra cosa:\n" + "\n".join(different))
    return found


def six_pages(folder: Path, lanes: int, rounds: int) -> list[Figure]:
    """(a), (b) and (g): a clean build of six pages, against three others.

    They are: with a JVM a page, the limit, and with each page twice.
    """
    six, twelve = Course.six(folder / "seis", lanes), Course.six(folder / "doce", lanes)
    twelve.double()
    peaks: dict[Course, list[float]] = {six: [], twelve: []}
    waits: list[float] = []

    def cells() -> float:
        found = limit_of(six, list(SIX))
        waits.append(found.waiting)
        return found.total

    def watched(course: Course) -> float:
        built = clean_build(replace(course, watched=True))
        peaks[course].append(built.peak)
        return built.seconds

    found = alternate(
        {
            "plain": lambda: clean_build(six, *PLAIN).seconds,
            "six": lambda: watched(six),
            "off": lambda: off(six).seconds,
            "cells": cells,
            "twelve": lambda: watched(twelve),
        },
        rounds,
    )
    middle = {name: seconds(median(values)) for name, values in found.items()}
    share, plain = (
        [whole - its for whole, its in zip(found[name], found["cells"], strict=True)]
        for name in ("six", "plain")
    )
    most = [its + without for its, without in zip(found["cells"], found["off"], strict=True)]
    ours, theirs = f"6 páginas: {middle['six']}", f"una JVM por página: {middle['plain']}"
    at_limit = told_limit(median(found["cells"]), median(waits), median(found["off"]))
    return [
        Figure("a) arranques", ours, theirs, ratio(share, plain), 0.25),
        Figure("a) todo", ours, theirs, ratio(found["six"], found["plain"]), 1),
        Figure("b) límite", ours, at_limit, ratio(found["six"], most), 1.3),
        Figure(
            "g) el doble, tiempo",
            f"12 páginas: {middle['twelve']}",
            ours,
            ratio(found["twelve"], found["six"]),
            2.1,
        ),
        Figure(
            "g) el doble, memoria",
            f"12 páginas: {megabytes(peaks[twelve])}",
            f"6 páginas: {megabytes(peaks[six])}",
            ratio(peaks[twelve], peaks[six]),
            1.1,
        ),
    ]


def told_limit(cells: float, waits: float, without: float) -> str:
    """The limit's parts: its cells, those of them that wait for a stream, and Sphinx alone."""
    return f"celdas {seconds(cells)} (esperas: {seconds(waits)}) y Sphinx {seconds(without)}"


def megabytes(peaks: list[float]) -> str:
    """The median of some sizes in bytes as text."""
    return f"{median(peaks) / 2**20:.0f} MiB"


def edits(folder: Path, lanes: int, rounds: int) -> list[Figure]:
    """(c) to (f): the whole site with nothing changed, then with one thing changed."""
    course = Course.whole(folder, lanes)
    same(course, course.build(*STRICT), executed=())
    course.build(*STRICT, *OFF, folder="off").green()
    uses = course.using(EXAMPLE)

    def rebuilt(*executed: str) -> float:
        return same(course, course.build(*STRICT), executed=executed).seconds

    def sentence() -> float:
        course.append(f"docs/{SENTENCE}.md", f"\nUna frase más, a las {time.monotonic()}.\n")
        return rebuilt()

    def cell() -> float:
        course.edit(f"docs/{CELL}.md", "spark.stop()\n", f"spark.stop()\n# {time.monotonic()}\n")
        return rebuilt(CELL)

    def example() -> float:
        course.append(f"examples/{EXAMPLE}", f"# {time.monotonic()}\n")
        return rebuilt(*uses)

    sides: dict[str, Callable[[], float]] = {
        "nothing": rebuilt,
        "off": lambda: course.build(*STRICT, *OFF, folder="off").green().seconds,
        "sentence": sentence,
        "cell": cell,
        "example": example,
        "cold": cold,
        "cells of cell": lambda: limit_of(course, [CELL]).total,
        "cells of example": lambda: limit_of(course, sorted(uses)).total,
    }
    found = alternate(sides, rounds)
    middle = {name: median(values) for name, values in found.items()}

    def start_and(cells: str) -> list[float]:
        return [start + its for start, its in zip(found["cold"], found[cells], strict=True)]

    def told(cells: str) -> str:
        return f"arrancar Spark {seconds(middle['cold'])} y celdas {seconds(middle[cells])}"

    return [
        Figure(
            *("c) nada", seconds(middle["nothing"]), f"sin ejecución: {seconds(middle['off'])}"),
            *(ratio(found["nothing"], found["off"]), 1.2),
        ),
        Figure(
            *("d) una frase", seconds(middle["sentence"]), f"nada: {seconds(middle['nothing'])}"),
            *(ratio(found["sentence"], found["nothing"]), 1.5),
        ),
        Figure(
            *("e) una celda", seconds(middle["cell"]), told("cells of cell")),
            *(ratio(found["cell"], start_and("cells of cell")), 1),
        ),
        Figure(
            *("f) un ejemplo", seconds(middle["example"]), told("cells of example")),
            *(ratio(found["example"], start_and("cells of example")), 1),
        ),
    ]


def tests(command: Sequence[str]) -> list[Figure]:
    """(h): the tests, once, after a build."""
    started = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True)
    took = time.monotonic() - started
    return [Figure("h) pruebas", seconds(took), seconds(MOST_TESTS), took / MOST_TESTS, 1)]


def cold() -> float:
    """The seconds of a Python program that starts Spark, has one batch, and stops."""
    settings = {"JAVA_HOME": str(programs.java_home()), "PYSPARK_PYTHON": sys.executable}
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", COLD],
        check=True,
        timeout=120,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ) | settings,
    )
    return time.monotonic() - started


def whole(folder: Path, lanes: int) -> list[Figure]:
    """(a) and (b) once, with every page: in all lanes, and one page after another, as others do."""
    course = Course.whole(folder, lanes)
    pages = course.with_cells()
    ours = clean_build(course).seconds
    cells = limit_of(course, pages)
    without = off(course).seconds
    alone = clean_build(course, *ALONE).seconds
    plain = clean_build(course, *PLAIN).seconds
    at_limit = told_limit(cells.total, cells.waiting, without)
    at_plain = f"una JVM por página: {seconds(plain)}"
    one = f"una página tras otra: {seconds(alone)}"
    all_lanes = f"{lanes} páginas a la vez: {seconds(ours)}"
    starts = (alone - cells.total) / (plain - cells.total)
    most = cells.total + without
    return [
        Figure("a) arranques", one, at_plain, starts, 0.25),
        Figure("a) todo", all_lanes, at_plain, ours / plain, 1),
        Figure("b) límite, una tras otra", one, at_limit, alone / most, 1.3),
        Figure("b) límite", all_lanes, at_limit, ours / most, 1.3),
    ]


def machine() -> str:
    """Where the figures come from, in a sentence."""
    model = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    java = (programs.java_home() / "release").read_text().partition('JAVA_VERSION="')[2]
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Medido el {date.today():%d/%m/%Y} en {len(os.sched_getaffinity(0))} núcleos "
        f"({model}), con {memory:.0f} GiB de memoria, Python {platform.python_version()} "
        f"y Java {java.partition(chr(34))[0]}."
    )


def save(part: str, figures: Sequence[Figure]) -> None:
    """Leave a part's figures, and where they come from, to the page that shows them."""
    FIGURES.mkdir(exist_ok=True)
    with (FIGURES / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [HEADINGS, *(figure.row() for figure in figures)]
        )
    (FIGURES / f"{part}.txt").write_text(f"{machine()}\n", "utf-8")


def table(figures: Iterable[Figure]) -> Table:
    """The figures as the terminal shows them."""
    shown = Table(*HEADINGS)
    for figure in figures:
        shown.add_row(*figure.row())
    return shown


def main() -> int:
    """Measure all, or what is named; show it, and keep it unless the rounds are too few."""
    parts: dict[str, Callable[[Path], list[Figure]]] = {
        "seis": lambda folder: six_pages(folder, options.lanes, options.rounds),
        "cambios": lambda folder: edits(folder, options.lanes, options.rounds),
        "pruebas": lambda _: tests(options.tests.split()),
        "entero": lambda folder: whole(folder, options.lanes),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lanes", type=int, required=True)
    parser.add_argument("--tests", required=True)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("parts", nargs="*", metavar="PARTE", help=f"de {', '.join(parts)}")
    options = parser.parse_args()
    unknown = set(options.parts) - set(parts)
    if unknown:
        parser.error(f"no hay {', '.join(sorted(unknown))}: elige entre {', '.join(parts)}")
    console = Console(soft_wrap=True)
    missed = False
    for name in options.parts or [name for name in parts if name != "entero"]:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            figures = parts[name](Path(folder))
        console.print(f"{name}: medido en {seconds(time.monotonic() - started)}")
        console.print(table(figures))
        if options.rounds >= ROUNDS:
            save(name, figures)
        missed = missed or any(figure.ratio > figure.most for figure in figures)
    console.print(machine())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
