"""A table of Delta Lake that a query corrects: what it holds after the query's sudden deaths."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest
from conftest import ROOT

from streamdocs.running import archive
from streamdocs.system import java
from streamdocs.system.programs import java_home

pytestmark = pytest.mark.full

SCRIPT = ROOT / "examples" / "trabajo" / "existencias.py"
NUMBERED = 'ESCRITURA = "spark.databricks.delta.write"'
PRODUCTS = ("aceite", "pan", "queso", "sal", "vino")
KILLS = 20
WAITING = 5
DEADLINE = 120.0


class Store:
    """Movements, who writes down what they leave, and what Python counts of them."""

    def __init__(self, folder: Path, script: Path) -> None:
        """Open it: nothing has come yet, and ``script`` writes whenever it lives."""
        self.left: Counter[str] = Counter()
        self.between = 0
        """Deaths after the table had a batch, and before Spark knew."""
        self._folder, self._script = folder, script
        self._files = 0
        (folder / "movimientos").mkdir()

    def _bring(self) -> None:
        """Lay files until some wait; a batch takes one."""
        # The first version is the empty table.
        done = max(len(self._log()) - 1, 0)
        for _ in range(WAITING - self._files + done):
            rows = [(random.choice(PRODUCTS), random.randint(-9, 9)) for _ in range(200)]
            part = self._folder / "parte"
            part.write_text("".join(f"{product};{units}\n" for product, units in rows))
            part.rename(self._folder / f"movimientos/{self._files}.csv")
            self._files += 1
            for product, units in rows:
                self.left[product] += units

    def _log(self) -> list[Path]:
        return sorted((self._folder / "existencias" / "_delta_log").glob("[0-9]*.json"))

    def table(self) -> Counter[str]:
        """What is in the files that count."""
        files: set[str] = set()
        for version in self._log():
            for line in version.read_text("utf-8").splitlines():
                action = json.loads(line)
                files -= {action["remove"]["path"]} if "remove" in action else set()
                files |= {action["add"]["path"]} if "add" in action else set()
        rows = [
            row
            for file in files
            for row in pyarrow.parquet.read_table(self._folder / "existencias" / file).to_pylist()
        ]
        table = Counter({row["producto"]: row["unidades"] for row in rows})
        assert len(table) == len(rows), "a product has one row"
        return table

    def _live(self, dies: bool) -> None:
        """Run the program to its end, or kill it with its JVM a while after it has written."""
        options = (*java.QUICK, *archive.options(java_home(), os.environ), java.keep_downloads())
        env = {
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_CONF_DIR": str(archive.CONF),
            "SPARK_SUBMIT_OPTS": java.options(*options),
        }
        before = len(self._log())
        with (self._folder / "registro.txt").open("wb") as log:
            program = subprocess.Popen(
                [sys.executable, str(self._script)],
                cwd=self._folder,
                env=os.environ | env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            if dies:
                self._wait_for_more_than(max(before, 1), program)
                time.sleep(random.choice((0, random.uniform(0, 1))))
            else:
                assert program.wait(DEADLINE) == 0, (self._folder / "registro.txt").read_text()
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()

    def _wait_for_more_than(self, versions: int, program: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + DEADLINE
        while len(self._log()) <= versions:
            assert program.poll() is None, (self._folder / "registro.txt").read_text("utf-8")
            assert time.monotonic() < deadline, "the program gets no further"
            time.sleep(0.002)

    def deaths(self, at_least: int) -> None:
        """Die that often, and until once it was in between."""
        number = 0
        while number < at_least or not self.between:
            self._bring()
            self._live(dies=True)
            done = len(list((self._folder / "checkpoint-existencias/commits").glob("[0-9]*")))
            # The first version is the empty table.
            self.between += done < len(self._log()) - 1
            number += 1

    def finish(self) -> None:
        """Live until all is written."""
        self._live(dies=False)


def test_each_movement_counts_once(tmp_path: Path) -> None:
    store = Store(tmp_path, SCRIPT)
    store.deaths(KILLS)
    store.finish()
    assert store.table() == store.left


def test_a_program_that_says_no_number_is_caught(tmp_path: Path) -> None:
    text = SCRIPT.read_text("utf-8")
    assert text.count(NUMBERED) == 1
    blind = tmp_path / "ciego.py"
    blind.write_text(text.replace(NUMBERED, 'ESCRITURA = "nada"'), "utf-8")
    store = Store(tmp_path, blind)
    store.deaths(1)
    store.finish()
    assert store.table() != store.left
