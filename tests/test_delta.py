"""A table of Delta Lake that a query corrects: what it holds after the query's sudden deaths."""

import json
import random
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest
from conftest import ROOT
from lives import life, numbers

pytestmark = pytest.mark.full

SCRIPT = ROOT / "examples" / "trabajo" / "existencias.py"
NUMBERED = 'ESCRITURA = "spark.databricks.delta.write"'
PRODUCTS = ("aceite", "pan", "queso", "sal", "vino")
KILLS = 20
WAITING = 5


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
        before = max(len(self._log()), 1)
        with life(self._script, self._folder) as program:
            if dies:
                program.until(lambda: len(self._log()) > before, "it writes a version")
                time.sleep(random.choice((0, random.uniform(0, 1))))
            else:
                program.end()

    def deaths(self, at_least: int) -> None:
        """Die that often, and until once it was in between."""
        number = 0
        while number < at_least or not self.between:
            self._bring()
            self._live(dies=True)
            done = len(numbers(self._folder / "checkpoint-existencias", "commits"))
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
