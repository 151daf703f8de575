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
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import psutil
from course import OFF, PLAIN, ROOT, SIX, Built, Course
from rich.console import Console
from rich.table import Table

from bench import limit
from bench.pairs import alternate, ratio
from streamdocs import programs

FIGURES = ROOT / "docs" / "rapidez.csv"
MACHINE = ROOT / "docs" / "rapidez.txt"
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
    if built.executed != frozenset(executed):
        raise RuntimeError(f"Se esperaba ejecutar {sorted(executed)}: {sorted(built.executed)}.")
    different = course.differences()
    if different:
        raise RuntimeError("Han impreso otra cosa:\n" + "\n".join(different))
    return built


def clean_build(course: Course, *options: str, watched: bool = False) -> Built:
    """Build from nothing; the pages must all run and print what they must."""
    course.clean()
    built = course.build(*options, watched=watched)
    return same(course, built, executed=course.with_cells())


def off(course: Course) -> Built:
    """Build from nothing with execution off."""
    course.clean()
    return course.build(*OFF)


def limit_of(course: Course, names: list[str]) -> limit.Limit:
    """Run the cells of the pages called ``names`` as fast as can be."""
    found = limit.run(course, names)
    different = course.differences(found.notebooks)
    if different:
        raise RuntimeError("En el límite han impreso otra cosa:\n" + "\n".join(different))
    return found


def start_up(folder: Path, lanes: int, rounds: int) -> list[Figure]:
    """(a) and (b): a clean build of six pages, against a JVM a page, and against the limit."""
    course = Course.six(folder, lanes)
    sides: dict[str, Callable[[], float]] = {
        "plain": lambda: clean_build(course, *PLAIN).seconds,
        "one": lambda: clean_build(course, "-j", "1").seconds,
        "ours": lambda: clean_build(course).seconds,
        "off": lambda: off(course).seconds,
        "cells": lambda: limit_of(course, list(SIX)).total,
    }
    found = alternate(sides, rounds)
    cells = found["cells"]
    plain = [whole - its for whole, its in zip(found["plain"], cells, strict=True)]
    most = [its + without for its, without in zip(cells, found["off"], strict=True)]
    at_plain = f"una JVM por página: {seconds(median(found['plain']))}"
    at_limit = f"celdas {seconds(median(cells))} y Sphinx {seconds(median(found['off']))}"
    figures = []
    for name, how in (("one", "página a página"), ("ours", f"en {lanes} procesos")):
        share = [whole - its for whole, its in zip(found[name], cells, strict=True)]
        ours = f"{how}: {seconds(median(found[name]))}"
        figures += [
            Figure("a) arranques", ours, at_plain, ratio(share, plain), 0.25),
            Figure("a) todo", ours, at_plain, ratio(found[name], found["plain"]), 1),
            Figure("b) límite", ours, at_limit, ratio(found[name], most), 1.3),
        ]
    return figures


def edits(folder: Path, lanes: int, rounds: int) -> list[Figure]:
    """(c) to (f): the whole site with nothing changed, then with one thing changed."""
    course = Course.whole(folder, lanes)
    same(course, course.build(*STRICT), executed=())
    course.build(*STRICT, *OFF, folder="off")
    uses = course.using(EXAMPLE)

    def rebuilt(*executed: str) -> float:
        return same(course, course.build(*STRICT), executed=executed).seconds

    def sentence() -> float:
        course.append(f"docs/{SENTENCE}.md", f"\nUna frase más, a las {time.monotonic()}.\n")
        return rebuilt()

    def cell() -> float:
        course.replace(f"docs/{CELL}.md", "spark.stop()\n", f"spark.stop()\n# {time.monotonic()}\n")
        return rebuilt(CELL)

    def example() -> float:
        course.append(f"examples/{EXAMPLE}", f"# {time.monotonic()}\n")
        return rebuilt(*uses)

    sides: dict[str, Callable[[], float]] = {
        "nothing": rebuilt,
        "off": lambda: course.build(*STRICT, *OFF, folder="off").seconds,
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


def doubled(folder: Path, lanes: int, rounds: int) -> list[Figure]:
    """(g): six pages, and each of them twice."""
    six, twelve = Course.six(folder / "seis", lanes), Course.six(folder / "doce", lanes)
    twelve.double()
    found = alternate(
        {
            "six": partial(clean_build, six, watched=True),
            "twelve": partial(clean_build, twelve, watched=True),
        },
        rounds,
    )
    time_ = {name: [built.seconds for built in values] for name, values in found.items()}
    peak = {name: [float(built.peak) for built in values] for name, values in found.items()}

    def megabytes(name: str) -> str:
        return f"{median(peak[name]) / 2**20:.0f} MiB"

    return [
        Figure(
            *("g) el doble: tiempo", f"12 páginas: {seconds(median(time_['twelve']))}"),
            f"6 páginas: {seconds(median(time_['six']))}",
            *(ratio(time_["twelve"], time_["six"]), 2.1),
        ),
        Figure(
            *("g) el doble: memoria", f"12 páginas: {megabytes('twelve')}"),
            f"6 páginas: {megabytes('six')}",
            *(ratio(peak["twelve"], peak["six"]), 1.1),
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
    """(a) and (b) once, with every page."""
    course = Course.whole(folder, lanes)
    pages = course.with_cells()
    ours = clean_build(course).seconds
    cells = limit_of(course, pages)
    without = off(course).seconds
    plain = clean_build(course, *PLAIN).seconds
    share, waits = cells.total, sum(cells.until.values())
    at_limit = (
        f"celdas {seconds(share)} (de ellos {seconds(waits)} en celdas con «:until:») "
        f"y Sphinx {seconds(without)}"
    )
    told = f"todo el curso en {lanes} procesos: {seconds(ours)}"
    at_plain = f"una JVM por página: {seconds(plain)}"
    return [
        Figure("a) arranques", told, at_plain, (ours - share) / (plain - share), 0.25),
        Figure("b) límite", told, at_limit, ours / (share + without), 1.3),
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


def save(figures: list[Figure]) -> None:
    """Leave the figures, and where they come from, to the page of the site that shows them."""
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [HEADINGS, *(figure.row() for figure in figures)]
        )
    MACHINE.write_text(f"{machine()}\n", "utf-8")


def main() -> int:
    """Measure all, or what is named; show the table, and keep it if all was measured."""
    parts = {
        "arranques": lambda folder: start_up(folder, options.lanes, options.rounds),
        "cambios": lambda folder: edits(folder, options.lanes, options.rounds),
        "doble": lambda folder: doubled(folder, options.lanes, options.rounds),
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
    figures: list[Figure] = []
    usual = [name for name in parts if name != "entero"]
    for name in options.parts or usual:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            figures += parts[name](Path(folder))
        console.print(f"{name}: medido en {seconds(time.monotonic() - started)}")
    table = Table(*HEADINGS)
    for figure in figures:
        table.add_row(*figure.row())
    console.print(table)
    console.print(machine())
    if not options.parts:
        save(figures)
    return 0 if all(figure.ratio <= figure.most for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
